/**
 * A worker whose cells are a function of plan and replication, and that misbehaves on request:
 * the variant says how.
 */
import type { Cell } from '../../core/metrics/cell.ts';
import type { CellOutcome, CellTask } from '../pool.ts';

export function runCell({ plan, replication, progress }: CellTask): CellOutcome {
  const view = new Float64Array(progress);
  if (plan.variant === 'crash') process.exit(9);
  if (plan.variant === 'bug') return { kind: 'bug', message: 'assertion', stack: 'at engine.ts:1' };
  if (plan.variant === 'endless') for (view[0] = 0.25; ; view[1]! += 1);
  view[0] = 1;
  return { kind: 'cell', cell: fakeCell(plan.cluster.nodes * 100 + replication, replication) };
}

export function fakeCell(events: number, replication: number): Cell {
  return {
    format: 1,
    replication,
    events,
    distributions: {},
    buckets: {},
    quotients: {},
    exposures: {},
    series: { binNs: 1e9, columns: {} },
    workload: {
      nodes: 1,
      pods: 0,
      services: 0,
      endpoints: 0,
      policies: 0,
      podChanges: 0,
      requests: 0,
    },
    audits: [],
    warnings: [],
  };
}

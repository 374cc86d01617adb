/**
 * `run --plan`: the points and cells of an experiment before any is simulated, which of them are
 * on disk, and which share of the expected work each point is. No time is promised: the work is
 * in the units of the cost estimate that decides the order of cells.
 */
import type { Experiment } from '../core/experiment.ts';
import { formatCount } from '../reports/format.ts';
import { labelOf, listJobs } from '../workers/cell-jobs.ts';
import type { CellStore } from '../workers/cell-store.ts';
import { counted } from './numbers.ts';
import { table } from './table.ts';

export interface RunPlan {
  readonly kind: 'RunPlan';
  readonly scenario: string;
  readonly points: readonly PlannedPoint[];
  readonly cells: number;
  readonly cachedCells: number;
}

export interface PlannedPoint {
  readonly variant: string;
  readonly at: Readonly<Record<string, number | string | boolean>>;
  /** Whether the point can change the exit code: only candidates do. */
  readonly gated: boolean;
  readonly replications: number;
  readonly cachedCells: number;
  /** Share of the expected work of all cells that are not cached, 0..1. */
  readonly share: number;
}

export async function planOf(experiment: Experiment, store: CellStore): Promise<RunPlan> {
  const jobs = await Promise.all(
    listJobs(experiment, store).map(async (job) => ({ ...job, cached: await store.has(job.key) })),
  );
  const workOf = (some: typeof jobs) =>
    some.reduce((sum, job) => sum + (job.cached ? 0 : job.cost), 0);
  const total = workOf(jobs);
  const candidates = new Set(
    experiment.variants.filter(({ candidate }) => candidate).map(({ name }) => name),
  );
  const points = experiment.points.map((point) => {
    const own = jobs.filter((job) => job.point === point);
    return {
      variant: point.variant,
      at: point.at,
      gated: point.gated && candidates.has(point.variant),
      replications: own.length,
      cachedCells: own.filter((job) => job.cached).length,
      share: total > 0 ? workOf(own) / total : 0,
    };
  });
  const cachedCells = jobs.filter((job) => job.cached).length;
  return { kind: 'RunPlan', scenario: experiment.name, points, cells: jobs.length, cachedCells };
}

export function planTable(plan: RunPlan): string[] {
  const rows = plan.points.map((point) => [
    labelOf(point),
    String(point.replications),
    String(point.cachedCells),
    `${(point.share * 100).toFixed(1)}%`,
    point.gated ? 'gated here' : '',
  ]);
  const right = (header: string) => ({ header, align: 'right' as const });
  return [
    `${plan.scenario}: ${counted(plan.points.length, 'point')}, ${counted(plan.cells, 'cell')}; ` +
      `${formatCount(plan.cachedCells)} cached, ${formatCount(plan.cells - plan.cachedCells)} to run`,
    ...table(
      [{ header: 'point' }, right('cells'), right('cached'), right('work'), { header: '' }],
      rows,
      '  ',
    ),
  ];
}

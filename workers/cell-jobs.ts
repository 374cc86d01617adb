/**
 * The list of cells an experiment consists of, in the order of its points and replications, with
 * what each is expected to cost. Costs only decide who goes first and how progress is weighted.
 */
import type { Experiment, ExperimentPoint } from '../core/experiment.ts';
import type { Plan } from '../core/plan.ts';
import type { CellStore } from './cell-store.ts';
import type { ExpectedCell } from './execution.ts';

export interface CellJob {
  readonly point: ExperimentPoint;
  /** From 0. */
  readonly replication: number;
  readonly key: string;
  /** `variant/cluster.nodes=500/rep=0`. */
  readonly label: string;
  readonly cost: number;
}

export function listJobs(
  experiment: Experiment,
  store: Pick<CellStore, 'keyOf'>,
): readonly CellJob[] {
  return experiment.points.flatMap((point) =>
    Array.from({ length: experiment.replications }, (_, replication) => ({
      point,
      replication,
      key: store.keyOf(point.plan, replication),
      label: `${labelOf(point)}/rep=${replication}`,
      cost: estimateCost(point.plan),
    })),
  );
}

export function expectedCell({ point, cost }: CellJob): ExpectedCell {
  return { plan: point.plan, cost };
}

/** `variant/path=value/...`, the name of a point in messages and events. */
export function labelOf(point: Pick<ExperimentPoint, 'variant' | 'at'>): string {
  return [
    point.variant,
    ...Object.entries(point.at).map(([path, value]) => `${path}=${value}`),
  ].join('/');
}

/**
 * Expected work in arbitrary units: the samples of (change, node), which dominate, the requests,
 * and a share for what every node does each second anyway. Simulated time includes warm-up and drain.
 */
export function estimateCost(plan: Plan): number {
  const seconds = (plan.warmUpNs + plan.horizonNs + plan.drainNs) / 1e9;
  const requests = plan.traffic.reduce((sum, traffic) => sum + traffic.requestsPerSecond, 0);
  return seconds * (plan.cluster.nodes * (1 + plan.podChangesPerSecond) + requests);
}

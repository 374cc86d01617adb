/**
 * `run --plan`: the points and cells of an experiment before any is simulated, which of them are
 * on disk, and which share of the expected work each point is. No time is promised: the work is
 * in the units of the cost estimate that decides the order of cells.
 */
import type { Experiment } from '../core/experiment.ts';
import { formatCount, formatSeconds } from '../reports/format.ts';
import { expectedCell, labelOf, listJobs } from '../workers/cell-jobs.ts';
import type { CellStore } from '../workers/cell-store.ts';
import { chooseExecution, cutOf, type Partitions } from '../workers/execution.ts';
import { counted } from './numbers.ts';
import { table } from './table.ts';

export interface RunPlan {
  readonly kind: 'RunPlan';
  readonly scenario: string;
  readonly points: readonly PlannedPoint[];
  readonly cells: number;
  readonly cachedCells: number;
  readonly execution: PlannedExecution;
}

/** How the cells that are not cached would be computed. */
export interface PlannedExecution {
  readonly workers: number;
  /** Cells at the same time, and threads of each at most. */
  readonly lanes: number;
  readonly partitions: number;
  readonly reason: string;
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
  /** What each run of the point is divided into; 1 when it stays whole. */
  readonly partitions: number;
  /** Shortest link between partitions: the least length of a window. Null when there is one. */
  readonly lookaheadSeconds: number | null;
}

export async function planOf(
  experiment: Experiment,
  store: CellStore,
  { workers, partitions }: { readonly workers: number; readonly partitions: Partitions },
): Promise<RunPlan> {
  const jobs = await Promise.all(
    listJobs(experiment, store).map(async (job) => ({ ...job, cached: await store.has(job.key) })),
  );
  const workOf = (some: typeof jobs) =>
    some.reduce((sum, job) => sum + (job.cached ? 0 : job.cost), 0);
  const total = workOf(jobs);
  const candidates = new Set(
    experiment.variants.filter(({ candidate }) => candidate).map(({ name }) => name),
  );
  const missing = jobs.filter((job) => !job.cached);
  const execution = chooseExecution(missing.map(expectedCell), workers, partitions);
  const points = experiment.points.map((point) => {
    const cut = cutOf(point.plan, execution.partitions, partitions);
    const own = jobs.filter((job) => job.point === point);
    return {
      variant: point.variant,
      at: point.at,
      gated: point.gated && candidates.has(point.variant),
      replications: own.length,
      cachedCells: own.filter((job) => job.cached).length,
      share: total > 0 ? workOf(own) / total : 0,
      partitions: cut.partitions,
      lookaheadSeconds: cut.partitions > 1 ? cut.lookaheadNs / 1e9 : null,
    };
  });
  return {
    kind: 'RunPlan',
    scenario: experiment.name,
    points,
    cells: jobs.length,
    cachedCells: jobs.length - missing.length,
    execution: { workers, ...execution },
  };
}

export function planTable(plan: RunPlan): string[] {
  const rows = plan.points.map((point) => [
    labelOf(point),
    String(point.replications),
    String(point.cachedCells),
    `${(point.share * 100).toFixed(1)}%`,
    point.lookaheadSeconds === null
      ? '1'
      : `${point.partitions} (${formatSeconds(point.lookaheadSeconds)})`,
    point.gated ? 'gated here' : '',
  ]);
  const right = (header: string) => ({ header, align: 'right' as const });
  return [
    `${plan.scenario}: ${counted(plan.points.length, 'point')}, ${counted(plan.cells, 'cell')}; ` +
      `${formatCount(plan.cachedCells)} cached, ${formatCount(plan.cells - plan.cachedCells)} to run`,
    ...table(
      [
        { header: 'point' },
        right('cells'),
        right('cached'),
        right('work'),
        { header: 'partitions (window)' },
        { header: '' },
      ],
      rows,
      '  ',
    ),
    `  ${counted(plan.execution.workers, 'worker')}: ${plan.execution.reason}`,
  ];
}

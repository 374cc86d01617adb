/**
 * Simulates the cells of an experiment (points x replications) on threads and returns them in the
 * order of points and replications, so nothing downstream can depend on which worker was faster.
 * The most expensive cells go first. A finished cell is on disk before it counts, and cells that
 * are on disk already are read: that is how an interrupted run resumes.
 */
import { performance } from 'node:perf_hooks';
import type { Experiment, ExperimentPoint, PointCells } from '../core/experiment.ts';
import type { Cell } from '../core/metrics/cell.ts';
import { type CellJob, expectedCell, listJobs } from './cell-jobs.ts';
import type { CellStore } from './cell-store.ts';
import { chooseExecution, type Execution, type Partitions } from './execution.ts';
import { makeGangPool } from './gang-pool.ts';
import { runLanes } from './lanes.ts';
import { type CellPool, makePool } from './pool.ts';
import { ProgressBoard, type ProgressSnapshot } from './progress-board.ts';

export interface RunOptions {
  readonly workers: number;
  /** Partitions that a run is divided into; `auto` when absent. */
  readonly partitions?: Partitions;
  readonly store: CellStore;
  /** Stops the run: no further cell starts, running ones are given up. Its reason is a text. */
  readonly signal: AbortSignal;
  readonly observer: RunObserver;
  /** Another pool than the simulator's own. */
  readonly pool?: (execution: Execution) => CellPool;
}

export interface RunObserver {
  /** Called once; `read` may be called at any time from then on and costs the workers nothing. */
  onStart?(read: () => ProgressSnapshot): void;
  /** How the missing cells are computed; not called when none is missing. */
  onExecution?(execution: Execution): void;
  onCellEnd?(end: CellEnd): void;
  onWarning?(text: string): void;
}

export interface CellEnd {
  readonly label: string;
  readonly point: ExperimentPoint;
  /** From 0. */
  readonly replication: number;
  readonly cell: Cell;
  readonly cached: boolean;
  /** Real time of the simulation; 0 for a cached cell. */
  readonly wallMs: number;
}

export interface RunOutcome {
  /** Points with at least one cell, in the experiment's order; cells in order of replication. */
  readonly points: readonly PointCells[];
  /** Why cells are missing; absent when none is. */
  readonly incomplete?: string;
  readonly stats: RunStats;
}

/** Facts of this run, never of its result. */
export interface RunStats {
  readonly cells: number;
  readonly cachedCells: number;
  readonly simulatedCells: number;
  readonly missingCells: number;
  /** Events executed in this run, cached cells excluded. */
  readonly events: number;
  readonly wallSeconds: number;
  readonly workers: number;
  /** How the missing cells were computed; absent when none was missing. */
  readonly execution?: Execution;
}

/**
 * Runs what is missing of `experiment`. An abort or a worker lost twice is no exception: what was
 * finished is returned, with the reason why the rest is missing. Rejects with `SimulatorBugError`
 * if the simulator throws, and with the system's error if a cell cannot be written.
 */
export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
): Promise<RunOutcome> {
  const { store, signal, observer } = options;
  const began = performance.now();
  const jobs = listJobs(experiment, store);
  const cells = new Map<CellJob, Cell>();
  const board = new ProgressBoard(jobs, options.workers);
  observer.onStart?.(() => board.read());

  for (const job of jobs) {
    const cell = await store.read(job.key);
    if (!cell) continue;
    cells.set(job, cell);
    board.cached(job);
    observer.onCellEnd?.({ ...job, cell, cached: true, wallMs: 0 });
  }
  const cachedCells = cells.size;

  const missing = jobs.filter((job) => !cells.has(job)).sort((a, b) => b.cost - a.cost);
  const wanted = options.partitions ?? 'auto';
  const execution = chooseExecution(missing.map(expectedCell), options.workers, wanted);
  let lost: readonly string[] = [];
  if (missing.length > 0 && !signal.aborted) {
    observer.onExecution?.(execution);
    lost = await runLanes(missing, {
      pool: options.pool?.(execution) ?? poolOf(execution, wanted),
      board,
      signal,
      onCell: async (job, cell, wallMs) => {
        await store.write(job.key, cell);
        cells.set(job, cell);
        observer.onCellEnd?.({ ...job, cell, cached: false, wallMs });
      },
      onWarning: (text) => observer.onWarning?.(text),
    });
  }

  const missingCells = jobs.length - cells.size;
  const reason = signal.aborted ? String(signal.reason) : lost.join('; ');
  return {
    points: gather(experiment, jobs, cells),
    ...(missingCells > 0 ? { incomplete: reason } : {}),
    stats: {
      cells: jobs.length,
      cachedCells,
      simulatedCells: cells.size - cachedCells,
      missingCells,
      events: board.read().events,
      wallSeconds: (performance.now() - began) / 1000,
      workers: options.workers,
      ...(missing.length > 0 ? { execution } : {}),
    },
  };
}

function poolOf(execution: Execution, wanted: Partitions): CellPool {
  if (execution.partitions === 1) return makePool({ workers: execution.lanes });
  return makeGangPool({ execution, wanted });
}

function gather(
  experiment: Experiment,
  jobs: readonly CellJob[],
  cells: ReadonlyMap<CellJob, Cell>,
): readonly PointCells[] {
  const byPoint = new Map<ExperimentPoint, Cell[]>(experiment.points.map((point) => [point, []]));
  for (const job of jobs) {
    const cell = cells.get(job);
    if (cell) byPoint.get(job.point)!.push(cell);
  }
  return [...byPoint]
    .map(([point, pointCells]) => ({ point, cells: pointCells }))
    .filter((pointCells) => pointCells.cells.length > 0);
}

/**
 * Simulates a list of cells, one lane a worker: a lane takes the next cell when its own has ended.
 * It survives a lost worker once a cell, and stops at once when told to or when the simulator
 * itself throws. What a finished cell means is up to `onCell`, which ends before the lane goes on.
 */
import { performance } from 'node:perf_hooks';
import type { Cell } from '../core/metrics/cell.ts';
import type { CellJob } from './cell-jobs.ts';
import type { CellPool } from './pool.ts';
import type { ProgressBoard } from './progress-board.ts';

/** A worker may die of its neighbours once; twice is the cell's own doing. */
const ATTEMPTS = 2;

export interface LaneOptions {
  readonly pool: CellPool;
  readonly board: ProgressBoard;
  readonly signal: AbortSignal;
  readonly onCell: (job: CellJob, cell: Cell, wallMs: number) => Promise<void>;
  readonly onWarning: (text: string) => void;
}

/** The simulator threw an exception: never the scenario's fault. */
export class SimulatorBugError extends Error {
  override readonly name = 'SimulatorBugError';

  constructor(label: string, bug: { readonly message: string; readonly stack: string }) {
    super(`${label}: ${bug.message}`);
    this.stack = `${label}: ${bug.stack}`;
  }
}

/**
 * Runs `jobs` in their order and destroys the pool. Returns why cells are missing, one text a cell
 * whose worker was lost twice; cells given up because of the signal are not among them. Rejects
 * with `SimulatorBugError`, or with what `onCell` threw.
 */
export async function runLanes(
  jobs: readonly CellJob[],
  options: LaneOptions,
): Promise<readonly string[]> {
  const { pool, board } = options;
  const queue = [...jobs];
  const lost: string[] = [];
  const failure = new AbortController();
  const stop = AbortSignal.any([options.signal, failure.signal]);
  stop.addEventListener('abort', () => void pool.destroy(), { once: true });

  async function serve(lane: number): Promise<void> {
    for (let job = queue.shift(); job && !stop.aborted; job = queue.shift()) {
      const began = performance.now();
      const cell = await simulate(lane, job);
      if (!cell) continue;
      await options.onCell(job, cell, performance.now() - began);
      board.end(lane, job, cell);
    }
  }

  async function simulate(lane: number, job: CellJob): Promise<Cell | null> {
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { plan } = job.point;
      const task = { plan, replication: job.replication, progress: board.begin(lane, job) };
      const outcome = await pool.run(task).catch((error: unknown) => {
        reason = error instanceof Error ? error.message : String(error);
        return null;
      });
      if (outcome?.kind === 'cell') return outcome.cell;
      if (outcome?.kind === 'bug') throw new SimulatorBugError(job.label, outcome);
      if (stop.aborted) return null;
      options.onWarning(`${job.label}: a worker was lost: ${reason}`);
    }
    lost.push(`${job.label}: its worker was lost ${ATTEMPTS} times: ${reason}`);
    board.giveUp(lane);
    return null;
  }

  const lanes = Array.from({ length: pool.workers }, async (_, lane) => {
    try {
      await serve(lane);
    } catch (error) {
      failure.abort();
      throw error;
    }
  });
  try {
    await Promise.all(lanes);
  } finally {
    await Promise.allSettled(lanes);
    await pool.destroy();
  }
  return lost;
}

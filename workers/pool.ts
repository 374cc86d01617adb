/**
 * The piscina pool that simulates cells, one cell a thread at a time. It works from TypeScript
 * source (development, tests) and from the built JavaScript. It knows nothing of caching, order
 * or progress display: `run-experiment.ts` decides what runs when.
 */
import { Piscina } from 'piscina';
import type { Cell } from '../core/metrics/cell.ts';
import type { Plan } from '../core/plan.ts';
import { loaderOptions } from './typescript-loader.ts';

export interface CellTask {
  readonly plan: Plan;
  readonly replication: number;
  /** Two float64: simulated share 0..1, events so far. Written by the worker, read by anybody. */
  readonly progress: SharedArrayBuffer;
}

/** An exception inside the simulator is an answer, so that a rejection means a lost worker. */
export type CellOutcome =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

export interface CellPool {
  readonly workers: number;
  /** Rejects when the thread is lost: crash, memory limit, or `destroy`. */
  run(task: CellTask): Promise<CellOutcome>;
  /** Ends all threads at once; tasks under way reject. May be called twice. */
  destroy(): Promise<void>;
}

export interface PoolOptions {
  readonly workers: number;
  /** A module that exports `runCell(task): CellOutcome`; the simulator when absent. */
  readonly worker?: URL;
}

export function makePool(options: PoolOptions): CellPool {
  const fromSource = import.meta.url.endsWith('.ts');
  const worker =
    options.worker ?? new URL(`./cell.worker.${fromSource ? 'ts' : 'js'}`, import.meta.url);
  const pool = new Piscina<CellTask, CellOutcome>({
    filename: worker.href,
    name: 'runCell',
    minThreads: options.workers,
    maxThreads: options.workers,
    concurrentTasksPerWorker: 1,
    ...loaderOptions(),
  });
  let broken: unknown;
  // A thread that dies without a task cannot even start: others would die alike, for ever.
  pool.on('error', (error) => {
    broken = error;
    void pool.destroy();
  });
  return {
    workers: options.workers,
    run: (task) =>
      pool.run(task).catch((error: unknown) => {
        throw broken ?? error;
      }),
    destroy: () => pool.destroy(),
  };
}

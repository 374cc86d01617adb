/**
 * A gang: as many worker threads as a run has partitions, which all work on that run at the same
 * time. They wait for each other, so a gang has a pool of its own with a thread for every partition
 * from the start: one that shared its threads, or had too few, would wait for ever for a partition
 * that cannot begin. Runs follow one another in one gang; there are never two.
 *
 * The gang knows which threads are alive, so no run hangs: a partition that throws ends the run with
 * its message, and so does a thread that dies. A gang whose run has failed or was given up is over,
 * with all its threads. More partitions than cores work, slowly.
 */
import { Piscina } from 'piscina';
import { assert } from '../../core/assert.ts';
import { loaderOptions } from '../typescript-loader.ts';
import { abortBarrier, type BarrierStats } from './barrier.ts';
import { mailboxCapacity } from './mailboxes.ts';
import { PartitionBugError, PartitionLostError } from './partition-errors.ts';
import { allocate, connect, portsOf, type Seat, type SeatOutcome } from './seat.ts';

export interface GangOptions {
  readonly partitions: number;
  /** A module that exports `partitionWork(...)` as `name`, in the form that runs here (.ts or .js). */
  readonly worker: URL;
  readonly name: string;
  /** Messages a mailbox holds; more only saves windows. */
  readonly mailboxCapacity?: number;
}

export interface GangRun<Result> {
  /** By partition. */
  readonly results: readonly Result[];
  readonly barriers: readonly BarrierStats[];
}

export interface Gang<Task, Result> {
  readonly partitions: number;
  /**
   * One run. `task` and the results are plain data (structured clones). Rejects with
   * `PartitionBugError` if a partition throws, with `PartitionLostError` if a thread dies, and with
   * the signal's reason; the gang is over then.
   */
  run(task: Task, signal?: AbortSignal): Promise<GangRun<Result>>;
  /** Ends all threads at once; a run under way rejects. May be called twice. */
  destroy(): Promise<void>;
}

export function makeGang<Task, Result>(options: GangOptions): Gang<Task, Result> {
  const { partitions } = options;
  assert(Number.isInteger(partitions) && partitions >= 1, 'a gang needs a partition');
  const memory = allocate(partitions, options.mailboxCapacity ?? mailboxCapacity(partitions));
  const barrier = new Int32Array(memory.barrier);
  const pool = gangPool<Task, Result>(options);
  let running = false;
  let over = false;
  let broken: unknown;
  // A thread that dies without a task cannot even start: others would die alike, for ever.
  pool.on('error', (error) => {
    broken = error;
    void destroy();
  });
  // The pool replaces a thread that died, also when that becomes known after its end.
  pool.on('workerCreate', () => {
    if (over) void pool.destroy();
  });

  async function destroy(): Promise<void> {
    over = true;
    await pool.destroy();
  }

  async function occupy(seat: Seat<Task>): Promise<SeatOutcome<Result>> {
    try {
      return await pool.run(seat, { transferList: portsOf(seat) });
    } catch (error) {
      abortBarrier(barrier, seat.index);
      throw new PartitionLostError(seat.index, messageOf(broken ?? error));
    }
  }

  async function answer(
    seat: Seat<Task>,
  ): Promise<Extract<SeatOutcome<Result>, { kind: 'result' }> | null> {
    const outcome = await occupy(seat);
    if (outcome.kind === 'bug') throw new PartitionBugError(seat.index, outcome);
    // Who lost another partition waits for that one's own answer.
    return outcome.kind === 'lost' ? null : outcome;
  }

  async function runOnce(task: Task): Promise<GangRun<Result>> {
    barrier.fill(0);
    const seats = connect(partitions).map(
      (ports, index): Seat<Task> => ({ index, partitions, memory, ports, task }),
    );
    const answers = await Promise.all(seats.map(answer));
    const given = answers.filter((one) => one !== null);
    assert(given.length === partitions, 'a partition gave up and none had failed');
    return {
      results: given.map(({ result }) => result),
      barriers: given.map(({ barrier }) => barrier),
    };
  }

  return {
    partitions,
    run: async (task, signal) => {
      assert(!over, 'a gang that is over cannot run');
      assert(!running, 'a gang has one run at a time');
      signal?.throwIfAborted();
      running = true;
      const given = givenUp(signal);
      try {
        return await Promise.race([runOnce(task), given.up]);
      } catch (error) {
        await destroy();
        throw error;
      } finally {
        given.forget();
        running = false;
      }
    },
    destroy,
  };
}

function gangPool<Task, Result>(options: GangOptions): Piscina<Seat<Task>, SeatOutcome<Result>> {
  const { partitions } = options;
  const pool = new Piscina<Seat<Task>, SeatOutcome<Result>>({
    filename: options.worker.href,
    name: options.name,
    minThreads: partitions,
    maxThreads: partitions,
    concurrentTasksPerWorker: 1,
    // Threads wait in the gang's own barrier; the pool's way of waiting would only compete with it.
    atomics: 'disabled',
    ...loaderOptions(),
  });
  assert(pool.threads.length === partitions, 'a gang has a thread for each partition');
  return pool;
}

/** A promise that rejects with the signal's reason; `forget` when it is not needed any more. */
function givenUp(signal?: AbortSignal): { readonly up: Promise<never>; forget(): void } {
  let onAbort = (): void => {};
  const up = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  return { up, forget: () => signal?.removeEventListener('abort', onAbort) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A pool whose cells are divided: each is computed by a gang of threads, one partition a thread. A
 * lane keeps its gang from cell to cell and makes a new one when a cell needs another number of
 * partitions, or when a gang is over. A run that outgrows its shared tables is started again with
 * twice the room, and so on up to a limit.
 */
import type { Cell } from '../core/metrics/cell.ts';
import { roomFor } from '../core/network/partitioning.ts';
import { cutOf, type Execution, type Partitions } from './execution.ts';
import { type Gang, makeGang } from './gang/gang.ts';
import { PartitionBugError } from './gang/partition-errors.ts';
import type { CellOutcome, CellPool, CellTask } from './pool.ts';

/** What every partition of a run is given; the shared buffers are the same for all. */
export interface PartitionTask extends CellTask {
  readonly partitionOf: Int32Array;
  readonly lookaheadNs: number;
  /** Null for a whole run. */
  readonly tables: SharedArrayBuffer | null;
  readonly podCapacity: number;
}

export interface GangPoolOptions {
  readonly execution: Execution;
  readonly wanted: Partitions;
  /** Room in shared tables at the first attempt, as a share of what is expected to be needed. */
  readonly firstRoom?: number;
  /** A module that exports `runPartition(place, task)`; the simulator when absent. */
  readonly worker?: URL;
}

type CellGang = Gang<PartitionTask, Cell | null>;

/** Room is doubled so often; a run that needs more than that was misjudged, which is a bug. */
const DOUBLINGS = 8;
const DESTROYED = 'the pool has been destroyed';

export function makeGangPool(options: GangPoolOptions): CellPool {
  const { execution, wanted, worker, firstRoom = 1 } = options;
  const idle: CellGang[] = [];
  const all = new Set<CellGang>();
  let destroyed = false;

  async function take(partitions: number): Promise<CellGang> {
    const fitting = idle.findIndex((gang) => gang.partitions === partitions);
    if (fitting >= 0) return idle.splice(fitting, 1)[0]!;
    const other = idle.pop();
    if (other !== undefined) await end(other);
    if (destroyed) throw new Error(DESTROYED);
    const made = makeGang<PartitionTask, Cell | null>({
      partitions,
      worker: worker ?? workerModule(),
      name: 'runPartition',
    });
    all.add(made);
    return made;
  }

  async function end(gang: CellGang): Promise<void> {
    all.delete(gang);
    await gang.destroy();
  }

  async function attempt(task: CellTask, factor: number): Promise<Cell> {
    const { plan } = task;
    const { bytes, podCapacity } = roomFor(plan, factor);
    const cut = cutOf(plan, execution.partitions, wanted);
    // Before a gang is taken: where there is no memory for them, none may be left behind.
    const tables = cut.partitions === 1 ? null : sharedBuffer(bytes);
    // A whole run needs no shared tables, so it is what to do where they do not fit.
    const { partitions, partitionOf, lookaheadNs } = tables === null ? cutOf(plan, 1, wanted) : cut;
    const gang = await take(partitions);
    try {
      // An idle gang, or the wait for one, may have outlived the pool.
      if (destroyed) throw new Error(DESTROYED);
      const run = await gang.run({ ...task, partitionOf, lookaheadNs, tables, podCapacity });
      idle.push(gang);
      return run.results[0]!;
    } catch (error) {
      await end(gang);
      throw error;
    }
  }

  return {
    workers: execution.lanes,
    run: async (task): Promise<CellOutcome> => {
      for (let doublings = 0; ; doublings++) {
        try {
          return { kind: 'cell', cell: await attempt(task, firstRoom * 2 ** doublings) };
        } catch (error) {
          if (!(error instanceof PartitionBugError)) throw error;
          if (error.thrown === 'TablesFullError' && doublings < DOUBLINGS) continue;
          return { kind: 'bug', message: error.message, stack: error.stack ?? error.message };
        }
      }
    },
    destroy: async () => {
      destroyed = true;
      await Promise.all([...all].map(end));
    },
  };
}

/** Null when there is no room for so many bytes. */
function sharedBuffer(bytes: number): SharedArrayBuffer | null {
  try {
    return new SharedArrayBuffer(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function workerModule(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./partition.worker.${extension}`, import.meta.url);
}

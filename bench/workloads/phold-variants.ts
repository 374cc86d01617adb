/** PHOLD as a benchmark: on either event list, on two workers, and long enough to see garbage. */
import type { Benchmark, Measurement, Size } from '../benchmark.ts';
import { type PholdResult, type PholdTask, phold, pholdTimeNs } from '../phold.ts';
import { collectGarbage, watchCollections } from '../timed-loop.ts';
import { eventList, type ListName } from './event-lists.ts';
import { bytesPerPending } from './pending-memory.ts';
import { onTwoWorkers, waits } from './two-workers.ts';

/** Long enough that what a thread compiles at its start does not count: a window takes 80 us. */
const TIMED = { small: 8e6, large: 3e6 } as const;
const TIMED_WITH_WORK = { small: 4e6, large: 2e6 } as const;
/** Collections are counted over the last ten million; by then nothing is being compiled any more. */
const LONG = { all: 12e6, counted: 10e6 } as const;
/** Two million events; twice through the million that is pending. Shortened less than the rest. */
const WARM_UP_NS = { small: 120_000, large: 2000 } as const;
/** A million are pending. */
const LARGE = 65_536;

export function pholdBenchmark(processes: number, remotePercent: number, workNs = 0): Benchmark {
  const isLarge = processes >= LARGE;
  const size = isLarge ? 'large' : 'small';
  const timed = (workNs > 0 ? TIMED_WITH_WORK : TIMED)[size];
  const taskOf = ({ scale, mixingRoundsPerNs }: Size, events: number = timed): PholdTask => {
    const warmUpNs = Math.ceil(WARM_UP_NS[size] * Math.min(1, 20 * scale));
    return {
      processes,
      remote: remotePercent / 100,
      delays: 'exponential',
      mixingRounds: Math.round(workNs * mixingRoundsPerNs),
      warmUpNs,
      untilNs: warmUpNs + pholdTimeNs(processes, events * scale),
    };
  };
  return {
    name: `phold-${processes}-r${remotePercent}${workNs > 0 ? `-${workNs}ns` : ''}`,
    about:
      `${processes} processes of 16 events, ${remotePercent}% to another process` +
      (workNs > 0 ? `, ${workNs} ns of work each` : ''),
    variants: {
      engine: (size) => sequential(taskOf(size), 'engine'),
      heap: (size) => sequential(taskOf(size), 'heap'),
      parallel: (size) => parallel(taskOf(size)),
    },
    once: {
      collections: (size) => collections(taskOf(size, LONG.all)),
      ...(isLarge ? { bytesPerPending } : {}),
    },
  };
}

function sequential(task: PholdTask, list: ListName): Measurement {
  const { events, elapsedNs, hash } = phold(task, undefined, eventList(list));
  return { units: events, seconds: elapsedNs / 1e9, collections: null, hash };
}

/** Garbage collections in the counted part of a long run. */
function collections(task: PholdTask): Promise<number> {
  collectGarbage();
  const watch = watchCollections();
  const { elapsedNs } = phold(task);
  return watch.inTheLast((elapsedNs / 1e9) * (LONG.counted / LONG.all));
}

async function parallel(task: PholdTask): Promise<Measurement> {
  const { results, barriers } = await onTwoWorkers<PholdTask, PholdResult>('pholdPartition', task);
  return {
    units: results.reduce((sum, { events }) => sum + events, 0),
    seconds: Math.max(...results.map(({ elapsedNs }) => elapsedNs)) / 1e9,
    collections: null,
    hash: results[0]!.hash,
    extras: waits(barriers),
  };
}

/**
 * PHOLD (Fujimoto 1990), the classical workload of event lists and of parallel simulators: every
 * event schedules one more, at its own process or, with probability `remote`, at a random one. It
 * runs on one thread or as one partition of several, and the result is the same to the bit: each
 * process has its own random stream and its own hash of what it has executed, in order.
 */
import { hrtime } from 'node:process';
import { assert } from '../core/assert.ts';
import { Engine, type EventList } from '../core/engine/engine.ts';
import type { PartitionLink, Receiver } from '../core/engine/partition.ts';
import { lookaheadBetween, runWindows } from '../core/engine/partition.ts';
import { exponential } from '../core/engine/samplers.ts';
import { Streams } from '../core/engine/stream.ts';

export interface PholdTask {
  readonly processes: number;
  /** Share of events sent to a process drawn from all, over a link. */
  readonly remote: number;
  /** `ties`: 100, 200 or 300 ns, so that many events share an instant; else 100 + Exp(900) ns. */
  readonly delays: 'exponential' | 'ties';
  /** Rounds of integer mixing an event does besides (`mixingRoundsPerNs`). */
  readonly mixingRounds: number;
  /** Executed before the clock starts. */
  readonly warmUpNs: number;
  readonly untilNs: number;
}

export interface PholdResult {
  /** Of the timed part, in this partition. */
  readonly events: number;
  readonly elapsedNs: number;
  /** Of what every process has executed, in order. */
  readonly hash: string;
}

const EVENTS_PER_PROCESS = 16;
const LOOKAHEAD_NS = 100;
const MEAN_BEYOND_NS = 900;
/** Events a process executes in a nanosecond, with `exponential` delays. */
const RATE = EVENTS_PER_PROCESS / (LOOKAHEAD_NS + MEAN_BEYOND_NS);
/** Blocks of processes that stay together; can be cut evenly into 2, 3, 4, 6 or 12 partitions. */
const GROUPS = 12;

/** Simulated time that takes about `events` events. */
export function pholdTimeNs(processes: number, events: number): number {
  return Math.ceil(events / (processes * RATE));
}

/** Partition of each group: contiguous blocks. */
function blocks(partitions: number): Int32Array {
  return Int32Array.from({ length: GROUPS }, (_, group) =>
    Math.floor((group * partitions) / GROUPS),
  );
}

/** Smallest lookahead between partitions, for the link of a partitioned run. */
export function pholdLookaheadNs(partitions: number): number {
  return lookaheadBetween(blocks(partitions), GROUPS, lookaheads());
}

function lookaheads(): Float64Array {
  return Float64Array.from({ length: GROUPS * GROUPS }, (_, pair) =>
    Math.floor(pair / GROUPS) === pair % GROUPS ? 0 : LOOKAHEAD_NS,
  );
}

/** Runs all of it, or with a `link` this partition's part. `events` is another event list. */
export function phold(task: PholdTask, link?: PartitionLink, events?: EventList): PholdResult {
  const { processes, remote, mixingRounds } = task;
  const partitionOf = blocks(link?.partitions ?? 1);
  const groupOf = Int32Array.from({ length: processes }, (_, process) =>
    Math.floor((process * GROUPS) / processes),
  );
  const engine = new Engine(
    {
      groupOf,
      groups: GROUPS,
      lookaheadNs: lookaheads(),
      ...(link ? { partition: { link, partitionOf } } : {}),
    },
    events,
  );
  const streams = new Streams();
  const hashes = new Int32Array(processes);
  const mixed = new Int32Array(processes).fill(1);
  const ties = task.delays === 'ties';

  for (let process = 0; process < processes; process++) {
    streams.add(`phold/${process}`);
    for (let i = 0; i < EVENTS_PER_PROCESS; i++) {
      engine.start(process, delayNs(process), 0, process * EVENTS_PER_PROCESS + i, 0);
    }
  }

  function delayNs(process: number): number {
    if (ties) return LOOKAHEAD_NS * (1 + streams.below(process, 3));
    return LOOKAHEAD_NS + Math.round(exponential(streams, process) * MEAN_BEYOND_NS);
  }

  function dispatch(kind: number, process: number, a: number, b: number): void {
    hashes[process] = (Math.imul(hashes[process]!, 31) + a + engine.nowNs) | 0;
    if (mixingRounds > 0) mixed[process] = mix(mixed[process]!, mixingRounds);
    const delay = delayNs(process);
    if (streams.uniform(process) < remote) {
      engine.send(streams.below(process, processes), delay, kind, a, b);
    } else {
      engine.schedule(delay, kind, a, b);
    }
  }

  const receiver: Receiver = {
    receive: (timeNs, source, sequence, process, kind, a, b) =>
      engine.receive(timeNs, source, sequence, process, kind, a, b),
    published: () => {},
  };
  function runUntil(untilNs: number): void {
    if (link) runWindows(engine, link, receiver, untilNs, dispatch);
    else engine.run(untilNs, dispatch);
  }

  runUntil(task.warmUpNs);
  const executedBefore = engine.executed;
  const began = hrtime.bigint();
  runUntil(task.untilNs);
  const elapsedNs = Number(hrtime.bigint() - began);
  // A process that a partition does not own has the hash 0 there.
  const all = Float64Array.from(hashes);
  link?.sum(all);
  const hash = all.reduce((sum, one) => (Math.imul(sum, 31) + one) | 0, 0);
  return {
    events: engine.executed - executedBefore,
    elapsedNs,
    hash: (hash >>> 0).toString(16).padStart(8, '0'),
  };
}

/** Rounds of `mix` that take about a nanosecond on this machine; measured for some milliseconds. */
export function mixingRoundsPerNs(): number {
  const rounds = 2e6;
  let value = mix(1, rounds);
  const began = hrtime.bigint();
  value = mix(value, rounds);
  const elapsedNs = Number(hrtime.bigint() - began);
  assert(value !== 0, 'mixing has lost its state');
  return rounds / elapsedNs;
}

/** xorshift32 (Marsaglia 2003), `rounds` times; work that cannot be skipped or overlapped. */
function mix(value: number, rounds: number): number {
  let mixed = value;
  for (let round = 0; round < rounds; round++) {
    mixed ^= mixed << 13;
    mixed ^= mixed >>> 17;
    mixed ^= mixed << 5;
  }
  return mixed;
}

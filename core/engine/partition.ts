/**
 * One run on several threads, seen from one of them: what the engine and the models may assume of
 * the others. Logical processes are divided into partitions, each with its own engine; partitions
 * advance in conservative synchronous windows no longer than the lookahead between them, with one
 * barrier a window (Nicol's YAWNS). The threads, the shared memory and the waiting are behind
 * `PartitionLink` and live in `workers/`; here is the half that needs none of them.
 */
import type { Dispatch, Engine } from './engine.ts';

/** Takes events for processes of other partitions. */
export interface Outbox {
  post(
    partition: number,
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void;
}

/** Takes what other partitions have sent. */
export interface Receiver {
  receive(
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void;
  /** A value that another partition has published, in the order of its publications. */
  published(value: unknown): void;
}

export interface PartitionLink extends Outbox {
  /** This partition, from 0. */
  readonly index: number;
  readonly partitions: number;
  /**
   * Ends a window. `nextNs` is the time of this partition's next event (Infinity when it has none).
   * Waits for all partitions, hands to `receiver` what they posted and published up to here, and
   * returns until when events may be executed without hearing from them again: the earliest pending
   * event of all partitions, messages included, plus the lookahead. Infinity when nothing is pending
   * anywhere. Throws when another partition has failed or does not answer.
   */
  exchange(nextNs: number, receiver: Receiver): number;
  /** Sends a structured-cloneable value to all other partitions; they get it in their next exchange. */
  publish(value: unknown): void;
  /** Adds up `values` over all partitions, in place and everywhere alike. Integers only. */
  sum(values: Float64Array): void;
  /** Collects a structured-cloneable value of every partition at partition 0, by index; elsewhere []. */
  gather(value: unknown): unknown[];
}

/** Which partition this engine is, and whose the groups are. */
export interface EnginePartition {
  readonly link: PartitionLink;
  /** Partition of each group. */
  readonly partitionOf: Int32Array;
}

/**
 * Executes all events before `untilNs` of one partition, in step with the others; afterwards now is
 * `untilNs`. All partitions must call it with the same times.
 */
export function runWindows(
  engine: Engine,
  link: PartitionLink,
  receiver: Receiver,
  untilNs: number,
  dispatch: Dispatch,
): void {
  for (;;) {
    const safeNs = link.exchange(engine.nextNs, receiver);
    if (safeNs >= untilNs) break;
    engine.run(safeNs, dispatch);
  }
  engine.run(untilNs, dispatch);
}

/** Smallest lookahead between groups of different partitions; Infinity with one partition. */
export function lookaheadBetween(
  partitionOf: Int32Array,
  groups: number,
  lookaheadNs: Float64Array,
): number {
  let leastNs = Number.POSITIVE_INFINITY;
  for (let from = 0; from < groups; from++) {
    for (let to = 0; to < groups; to++) {
      if (partitionOf[from] === partitionOf[to]) continue;
      leastNs = Math.min(leastNs, lookaheadNs[from * groups + to]!);
    }
  }
  return leastNs;
}

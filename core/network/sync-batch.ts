/**
 * Syncs whose (write, node) samples have yet to be added to the histogram of programming times. Once
 * there are enough they are put in the order in which they are visible, and each write is looked at
 * with all syncs that may cover it: its samples that share a bucket then follow each other, and what
 * they take from their syncs is the difference of two running sums. Most of these syncs come in a row
 * that all cover it, of which nothing is looked at but where buckets end. The histogram is behind
 * until `settle`. Whole numbers all, below 2^53: a sum is the same in whichever parts and order it is
 * added.
 *
 * For syncs that are visible all at once, of nodes whose receipts follow from the fan-out.
 */
import { BinSort } from '../bin-sort.ts';
import { BUCKETS, bucketHigh, bucketOf, type Histogram } from '../metrics/histogram.ts';
import { type SliCounts, SPLIT_BUCKETS } from '../metrics/sli.ts';
import type { LastNodes } from './last-nodes.ts';
import type { NodeProxy } from './node-proxy.ts';
import { WRITE, type WriteTimes, wholeNs } from './write-times.ts';

/** Syncs that are looked at together. */
const SYNCS = 4096;
/** They start and are visible within so many ns of the first one's end: sums stay below 2^53. */
const REACH_NS = 2 ** 34;
/** So many of the values from this bucket on might add up to more than the histogram can take. */
const FAR = bucketOf(2 ** 40);
/** A sync that covers so many times as many writes as usual is not taken in. */
const OUTLIER = 3;
/** Syncs by which the usual number follows the present one. */
const MEMORY = 1024;

/** By bucket of the histogram, where it ends; 0 if samples are to be added one by one. */
const END = Float64Array.from({ length: BUCKETS }, (_, bucket) =>
  SPLIT_BUCKETS[bucket] === 1 || bucket >= FAR ? 0 : bucketHigh(bucket),
);

// Columns of a sync as it came.
const START = 0;
const KERNEL_START = 1;
const PREVIOUS = 2;
const POSITION = 3;
const SERVED = 4;
const LATENCY = 5;
const APISERVER = 6;
const NODE = 7;
const STRIDE = 8;

// Columns of the running sums; then the number of syncs by apiserver.
const VISIBLE_SUM = 0;
const START_SUM = 1;
const KERNEL_START_SUM = 2;
const COUNTS = 3;

export interface SyncBatchParts {
  readonly times: WriteTimes;
  readonly last: LastNodes;
  readonly histogram: Histogram;
  readonly sli: SliCounts;
}

/** What the fan-out takes of writes that are alike, from when an apiserver starts to send: running sum. */
class FanoutSum {
  unitNs = 0;
  readonly sumNs = new Float64Array(SYNCS + 1);
}

export class SyncBatch {
  private readonly parts: SyncBatchParts;
  private syncs = 0;
  /** Writes that a sync covers. */
  private usual = 16;
  /** When the first of them is visible. */
  private baseNs = 0;
  private readonly visible = new Float64Array(SYNCS);
  private readonly came = new Float64Array(SYNCS * STRIDE);

  // From here on in the order of visibility.
  private readonly sorter = new BinSort(SYNCS);
  private readonly previous = new Int32Array(SYNCS);
  private readonly position = new Int32Array(SYNCS);
  /** Over the syncs before each one; times count from `baseNs` on. */
  private readonly sums: Float64Array;
  private readonly sumStride: number;
  private readonly fanouts: FanoutSum[] = [];
  private fanoutsInUse = 0;
  // By write from the oldest on, the first sync that covers it and the first that has it covered before.
  private first = new Int32Array(1024);
  private coreEnd = new Int32Array(1024);

  constructor(parts: SyncBatchParts) {
    this.parts = parts;
    this.sumStride = COUNTS + parts.times.startNs.length;
    this.sums = new Float64Array((SYNCS + 1) * this.sumStride);
  }

  /**
   * Takes in the last sync of a node; false if that covers so many writes that the samples are better
   * added one by one: all others would have to be passed over for the writes that only it covers.
   */
  takes(at: NodeProxy): boolean {
    const { completedNs, startNs, previous, position } = at;
    this.usual += (position - previous - this.usual) / MEMORY;
    if (position - previous > OUTLIER * this.usual) return false;
    if (
      this.syncs === SYNCS ||
      completedNs - this.baseNs >= REACH_NS ||
      this.baseNs - startNs >= REACH_NS
    ) {
      this.settle();
    }
    if (this.syncs === 0) this.baseNs = completedNs;
    const { came } = this;
    const sync = this.syncs++;
    const row = sync * STRIDE;
    this.visible[sync] = completedNs;
    came[row + START] = startNs;
    came[row + KERNEL_START] = at.kernelStartNs;
    came[row + PREVIOUS] = previous;
    came[row + POSITION] = position;
    came[row + SERVED] = at.place + 1;
    came[row + LATENCY] = at.latencyNs;
    came[row + APISERVER] = at.apiserver;
    came[row + NODE] = at.node;
    return true;
  }

  /** Adds their samples to the histogram. */
  settle(): void {
    const { syncs, previous, position } = this;
    if (syncs === 0) return;
    this.sorter.sort(this.visible, syncs);
    this.sumUp();
    let oldest = Number.POSITIVE_INFINITY;
    let newest = 0;
    for (let rank = 0; rank < syncs; rank++) {
      oldest = Math.min(oldest, previous[rank]! + 1);
      newest = Math.max(newest, position[rank]!);
    }
    this.makeRoom(newest - oldest + 1);
    const { first, coreEnd } = this;
    for (let write = oldest, from = 0, to = 0; write <= newest; write++) {
      while (position[from]! < write) from++;
      while (to < syncs && previous[to]! < write) to++;
      first[write - oldest] = from;
      coreEnd[write - oldest] = to;
    }
    for (let write = newest, from = syncs - 1, to = syncs - 1; write >= oldest; write--) {
      while (previous[to]! >= write) to--;
      while (from >= 0 && position[from]! >= write) from--;
      const at = write - oldest;
      this.addWrite(write, first[at]!, from + 1, coreEnd[at]!, to + 1);
    }
    this.syncs = 0;
    this.fanoutsInUse = 0;
  }

  private makeRoom(writes: number): void {
    if (writes <= this.first.length) return;
    this.first = new Int32Array(2 * writes);
    this.coreEnd = new Int32Array(2 * writes);
  }

  private sumUp(): void {
    const { syncs, came, sums, sumStride, baseNs, previous, position } = this;
    const { sorted, order } = this.sorter;
    for (let rank = 0; rank < syncs; rank++) {
      const row = order[rank]! * STRIDE;
      previous[rank] = came[row + PREVIOUS]!;
      position[rank] = came[row + POSITION]!;
      const from = rank * sumStride;
      const to = from + sumStride;
      sums[to + VISIBLE_SUM] = sums[from + VISIBLE_SUM]! + sorted[rank]! - baseNs;
      sums[to + START_SUM] = sums[from + START_SUM]! + came[row + START]! - baseNs;
      sums[to + KERNEL_START_SUM] =
        sums[from + KERNEL_START_SUM]! + came[row + KERNEL_START]! - baseNs;
      for (let i = COUNTS; i < sumStride; i++) sums[to + i] = sums[from + i]!;
      sums[to + COUNTS + came[row + APISERVER]!]! += 1;
    }
  }

  /**
   * Adds the samples of a write. The syncs from `first` on and before `end` may cover it, those from
   * `coreFirst` on and before `coreEnd` do.
   */
  private addWrite(
    write: number,
    first: number,
    coreFirst: number,
    coreEnd: number,
    end: number,
  ): void {
    const { times } = this.parts;
    const { sorter, previous, position } = this;
    const visible = sorter.sorted;
    this.findLast(write, first, end - 1);
    if (!times.isMeasured(write)) return;
    const row = write * WRITE.stride;
    const triggerNs = times.rows[row + WRITE.triggerNs]!;
    const sumNs = this.fanoutOf(times.rows[row + WRITE.unitNs]!);
    let rank = first;
    while (rank < end) {
      if (previous[rank]! >= write || position[rank]! < write) {
        rank++;
        continue;
      }
      const from = rank++;
      const bucket = bucketOf(visible[from]! - triggerNs);
      const endNs = triggerNs + END[bucket]!;
      if (from >= coreFirst && from < coreEnd) {
        rank = Math.max(rank, Math.min(coreEnd, sorter.before(endNs)));
      } else {
        while (
          rank < end &&
          visible[rank]! < endNs &&
          previous[rank]! < write &&
          position[rank]! >= write
        ) {
          rank++;
        }
      }
      this.addRun(write, bucket, from, rank, sumNs);
    }
  }

  /** Adds samples of a write that share a bucket, of the syncs from `begin` on and before `end`. */
  private addRun(
    write: number,
    bucket: number,
    begin: number,
    end: number,
    fanoutSum: Float64Array,
  ): void {
    const { times, histogram, sli } = this.parts;
    const { sums, sumStride, baseNs } = this;
    const { rows } = times;
    const row = write * WRITE.stride;
    const count = end - begin;
    const from = begin * sumStride;
    const to = end * sumStride;
    const visibleNs = sums[to + VISIBLE_SUM]! - sums[from + VISIBLE_SUM]!;
    const startNs = sums[to + START_SUM]! - sums[from + START_SUM]!;
    const kernelStartNs = sums[to + KERNEL_START_SUM]! - sums[from + KERNEL_START_SUM]!;
    const commitNs = rows[row + WRITE.commitNs]!;
    let fanoutNs = fanoutSum[end]! - fanoutSum[begin]!;
    for (let i = COUNTS; i < sumStride; i++) {
      const served = sums[to + i]! - sums[from + i]!;
      fanoutNs += served * (times.startNs[i - COUNTS]![write]! - commitNs);
    }
    const totalNs = visibleNs - count * (rows[row + WRITE.triggerNs]! - baseNs);
    histogram.addEight(
      bucket,
      count,
      totalNs,
      count * rows[row + WRITE.kubeletNs]!,
      count * rows[row + WRITE.controllerQueueNs]!,
      count * rows[row + WRITE.controllerWriteNs]!,
      count * rows[row + WRITE.apiserverNs]!,
      fanoutNs,
      startNs - count * (commitNs - baseNs) - fanoutNs,
      kernelStartNs - startNs,
      visibleNs - kernelStartNs,
    );
    sli.recorded(bucket, totalNs);
  }

  /** Running sum of the fan-out of writes that take an apiserver `unitNs` a watcher. */
  private fanoutOf(unitNs: number): Float64Array {
    const { fanouts, syncs, came } = this;
    for (let i = 0; i < this.fanoutsInUse; i++) {
      if (fanouts[i]!.unitNs === unitNs) return fanouts[i]!.sumNs;
    }
    const { order } = this.sorter;
    const fanout = fanouts[this.fanoutsInUse] ?? new FanoutSum();
    fanouts[this.fanoutsInUse++] = fanout;
    fanout.unitNs = unitNs;
    const { sumNs } = fanout;
    for (let rank = 0; rank < syncs; rank++) {
      const row = order[rank]! * STRIDE;
      sumNs[rank + 1] = sumNs[rank]! + wholeNs(came[row + SERVED]! * unitNs) + came[row + LATENCY]!;
    }
    return sumNs;
  }

  /** Notes on which node a write is visible last. */
  private findLast(write: number, first: number, last: number): void {
    const { previous, position, came } = this;
    const { times, last: lastNodes } = this.parts;
    const { sorted, order } = this.sorter;
    for (let rank = last; rank >= first; rank--) {
      if (previous[rank]! >= write || position[rank]! < write) continue;
      if (sorted[rank]! < lastNodes.visibleNs[write]!) return;
      const row = order[rank]! * STRIDE;
      const unitNs = times.rows[write * WRITE.stride + WRITE.unitNs]!;
      const sentNs = times.startNs[came[row + APISERVER]!]![write]!;
      lastNodes.seen(
        write,
        came[row + NODE]!,
        sorted[rank]!,
        sentNs + wholeNs(came[row + SERVED]! * unitNs) + came[row + LATENCY]!,
        came[row + START]!,
        came[row + KERNEL_START]!,
      );
    }
  }
}

/**
 * Sums over (write, node) samples on their way to the histogram of programming times. What a sample
 * takes from its write is the same for all nodes, so samples are counted by write and bucket; what it
 * takes from its sync is added by bucket. `settle` moves both to the histogram, which is behind until
 * then. Whole numbers all, below 2^53: a sum is the same in whichever parts and order it is added.
 *
 * Only an ordinary sample has a place here: of one of the WRITES writes from `base` on, and in a
 * bucket that is one of the SPAN from LOWEST on and lies within one bucket of the SLI.
 */
import { BUCKETS, bucketOf, CARRY, type Histogram } from '../metrics/histogram.ts';
import { SPLIT_BUCKETS } from '../metrics/sli.ts';
import { WRITE, type WriteTimes } from './write-times.ts';

/** A power of two: a write takes the row of its number modulo this. */
const WRITES = 128;
/** How many of them have been written when `base` is chosen; the rest are to come. */
const PAST = 96;
/** From 2^26 ns (67 ms) to 2^34 ns (17 s). */
const LOWEST = bucketOf(2 ** 26);
const SPAN = bucketOf(2 ** 34) - LOWEST;
/** Rows of SPAN counts would start in the same sets of the cache, every one of them. */
const ROW = SPAN + 112;
/** Greatest distance of a sync's start from `baseNs`, in ns; no stage here is longer either. */
const REACH_NS = 2 ** 34;
/** Samples between two settlements. No count overflows, no sum of them (each < 2^35) reaches 2^53. */
const MOST = 2 ** 16 - 1;

/** Of the line of a bucket: count, total, then the stages (`programming-stages.ts`). */
const LINE = 10;

export class SampleSums {
  /** By bucket of the histogram, the place of its ordinary samples, or -1. */
  static readonly placeOf = Int16Array.from({ length: BUCKETS }, (_, bucket) => {
    const place = bucket - LOWEST;
    return place >= 0 && place < SPAN && SPLIT_BUCKETS[bucket] === 0 ? place : -1;
  });
  static readonly ring = WRITES - 1;
  static readonly row = ROW;

  /** Samples, by write (`(write & ring) * row`) and place. */
  readonly counts = new Uint16Array(WRITES * ROW);
  /** By place, four each: when received and started, from `baseNs` on; the time to build; in the kernel. */
  readonly bySync = new Float64Array(SPAN * 4);
  base = 0;
  baseNs = 0;

  private readonly times: WriteTimes;
  private readonly histogram: Histogram;
  private room = 0;
  /** Bounds of the writes of samples since the last settlement, and of when they became visible. */
  private first = Number.POSITIVE_INFINITY;
  private last = 0;
  private earliestNs = Number.POSITIVE_INFINITY;
  private latestNs = Number.NEGATIVE_INFINITY;

  constructor(times: WriteTimes, histogram: Histogram) {
    this.times = times;
    this.histogram = histogram;
  }

  /** Makes room for the samples of a sync, the newest of all writes being `newest`. */
  open(at: SyncSpan, newest: number): void {
    const { previous, position, startNs, kernelStartNs, completedNs } = at;
    const samples = position - previous;
    if (
      this.room < samples ||
      position >= this.base + WRITES ||
      Math.abs(startNs - this.baseNs) >= REACH_NS
    ) {
      this.settle();
      this.base = Math.max(0, newest - PAST);
      this.baseNs = startNs;
      this.room = MOST;
    }
    this.room -= samples;
    if (previous < this.first) this.first = previous;
    if (position > this.last) this.last = position;
    if (kernelStartNs < this.earliestNs) this.earliestNs = kernelStartNs;
    if (completedNs > this.latestNs) this.latestNs = completedNs;
  }

  /** Adds to the histogram what has been summed up since this was last done. */
  settle(): void {
    const { base, first, last } = this;
    if (first >= last) return;
    for (let write = Math.max(base, first + 1); write <= last; write++) this.settleWrite(write);
    for (let place = 0; place < SPAN; place++) this.settlePlace(place);
    this.bySync.fill(0);
    this.first = Number.POSITIVE_INFINITY;
    this.last = 0;
    this.earliestNs = Number.POSITIVE_INFINITY;
    this.latestNs = Number.NEGATIVE_INFINITY;
    this.room = 0;
  }

  private settleWrite(write: number): void {
    const { counts, baseNs } = this;
    const { lines } = this.histogram;
    const { rows } = this.times;
    const row = write * WRITE.stride;
    const triggerNs = rows[row + WRITE.triggerNs]!;
    const commitNs = rows[row + WRITE.commitNs]!;
    const first = Math.max(0, bucketOf(Math.max(0, this.earliestNs - triggerNs)) - LOWEST);
    const last = Math.min(SPAN - 1, bucketOf(Math.max(0, this.latestNs - triggerNs)) - LOWEST);
    for (let place = first; place <= last; place++) {
      const at = (write & (WRITES - 1)) * ROW + place;
      const count = counts[at]!;
      if (count === 0) continue;
      counts[at] = 0;
      const line = (LOWEST + place) * LINE;
      lines[line]! += count;
      lines[line + 1]! += count * (baseNs - triggerNs);
      lines[line + 2]! += count * rows[row + WRITE.kubeletNs]!;
      lines[line + 3]! += count * rows[row + WRITE.controllerQueueNs]!;
      lines[line + 4]! += count * rows[row + WRITE.controllerWriteNs]!;
      lines[line + 5]! += count * rows[row + WRITE.apiserverNs]!;
      lines[line + 6]! += count * (baseNs - commitNs);
    }
  }

  private settlePlace(place: number): void {
    const { bySync, histogram } = this;
    const { lines } = histogram;
    const line = (LOWEST + place) * LINE;
    const at = 4 * place;
    const received = bySync[at]!;
    const started = bySync[at + 1]!;
    const built = bySync[at + 2]!;
    const programmed = bySync[at + 3]!;
    lines[line + 1]! += started + built + programmed;
    lines[line + 6]! += received;
    lines[line + 7]! += started - received;
    lines[line + 8]! += built;
    lines[line + 9]! += programmed;
    if (lines[line + 1]! >= CARRY) histogram.carry(line);
  }
}

/** What a sync covers, and its times. */
export interface SyncSpan {
  readonly previous: number;
  readonly position: number;
  readonly startNs: number;
  readonly kernelStartNs: number;
  readonly completedNs: number;
}

/**
 * Log-linear histogram of non-negative integers with the sums of the stages a value is made of,
 * kept per bucket, so that "what do the samples beyond p99 consist of" is answered exactly.
 * Buckets share the exponent and the first 7 bits of the mantissa of the float64 (relative width
 * at most 1/128). Everything added up is an integer; a sum that outgrows 2^52 carries into a
 * second word, so merging is exact and independent of order.
 *
 * A bucket's line: [count, total, stage 0, stage 1, ...]; `high` holds the carries, same layout.
 */

const MANTISSA_BITS = 7;
const PER_OCTAVE = 1 << MANTISSA_BITS;
/** Values up to 2^47 ns (39 hours) have buckets of their own; greater ones share the last. */
const OCTAVES = 47;
/** Bucket 0 is the value 0; then one octave after the other. */
export const BUCKETS = OCTAVES * PER_OCTAVE + 1;
/** From this total on a line is to be carried. */
export const CARRY = 2 ** 52;

const LAST = OCTAVES * PER_OCTAVE;

const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
/** Which word of a float64 holds its exponent: the second where the low byte comes first. */
const UPPER = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Index of the bucket of an integer `value` >= 0. */
export function bucketOf(value: number): number {
  if (value < 1) return 0;
  scratch[0] = value;
  const index = (words[UPPER]! >>> (20 - MANTISSA_BITS)) - (1023 << MANTISSA_BITS) + 1;
  return index < LAST ? index : LAST;
}

/** Smallest value of a bucket (inclusive). */
export function bucketLow(index: number): number {
  if (index === 0) return 0;
  const octave = Math.floor((index - 1) / PER_OCTAVE);
  const step = (index - 1) % PER_OCTAVE;
  return 2 ** octave * (1 + step / PER_OCTAVE);
}

/** Upper end of a bucket (exclusive). */
export function bucketHigh(index: number): number {
  return index === 0 ? 1 : bucketLow(index + 1);
}

export class Histogram {
  readonly stages: number;
  readonly stride: number;
  readonly lines: Float64Array;
  readonly high: Float64Array;

  constructor(stages = 0) {
    this.stages = stages;
    this.stride = 2 + stages;
    this.lines = new Float64Array(BUCKETS * this.stride);
    this.high = new Float64Array(BUCKETS * this.stride);
  }

  /** Adds one value without stages. */
  record(value: number): void {
    this.recordMany(value, 1);
  }

  /** Adds a value `count` times, without stages; `count * value` must be below 2^52. */
  recordMany(value: number, count: number): void {
    const { lines } = this;
    const at = bucketOf(value) * this.stride;
    lines[at]! += count;
    const sum = lines[at + 1]! + count * value;
    lines[at + 1] = sum;
    if (sum >= CARRY) this.carry(at);
  }

  /**
   * Adds one value with its stages, read from `stages[0 .. this.stages)`; they must add up to it.
   */
  recordStages(value: number, stages: Float64Array): void {
    const at = bucketOf(value) * this.stride;
    const lines = this.lines;
    lines[at]! += 1;
    for (let s = 0; s < this.stages; s++) lines[at + 2 + s]! += stages[s]!;
    lines[at + 1]! += value;
    if (lines[at + 1]! >= CARRY) this.carry(at);
  }

  /** `recordStages` for a histogram of eight stages, unrolled. */
  recordEightStages(value: number, stages: Float64Array): void {
    this.addEight(
      bucketOf(value),
      1,
      value,
      stages[0]!,
      stages[1]!,
      stages[2]!,
      stages[3]!,
      stages[4]!,
      stages[5]!,
      stages[6]!,
      stages[7]!,
    );
  }

  /**
   * Adds `count` values of one bucket, given their total and the sums of their eight stages, which
   * must add up to it; below 2^52. The hottest lines of a run.
   */
  addEight(
    bucket: number,
    count: number,
    total: number,
    stage0: number,
    stage1: number,
    stage2: number,
    stage3: number,
    stage4: number,
    stage5: number,
    stage6: number,
    stage7: number,
  ): void {
    const { lines } = this;
    const at = bucket * 10;
    lines[at]! += count;
    lines[at + 2]! += stage0;
    lines[at + 3]! += stage1;
    lines[at + 4]! += stage2;
    lines[at + 5]! += stage3;
    lines[at + 6]! += stage4;
    lines[at + 7]! += stage5;
    lines[at + 8]! += stage6;
    lines[at + 9]! += stage7;
    const sum = lines[at + 1]! + total;
    lines[at + 1] = sum;
    if (sum >= CARRY) this.carry(at);
  }

  /**
   * Carries the line at `at` of `lines`. No stage exceeds the total, so doing so when the total has
   * reached CARRY keeps every word below 2^53.
   */
  carry(at: number): void {
    for (let i = at + 1; i < at + this.stride; i++) {
      const words = Math.floor(this.lines[i]! / CARRY);
      this.lines[i]! -= words * CARRY;
      this.high[i]! += words;
    }
  }

  /** Adds the samples of another histogram with the same stages. */
  absorb(other: Pick<Histogram, 'lines' | 'high'>): void {
    for (let at = 0; at < this.lines.length; at += this.stride) {
      if (other.lines[at] === 0) continue;
      for (let i = at; i < at + this.stride; i++) {
        this.lines[i]! += other.lines[i]!;
        this.high[i]! += other.high[i]!;
      }
      if (this.lines[at + 1]! >= CARRY) this.carry(at);
    }
  }

  /** The mergeable, canonical form: only buckets in use, low words below 2^52. */
  toCell(stages: readonly string[]): HistogramCell {
    const buckets: number[] = [];
    const lines: number[] = [];
    const high: number[] = [];
    for (let b = 0; b < BUCKETS; b++) {
      const at = b * this.stride;
      if (this.lines[at] === 0) continue;
      this.carry(at);
      buckets.push(b);
      for (let i = at; i < at + this.stride; i++) {
        lines.push(this.lines[i]!);
        high.push(this.high[i]!);
      }
    }
    return { stages: [...stages], buckets, lines, high };
  }
}

export interface HistogramCell {
  readonly stages: readonly string[];
  /** Indices of the buckets in use, ascending. */
  readonly buckets: readonly number[];
  /** A line per bucket in use: count, total, stages. Low words. */
  readonly lines: readonly number[];
  /** Multiples of 2^52, same layout. */
  readonly high: readonly number[];
}

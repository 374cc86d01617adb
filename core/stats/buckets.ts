/**
 * Samples counted in buckets, whatever the buckets are: the common form of log-linear histograms
 * and of Prometheus' fixed bounds, in the unit of the cell. Buckets are in ascending order.
 */
import type { BucketCell } from '../metrics/cell.ts';
import type { HistogramCell } from '../metrics/histogram.ts';
import { BUCKETS, bucketHigh, bucketLow } from '../metrics/histogram.ts';

/** Smallest and greatest integer of every bucket of a histogram. */
const SMALLEST = Array.from({ length: BUCKETS }, (_, bucket) => Math.ceil(bucketLow(bucket)));
const GREATEST = Array.from({ length: BUCKETS }, (_, bucket) => Math.ceil(bucketHigh(bucket)) - 1);

export interface Buckets {
  /** Smallest and greatest value of each bucket; `high` may be Infinity. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly count: readonly number[];
}

/**
 * Buckets of a histogram. Its values are integers, so a bucket reaches from the smallest to the
 * greatest integer it can hold, and small values are exact.
 */
export function bucketsOfHistogram(cell: HistogramCell): Buckets {
  const stride = 2 + cell.stages.length;
  return {
    low: cell.buckets.map((bucket) => SMALLEST[bucket]!),
    high: cell.buckets.map((bucket) => GREATEST[bucket]!),
    count: cell.buckets.map((_, position) => cell.lines[position * stride]!),
  };
}

/** Buckets between fixed bounds; the first starts at 0. */
export function bucketsOfBounds(cell: BucketCell): Buckets {
  return {
    low: cell.bounds.map((_, i) => (i === 0 ? 0 : cell.bounds[i - 1]!)),
    high: cell.bounds.map((bound) => bound ?? Number.POSITIVE_INFINITY),
    count: cell.counts,
  };
}

export function samplesIn(buckets: Buckets): number {
  let samples = 0;
  for (const count of buckets.count) samples += count;
  return samples;
}

/** The same samples and `count` more at the value `at`, which may be Infinity. */
export function withSamplesAt(buckets: Buckets, count: number, at: number): Buckets {
  if (count === 0) return buckets;
  const found = buckets.low.findIndex((low) => low >= at);
  const position = found < 0 ? buckets.low.length : found;
  return {
    low: buckets.low.toSpliced(position, 0, at),
    high: buckets.high.toSpliced(position, 0, at),
    count: buckets.count.toSpliced(position, 0, count),
  };
}

/** The same samples, those in a bucket without upper end taken to be at its lower end. */
export function closedBelow(buckets: Buckets): Buckets {
  if (Number.isFinite(buckets.high.at(-1) ?? 0)) return buckets;
  return {
    ...buckets,
    high: buckets.high.map((high, i) => (Number.isFinite(high) ? high : buckets.low[i]!)),
  };
}

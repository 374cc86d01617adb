/**
 * Quantiles of bucketed samples, interpolated inside their bucket, and how many independent causes
 * a quantile needs. The rule is that of Prometheus' `histogram_quantile` (rank q x n, linear inside
 * the bucket), except that a rank in a bucket without upper end gives Infinity, not its lower end.
 */
import type { Buckets } from './buckets.ts';
import { samplesIn } from './buckets.ts';

export interface QuantileValue {
  readonly value: number;
  /** Ends of the bucket: what the samples can distinguish. */
  readonly low: number;
  readonly high: number;
  /** Which bucket. */
  readonly position: number;
}

/**
 * The `q` quantile, 0 <= q <= 1, in the unit of the buckets, or null when there are no samples.
 * Infinity is a possible value: of samples in flight, and of a bucket without upper end.
 */
export function quantileOf(buckets: Buckets, q: number): QuantileValue | null {
  const rank = q * samplesIn(buckets);
  let below = 0;
  let last = -1;
  for (let position = 0; position < buckets.count.length; position++) {
    const count = buckets.count[position]!;
    if (count === 0) continue;
    last = position;
    if (below + count >= rank) return inside(buckets, position, (rank - below) / count);
    below += count;
  }
  // Only rounding of q x n brings us here with samples.
  return last < 0 ? null : inside(buckets, last, 1);
}

function inside(buckets: Buckets, position: number, share: number): QuantileValue {
  const low = buckets.low[position]!;
  const high = buckets.high[position]!;
  // Rounding must not lift it over the largest value its bucket can hold.
  const value = Number.isFinite(high)
    ? Math.min(high, low + share * (high - low))
    : Number.POSITIVE_INFINITY;
  return { value, low, high, position };
}

/**
 * Independent causes below which the `q` quantile is not reported: with fewer, not one of them is
 * expected beyond it (100 for p99, 1,000 for p99.9).
 */
export function causesNeeded(q: number): number {
  return Math.round(1 / (1 - q));
}

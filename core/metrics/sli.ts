/**
 * The buckets of kube-proxy's `kubeproxy_network_programming_duration_seconds`, so that simulated
 * and scraped quantiles are comparable. As in Prometheus a bound belongs to the bucket below it.
 * Source: buckets of the metric as registered by kube-proxy (pkg/proxy/metrics/metrics.go):
 * 0.25, 0.5; 1 to 59 by 1; 60 to 115 by 5; 120 to 300 by 30 seconds; then everything above.
 */
import { BUCKETS, bucketHigh, bucketLow, type Histogram } from './histogram.ts';

const SECOND = 1e9;

/** Upper bounds (inclusive) in nanoseconds, ascending; the last is Infinity. */
export const SLI_BOUNDS_NS = Float64Array.from([
  0.25 * SECOND,
  0.5 * SECOND,
  ...Array.from({ length: 59 }, (_, i) => (1 + i) * SECOND),
  ...Array.from({ length: 12 }, (_, i) => (60 + 5 * i) * SECOND),
  ...Array.from({ length: 7 }, (_, i) => (120 + 30 * i) * SECOND),
  Number.POSITIVE_INFINITY,
]);

/** Bounds as a cell holds them: JSON has no infinity, so the last one is null. */
export const SLI_BOUNDS: readonly (number | null)[] = Array.from(SLI_BOUNDS_NS, (bound) =>
  bound === Number.POSITIVE_INFINITY ? null : bound,
);

/** Index into `SLI_BOUNDS_NS` of the bucket of `ns` >= 0. Constant time, allocates nothing. */
export function sliBucketOf(ns: number): number {
  const seconds = ns / SECOND;
  if (seconds <= 0.5) return seconds <= 0.25 ? 0 : 1;
  if (seconds <= 59) return 1 + Math.ceil(seconds);
  if (seconds <= 115) return seconds <= 60 ? 61 : 61 + Math.ceil((seconds - 60) / 5);
  if (seconds <= 300) return seconds <= 120 ? 73 : 73 + Math.ceil((seconds - 120) / 30);
  return 80;
}

/** SLI bucket of the least value of each bucket of a `Histogram`. */
const SLI_OF_LEAST = Uint8Array.from({ length: BUCKETS }, (_, bucket) =>
  sliBucketOf(Math.ceil(bucketLow(bucket))),
);
/** By bucket of a `Histogram`: 1 if its greatest value is in another SLI bucket than its least. */
export const SPLIT_BUCKETS = Uint8Array.from({ length: BUCKETS }, (_, bucket) =>
  sliBucketOf(Math.ceil(bucketHigh(bucket)) - 1) > SLI_OF_LEAST[bucket]! ? 1 : 0,
);

/**
 * Counts by SLI bucket of the samples that a histogram holds. A bucket of the histogram is so narrow
 * that it nearly always lies in one SLI bucket, and then its count says it all. This keeps what
 * else there is to know: samples beyond the bound that splits their bucket, and those left out.
 */
export class SliCounts {
  private readonly beside = new Float64Array(SLI_BOUNDS_NS.length);

  /** What this keeps, for another to absorb. */
  corrections(): Float64Array {
    return this.beside;
  }

  absorb(corrections: Float64Array): void {
    for (let i = 0; i < corrections.length; i++) this.beside[i]! += corrections[i]!;
  }

  /** A sample `ns` is in the histogram's bucket `bucket`. */
  recorded(bucket: number, ns: number): void {
    if (SPLIT_BUCKETS[bucket] === 1) this.place(bucket, ns);
  }

  /** A sample `ns` is in the histogram, and does not count here. */
  leaveOut(ns: number): void {
    this.beside[sliBucketOf(ns)]!--;
  }

  /** By SLI bucket; `histogram` is the one that holds the samples. */
  toCounts(histogram: Histogram): number[] {
    const counts = Array.from(this.beside);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      counts[SLI_OF_LEAST[bucket]!]! += histogram.lines[bucket * histogram.stride]!;
    }
    return counts;
  }

  private place(bucket: number, ns: number): void {
    this.beside[SLI_OF_LEAST[bucket]!]!--;
    this.beside[sliBucketOf(ns)]!++;
  }
}

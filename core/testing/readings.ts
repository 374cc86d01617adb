/** Numbers read straight off the integers of a cell, for tests: nothing of `core/stats`. */
import type { Cell, Wide } from '../metrics/cell.ts';
import { bucketLow } from '../metrics/histogram.ts';

/** An exact integer. */
export function wideToBigInt([high, low]: Wide): bigint {
  return BigInt(high) * 2n ** 52n + BigInt(low);
}

export interface BucketLine {
  readonly bucket: number;
  readonly count: number;
  readonly total: bigint;
  /** Sum of each stage. */
  readonly stages: readonly bigint[];
}

/** The buckets in use of a distribution, ascending. */
export function bucketLines(cell: Cell, metric: string): BucketLine[] {
  const { buckets, lines, high, stages } = cell.distributions[metric]!.histogram;
  const stride = 2 + stages.length;
  const exact = lines.map((low, i) => wideToBigInt([high[i]!, low]));
  return buckets.map((bucket, i) => ({
    bucket,
    count: Number(exact[i * stride]!),
    total: exact[i * stride + 1]!,
    stages: exact.slice(i * stride + 2, (i + 1) * stride),
  }));
}

export function sampleCount(cell: Cell, metric: string): number {
  return bucketLines(cell, metric).reduce((sum, line) => sum + line.count, 0);
}

export function meanNs(cell: Cell, metric: string): number {
  const total = bucketLines(cell, metric).reduce((sum, line) => sum + line.total, 0n);
  return Number(total) / sampleCount(cell, metric);
}

/** Lower end of the bucket that holds the median. */
export function medianNs(cell: Cell, metric: string): number {
  const half = sampleCount(cell, metric) / 2;
  let below = 0;
  for (const { bucket, count } of bucketLines(cell, metric)) {
    below += count;
    if (below >= half) return bucketLow(bucket);
  }
  throw new RangeError(`${metric} has no samples`);
}

/** Mean of each stage in nanoseconds, by name. */
export function stageMeansNs(cell: Cell, metric: string): Record<string, number> {
  const { stages } = cell.distributions[metric]!.histogram;
  const count = sampleCount(cell, metric);
  const lines = bucketLines(cell, metric);
  return Object.fromEntries(
    stages.map((stage, s) => {
      const total = lines.reduce((sum, line) => sum + line.stages[s]!, 0n);
      return [stage, Number(total) / count];
    }),
  );
}

/** The stage with the greatest mean, and its share of all. */
export function largestStage(cell: Cell, metric: string): { stage: string; share: number } {
  const means = Object.entries(stageMeansNs(cell, metric));
  const [stage, largest] = means.sort((a, b) => b[1] - a[1])[0]!;
  return { stage, share: largest / means.reduce((sum, [, mean]) => sum + mean, 0) };
}

/**
 * Where the time of a metric goes: the mean of every stage over all samples, over those of the
 * bucket that holds p99, and over those at or beyond that bucket. Samples carry their stages as
 * integers that add up to the sample, so each table adds up to the mean of its own samples.
 */
import { scaled } from '../metrics/metric-definition.ts';
import type { StageTables } from '../results.ts';
import { withSamplesAt } from './buckets.ts';
import type { MeasuredSamples } from './measured.ts';
import { histogramSums } from './merge.ts';
import { quantileOf } from './quantile.ts';
import { read } from './reading.ts';
import { addWide, WIDE_ZERO, wideToNumber } from './wide.ts';

/**
 * Stage means in the unit of the metric, or null when the metric has no stages or no sample ended.
 * Without a p99 the tables that lean on it are empty.
 */
export function stageTables(measured: MeasuredSamples): StageTables | null {
  const { definition, histogram, pooled } = measured;
  if (histogram === null || histogram.stages.length === 0 || pooled.count === 0) return null;
  const table = (from?: number, to?: number): Record<string, number> => {
    const { count, stages } = histogramSums(histogram, from, to);
    const mean = stages.map((sum) => scaled(wideToNumber(sum) / count, definition.scale));
    return Object.fromEntries(histogram.stages.map((stage, i) => [stage, mean[i]!]));
  };
  if (read(measured, { quantile: 0.99 }).estimate === null) {
    return { mean: table(), p99: {}, tail: {} };
  }
  // Samples in flight rank last, so they shift which bucket holds p99.
  const all = withSamplesAt(pooled.buckets, pooled.censored, Number.POSITIVE_INFINITY);
  const { position } = quantileOf(all, 0.99)!;
  return { mean: table(), p99: table(position, position + 1), tail: table(position) };
}

/** Whether the stages of all samples together are exactly their sum, as integers. */
export function stagesAddUp({ histogram }: MeasuredSamples): boolean {
  if (histogram === null || histogram.stages.length === 0) return true;
  const { total, stages } = histogramSums(histogram);
  const sum = stages.reduce(addWide, WIDE_ZERO);
  return sum[0] === total[0] && sum[1] === total[1];
}

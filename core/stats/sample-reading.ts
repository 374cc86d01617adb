/**
 * Means and quantiles of samples. Samples still in flight when the runs ended rank beyond all
 * others: a quantile that falls among them has no value, only a lower bound, for which they are
 * taken to end right after the drain. The mean is that of the samples that ended.
 */
import { scaled } from '../metrics/metric-definition.ts';
import { closedBelow, withSamplesAt } from './buckets.ts';
import { hasInterval, sectioning, widened } from './interval.ts';
import type { MeasuredSamples, SampleSet } from './measured.ts';
import { formatCount, formatQuantity, quantileName } from './plain-words.ts';
import { causesNeeded, quantileOf } from './quantile.ts';
import type { Reading } from './reading.ts';

export function readMean(measured: MeasuredSamples): Reading {
  const { pooled, replications, definition } = measured;
  const means = replications.map((set) =>
    set.mean === null ? null : scaled(set.mean, definition.scale),
  );
  if (pooled.mean === null) return { estimate: null, reason: noMean(measured), atLeast: null };
  return {
    estimate: sectioning(
      scaled(pooled.mean, definition.scale),
      means.filter((mean) => mean !== null),
    ),
    replications: means,
    resolution: 0,
    openAbove: pooled.censored > 0,
  };
}

function noMean({ pooled, definition }: MeasuredSamples): string {
  if (pooled.count > 0) return `fixed buckets keep no mean: ${definition.id} has quantiles only`;
  if (pooled.censored === 0) return definition.whenEmpty;
  return `all ${formatCount(pooled.censored)} samples were still in flight when the runs ended`;
}

export function readQuantile(measured: MeasuredSamples, q: number): Reading {
  const { definition, pooled, replications, effective } = measured;
  const { scale } = definition;
  const filled = replications.filter(hasSamples);
  const whole = quantileOf(openEnded(pooled), q);
  const least = quantileOf(closed(measured, pooled), q);
  if (whole === null || least === null) {
    return { estimate: null, reason: definition.whenEmpty, atLeast: null };
  }
  const lower = sectioning(
    scaled(least.value, scale),
    filled.map((set) => scaled(quantileOf(closed(measured, set), q)!.value, scale)),
  );
  const values = replications.map((set) => {
    const found = quantileOf(openEnded(set), q);
    return found && scaled(found.value, scale);
  });
  if (!Number.isFinite(whole.value) || values.includes(Number.POSITIVE_INFINITY)) {
    const atLeast = hasInterval(lower) ? lower.low : null;
    return { estimate: null, reason: whyOpen(measured, q, scaled(least.value, scale)), atLeast };
  }
  const needed = causesNeeded(q);
  if (effective < needed) {
    const reason =
      `${quantileName(q)} needs at least ${formatCount(needed)} independent causes, ` +
      `there were ${formatCount(effective)}`;
    return { estimate: null, reason, atLeast: null };
  }
  const upper = sectioning(
    scaled(whole.value, scale),
    values.filter((value) => value !== null),
  );
  return {
    estimate: widened(
      upper,
      Math.min(lower.low, scaled(whole.low, scale)),
      scaled(whole.high, scale),
    ),
    replications: values,
    resolution: scaled(whole.high - whole.low, scale),
    openAbove: false,
  };
}

function hasSamples(set: SampleSet): boolean {
  return set.count + set.censored > 0;
}

/** Samples in flight end never: no quantile can be greater than this. */
function openEnded(set: SampleSet) {
  return withSamplesAt(set.buckets, set.censored, Number.POSITIVE_INFINITY);
}

/** Samples in flight ended as early as they could: no quantile can be less than this. */
function closed(measured: MeasuredSamples, set: SampleSet) {
  return withSamplesAt(closedBelow(set.buckets), set.censored, measured.inFlightAtLeast);
}

function whyOpen({ definition, pooled }: MeasuredSamples, q: number, least: number): string {
  const bound = `it is at least ${formatQuantity(least, definition.unit)}`;
  if (pooled.censored === 0) return `${quantileName(q)} lies beyond the last bucket: ${bound}`;
  return (
    `${quantileName(q)} lies, in all or in some replications, among the ` +
    `${formatCount(pooled.censored)} samples still in flight when the runs ended: ${bound}`
  );
}

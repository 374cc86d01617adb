/**
 * A reading: one statistic of one metric at one point, with its interval, or with the reason why
 * there is none. Everything that judges or compares (SLOs, capacity, comparisons, scaling) reads
 * through here, so a number and the verdict on it cannot disagree.
 */
import type { MetricDefinition } from '../metrics/metric-definition.ts';
import type { Estimate } from '../results.ts';
import { readExposure } from './exposure-reading.ts';
import type { Measured } from './measured.ts';
import { readQuotient } from './quotient-reading.ts';
import { readMean, readQuantile } from './sample-reading.ts';

/** The mean or a quantile of a distribution; the value of a ratio, rate or gauge. */
export type Statistic = 'mean' | 'value' | { readonly quantile: number };

export interface KnownReading {
  readonly estimate: Estimate;
  /** The statistic of each replication alone, null where it has no samples. */
  readonly replications: readonly (number | null)[];
  /** Width of the bucket the value lies in: what the samples cannot tell apart. */
  readonly resolution: number;
  /** Samples in flight could only raise the value, by an unknown amount. */
  readonly openAbove: boolean;
  /** Why a small value proves nothing: what is counted never had a chance to happen. */
  readonly untested?: string;
}

export interface UnknownReading {
  readonly estimate: null;
  readonly reason: string;
  /** The true value is at least this, at the usual confidence; null when nothing is known. */
  readonly atLeast: number | null;
}

export type Reading = KnownReading | UnknownReading;

/** What an SLO or a figure looks at when it names a metric, and perhaps a quantile. */
export function statisticOf(definition: MetricDefinition, quantile?: number): Statistic {
  if (quantile !== undefined) return { quantile };
  return definition.kind === 'distribution' ? 'mean' : 'value';
}

/** The statistic that stands for a metric in comparisons and fits. */
export function headlineOf(definition: MetricDefinition): 'p99' | 'value' {
  return definition.kind === 'distribution' ? 'p99' : 'value';
}

export function readHeadline(measured: Measured): Reading {
  const headline = headlineOf(measured.definition);
  return read(measured, headline === 'p99' ? { quantile: 0.99 } : 'value');
}

export function read(measured: Measured, statistic: Statistic): Reading {
  const { id } = measured.definition;
  if (measured.source === 'samples') {
    if (statistic === 'mean') return readMean(measured);
    if (statistic !== 'value') return readQuantile(measured, statistic.quantile);
    return unknown(`${id} is a distribution: it has a mean and quantiles, not one value`);
  }
  if (statistic !== 'value') return unknown(`${id} is one value: it has no mean or quantiles`);
  return measured.source === 'quotient' ? readQuotient(measured) : readExposure(measured);
}

function unknown(reason: string): UnknownReading {
  return { estimate: null, reason, atLeast: null };
}

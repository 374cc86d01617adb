/**
 * What a metric of the catalogue is: its meaning in words, the accumulators of a cell it is read
 * from, and how integers of the cell become numbers of the results document (times `scale`).
 * How an estimate and its interval are made is decided in `core/stats`, by `source` alone.
 */

/** Nanoseconds to seconds. */
export const SECONDS = 1e-9;
/** Something per nanosecond to something per second. */
export const PER_SECOND = 1e9;

/**
 * A cell's number in the unit of the results. Scales below one divide by a whole number, so that
 * 60e9 ns is 60 s and not 60.00000000000001 s.
 */
export function scaled(value: number, scale: number): number {
  return scale < 1 ? value / Math.round(1 / scale) : value * scale;
}

export type MetricUnit = 's' | 'ratio' | '1/s' | 'bytes' | 'bytes/s' | 'count' | 'cores';

interface Common {
  /** The contract's id, also the key in the cell. */
  readonly id: string;
  readonly title: string;
  /** From what to what, over which population. One or two sentences. */
  readonly about: string;
  /** Unit in the results document. */
  readonly unit: MetricUnit;
  /** Factor from the cell's unit to `unit`. */
  readonly scale: number;
  /** Why there is no value when the cells hold no sample. */
  readonly whenEmpty: string;
  /** Left out of the document, instead of shown empty, when no cell holds it. */
  readonly optional?: true;
}

/** Samples in a log-linear histogram: `cell.distributions[id]`. */
export interface DistributionMetric extends Common {
  readonly source: 'distribution';
  readonly kind: 'distribution';
  /** Parts every sample is made of, in the order of the histogram's columns. */
  readonly stages: readonly string[];
  /** The results document carries its cumulative distribution for a figure. */
  readonly figure: boolean;
}

/** Samples counted over fixed bounds: `cell.buckets[id]`. */
export interface BucketMetric extends Common {
  readonly source: 'buckets';
  readonly kind: 'distribution';
  /** The distribution whose samples these are: it knows the independent causes behind them. */
  readonly samplesOf: string;
}

/** A quotient of two sums: `cell.quotients[id]`. */
export interface QuotientMetric extends Common {
  readonly source: 'quotient';
  readonly kind: 'ratio' | 'rate' | 'gauge';
  /** What the cell's two integers add up. */
  readonly numerator: string;
  readonly denominator: string;
  /** The denominator counts things (requests, nodes) rather than time. */
  readonly countedDenominator: boolean;
  /** The numerator counts rare events, so that zero has an upper bound. */
  readonly rareEvents: boolean;
  /** Causes the numerator is also split by, as `<id>.<cause>`. */
  readonly causes: readonly string[];
}

/** Hits among trials: `cell.exposures[id]`. */
export interface ExposureMetric extends Common {
  readonly source: 'exposure';
  readonly kind: 'ratio';
  /** The window in which a hit is possible. */
  readonly window: string;
}

export type MetricDefinition = DistributionMetric | BucketMetric | QuotientMetric | ExposureMetric;

/**
 * Merging the accumulators of cells. Everything is an exact integer, so merging is associative and
 * commutative to the bit: it does not matter which worker finished first, or who added whom.
 */
import { assert } from '../assert.ts';
import type {
  BucketCell,
  DistributionCell,
  ExposureCell,
  QuotientCell,
  SeriesCell,
  Wide,
} from '../metrics/cell.ts';
import type { HistogramCell } from '../metrics/histogram.ts';
import { BUCKETS } from '../metrics/histogram.ts';
import { addWide, CARRY, WIDE_ZERO } from './wide.ts';

/** Columns of a histogram's line ahead of its stages. */
const COUNT = 0;
const TOTAL = 1;
const FIRST_STAGE = 2;

/** Sums over a range of a histogram's buckets. */
export interface HistogramSums {
  readonly count: number;
  readonly total: Wide;
  readonly stages: readonly Wide[];
}

/** Sums over the buckets in use from position `from` up to, not including, `to`. */
export function histogramSums(
  cell: HistogramCell,
  from = 0,
  to = cell.buckets.length,
): HistogramSums {
  const stride = FIRST_STAGE + cell.stages.length;
  const low = new Float64Array(stride);
  const high = new Float64Array(stride);
  for (let position = from; position < to; position++) {
    addLine(low, high, 0, cell, position * stride, stride);
  }
  const sums = Array.from(low, (word, i): Wide => [high[i]!, word]);
  return { count: sums[COUNT]![1], total: sums[TOTAL]!, stages: sums.slice(FIRST_STAGE) };
}

/** Adds one line of a cell to the accumulators at `at`; wide, without allocating. */
function addLine(
  low: Float64Array,
  high: Float64Array,
  at: number,
  cell: HistogramCell,
  from: number,
  stride: number,
): void {
  for (let i = 0; i < stride; i++) {
    const sum = low[at + i]! + cell.lines[from + i]!;
    const carry = sum >= CARRY ? 1 : 0;
    low[at + i] = sum - carry * CARRY;
    high[at + i]! += cell.high[from + i]! + carry;
  }
}

/**
 * One histogram with the samples of all. An empty list has no stages.
 * @throws InvariantError when their stages differ: they are not of one metric.
 */
export function mergeHistograms(cells: readonly HistogramCell[]): HistogramCell {
  const stages = cells[0]?.stages ?? [];
  const stride = FIRST_STAGE + stages.length;
  const low = new Float64Array(BUCKETS * stride);
  const high = new Float64Array(BUCKETS * stride);
  for (const cell of cells) {
    assert(
      cell.stages.join() === stages.join(),
      `histograms of different stages: [${stages}] and [${cell.stages}]`,
    );
    for (let position = 0; position < cell.buckets.length; position++) {
      const at = cell.buckets[position]! * stride;
      addLine(low, high, at, cell, position * stride, stride);
    }
  }
  const buckets: number[] = [];
  const lines: number[] = [];
  const carries: number[] = [];
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const at = bucket * stride;
    if (low[at] === 0) continue;
    buckets.push(bucket);
    for (let i = at; i < at + stride; i++) {
      lines.push(low[i]!);
      carries.push(high[i]!);
    }
  }
  return { stages: [...stages], buckets, lines, high: carries };
}

export function mergeDistributions(cells: readonly DistributionCell[]): DistributionCell {
  return {
    histogram: mergeHistograms(cells.map((cell) => cell.histogram)),
    effective: sum(cells.map((cell) => cell.effective)),
    censored: sum(cells.map((cell) => cell.censored)),
  };
}

/** @throws InvariantError when the bounds differ. */
export function mergeBuckets(cells: readonly BucketCell[]): BucketCell {
  const bounds = cells[0]?.bounds ?? [];
  for (const cell of cells) {
    assert(cell.bounds.join() === bounds.join(), 'buckets of different bounds');
  }
  return {
    bounds: [...bounds],
    counts: bounds.map((_, i) => sum(cells.map((cell) => cell.counts[i]!))),
  };
}

export function mergeQuotients(cells: readonly QuotientCell[]): QuotientCell {
  const maxima = cells.flatMap((cell) => (cell.max === undefined ? [] : [cell.max]));
  return {
    numerator: cells.map((cell) => cell.numerator).reduce(addWide, WIDE_ZERO),
    denominator: cells.map((cell) => cell.denominator).reduce(addWide, WIDE_ZERO),
    ...(maxima.length > 0 && { max: Math.max(...maxima) }),
    effective: sum(cells.map((cell) => cell.effective)),
  };
}

export function mergeExposures(cells: readonly ExposureCell[]): ExposureCell {
  return {
    hits: sum(cells.map((cell) => cell.hits)),
    trials: sum(cells.map((cell) => cell.trials)),
    windows: sum(cells.map((cell) => cell.windows)),
    hitWindows: sum(cells.map((cell) => cell.hitWindows)),
    exposedNs: cells.map((cell) => cell.exposedNs).reduce(addWide, WIDE_ZERO),
  };
}

/**
 * Column by column, bin by bin; a column that a cell lacks, or the end of a shorter one, is zero.
 * @throws InvariantError when the bins differ in length.
 */
export function mergeSeries(cells: readonly SeriesCell[]): SeriesCell {
  const columns: Record<string, number[]> = {};
  for (const cell of cells) {
    assert(cell.binNs === cells[0]!.binNs, 'series of different bins');
    for (const [name, values] of Object.entries(cell.columns)) {
      columns[name] ??= [];
      const column = columns[name];
      values.forEach((value, bin) => {
        column[bin] = (column[bin] ?? 0) + value;
      });
    }
  }
  return { binNs: cells[0]?.binNs ?? 0, columns };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

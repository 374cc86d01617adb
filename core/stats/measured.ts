/**
 * What the replications of one point measured, metric by metric: the samples of all of them pooled
 * and those of each, before any statistic is taken. A metric of the catalogue that no cell holds is
 * there without samples; a metric that the catalogue does not define is a bug of ours.
 */
import { assert } from '../assert.ts';
import type { Cell, DistributionCell, ExposureCell, QuotientCell } from '../metrics/cell.ts';
import type { HistogramCell } from '../metrics/histogram.ts';
import type {
  BucketMetric,
  DistributionMetric,
  ExposureMetric,
  MetricDefinition,
  QuotientMetric,
} from '../metrics/metric-definition.ts';
import { METRICS, metricById } from '../metrics/registry.ts';
import type { Buckets } from './buckets.ts';
import { bucketsOfBounds, bucketsOfHistogram, samplesIn } from './buckets.ts';
import {
  histogramSums,
  mergeBuckets,
  mergeDistributions,
  mergeExposures,
  mergeQuotients,
} from './merge.ts';
import { wideToNumber } from './wide.ts';

/** Samples in the unit of the cell. */
export interface SampleSet {
  readonly buckets: Buckets;
  /** Samples that ended, and their exact mean (null when there are none, or no sum is kept). */
  readonly count: number;
  readonly mean: number | null;
  /** Samples still in flight when the run ended. */
  readonly censored: number;
}

export interface MeasuredSamples {
  readonly source: 'samples';
  readonly definition: DistributionMetric | BucketMetric;
  readonly pooled: SampleSet;
  /** In the order of the cells, empty ones included. */
  readonly replications: readonly SampleSet[];
  /** Independent causes behind the pooled samples. */
  readonly effective: number;
  /** What a sample in flight has lasted at least. */
  readonly inFlightAtLeast: number;
  /** The pooled histogram with its stages, where the metric has one. */
  readonly histogram: HistogramCell | null;
}

export interface MeasuredQuotient {
  readonly source: 'quotient';
  readonly definition: QuotientMetric;
  readonly pooled: QuotientCell;
  readonly replications: readonly QuotientCell[];
}

export interface MeasuredExposure {
  readonly source: 'exposure';
  readonly definition: ExposureMetric;
  readonly pooled: ExposureCell;
  readonly replications: readonly ExposureCell[];
}

export type Measured = MeasuredSamples | MeasuredQuotient | MeasuredExposure;

/**
 * Every metric of the catalogue, by id, in the catalogue's order.
 * @param drainNs how long the runs went on after the measured window (`Plan.drainNs`).
 */
export function measure(cells: readonly Cell[], drainNs: number): ReadonlyMap<string, Measured> {
  for (const cell of cells) refuseUnknown(cell);
  const measured = new Map<string, Measured>();
  for (const definition of METRICS) {
    if (definition.optional && !cells.some((cell) => definition.id in cell.quotients)) continue;
    measured.set(definition.id, measureOne(definition, cells, drainNs));
  }
  return measured;
}

function refuseUnknown(cell: Cell): void {
  const held = [cell.distributions, cell.buckets, cell.quotients, cell.exposures];
  const sources = ['distribution', 'buckets', 'quotient', 'exposure'];
  held.forEach((accumulators, i) => {
    for (const id of Object.keys(accumulators)) {
      const source = metricById(id)?.source ?? 'nothing';
      const held = sources[i]!;
      assert(source === held, `a cell holds ${id} as ${held}, the catalogue as ${source}`);
    }
  });
}

function measureOne(
  definition: MetricDefinition,
  cells: readonly Cell[],
  drainNs: number,
): Measured {
  const { id } = definition;
  switch (definition.source) {
    case 'distribution':
      return measureDistribution(definition, cells, drainNs);
    case 'buckets':
      return measureBuckets(definition, cells, drainNs);
    case 'quotient': {
      const replications = cells.map((cell) => cell.quotients[id] ?? mergeQuotients([]));
      const pooled = mergeQuotients(replications);
      return { source: 'quotient', definition, pooled, replications };
    }
    case 'exposure': {
      const replications = cells.map((cell) => cell.exposures[id] ?? mergeExposures([]));
      const pooled = mergeExposures(replications);
      return { source: 'exposure', definition, pooled, replications };
    }
  }
}

function measureDistribution(
  definition: DistributionMetric,
  cells: readonly Cell[],
  drainNs: number,
): MeasuredSamples {
  const held = cells.map((cell) => cell.distributions[definition.id]);
  for (const cell of held) {
    const stages = cell?.histogram.stages ?? definition.stages;
    assert(
      stages.join() === definition.stages.join(),
      `a cell holds ${definition.id} with stages [${stages}], not [${definition.stages}]`,
    );
  }
  const pooled = mergeDistributions(held.filter((cell) => cell !== undefined));
  return {
    source: 'samples',
    definition,
    pooled: sampleSet(pooled),
    replications: held.map((cell) => sampleSet(cell ?? mergeDistributions([]))),
    effective: pooled.effective,
    inFlightAtLeast: drainNs,
    histogram: pooled.histogram,
  };
}

function sampleSet(cell: DistributionCell): SampleSet {
  const { count, total } = histogramSums(cell.histogram);
  return {
    buckets: bucketsOfHistogram(cell.histogram),
    count,
    mean: count > 0 ? wideToNumber(total) / count : null,
    censored: cell.censored,
  };
}

function measureBuckets(
  definition: BucketMetric,
  cells: readonly Cell[],
  drainNs: number,
): MeasuredSamples {
  const held = cells.map((cell) => cell.buckets[definition.id]);
  const origins = cells.map((cell) => cell.distributions[definition.samplesOf]);
  const replications = held.map((cell, i): SampleSet => {
    const buckets = bucketsOfBounds(cell ?? mergeBuckets([]));
    const censored = cell ? (origins[i]?.censored ?? 0) : 0;
    return { buckets, count: samplesIn(buckets), mean: null, censored };
  });
  const pooled = bucketsOfBounds(mergeBuckets(held.filter((cell) => cell !== undefined)));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return {
    source: 'samples',
    definition,
    pooled: {
      buckets: pooled,
      count: samplesIn(pooled),
      mean: null,
      censored: sum(replications.map((set) => set.censored)),
    },
    replications,
    effective: sum(origins.map((origin) => origin?.effective ?? 0)),
    inFlightAtLeast: drainNs,
    histogram: null,
  };
}

/**
 * Cells and experiments for tests of the statistics: real histograms filled with chosen samples.
 * Used by tests only.
 */
import type { Experiment, ExperimentPoint, SloSpec } from '../experiment.ts';
import { networkProgramming } from '../metrics/catalogue/index.ts';
import type { Cell, DistributionCell, Wide } from '../metrics/cell.ts';
import { Histogram } from '../metrics/histogram.ts';
import type { Plan } from '../plan.ts';

export const SECOND = 1e9;

export function cell(replication: number, parts: Partial<Cell> = {}): Cell {
  return {
    format: 1,
    replication,
    events: 10,
    distributions: {},
    buckets: {},
    quotients: {},
    exposures: {},
    series: { binNs: SECOND, columns: {} },
    workload: {
      nodes: 5,
      pods: 50,
      services: 3,
      endpoints: 30,
      policies: 0,
      podChanges: 120,
      requests: 600,
    },
    audits: [],
    warnings: [],
    ...parts,
  };
}

/** Samples without stages; every sample is its own cause unless said otherwise. */
export function distribution(
  samplesNs: readonly number[],
  { censored = 0, effective = samplesNs.length }: { censored?: number; effective?: number } = {},
): DistributionCell {
  const histogram = new Histogram();
  for (const sample of samplesNs) histogram.record(Math.round(sample));
  return { histogram: histogram.toCell([]), effective, censored };
}

/** Samples of `networkProgramming`: whole nanoseconds, cut into its stages by fixed shares. */
export function programming(
  samplesNs: readonly number[],
  { censored = 0, effective = samplesNs.length }: { censored?: number; effective?: number } = {},
): DistributionCell {
  const { stages } = networkProgramming;
  const histogram = new Histogram(stages.length);
  const parts = new Float64Array(stages.length);
  for (const sample of samplesNs) {
    let rest = Math.round(sample);
    for (let s = stages.length - 1; s > 0; s--) {
      parts[s] = Math.floor(rest / (s + 2));
      rest -= parts[s]!;
    }
    parts[0] = rest;
    histogram.recordStages(Math.round(sample), parts);
  }
  return { histogram: histogram.toCell(stages), effective, censored };
}

export function wide(value: number): Wide {
  return [Math.floor(value / 2 ** 52), value % 2 ** 52];
}

/** `count` evenly spaced values in [low, high]. */
export function ramp(count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, (_, i) => low + ((high - low) * (i + 0.5)) / count);
}

export function point(
  variant: string,
  at: ExperimentPoint['at'],
  { gated = false, drainNs = 60 * SECOND }: { gated?: boolean; drainNs?: number } = {},
): ExperimentPoint {
  const plan = {
    variant,
    at,
    warmUpNs: 10 * SECOND,
    horizonNs: 60 * SECOND,
    drainNs,
    proxy: { model: variant, minSyncPeriodNs: SECOND, syncPeriodNs: 30 * SECOND },
  } as unknown as Plan;
  return { variant, at, plan, gated };
}

export const PROGRAMMING_SLO: SloSpec = {
  name: 'programming',
  metric: 'networkProgramming',
  quantile: 0.99,
  limit: 5,
  gate: 'gate',
};

export function experiment(
  points: readonly ExperimentPoint[],
  parts: Partial<Experiment> = {},
): Experiment {
  const names = [...new Set(points.map((one) => one.variant))];
  return {
    name: 'fixture',
    hash: 'f'.repeat(64),
    document: { kind: 'Scenario' },
    seed: '42',
    replications: 3,
    variants: names.map((name) => ({
      name,
      candidate: true,
      title: `${name} mode`,
      spec: { proxy: { mode: name } },
    })),
    points,
    slos: [PROGRAMMING_SLO],
    target: null,
    notModelled: [],
    warnings: [],
    ...parts,
  };
}

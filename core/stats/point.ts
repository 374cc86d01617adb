/**
 * One point of the results document from the cells of its replications: statistics, stages,
 * verdicts, audits, what was really simulated, and the columns that figures are drawn from.
 */
import { canonicalJson } from '../canonical-json.ts';
import type { Experiment, ExperimentPoint } from '../experiment.ts';
import type { Cell } from '../metrics/cell.ts';
import { scaled } from '../metrics/metric-definition.ts';
import type { Point, StageTables } from '../results.ts';
import { cumulativeOf } from './cumulative.ts';
import type { JudgedPoint } from './judged-point.ts';
import type { Measured, MeasuredSamples } from './measured.ts';
import { measure } from './measured.ts';
import { mergeSeries } from './merge.ts';
import { proxyClassesOf } from './proxy-classes.ts';
import { judge } from './slo.ts';
import { stagesAddUp, stageTables } from './stages.ts';
import { summarise } from './summarise.ts';

const SECOND_NS = 1e9;

export interface AssembledPoint {
  readonly judged: JudgedPoint;
  readonly document: Point;
  /** Facts the replications ask to print, each once. */
  readonly cellWarnings: readonly string[];
}

/** @param cells at least one, in any order. */
export function assemblePoint(
  point: ExperimentPoint,
  cells: readonly Cell[],
  experiment: Experiment,
  sha256: (text: string) => string,
): AssembledPoint {
  const ordered = cells.toSorted((a, b) => a.replication - b.replication);
  const measured = measure(ordered, point.plan.drainNs);
  const slos = experiment.slos.map((slo) => judge(slo, measured));
  const metrics = Object.fromEntries(
    Array.from(measured, ([id, one]) => [id, summarise(one)] as const),
  );
  const samples = [...measured.values()].filter((one) => one.source === 'samples');
  const stages = stagesOf(samples);
  const series = mergeSeries(ordered.map((cell) => cell.series));
  const { spec } = experiment.variants.find(({ name }) => name === point.variant)!;
  const document: Point = {
    variant: point.variant,
    at: { ...point.at },
    hash: sha256(canonicalJson({ spec, at: point.at, seed: experiment.seed, metrics, stages })),
    replications: ordered.length,
    cells: ordered.map((cell, index) => ({
      replication: cell.replication,
      hash: sha256(canonicalJson(cell)),
      means: meansOf(
        samples.filter(({ definition }) => definition.id in stages),
        index,
      ),
    })),
    warmUpSeconds: point.plan.warmUpNs / SECOND_NS,
    horizonSeconds: point.plan.horizonNs / SECOND_NS,
    events: total(ordered, (cell) => cell.events),
    workload: workloadOf(ordered, point.plan.horizonNs / SECOND_NS),
    metrics,
    stages,
    ...proxyClassesOf(ordered, point.plan.horizonNs / SECOND_NS),
    slos,
    audits: auditsOf(ordered, samples),
    series: { binSeconds: series.binNs / SECOND_NS, columns: copyColumns(series.columns) },
    histograms: histogramsOf(samples),
  };
  return {
    judged: { point, replications: ordered.map((cell) => cell.replication), measured, slos },
    document,
    cellWarnings: [...new Set(ordered.flatMap((cell) => cell.warnings))],
  };
}

/** Means of one replication; a metric without samples has none. */
function meansOf(samples: readonly MeasuredSamples[], index: number): Record<string, number> {
  return Object.fromEntries(
    samples.flatMap(({ definition, replications }) => {
      const mean = replications[index]?.mean ?? null;
      return mean === null ? [] : [[definition.id, scaled(mean, definition.scale)]];
    }),
  );
}

function total(cells: readonly Cell[], count: (cell: Cell) => number): number {
  return cells.reduce((sum, cell) => sum + count(cell), 0);
}

/** Counts are those of the mean replication, rounded; rates are over all measured windows. */
function workloadOf(cells: readonly Cell[], horizonSeconds: number): Point['workload'] {
  const mean = (count: (cell: Cell) => number) => Math.round(total(cells, count) / cells.length);
  const measuredSeconds = cells.length * horizonSeconds;
  return {
    nodes: mean((cell) => cell.workload.nodes),
    pods: mean((cell) => cell.workload.pods),
    services: mean((cell) => cell.workload.services),
    endpoints: mean((cell) => cell.workload.endpoints),
    policies: mean((cell) => cell.workload.policies),
    podChangesPerSecond: total(cells, (cell) => cell.workload.podChanges) / measuredSeconds,
    requestsPerSecond: total(cells, (cell) => cell.workload.requests) / measuredSeconds,
  };
}

function stagesOf(samples: readonly MeasuredSamples[]): Record<string, StageTables> {
  const stages: Record<string, StageTables> = {};
  for (const measured of samples) {
    const tables = stageTables(measured);
    if (tables) stages[measured.definition.id] = tables;
  }
  return stages;
}

function auditsOf(cells: readonly Cell[], samples: readonly Measured[]): Point['audits'] {
  const names = [...new Set(cells.flatMap((cell) => cell.audits.map((audit) => audit.name)))];
  const audits: Point['audits'] = names.map((name) => {
    const failed = cells.flatMap((cell) =>
      cell.audits
        .filter((audit) => audit.name === name && !audit.ok)
        .map((audit) => `replication ${cell.replication}: ${audit.detail}`),
    );
    return failed.length > 0 ? { name, ok: false, detail: failed[0]! } : { name, ok: true };
  });
  for (const measured of samples) {
    if (measured.source !== 'samples' || measured.pooled.count === 0) continue;
    if (!measured.histogram?.stages.length) continue;
    const name = `stages of ${measured.definition.id} add up to it`;
    audits.push({ name, ok: stagesAddUp(measured) });
  }
  return audits;
}

function copyColumns(columns: Readonly<Record<string, readonly number[]>>) {
  return Object.fromEntries(Object.entries(columns).map(([name, bins]) => [name, [...bins]]));
}

function histogramsOf(samples: readonly MeasuredSamples[]): Point['histograms'] {
  const histograms: Point['histograms'] = {};
  for (const { definition, pooled } of samples) {
    if (definition.source !== 'distribution' || !definition.figure || pooled.count === 0) continue;
    histograms[definition.id] = cumulativeOf(pooled, definition.scale);
  }
  return histograms;
}

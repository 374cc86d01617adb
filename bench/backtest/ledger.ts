/**
 * The ledger: every usable published measurement, and the measurements the models were fitted to,
 * beside what the models say under the same conditions. Rows that constants were set from are marked,
 * and only the others count as evidence. Takes tens of seconds: some rows are runs.
 */
import { controlPlaneRows } from './control-plane-rows.ts';
import { countRows } from './count-rows.ts';
import { kernelRows } from './kernel-rows.ts';
import { type LeftOut, leaveSourcesOut } from './leave-out.ts';
import { NOT_USABLE, type NotUsable } from './not-usable.ts';
import { packetRows } from './packet-rows.ts';
import { pipelineRows } from './pipeline-rows.ts';
import { isInside, predict } from './propagate.ts';
import type { Known, Row, Unit } from './row.ts';
import { SOURCES, type SourceId } from './sources.ts';
import { syncRows } from './sync-rows.ts';

export interface LedgerRow {
  readonly id: string;
  readonly models: readonly string[];
  readonly source: SourceId;
  readonly about: string;
  readonly conditions: string;
  /** What a source leaves open, one reading each; the interval spans them all. */
  readonly readings: readonly string[];
  readonly unit: Unit;
  readonly measured: Known;
  readonly predicted: Known;
  /** predicted / measured - 1; null where nothing was measured. */
  readonly error: number | null;
  readonly inside: boolean;
  readonly usedForFitting: boolean;
  /** Constants whose value was set from this row, and those an end of whose range was. */
  readonly sets: readonly string[];
  readonly ranges: readonly string[];
  readonly kind: Row['kind'];
  readonly why?: string;
}

export interface ModelSummary {
  readonly model: string;
  /** Rows but those of exact arithmetic. */
  readonly rows: number;
  /** Constants set with rows of the ledger in sight. */
  readonly freeParameters: number;
  readonly sources: readonly LeftOut[];
}

/** How many published rows, neither fitted nor exact arithmetic, lie inside. */
export interface Evidence {
  readonly rows: number;
  readonly inside: number;
  /** Its prediction is off by the greatest factor; null without rows. */
  readonly worst: string | null;
}

export interface Ledger {
  readonly kind: 'Ledger';
  readonly rows: readonly LedgerRow[];
  readonly notUsable: readonly NotUsable[];
  readonly sources: Readonly<Record<SourceId, string>>;
  readonly summary: { readonly evidence: Evidence; readonly models: readonly ModelSummary[] };
}

/** Rows that need no run. */
export function quickRows(): Row[] {
  return [...packetRows(), ...syncRows(), ...controlPlaneRows(), ...countRows(), ...kernelRows()];
}

/** All rows, those of runs last but for the kernel's. */
export function allRows(): Row[] {
  return [
    ...packetRows(),
    ...syncRows(),
    ...pipelineRows(),
    ...controlPlaneRows(),
    ...countRows(),
    ...kernelRows(),
  ];
}

export function modelsOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap(({ models }) => models))].sort();
}

/** The ledger of some rows, narrowed to one model if asked. */
export function ledgerOf(all: readonly Row[], model?: string): Ledger {
  const rows = all.filter(({ models }) => model === undefined || models.includes(model));
  const entries = rows.map(ledgerRow);
  const models = model === undefined ? modelsOf(all) : [model];
  return {
    kind: 'Ledger',
    rows: entries,
    notUsable: NOT_USABLE,
    sources: SOURCES,
    summary: { evidence: evidenceOf(entries), models: models.map((one) => summaryOf(one, rows)) },
  };
}

function ledgerRow(row: Row): LedgerRow {
  const { readings, measured, why, ranges = [], ...rest } = row;
  const predicted = predict(row);
  return {
    ...rest,
    readings: readings.map(({ setting }) => setting),
    measured,
    predicted,
    error: measured.value === 0 ? null : predicted.value / measured.value - 1,
    inside: isInside(measured, predicted),
    usedForFitting: row.sets.length + ranges.length > 0,
    ranges,
    ...(why === undefined ? {} : { why }),
  };
}

export function isEvidence({ kind, usedForFitting }: LedgerRow): boolean {
  return kind === 'published' && !usedForFitting;
}

function evidenceOf(rows: readonly LedgerRow[]): Evidence {
  const evidence = rows.filter(isEvidence);
  const factor = ({ measured, predicted }: LedgerRow) =>
    Math.abs(Math.log(predicted.value / measured.value));
  const worst = evidence.reduce<LedgerRow | null>(
    (found, row) => (found === null || factor(row) > factor(found) ? row : found),
    null,
  );
  return {
    rows: evidence.length,
    inside: evidence.filter(({ inside }) => inside).length,
    worst: worst?.id ?? null,
  };
}

function summaryOf(model: string, rows: readonly Row[]): ModelSummary {
  const own = rows.filter(({ models, kind }) => models.includes(model) && kind !== 'count');
  return {
    model,
    rows: own.length,
    freeParameters: new Set(own.flatMap(({ sets, ranges = [] }) => [...sets, ...ranges])).size,
    sources: leaveSourcesOut(model, rows),
  };
}

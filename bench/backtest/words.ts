/** The cells of a row of the ledger, and what sums it up, for the terminal and for Markdown. */
import { formatCount, formatNumber, formatRatio, formatValue } from '../../reports/format.ts';
import type { LeftOut } from './leave-out.ts';
import {
  type Evidence,
  isEvidence,
  type Ledger,
  type LedgerRow,
  type ModelSummary,
} from './ledger.ts';
import type { SourceId } from './sources.ts';

/** Errors beyond this are told as a factor. */
const AS_FACTOR = 2;

export interface Cells {
  readonly point: string;
  readonly measured: string;
  readonly predicted: string;
  readonly interval: string;
  readonly error: string;
  readonly inside: string;
}

export function cellsOf(row: LedgerRow): Cells {
  const { unit, measured, predicted } = row;
  const { low, high } = predicted;
  return {
    point: row.about,
    measured: formatValue(measured.value, unit),
    predicted: formatValue(predicted.value, unit),
    interval:
      row.kind === 'count' ? 'exact' : `${formatValue(low, unit)} to ${formatValue(high, unit)}`,
    error: errorText(row),
    inside: `${row.inside ? 'yes' : 'no'}${remark(row)}`,
  };
}

/** Why a row is no evidence. */
function remark({ usedForFitting, kind }: LedgerRow): string {
  if (usedForFitting) return ', fitted';
  return kind === 'calculated' ? ', calculated' : '';
}

function errorText({ measured, predicted, error }: LedgerRow): string {
  if (error === null) return '-';
  const factor = predicted.value / measured.value;
  if (factor >= AS_FACTOR) return `${formatNumber(factor)} times`;
  if (factor <= 1 / AS_FACTOR) return `1/${formatNumber(1 / factor)}`;
  return `${error < 0 ? '-' : '+'}${Math.abs(100 * error).toFixed(0)}%`;
}

/** Rows of one source and model that constants were fitted to, told together. */
export interface FittedGroup {
  readonly source: SourceId;
  readonly model: string;
  readonly rows: number;
  readonly inside: number;
  readonly medianError: number;
  readonly greatestError: number;
}

export function fittedGroups({ rows }: Ledger): FittedGroup[] {
  const groups = new Map<string, LedgerRow[]>();
  for (const row of rows.filter(({ kind }) => kind === 'kernel')) {
    const key = `${row.source}|${row.models[0]}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((members) => {
    const errors = members.map(({ error }) => Math.abs(error ?? 0)).sort((a, b) => a - b);
    return {
      source: members[0]!.source,
      model: members[0]!.models[0]!,
      rows: members.length,
      inside: members.filter(({ inside }) => inside).length,
      medianError: errors[errors.length >> 1]!,
      greatestError: errors.at(-1)!,
    };
  });
}

export function groupCells(group: FittedGroup): string[] {
  return [
    group.source,
    group.model,
    formatCount(group.rows),
    formatCount(group.inside),
    formatRatio(group.medianError),
    formatRatio(group.greatestError),
  ];
}

export function leftOutCells({ model, source, rows, predicted, ...errors }: LeftOut): string[] {
  const error = (value: number | null) => (value === null ? '-' : formatRatio(value));
  return [
    source,
    model,
    formatCount(rows),
    formatCount(predicted),
    error(errors.medianError),
    error(errors.greatestError),
  ];
}

export function modelCells({ model, rows, freeParameters }: ModelSummary): string[] {
  const share = rows === 0 ? '-' : formatRatio(freeParameters / rows);
  return [model, formatCount(freeParameters), formatCount(rows), share];
}

export function evidenceSentence({ rows, inside }: Evidence): string {
  return `${inside} of ${rows} published points that no constant was set from are inside their interval`;
}

/** Which row is off by most, and where docs/validation.md says why. */
export function worstSentence({ rows, summary }: Ledger): string | null {
  const worst = rows.find(({ id }) => id === summary.evidence.worst);
  if (worst === undefined) return null;
  return `worst: ${worst.about}${worst.why === undefined ? '' : ` (why: docs/validation.md#${worst.why})`}`;
}

/** Rows worth a line each: what was published, evidence first. */
export function publishedRows({ rows }: Ledger): LedgerRow[] {
  const published = rows.filter(({ kind }) => kind === 'published' || kind === 'calculated');
  return [...published.filter(isEvidence), ...published.filter((row) => !isEvidence(row))];
}

export function countedRows({ rows }: Ledger): LedgerRow[] {
  return rows.filter(({ kind }) => kind === 'count');
}

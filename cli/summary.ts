/**
 * The summary of a run for a reader at a terminal: the verdict's sentence first, then the SLOs at
 * the gate with their intervals and margins, where the time goes, and how far each variant grows.
 * A function of the results; it computes nothing that is not in them except the ratio of a limit
 * to a bound.
 */
import type { Capacity, Point, Results, SloResult, VerdictWord } from '../core/results.ts';
import {
  formatConfidence,
  formatCount,
  formatFactor,
  formatInterval,
  formatSeconds,
  formatValue,
} from '../reports/format.ts';
import { quantileName, stagesOf } from '../reports/words.ts';
import type { Gated } from './gate.ts';
import { table, width } from './table.ts';
import type { Style, Terminal } from './terminal.ts';
import { isUntested } from './untested.ts';

export interface SummaryOptions {
  /** Also the SLOs at every other point. */
  readonly allPoints: boolean;
  /** Points at which gates are judged. */
  readonly gated: Gated;
}

const marks: Readonly<Record<VerdictWord, { mark: string; style: Style }>> = {
  holds: { mark: '✔', style: 'green' },
  fails: { mark: '✘', style: 'red' },
  inconclusive: { mark: '?', style: 'yellow' },
};
const BAR = 24;
const INDENT = '  ';

type Look = Pick<Terminal, 'style' | 'columns'>;

/** ` HOLDS   sentence`, the one line that `--quiet` leaves. */
export function verdictLine(results: Pick<Results, 'verdict'>, look: Look): string {
  const { word, sentence } = results.verdict;
  if (word === 'none') return ` ${look.style('bold', 'NOT JUDGED')}   ${sentence}`;
  return ` ${look.style(['bold', marks[word].style], word.toUpperCase())}   ${sentence}`;
}

export function summary(results: Results, options: SummaryOptions, look: Look): string[] {
  const judged = results.points.filter((point) => options.allPoints || options.gated(point));
  const gated = results.points.filter(options.gated);
  const sections = [
    [verdictLine(results, look)],
    sloTable(judged, look),
    stageTable(gated, look),
    growthTable(results, options.gated, look),
  ];
  return sections.filter((section) => section.length > 0).flatMap((section) => [...section, '']);
}

function sloTable(points: readonly Point[], look: Look): string[] {
  const rows = points.flatMap((point) =>
    point.slos.map((slo) => [
      look.style(marks[slo.verdict].style, marks[slo.verdict].mark),
      point.variant,
      sizeOf(point),
      slo.gate === 'gate' ? slo.name : `${slo.name} (warns)`,
      `${slo.quantile === undefined ? '' : `${quantileName(slo.quantile)} `}≤ ${formatValue(slo.limit, slo.unit)}`,
      measured(slo, point),
      margin(slo),
    ]),
  );
  if (rows.length === 0) return [];
  const headers = [
    '',
    'variant',
    'at',
    'SLO',
    'rule',
    `measured (${confidenceOf(points)})`,
    'margin',
  ];
  const columns = headers.map((header) => ({
    header,
    align: header === 'margin' ? ('right' as const) : ('left' as const),
  }));
  const reasons = new Set(points.flatMap((point) => point.slos.flatMap(reasonOf)));
  return [...table(columns, rows, INDENT), ...[...reasons].map((reason) => `${INDENT}${reason}`)];
}

/** Why an SLO has no value, or proves nothing with the one it has; else nothing. */
function reasonOf(slo: SloResult): string[] {
  if (slo.value === undefined) return [`${slo.name} has no value: ${slo.reason}`];
  return isUntested(slo) ? [`${slo.name} is undecided: ${slo.reason}`] : [];
}

/** `95 % interval`, from the first estimate that has one: all have the same. */
function confidenceOf(points: readonly Point[]): string {
  const metrics = points.flatMap((point) => Object.values(point.metrics));
  const estimate = metrics
    .map((metric) => metric.mean ?? metric.value)
    .find((found) => found !== undefined && found.confidence > 0);
  return estimate ? `${formatConfidence(estimate.confidence)} interval` : 'interval';
}

/** `1.31 s [1.25 to 1.38 s]`; for no hit among exposures, how many windows there were. */
function measured(slo: SloResult, point: Point): string {
  if (slo.value === undefined) return 'no value';
  const format = (value: number) => formatValue(value, slo.unit);
  const { low, high } = slo;
  const exposure = point.metrics[slo.metric]?.exposure;
  if (slo.value === 0 && exposure && high !== undefined) {
    return `0 in ${formatCount(exposure.windows)} exposure windows (≤ ${format(high)})`;
  }
  if (low === undefined || high === undefined) return format(slo.value);
  return `${format(slo.value)} [${formatInterval(low, high, slo.unit)}]`;
}

/** Limit divided by the value; without a value nothing is known to be short. */
function room({ limit, value }: SloResult): number {
  return value === undefined || value <= 0 ? Number.POSITIVE_INFINITY : limit / value;
}

/** Limit divided by the upper bound: above 1 it holds. None where the bound proves nothing. */
function margin(slo: SloResult): string {
  const { high, limit } = slo;
  return high === undefined || high <= 0 || isUntested(slo) ? '–' : formatFactor(limit / high);
}

/**
 * The stages of the metric whose SLO has the least room of those that have stages, over the samples
 * around p99: with bars for one point, a column a variant for several. Left out where it does not
 * fit the width.
 */
function stageTable(points: readonly Point[], look: Look): string[] {
  const hasStages = (point: Point, metric: string) =>
    Object.keys(point.stages[metric]?.p99 ?? {}).length > 0;
  const metric = points
    .flatMap((point) => point.slos)
    .filter((slo) => points.some((point) => hasStages(point, slo.metric)))
    .sort((a, b) => room(a) - room(b))[0]?.metric;
  if (metric === undefined) return [];
  const shown = points.filter((point) => hasStages(point, metric));
  const tables = shown.map((point) => point.stages[metric]!.p99);
  const stages = stagesOf([...new Set(tables.flatMap((stage) => Object.keys(stage)))]);
  const longest = Math.max(...tables.flatMap((stage) => Object.values(stage)));
  const rows = stages.map(({ id, name }) => {
    const seconds = tables.map((stage) => stage[id]);
    const cells = seconds.map((value) => (value === undefined ? '' : formatSeconds(value)));
    const only = seconds.length === 1 ? (seconds[0] ?? 0) : 0;
    const bar = '█'.repeat(longest > 0 ? Math.round((only / longest) * BAR) : 0);
    return [name, ...cells, ...(seconds.length === 1 ? [look.style('cyan', bar)] : [])];
  });
  const headers = shown.length === 1 ? [''] : shown.map((point) => point.variant);
  const lines = table(
    [
      { header: '' },
      ...headers.map((header) => ({ header, align: 'right' as const })),
      ...(shown.length === 1 ? [{ header: '' }] : []),
    ],
    rows,
    `${INDENT}${INDENT}`,
  );
  if (lines.some((line) => width(line) > look.columns)) return [];
  const whose = shown.length === 1 ? ` in ${shown[0]!.variant}` : '';
  return [`${INDENT}Where the time goes${whose} (changes around p99 of ${metric})`, ...lines];
}

/** Variants by sizes: the worst verdict over the gated SLOs, and the largest size that holds. */
function growthTable(results: Results, gated: Gated, look: Look): string[] {
  const points = [...results.points].sort(bySize);
  const sizes = [...new Set(points.map(sizeOf))];
  if (sizes.length < 2) return [];
  const rows = results.variants.map(({ name, candidate }) => {
    const cells = sizes.map((size) => {
      const point = points.find((p) => p.variant === name && sizeOf(p) === size);
      const word = point && worstOf(point.slos);
      return word ? look.style(marks[word].style, marks[word].mark) : '·';
    });
    const capacity = results.capacity.find((entry) => entry.variant === name);
    const title = candidate ? name : `${name} (not a candidate)`;
    return [title, ...cells, ...(capacity ? [reach(capacity), capacity.limitedBy ?? ''] : [])];
  });
  const atGate = new Set(points.filter(gated).map(sizeOf));
  const columns = [
    { header: 'variant' },
    ...sizes.map((size) => ({
      header: atGate.has(size) ? `${size} (gate)` : size,
      align: 'right' as const,
    })),
    ...(results.capacity.length > 0
      ? [{ header: 'largest size that holds' }, { header: 'limited by' }]
      : []),
  ];
  return table(columns, rows, INDENT);
}

function bySize(a: Pick<Point, 'at'>, b: Pick<Point, 'at'>): number {
  const others = Object.values(b.at);
  for (const [i, value] of Object.values(a.at).entries()) {
    const other = others[i];
    if (typeof value === 'number' && typeof other === 'number' && value !== other) {
      return value - other;
    }
  }
  return 0;
}

function worstOf(slos: readonly SloResult[]): VerdictWord | undefined {
  const words = slos.filter((slo) => slo.gate === 'gate').map((slo) => slo.verdict);
  return (['fails', 'inconclusive', 'holds'] as const).find((word) => words.includes(word));
}

function reach({ holdsUpTo, failsFrom, verdict }: Capacity): string {
  const next = failsFrom === null ? '' : ` (${formatCount(failsFrom)} does not)`;
  if (holdsUpTo !== null) {
    return failsFrom === null
      ? `≥${formatCount(holdsUpTo)} (largest simulated)`
      : `${formatCount(holdsUpTo)}${next}`;
  }
  return verdict === 'inconclusive' ? `undecided${next}` : `none${next}`;
}

/** `500`, or `500/2` where two paths are swept; `–` where none is. */
function sizeOf(point: Pick<Point, 'at'>): string {
  const values = Object.values(point.at).map((value) =>
    typeof value === 'number' ? formatCount(value) : String(value),
  );
  return values.length > 0 ? values.join('/') : '–';
}

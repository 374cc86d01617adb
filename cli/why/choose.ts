/** Which point, metric and tail of a results document is to be explained, from flags and verdicts. */
import type { Point, Results, SloResult } from '../../core/results.ts';
import { EXPLAINED, type ExplainedMetric } from '../../core/why/explain-replication.ts';
import { UsageError } from '../exit-codes.ts';

export interface ChoiceFlags {
  readonly slo?: string;
  readonly metric?: string;
  readonly variant?: string;
  readonly at?: readonly string[];
}

export interface Choice {
  readonly point: Point;
  readonly metric: ExplainedMetric;
  readonly quantile: number;
  /** The SLO that was asked about or chosen. */
  readonly slo: SloResult | undefined;
}

const DEFAULT_QUANTILE = 0.99;
const DECIDED = ['fails', 'inconclusive', 'holds'];

/** @throws UsageError when the flags name nothing, or something that has no stages. */
export function choose(results: Results, flags: ChoiceFlags): Choice {
  if (flags.slo !== undefined && flags.metric !== undefined) {
    throw new UsageError('--slo names its own metric; give one of --slo and --metric');
  }
  const point = pointOf(results, flags);
  const slo = sloOf(point, flags);
  const metric = slo?.metric ?? flags.metric ?? EXPLAINED[0];
  if (!isExplained(metric)) {
    throw new UsageError(
      `${metric} has no stages to explain; knetsim why explains ${EXPLAINED.join(' and ')}`,
    );
  }
  return { point, metric, quantile: slo?.quantile ?? DEFAULT_QUANTILE, slo };
}

function sloOf({ slos }: Point, flags: ChoiceFlags): SloResult | undefined {
  if (flags.slo !== undefined) {
    const found = slos.find(({ name }) => name === flags.slo);
    if (found !== undefined) return found;
    const names = slos.map(({ name }) => name).join(', ');
    throw new UsageError(`no SLO ${flags.slo}; ${names ? `there are ${names}` : 'there is none'}`);
  }
  return slos
    .filter(({ metric }) => isExplained(metric) && metric === (flags.metric ?? metric))
    .toSorted((a, b) => DECIDED.indexOf(a.verdict) - DECIDED.indexOf(b.verdict))[0];
}

/** The variant that does worst, where the gate looks or else at the last size. */
function pointOf({ points, variants, target }: Results, flags: ChoiceFlags): Point {
  const { variant, at = [] } = flags;
  if (variant !== undefined && !variants.some(({ name }) => name === variant)) {
    const names = variants.map(({ name }) => name).join(', ');
    throw new UsageError(`no variant ${variant}; there are ${names}`);
  }
  const settings = at.map((text): [string, string] => {
    const end = text.indexOf('=');
    return [text.slice(0, end), text.slice(end + 1)];
  });
  const asked = points.filter(
    (point) =>
      (variant === undefined || point.variant === variant) &&
      settings.every(([path, value]) => String(point.at[path]) === value),
  );
  if (asked.length === 0) {
    const sizes = [...new Set(points.map(({ at }) => sizeOf(at)))].join('; ');
    throw new UsageError(`no such point; there are ${sizes || 'points without a size'}`);
  }
  const judged = asked.filter(
    (point) => target === null || point.at[target.path] === target.gateAt,
  );
  const candidates = judged.length > 0 ? judged : asked.slice(-1);
  const rank = (point: Point) => DECIDED.indexOf(sloOf(point, flags)?.verdict ?? 'holds');
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0]!;
}

/** `cluster.nodes=500`, or nothing. */
export function sizeOf(at: Point['at']): string {
  return Object.entries(at)
    .map(([path, value]) => `${path}=${value}`)
    .join(', ');
}

function isExplained(metric: string): metric is ExplainedMetric {
  return (EXPLAINED as readonly string[]).includes(metric);
}

/**
 * The results document arranged for drawing: one axis of sizes, series along it, the SLOs and the
 * size at which gates are judged. It selects and sorts; it computes no statistic.
 */
import type { Capacity, Estimate, Metric, Point, Results, SloResult } from '../core/results.ts';
import { subjectName } from './words.ts';

/** A variant, and what else distinguishes its points when more than one path is swept. */
export interface Series {
  /** Position in the report; fixes colour, dash and marker everywhere. */
  readonly index: number;
  readonly label: string;
  readonly variant: string;
  readonly candidate: boolean;
  readonly title: string;
  /** Values of the swept paths other than the axis. */
  readonly rest: Point['at'];
  /** Ascending by size. */
  readonly points: readonly SizedPoint[];
}

export interface SizedPoint {
  readonly size: number;
  readonly point: Point;
}

/** What is read at every point: a metric's quantile, with its limit when an SLO sets one. */
export interface Sli {
  readonly name: string;
  readonly metric: string;
  /** What is read, in words: `p99 of network programming latency`. */
  readonly subject: string;
  readonly quantile: number | undefined;
  readonly unit: string;
  readonly limit: number | undefined;
  readonly gate: 'gate' | 'warn' | 'none';
}

export interface View {
  readonly results: Results;
  /** The swept numeric path that sizes run along; null when nothing was swept. */
  readonly axis: string | null;
  readonly sizes: readonly number[];
  readonly series: readonly Series[];
  /** Where gates are judged. */
  readonly gateSize: number | null;
  readonly slis: readonly Sli[];
}

export function viewOf(results: Results): View {
  const axis = axisOf(results);
  const series = seriesOf(results, axis);
  const sizes = unique(series.flatMap((s) => s.points.map((p) => p.size))).sort((a, b) => a - b);
  const target =
    results.target !== null && results.target.path === axis ? results.target.gateAt : null;
  const gateSize = target ?? sizes.at(-1) ?? null;
  return { results, axis, sizes, series, gateSize, slis: slisOf(results) };
}

/** The point of a series at the size where gates are judged. */
export function gatePoint(view: View, series: Series): Point | undefined {
  return series.points.find((p) => p.size === view.gateSize)?.point;
}

/** Series that have a point at the gate, with it. */
export function gatePoints(view: View): { series: Series; point: Point }[] {
  return view.series.flatMap((series) => {
    const point = gatePoint(view, series);
    return point === undefined ? [] : [{ series, point }];
  });
}

/** SLOs that some variant fails at the gate before those that hold there: what the verdict speaks of. */
export function failingFirst(view: View): Sli[] {
  const fails = (sli: Sli): boolean =>
    gatePoints(view).some(({ point }) => sloAt(point, sli)?.verdict === 'fails');
  return [...view.slis.filter(fails), ...view.slis.filter((sli) => !fails(sli))];
}

/** Whether something said of a variant, and of further swept values, is said of this series. */
export function isAbout(
  view: View,
  series: Series,
  said: { readonly variant: string; readonly at?: Point['at'] },
): boolean {
  const rest = Object.entries(said.at ?? {}).filter(([path]) => path !== view.axis);
  return (
    said.variant === series.variant && rest.every(([path, value]) => series.rest[path] === value)
  );
}

export function capacityOf(view: View, series: Series): Capacity | undefined {
  return view.results.capacity.find(
    (c) => isAbout(view, series, c) && (view.axis === null || c.along === view.axis),
  );
}

/** The largest size of a series holds, so its true reach is unknown. */
export function isOpen(series: Series, capacity: Capacity): boolean {
  return capacity.holdsUpTo !== null && capacity.holdsUpTo === series.points.at(-1)?.size;
}

/** The SLO's own judgement at a point. */
export function sloAt(point: Point, sli: Sli): SloResult | undefined {
  return sli.gate === 'none' ? undefined : point.slos.find((slo) => slo.name === sli.name);
}

/** The SLI's estimate at a point: the SLO's value where it was judged, else the metric's. */
export function readingAt(
  point: Point,
  sli: Sli,
): { value: number; low: number; high: number } | undefined {
  const slo = sloAt(point, sli);
  if (slo?.value !== undefined) {
    return { value: slo.value, low: slo.low ?? slo.value, high: slo.high ?? slo.value };
  }
  const metric = point.metrics[sli.metric];
  return metric === undefined ? undefined : estimateAt(metric, sli.quantile);
}

/** The estimate of a quantile, or of the only value the metric has. */
export function estimateAt(metric: Metric, quantile: number | undefined): Estimate | undefined {
  switch (quantile) {
    case 0.5:
      return metric.p50;
    case 0.9:
      return metric.p90;
    case 0.99:
      return metric.p99;
    case 0.999:
      return metric.p999;
    default:
      return metric.value ?? metric.mean;
  }
}

/** The one number that stands for a metric: its value, else its mean. */
export function headline(metric: Metric | undefined): Estimate | undefined {
  return metric?.value ?? metric?.mean;
}

/** Whether trials met no window in which they could have gone wrong: zero hits say nothing. */
export function isUntested({ exposure }: Metric): boolean {
  return exposure !== undefined && exposure.windows === 0 && exposure.hits === 0;
}

/** Cuts a list into panels of at most `length`. */
export function panels<T>(items: readonly T[], length: number): T[][] {
  const cut: T[][] = [];
  for (let i = 0; i < items.length; i += length) cut.push(items.slice(i, i + length));
  return cut;
}

export function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function axisOf(results: Results): string | null {
  const numeric = unique(
    results.points.flatMap((p) =>
      Object.keys(p.at).filter((path) => typeof p.at[path] === 'number'),
    ),
  );
  if (results.target !== null && numeric.includes(results.target.path)) return results.target.path;
  return numeric.includes('cluster.nodes') ? 'cluster.nodes' : (numeric[0] ?? null);
}

function seriesOf(results: Results, axis: string | null): Series[] {
  type Group = { variant: string; label: string; rest: Point['at']; points: SizedPoint[] };
  const groups = new Map<string, Group>();
  const order = results.variants.map((v) => v.name);
  const rank = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  for (const point of [...results.points].sort((a, b) => rank(a.variant) - rank(b.variant))) {
    const rest = Object.entries(point.at).filter(([path]) => path !== axis);
    const label = [point.variant, ...rest.map(([path, value]) => `${path}=${value}`)].join(' · ');
    const group = groups.get(label) ?? {
      variant: point.variant,
      label,
      rest: Object.fromEntries(rest),
      points: [],
    };
    groups.set(label, group);
    const size = axis === null ? undefined : point.at[axis];
    group.points.push({ size: typeof size === 'number' ? size : point.workload.nodes, point });
  }
  return [...groups.values()].map((group, index) => {
    const declared = results.variants.find((v) => v.name === group.variant);
    return {
      ...group,
      index,
      candidate: declared?.candidate ?? true,
      title: declared?.title ?? group.variant,
      points: group.points.sort((a, b) => a.size - b.size),
    };
  });
}

function slisOf(results: Results): Sli[] {
  const found = new Map<string, Sli>();
  for (const point of results.points) {
    for (const { name, metric, quantile, unit, limit, gate } of point.slos) {
      const subject = subjectName(metric, quantile, point.metrics[metric]?.kind);
      if (!found.has(name)) found.set(name, { name, metric, subject, quantile, unit, limit, gate });
    }
  }
  const slis = [...found.values()];
  if (slis.length > 0) {
    return [...slis.filter((s) => s.gate === 'gate'), ...slis.filter((s) => s.gate !== 'gate')];
  }
  const metric = 'networkProgramming';
  const unit = results.points.find((p) => p.metrics[metric] !== undefined)?.metrics[metric]?.unit;
  if (unit === undefined) return [];
  const subject = subjectName(metric, 0.99, undefined);
  return [{ name: metric, metric, subject, quantile: 0.99, unit, limit: undefined, gate: 'none' }];
}

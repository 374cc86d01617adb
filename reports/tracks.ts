/**
 * What is drawn over time: the recorded columns turned into rates and quotients. Columns are sums
 * over a bin and over replications, so wider bins are exact sums as well, and a quotient of two
 * columns is a mean weighted by what happened.
 */
import type { Point } from '../core/results.ts';
import { formatRatio, formatSeconds, formatValue } from './format.ts';
import { words } from './words.ts';

export interface Track {
  readonly id: string;
  readonly name: string;
  readonly column: string;
  /** Divides by another column's sum instead of time. */
  readonly over?: string;
  /** Factor from the quotient's unit to what `show` prints. */
  readonly scale: number;
  readonly show: (value: number) => string;
}

const perSecond = (value: number): string => formatValue(value, '1/s');

const KNOWN: readonly Track[] = [
  {
    id: 'programming',
    name: 'time until the slowest node has a change, mean of the changes in a bin',
    column: 'programmingNs',
    over: 'programmedWrites',
    scale: 1e-9,
    show: formatSeconds,
  },
  {
    id: 'failed',
    name: 'share of requests that fail, by when they began',
    column: 'failedRequests',
    over: 'requests',
    scale: 1,
    show: formatRatio,
  },
  { id: 'podChanges', name: 'pod changes', column: 'podChanges', scale: 1, show: perSecond },
  {
    id: 'sliceWrites',
    name: 'EndpointSlice writes',
    column: 'sliceWrites',
    scale: 1,
    show: perSecond,
  },
  {
    id: 'proxySyncs',
    name: 'proxy syncs on all nodes',
    column: 'proxySyncs',
    scale: 1,
    show: perSecond,
  },
];

/** The tracks that some columns allow; a column nobody knows is a rate under its own name. */
export function tracksOf(columns: readonly string[]): Track[] {
  const known = KNOWN.filter(
    (t) => columns.includes(t.column) && (t.over === undefined || columns.includes(t.over)),
  );
  const used = new Set(known.flatMap((t) => [t.column, t.over]));
  const others = columns
    .filter((column) => !used.has(column))
    .map((column) => ({ id: column, name: words(column), column, scale: 1, show: perSecond }));
  return [...known, ...others];
}

/**
 * The values of a track at a point, in bins `merge` times as wide; null where a quotient has
 * nothing to divide by.
 */
export function valuesOf(point: Point, track: Track, merge: number): (number | null)[] {
  const top = point.series.columns[track.column] ?? [];
  const bottom = track.over === undefined ? undefined : (point.series.columns[track.over] ?? []);
  const values: (number | null)[] = [];
  for (let from = 0; from < top.length; from += merge) {
    const to = Math.min(from + merge, top.length);
    const seconds = (to - from) * point.series.binSeconds * point.replications;
    const divisor = bottom === undefined ? seconds : sum(bottom, from, to);
    values.push(divisor > 0 ? (sum(top, from, to) / divisor) * track.scale : null);
  }
  return values;
}

/** How many bins to put together so that at most `most` remain. */
export function mergeFor(bins: number, most: number): number {
  return Math.max(1, Math.ceil(bins / most));
}

function sum(values: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i] ?? 0;
  return total;
}

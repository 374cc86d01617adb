/**
 * Numbers as sentences of the results document print them: three significant digits, the unit a
 * reader expects, the same text on every machine (no locale).
 */
import type { MetricUnit } from '../metrics/metric-definition.ts';

/** `0.0132` s is `13.2 ms`; `1250000` bytes/s is `1.25 MB/s`; ratios keep powers of ten. */
export function formatQuantity(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 's':
      return formatSeconds(value);
    case 'ratio':
      return formatRatio(value);
    case '1/s':
      return `${formatCount(value)} a second`;
    case 'bytes/s':
      return formatScaled(value, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s']);
    case 'count':
      return formatCount(value);
    case 'cores':
      return `${digits(value)} cores`;
  }
}

/** Three significant digits below 1,000, thousands separated above. */
export function formatCount(value: number): string {
  if (Math.abs(value) < 1000) return digits(value);
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `p99`, `p99.9`. */
export function quantileName(q: number): string {
  return `p${Number((q * 100).toFixed(6))}`;
}

/** `median`, `99% quantile`. */
export function percentileName(q: number): string {
  if (q === 0.5) return 'median';
  return `${Number((q * 100).toFixed(6))}% quantile`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  if (items.length < 2) return items.join();
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A size of a sweep: `6,500 nodes`, or `path = value` for what has no word of its own. */
export function formatSize(path: string, value: number | string | boolean): string {
  const count = typeof value === 'number' ? formatCount(value) : String(value);
  return path === 'cluster.nodes' ? `${count} nodes` : `${path} = ${count}`;
}

/** Where in the sweep a point lies; empty for a scenario without a sweep. */
export function formatAt(at: Readonly<Record<string, number | string | boolean>>): string {
  const paths = Object.keys(at).sort();
  return listOf(paths.map((path) => formatSize(path, at[path]!)));
}

function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-6) return `${digits(value * 1e9)} ns`;
  if (size < 1e-3) return `${digits(value * 1e6)} us`;
  if (size < 1) return `${digits(value * 1e3)} ms`;
  return size < 1000 ? `${digits(value)} s` : `${formatCount(value)} s`;
}

function formatRatio(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-3) return digits(value);
  return value.toExponential(1).replace('.0e', 'e');
}

function formatScaled(value: number, units: readonly string[]): string {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= 1000 && step < units.length - 1) {
    rest /= 1000;
    step++;
  }
  return `${digits(rest)} ${units[step]}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

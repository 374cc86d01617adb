/**
 * Numbers as sentences of the results document print them: three significant digits, the same text
 * on every machine (no locale), in the units of the report, so that a sentence and the figure
 * beside it do not name one number twice. A test of the reports holds the two together.
 */
import type { MetricUnit } from '../metrics/metric-definition.ts';

interface Unit {
  readonly scale: number;
  readonly symbol: string;
}

function binaryUnits(per: string): Unit[] {
  return ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((symbol, power) => ({
    scale: 1024 ** power,
    symbol: ` ${symbol}${per}`,
  }));
}

/** Ascending; a value takes the largest unit that is not larger than itself. */
const UNITS: Readonly<Record<MetricUnit, readonly Unit[]>> = {
  s: [
    { scale: 1e-9, symbol: ' ns' },
    { scale: 1e-6, symbol: ' µs' },
    { scale: 1e-3, symbol: ' ms' },
    { scale: 1, symbol: ' s' },
  ],
  ratio: [
    { scale: 1e-9, symbol: ' per billion' },
    { scale: 1e-6, symbol: ' per million' },
    { scale: 1e-2, symbol: '%' },
  ],
  '1/s': [{ scale: 1, symbol: ' per s' }],
  bytes: binaryUnits(''),
  'bytes/s': binaryUnits('/s'),
  count: [{ scale: 1, symbol: '' }],
  cores: [
    { scale: 1e-6, symbol: ' microcores' },
    { scale: 1e-3, symbol: ' millicores' },
    { scale: 1, symbol: ' cores' },
  ],
};

/** Zero is said in these. */
const ZERO: Partial<Record<MetricUnit, string>> = { s: '0 s', ratio: '0%', cores: '0 cores' };

/** `0.0132` s is `13.2 ms`, a ratio of `4.2e-6` is `4.2 per million`, `1500` s is `25 min`. */
export function formatQuantity(value: number, unit: MetricUnit): string {
  const size = Number(Math.abs(value).toPrecision(3));
  if (size === 0 && ZERO[unit] !== undefined) return ZERO[unit];
  const { scale, symbol } = unitFor(size, unit);
  if (unit === 'count') return formatCount(value);
  return `${formatCount(Number((value / scale).toPrecision(3)))}${symbol}`;
}

function unitFor(size: number, unit: MetricUnit): Unit {
  if (unit === 's' && size >= 7200) return { scale: 3600, symbol: ' h' };
  if (unit === 's' && size >= 1000) return { scale: 60, symbol: ' min' };
  // A share is a percentage from a hundredth of a percent on, and per million from a
  // hundredth of one in a million on.
  const reach = unit === 'ratio' ? 0.01 : 1;
  const units = UNITS[unit];
  return units.findLast(({ scale }) => size >= scale * reach * (1 - 1e-9)) ?? units[0]!;
}

/** Three significant digits below 1,000, thousands separated above. */
export function formatCount(value: number): string {
  if (Math.abs(Number(digits(value))) < 1000) return digits(value);
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
  if (path !== 'cluster.nodes') return `${path} = ${count}`;
  return `${count} ${value === 1 ? 'node' : 'nodes'}`;
}

/** Where in the sweep a point lies; empty for a scenario without a sweep. */
export function formatAt(at: Readonly<Record<string, number | string | boolean>>): string {
  const paths = Object.keys(at).sort();
  return listOf(paths.map((path) => formatSize(path, at[path]!)));
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

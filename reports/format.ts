/**
 * How numbers are written in every report: three significant digits, thin separators, SI times,
 * IEC bytes. A value and its unit never part at a line end. Formatting only; nothing is computed.
 */

/** Narrow no-break space: separates thousands. */
export const THIN = '\u202f';
/** No-break space: joins a value and its unit. */
const JOIN = '\u00a0';

/** Three significant digits without trailing zeros, thousands separated; never `1e+5`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '−∞' : 'not a number';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-4) return scientific(value);
  const rounded = Number(magnitude.toPrecision(3));
  const text = rounded >= 100 ? separate(Math.round(rounded)) : trimZeros(rounded.toPrecision(3));
  return value < 0 ? `−${text}` : text;
}

/** A whole number, every digit, thousands separated. */
export function formatCount(value: number): string {
  const text = separate(Math.round(Math.abs(value)));
  return value < 0 && text !== '0' ? `−${text}` : text;
}

/** Sets thousands that another part of the product grouped with commas like all others. */
export function typeset(text: string): string {
  return text.replace(/\b\d{1,3}(?:,\d{3})+(?![\d,])/g, (group) => group.replaceAll(',', THIN));
}

/** A short form for axes: `150k`, `1.2M`. */
export function formatCompact(value: number): string {
  const steps: [number, string][] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ];
  for (const [least, letter] of steps) {
    const unit = letter === 'k' ? 1e3 : least;
    if (Math.abs(value) >= least) return `${formatNumber(value / unit)}${letter}`;
  }
  return formatNumber(value);
}

/** Seconds as `12 ns`, `300 ms`, `1.31 s`, `4.5 min`, `2.5 h`. */
export function formatSeconds(seconds: number): string {
  return withUnit(seconds, timeUnitOf(seconds));
}

/** Bytes with binary prefixes: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, byteUnitOf(bytes));
}

/** A share of something that is usually small: `12.3%`, `4.2 per million`. */
export function formatRatio(ratio: number): string {
  return withUnit(ratio, ratioUnitOf(ratio));
}

/** A value in the unit of the results document. */
export function formatValue(value: number, unit: string): string {
  return withUnit(value, unitOf(value, unit));
}

/**
 * An interval in the unit of `near`, the value it belongs to: `1.25 to 1.38 s`. Ends that three
 * digits cannot tell apart are written as a share of the value: `±0.02%`.
 */
export function formatInterval(low: number, high: number, unit: string, near = high): string {
  const shared = unitOf(near === 0 ? high : near, unit);
  const [from, to] = [formatNumber(low / shared.scale), withUnit(high, shared)];
  if (low !== high && from === formatNumber(high / shared.scale)) {
    return `±${formatRatio(Math.abs((high - low) / (high + low)))}`;
  }
  const vanishes = low !== 0 && Math.abs(low / shared.scale) < 0.001;
  return `${vanishes ? formatValue(low, unit) : from} to ${to}`;
}

/**
 * The interval of an estimate in words. Without confidence there is none, because one replication
 * has no spread; ends that coincide otherwise mean that the number is counted, not estimated.
 */
export function formatEstimateInterval(
  estimate: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly confidence: number;
  },
  unit: string,
): string {
  if (estimate.confidence === 0) return 'no interval';
  if (estimate.low === estimate.high) return 'exact';
  return formatInterval(estimate.low, estimate.high, unit, estimate.value);
}

/** A factor: `3.6×`, `0.59×`. */
export function formatFactor(factor: number): string {
  return `${formatNumber(factor)}×`;
}

/** The confidence of an interval: `95%`. */
export function formatConfidence(confidence: number): string {
  return `${formatNumber(confidence * 100)}%`;
}

interface Unit {
  readonly scale: number;
  readonly symbol: string;
}

const TIME: readonly Unit[] = [
  { scale: 1e-9, symbol: 'ns' },
  { scale: 1e-6, symbol: 'µs' },
  { scale: 1e-3, symbol: 'ms' },
  { scale: 1, symbol: 's' },
];

function timeUnitOf(seconds: number): Unit {
  const magnitude = rounded(seconds);
  if (magnitude === 0) return { scale: 1, symbol: 's' };
  if (magnitude >= 2 * 3600) return { scale: 3600, symbol: 'h' };
  if (magnitude >= 1000) return { scale: 60, symbol: 'min' };
  return largestBelow(TIME, magnitude);
}

const BYTES: readonly Unit[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].map((symbol, power) => ({
  scale: 1024 ** power,
  symbol,
}));

function byteUnitOf(bytes: number): Unit {
  return largestBelow(BYTES, rounded(bytes));
}

function ratioUnitOf(ratio: number): Unit {
  const magnitude = rounded(ratio);
  if (magnitude === 0 || magnitude >= 1e-4) return { scale: 1e-2, symbol: '%' };
  if (magnitude >= 1e-8) return { scale: 1e-6, symbol: 'per million' };
  return { scale: 1e-9, symbol: 'per billion' };
}

function unitOf(value: number, unit: string): Unit {
  switch (unit) {
    case 's':
      return timeUnitOf(value);
    case 'ns': {
      const time = timeUnitOf(value / 1e9);
      return { scale: time.scale * 1e9, symbol: time.symbol };
    }
    case 'bytes':
    case 'B':
      return byteUnitOf(value);
    case 'ratio':
      return ratioUnitOf(value);
    case 'cores':
      return coreUnitOf(value);
    case '1/s':
      return { scale: 1, symbol: 'per s' };
    case 'count':
    case '1':
    case '':
      return { scale: 1, symbol: '' };
    default:
      return perUnitOf(value, unit);
  }
}

const CORES: readonly Unit[] = [
  { scale: 1e-6, symbol: 'microcores' },
  { scale: 1e-3, symbol: 'millicores' },
  { scale: 1, symbol: 'cores' },
];

function coreUnitOf(value: number): Unit {
  return value === 0 ? CORES[2]! : largestBelow(CORES, rounded(value));
}

/** `ns/rule` and the like: the time or size is chosen, what it is for is kept. */
function perUnitOf(value: number, unit: string): Unit {
  const [base, ...rest] = unit.split('/');
  if (rest.length === 0 || base === undefined || !['ns', 's', 'bytes', 'B'].includes(base)) {
    return { scale: 1, symbol: unit };
  }
  const { scale, symbol } = unitOf(value, base);
  return { scale, symbol: `${symbol}/${rest.join('/')}` };
}

function withUnit(value: number, unit: Unit): string {
  const text = formatNumber(value / unit.scale);
  if (unit.symbol === '') return text;
  return unit.symbol === '%' ? `${text}%` : `${text}${JOIN}${unit.symbol}`;
}

/** Rounded first, so that 999.7 ms is chosen as 1 s. */
function rounded(value: number): number {
  return Number(Math.abs(value).toPrecision(3));
}

function largestBelow(units: readonly Unit[], magnitude: number): Unit {
  let chosen = units[0]!;
  for (const unit of units) if (magnitude >= unit.scale * 0.9999) chosen = unit;
  return chosen;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function separate(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential(2).split('e') as [string, string];
  const power = [...String(Math.abs(Number(exponent)))]
    .map((d) => SUPERSCRIPTS[Number(d)])
    .join('');
  return `${trimZeros(mantissa).replace('-', '−')}${JOIN}×${JOIN}10${Number(exponent) < 0 ? '⁻' : ''}${power}`;
}

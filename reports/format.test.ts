import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatEstimateInterval,
  formatFactor,
  formatInterval,
  formatNumber,
  formatRatio,
  formatSeconds,
  formatValue,
  typeset,
} from './format.ts';

/** Narrow no-break spaces as `_`, no-break spaces as ` `. */
const plain = (text: string): string => text.replaceAll('\u202f', '_').replaceAll('\u00a0', ' ');

describe('numbers', () => {
  it('keep three significant digits and drop trailing zeros', () => {
    expect(formatNumber(1.3149)).toBe('1.31');
    expect(formatNumber(5)).toBe('5');
    expect(formatNumber(0.0312)).toBe('0.0312');
    expect(formatNumber(-2.5)).toBe('−2.5');
    expect(formatNumber(0)).toBe('0');
  });

  it('separate thousands with a narrow no-break space', () => {
    expect(plain(formatNumber(12_345))).toBe('12_300');
    expect(plain(formatCount(1_234_567))).toBe('1_234_567');
    expect(plain(formatCount(999))).toBe('999');
  });

  it('turn to powers of ten when they are tiny', () => {
    expect(plain(formatNumber(3.1e-7))).toBe('3.1 × 10⁻⁷');
  });

  it('are short on axes', () => {
    expect(plain(formatCompact(5000))).toBe('5_000');
    expect(formatCompact(150_000)).toBe('150k');
    expect(formatCompact(1_234_567)).toBe('1.23M');
  });

  it('never show more than three significant digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1e12, noNaN: true }), (value) => {
        const digits = formatNumber(value).replace(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '');
        expect(digits.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

describe('times', () => {
  it('use the unit a reader expects', () => {
    expect(plain(formatSeconds(0.3))).toBe('300 ms');
    expect(plain(formatSeconds(1.3123))).toBe('1.31 s');
    expect(plain(formatSeconds(1.2e-5))).toBe('12 µs');
    expect(plain(formatSeconds(4e-9))).toBe('4 ns');
    expect(plain(formatSeconds(0))).toBe('0 s');
    expect(plain(formatSeconds(600))).toBe('600 s');
    expect(plain(formatSeconds(1800))).toBe('30 min');
    expect(plain(formatSeconds(9000))).toBe('2.5 h');
  });

  it('round before they choose the unit', () => {
    expect(plain(formatSeconds(0.9996))).toBe('1 s');
    expect(plain(formatSeconds(999.9e-6))).toBe('1 ms');
  });
});

describe('other units', () => {
  it('are IEC for bytes', () => {
    expect(plain(formatBytes(1536))).toBe('1.5 KiB');
    expect(plain(formatValue(3 * 2 ** 30, 'bytes/s'))).toBe('3 GiB/s');
  });

  it('are percent for common and per million for rare ratios', () => {
    expect(formatRatio(0.1234)).toBe('12.3%');
    expect(plain(formatRatio(4.2e-6))).toBe('4.2 per million');
    expect(plain(formatRatio(2e-10))).toBe('0.2 per billion');
    expect(formatRatio(0)).toBe('0%');
  });

  it('are millicores below one core', () => {
    expect(plain(formatValue(0.125, 'cores'))).toBe('125 millicores');
    expect(plain(formatValue(1.5, 'cores'))).toBe('1.5 cores');
    expect(plain(formatValue(2.28e-5, 'cores'))).toBe('22.8 microcores');
  });

  it('are printed as they are when they are unknown', () => {
    expect(plain(formatValue(2.4, 'furlongs'))).toBe('2.4 furlongs');
    expect(plain(formatValue(2.4, 'rules/pod'))).toBe('2.4 rules/pod');
  });

  it('scale what something costs, and keep what it is for', () => {
    expect(plain(formatValue(2e5, 'ns/service port'))).toBe('200 µs/service port');
  });

  it('are a multiplication sign for factors', () => {
    expect(formatFactor(0.59)).toBe('0.59×');
  });
});

describe('intervals', () => {
  it('share the unit of the upper end', () => {
    expect(plain(formatInterval(1.25, 1.384, 's'))).toBe('1.25 to 1.38 s');
    expect(plain(formatInterval(0.92, 1.02, 's'))).toBe('0.92 to 1.02 s');
    expect(plain(formatInterval(0, 3e-6, 'ratio'))).toBe('0 to 3 per million');
  });

  it('have two units when the lower end would vanish', () => {
    expect(plain(formatInterval(2e-6, 4, 's'))).toBe('2 µs to 4 s');
  });

  it('use the unit of the value they belong to', () => {
    expect(plain(formatInterval(0.998, 1.001, 'cores', 0.9991))).toBe('998 to 1_000 millicores');
  });

  it('are a share when three digits cannot tell their ends apart', () => {
    expect(formatInterval(39_480, 39_520, 'count', 39_500)).toBe('±0.0506%');
  });

  it('say when there is none', () => {
    expect(formatEstimateInterval({ value: 1, low: 1, high: 1, confidence: 0 }, 's')).toBe(
      'no interval',
    );
    expect(formatEstimateInterval({ value: 1, low: 1, high: 1, confidence: 0.95 }, 'count')).toBe(
      'exact',
    );
  });
});

it('texts of other parts get the same separators, and only in numbers', () => {
  expect(plain(typeset('At 5,000 nodes, 12,345,678 of a,000 and 1,23'))).toBe(
    'At 5_000 nodes, 12_345_678 of a,000 and 1,23',
  );
});

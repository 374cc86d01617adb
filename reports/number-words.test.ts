/** Sentences of the results document and figures of the report must write one number alike. */
import { describe, expect, it } from 'vitest';
import { formatQuantity } from '../core/stats/index.ts';
import { formatValue } from './format.ts';

const plain = (text: string): string => text.replace(/[\u202f\u00a0,]/g, ' ');

describe('a number in a sentence and in a figure', () => {
  it.each(['s', 'ratio', '1/s', 'bytes', 'bytes/s', 'cores', 'count'] as const)(
    'reads alike in %s',
    (unit) => {
      for (let power = -9; power <= 2; power++) {
        for (const mantissa of [1, 1.5, 2.96, 9.996]) {
          const value = mantissa * 10 ** power;
          if (unit !== 's' && unit !== 'ratio' && unit !== 'cores' && power < -2) continue;
          if ((unit === 'ratio' && value > 1) || (unit === 's' && power < -8)) continue;
          if (unit === 'cores' && power < -5) continue;
          expect(plain(formatQuantity(value, unit))).toBe(plain(formatValue(value, unit)));
        }
      }
      expect(plain(formatQuantity(0, unit))).toBe(plain(formatValue(0, unit)));
    },
  );

  it('reads alike for long times and much traffic', () => {
    for (const value of [999.7, 1500, 7199, 7200, 90_000]) {
      expect(plain(formatQuantity(value, 's'))).toBe(plain(formatValue(value, 's')));
    }
    for (const value of [1000, 1024, 1.25e6, 6.2e7, 3e9]) {
      expect(plain(formatQuantity(value, 'bytes/s'))).toBe(plain(formatValue(value, 'bytes/s')));
    }
  });
});

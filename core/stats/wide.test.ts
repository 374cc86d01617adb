import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Wide } from '../metrics/cell.ts';
import { addWide, isZero, WIDE_ZERO, wideToNumber } from './wide.ts';

const wide = fc.tuple(fc.nat(2 ** 20), fc.nat(2 ** 52 - 1));
const exact = ([high, low]: Wide) => BigInt(high) * 2n ** 52n + BigInt(low);

it('adds wide integers exactly and keeps the low word below 2^52', () => {
  fc.assert(
    fc.property(wide, wide, (a, b) => {
      const sum = addWide(a, b);
      expect(exact(sum)).toBe(exact(a) + exact(b));
      expect(sum[1]).toBeLessThan(2 ** 52);
    }),
  );
});

it('rounds a wide integer to the nearest number once', () => {
  fc.assert(
    fc.property(wide, (a) => {
      expect(wideToNumber(a)).toBe(Number(exact(a)));
    }),
  );
});

it('knows zero', () => {
  expect(isZero(WIDE_ZERO)).toBe(true);
  expect(isZero([1, 0])).toBe(false);
});

/**
 * Arithmetic on the exact non-negative integers of a cell. Sums stay exact and canonical (low word
 * below 2^52), so their order does not matter; rounding happens once, in `wideToNumber`.
 */
import type { Wide } from '../metrics/cell.ts';

/** Weight of the high word. */
export const CARRY = 2 ** 52;

export const WIDE_ZERO: Wide = [0, 0];

export function addWide(a: Wide, b: Wide): Wide {
  const low = a[1] + b[1];
  return low >= CARRY ? [a[0] + b[0] + 1, low - CARRY] : [a[0] + b[0], low];
}

export function wideToNumber([high, low]: Wide): number {
  return high * CARRY + low;
}

export function isZero([high, low]: Wide): boolean {
  return high === 0 && low === 0;
}

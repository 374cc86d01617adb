/** Stations of different sizes, side by side in one flat array. */
import { assert } from '../../assert.ts';

/** Place of each station's first element, and the length of the array behind them; sizes >= 1. */
export function firstPlaces(sizes: Int32Array): Int32Array {
  const first = new Int32Array(sizes.length + 1);
  for (let at = 0; at < sizes.length; at++) {
    assert(sizes[at]! >= 1, 'a station without a server or a place');
    first[at + 1] = first[at]! + sizes[at]!;
  }
  return first;
}

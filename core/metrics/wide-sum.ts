/** A sum of non-negative integers that stays exact beyond 2^53: two words with a carry at 2^52. */
import type { Wide } from './cell.ts';

const CARRY = 2 ** 52;

export class WideSum {
  private high = 0;
  private low = 0;

  /** Adds an integer, 0 <= value < 2^52. */
  add(value: number): void {
    this.low += value;
    if (this.low >= CARRY) {
      this.low -= CARRY;
      this.high++;
    }
  }

  /** Adds `value` times `times` exactly, both integers. */
  addProduct(value: number, times: number): void {
    if (value * times < CARRY) {
      this.add(value * times);
      return;
    }
    const chunk = Math.floor((CARRY - 1) / Math.max(1, value));
    for (let left = times; left > 0; left -= chunk) this.add(value * Math.min(chunk, left));
  }

  /** Adds another sum. */
  addWide([high, low]: Wide): void {
    this.high += high;
    this.add(low);
  }

  toWide(): Wide {
    return [this.high, this.low];
  }
}

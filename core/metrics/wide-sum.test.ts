import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WideSum } from './wide-sum.ts';

const exact = (sum: WideSum) => {
  const [high, low] = sum.toWide();
  expect(low).toBeLessThan(2 ** 52);
  return BigInt(high) * 2n ** 52n + BigInt(low);
};

const below2To52 = fc.oneof(fc.nat(1000), fc.bigInt(0n, 2n ** 52n - 1n).map(Number));

describe('WideSum', () => {
  it('adds up exactly, beyond 2^53 and in any order', () => {
    fc.assert(
      fc.property(fc.array(below2To52, { maxLength: 60 }), (values) => {
        const [forwards, backwards] = [new WideSum(), new WideSum()];
        for (const value of values) forwards.add(value);
        for (const value of [...values].reverse()) backwards.add(value);
        expect(exact(forwards)).toBe(values.reduce((sum, value) => sum + BigInt(value), 0n));
        expect(backwards.toWide()).toEqual(forwards.toWide());
      }),
      { seed: 30_009, numRuns: 200 },
    );
  });

  it('adds products exactly', () => {
    const times = fc.oneof(fc.nat(5000), fc.constant(0));
    fc.assert(
      fc.property(below2To52, times, below2To52, (value, count, before) => {
        const sum = new WideSum();
        sum.add(before);
        sum.addProduct(value, count);
        expect(exact(sum)).toBe(BigInt(before) + BigInt(value) * BigInt(count));
      }),
      { seed: 30_010, numRuns: 200 },
    );
  });

  it('is zero at first', () => {
    expect(new WideSum().toWide()).toEqual([0, 0]);
  });
});

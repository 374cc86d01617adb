import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { bucketsOfHistogram } from './buckets.ts';
import { distribution } from './cell-fixture.ts';
import { halfWidth, hasInterval, sectioning, widened } from './interval.ts';
import { quantileOf } from './quantile.ts';

const TRIALS = 2000;

/** Share of trials whose interval holds the truth. */
function coverage(truth: number, trial: () => { low: number; high: number }): number {
  let covered = 0;
  for (let i = 0; i < TRIALS; i++) {
    const { low, high } = trial();
    if (low <= truth && truth <= high) covered++;
  }
  return covered / TRIALS;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('interval from replications', () => {
  it.each([2, 5, 20])('of a mean covers 95 of 100 times with %i replications', (n) => {
    const random = seedrandom.alea(`mean-${n}`);
    const normal = () =>
      10 + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const share = coverage(10, () => {
      const replications = Array.from({ length: n }, normal);
      return sectioning(mean(replications), replications);
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  it('of a p90 of skewed samples covers the true quantile as stated', () => {
    const random = seedrandom.alea('p90');
    const truth = -Math.log(0.1) * 1e9;
    const share = coverage(truth, () => {
      const parts = Array.from({ length: 5 }, () =>
        Array.from({ length: 100 }, () => -Math.log(1 - random()) * 1e9),
      );
      const p90 = (samples: readonly number[]) =>
        quantileOf(bucketsOfHistogram(distribution(samples).histogram), 0.9)!.value;
      return sectioning(p90(parts.flat()), parts.map(p90));
    });
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.98);
  });

  it.each([2, 3, 5])(
    'of a skewed positive quantity covers better than the symmetric one (%i)',
    (n) => {
      const sigma = 0.6;
      const random = seedrandom.alea(`skewed-${n}`);
      const normal = () =>
        Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const truth = Math.exp(sigma ** 2 / 2);
      const trials = Array.from({ length: TRIALS }, () =>
        Array.from({ length: n }, () => Math.exp(sigma * normal())),
      );
      const covered = trials.map((values) => {
        const estimate = sectioning(mean(values), values);
        expect(estimate.low).toBeGreaterThan(0);
        return estimate.low <= truth && truth <= estimate.high;
      });
      const symmetric = trials.map(
        (values) => Math.abs(mean(values) - truth) <= halfWidth(mean(values), values)!,
      );
      const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / TRIALS;
      expect(share(covered)).toBeGreaterThan(share(symmetric));
      expect(share(covered)).toBeGreaterThan(0.9);
      expect(share(covered)).toBeLessThan(0.98);
    },
  );

  it('of a positive quantity is positive, and as far above as below on the log scale', () => {
    const { value, low, high } = sectioning(1.18, [0.9, 1.46]);
    expect(low).toBeGreaterThan(0);
    expect(high / value).toBeCloseTo(value / low, 9);
    expect(high - value).toBeGreaterThan(value - low);
  });

  it('is the symmetric one where the spread is small', () => {
    const values = [9.99, 10, 10.01];
    const half = halfWidth(10, values)!;
    const { low, high } = sectioning(10, values);
    expect(low).toBeCloseTo(10 - half, 3);
    expect(high).toBeCloseTo(10 + half, 3);
  });

  it('is the textbook interval when the pooled value is the mean', () => {
    // Mean 12, standard deviation 2, t(0.975, 3) = 3.182446.
    const values = [10, 11, 12, 15];
    const sd = Math.sqrt((4 + 1 + 0 + 9) / 3);
    expect(halfWidth(12, values)).toBeCloseTo((3.182446305 * sd) / 2, 8);
  });

  it('widens, and does not move, when replications are biased', () => {
    const straight = sectioning(10, [9, 10, 11]);
    const biased = sectioning(10, [7, 8, 9]);
    expect(biased.value).toBe(10);
    expect(biased.high - biased.low).toBeGreaterThan(straight.high - straight.low);
  });

  it('does not exist with one replication', () => {
    const one = sectioning(10, [10]);
    expect(hasInterval(one)).toBe(false);
    expect(one).toEqual({ value: 10, low: 10, high: 10, confidence: 0, parts: {} });
    expect(halfWidth(10, [10])).toBeNull();
  });

  it('reaches to zero, and not below, when a replication is zero', () => {
    expect(sectioning(1, [0, 0, 3]).low).toBe(0);
  });

  it('can be widened to a bucket and never narrowed', () => {
    const estimate = sectioning(10, [10, 10, 10]);
    expect(widened(estimate, 9, 11)).toMatchObject({ low: 9, high: 11 });
    expect(widened(sectioning(10, [5, 10, 15]), 9, 11).low).toBeLessThan(9);
  });
});

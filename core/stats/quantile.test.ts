import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOfBounds, bucketsOfHistogram, closedBelow, withSamplesAt } from './buckets.ts';
import { distribution } from './cell-fixture.ts';
import { causesNeeded, quantileOf } from './quantile.ts';

const fromSamples = (values: readonly number[]) =>
  bucketsOfHistogram(distribution(values).histogram);
const values = fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('quantile of bucketed samples', () => {
  it('lies in the bucket of the sample with that rank', () => {
    fc.assert(
      fc.property(values, share, (samples, q) => {
        const sorted = samples.toSorted((a, b) => a - b);
        const found = quantileOf(fromSamples(samples), q)!;
        const rank = Math.max(1, Math.ceil(q * samples.length));
        expect(found.low).toBeLessThanOrEqual(sorted[rank - 1]!);
        expect(found.high).toBeGreaterThanOrEqual(sorted[rank - 1]!);
        expect(found.value).toBeGreaterThanOrEqual(found.low);
        expect(found.value).toBeLessThanOrEqual(found.high);
      }),
    );
  });

  it('never decreases with the rank', () => {
    fc.assert(
      fc.property(values, share, share, (samples, a, b) => {
        const buckets = fromSamples(samples);
        const [low, high] = [
          quantileOf(buckets, Math.min(a, b))!,
          quantileOf(buckets, Math.max(a, b))!,
        ];
        expect(low.value).toBeLessThanOrEqual(high.value);
      }),
    );
  });

  it('never decreases when samples are still in flight', () => {
    fc.assert(
      fc.property(values, share, fc.nat(20), (samples, q, censored) => {
        const buckets = fromSamples(samples);
        const all = withSamplesAt(buckets, censored, Number.POSITIVE_INFINITY);
        expect(quantileOf(all, q)!.value).toBeGreaterThanOrEqual(quantileOf(buckets, q)!.value);
      }),
    );
  });

  it('is never above the largest value its bucket can hold, not by a rounding error either', () => {
    const counts = fc.integer({ min: 1, max: 1e6 });
    const value = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, counts, share, (a, b, count, q) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const found = quantileOf({ low: [low], high: [high], count: [count] }, q)!;
        expect(found.value).toBeLessThanOrEqual(high);
        expect(quantileOf({ low: [0.1], high: [0.3], count: [1] }, 1)!.value).toBe(0.3);
      }),
    );
    // 0.1 + (0.7 - 0.1) and the like: every pair of tenths, at the top of the bucket.
    for (let low = 1; low < 1000; low++) {
      const buckets = { low: [low / 1000], high: [1], count: [3] };
      expect(quantileOf(buckets, 1)!.value).toBeLessThanOrEqual(1);
    }
  });

  it('is exact where a bucket holds a single integer', () => {
    expect(quantileOf(fromSamples([0, 0, 0]), 0.99)!.value).toBe(0);
    expect(quantileOf(fromSamples([7, 7, 100]), 0.5)!.value).toBe(7);
    expect(quantileOf(fromSamples([7, 7, 100]), 1)!.value).toBe(100);
  });

  it('is infinite among samples in flight, and has no value without samples', () => {
    const buckets = withSamplesAt(fromSamples([1, 2, 3]), 1, Number.POSITIVE_INFINITY);
    expect(quantileOf(buckets, 0.75)!.value).toBe(3);
    expect(quantileOf(buckets, 0.76)!.value).toBe(Number.POSITIVE_INFINITY);
    expect(quantileOf(fromSamples([]), 0.5)).toBeNull();
  });

  it('puts added samples in their place', () => {
    const buckets = withSamplesAt(fromSamples([1, 1, 90, 90]), 4, 50);
    expect(quantileOf(buckets, 0.25)!.value).toBe(1);
    expect(quantileOf(buckets, 0.26)!.value).toBe(50);
    expect(quantileOf(buckets, 0.75)!.value).toBe(50);
    expect(quantileOf(buckets, 0.76)!.value).toBe(90);
  });
});

describe('quantile of Prometheus buckets', () => {
  // le="1": 10, le="2": 30, le="5": 40, le="+Inf": 42, worked by hand from the definition of
  // histogram_quantile: rank = q * 42, linear inside the bucket that holds it.
  const buckets = bucketsOfBounds({ bounds: [1, 2, 5, null], counts: [10, 20, 10, 2] });

  it.each([
    [0.1, 4.2 / 10],
    [0.5, 1 + (21 - 10) / 20],
    [0.9, 2 + (3 * (37.8 - 30)) / 10],
  ])('interpolates the %f quantile as histogram_quantile does', (q, expected) => {
    expect(quantileOf(buckets, q)!.value).toBeCloseTo(expected, 12);
  });

  it('knows only a lower bound beyond the last finite bound', () => {
    expect(quantileOf(buckets, 0.99)).toMatchObject({ value: Number.POSITIVE_INFINITY, low: 5 });
    expect(quantileOf(closedBelow(buckets), 0.99)!.value).toBe(5);
  });
});

it('needs as many causes as make one expected beyond the quantile', () => {
  expect([0.5, 0.9, 0.95, 0.99, 0.999].map(causesNeeded)).toEqual([2, 10, 20, 100, 1000]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../assert.ts';
import type { ExposureCell, QuotientCell } from '../metrics/cell.ts';
import { distribution, programming } from './cell-fixture.ts';
import {
  histogramSums,
  mergeBuckets,
  mergeExposures,
  mergeHistograms,
  mergeQuotients,
  mergeSeries,
} from './merge.ts';

const samples = fc.array(fc.integer({ min: 0, max: 2 ** 46 }), { maxLength: 30 });
const histogram = samples.map((values) => programming(values).histogram);
const count = fc.nat(1_000_000);
const wide = fc.tuple(fc.nat(100), fc.nat(2 ** 52 - 1));
const quotient: fc.Arbitrary<QuotientCell> = fc.record(
  { numerator: wide, denominator: wide, effective: count, max: count },
  { requiredKeys: ['numerator', 'denominator', 'effective'] },
);
const exposure: fc.Arbitrary<ExposureCell> = fc.record({
  hits: count,
  trials: count,
  windows: count,
  hitWindows: count,
  exposedNs: wide,
});

function isOrderFree<T>(arbitrary: fc.Arbitrary<T>, merge: (all: readonly T[]) => T): void {
  fc.assert(
    fc.property(arbitrary, arbitrary, arbitrary, (a, b, c) => {
      const all = merge([a, b, c]);
      expect(merge([merge([a, b]), c])).toEqual(all);
      expect(merge([a, merge([b, c])])).toEqual(all);
      expect(merge([c, a, b])).toEqual(all);
    }),
  );
}

describe('merging', () => {
  it('of histograms does not depend on order or grouping', () => {
    isOrderFree(histogram, mergeHistograms);
  });

  it('of quotients does not depend on order or grouping', () => {
    isOrderFree(quotient, mergeQuotients);
  });

  it('of exposures does not depend on order or grouping', () => {
    isOrderFree(exposure, mergeExposures);
  });

  it('of histograms equals one histogram of all samples', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const merged = mergeHistograms([programming(a).histogram, programming(b).histogram]);
        expect(merged).toEqual(programming([...a, ...b]).histogram);
      }),
    );
  });

  it('keeps sums exact beyond 2^53', () => {
    const large = distribution(Array(3).fill(2 ** 46 + 1)).histogram;
    const merged = mergeHistograms(Array(1000).fill(large));
    const { count: n, total } = histogramSums(merged);
    expect(n).toBe(3000);
    expect(BigInt(total[0]) * 2n ** 52n + BigInt(total[1])).toBe(3000n * (2n ** 46n + 1n));
  });

  it('refuses histograms of different stages', () => {
    expect(() =>
      mergeHistograms([distribution([1]).histogram, programming([1]).histogram]),
    ).toThrow(InvariantError);
  });

  it('adds bucket counts and refuses different bounds', () => {
    const cell = { bounds: [1, 2, null], counts: [1, 0, 2] };
    expect(mergeBuckets([cell, cell]).counts).toEqual([2, 0, 4]);
    expect(() => mergeBuckets([cell, { bounds: [1, 3, null], counts: [0, 0, 0] }])).toThrow(
      InvariantError,
    );
  });

  it('adds series by column and bin, where a missing bin is zero', () => {
    const merged = mergeSeries([
      { binNs: 5, columns: { a: [1, 2], b: [7] } },
      { binNs: 5, columns: { a: [10, 20, 30] } },
    ]);
    expect(merged).toEqual({ binNs: 5, columns: { a: [11, 22, 30], b: [7] } });
    expect(() => mergeSeries([merged, { binNs: 6, columns: {} }])).toThrow(InvariantError);
  });
});

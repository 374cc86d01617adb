import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS, bucketHigh, bucketLow, bucketOf, Histogram } from './histogram.ts';

const CARRY = 2n ** 52n;

const value = fc.oneof(
  fc.nat(300),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.maxSafeNat().map((n) => n % 2 ** 47),
);

/** Eight whole numbers and their sum. */
const parts = fc
  .array(fc.integer({ min: 0, max: 2 ** 43 }), { minLength: 8, maxLength: 8 })
  .map((stages) => ({
    stages: Float64Array.from(stages),
    total: stages.reduce((sum, one) => sum + one, 0),
  }));

describe('buckets', () => {
  it('hold the values from their lower end to below their upper end', () => {
    fc.assert(
      fc.property(value, (ns) => {
        const bucket = bucketOf(ns);
        expect(bucketLow(bucket)).toBeLessThanOrEqual(ns);
        expect(bucketHigh(bucket)).toBeGreaterThan(ns);
      }),
      { seed: 30_006, numRuns: 2000 },
    );
  });

  it('follow one another without a gap, none wider than 1/128 of its lower end', () => {
    expect([bucketLow(0), bucketHigh(0)]).toEqual([0, 1]);
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      expect(bucketLow(bucket)).toBe(bucketHigh(bucket - 1));
      const width = bucketHigh(bucket) - bucketLow(bucket);
      expect(width * 128).toBeLessThanOrEqual(bucketLow(bucket));
      const first = Math.ceil(bucketLow(bucket));
      if (first < bucketHigh(bucket)) expect(bucketOf(first)).toBe(bucket);
    }
  });

  it('end at 2^47: greater values share the last one', () => {
    expect(bucketHigh(BUCKETS - 1)).toBe(2 ** 47);
    expect([2 ** 47 - 1, 2 ** 47, 2 ** 51].map(bucketOf)).toEqual([
      BUCKETS - 1,
      BUCKETS - 1,
      BUCKETS - 1,
    ]);
  });
});

describe('Histogram', () => {
  it('keeps exact sums far beyond 2^53, of the values and of every stage', () => {
    const histogram = new Histogram(8);
    const stages = new Float64Array(8);
    let total = 0n;
    const sums: bigint[] = Array.from({ length: 8 }, () => 0n);
    for (let i = 0; i < 20_000; i++) {
      // All of them in one bucket; odd numbers, so that a lost unit shows.
      stages[0] = 2 ** 45 + 2 * i + 1;
      stages[1] = 2 ** 44 + 1;
      stages[7] = i;
      const sample = stages.reduce((sum, one) => sum + one, 0);
      histogram.recordEightStages(sample, stages);
      total += BigInt(sample);
      for (let s = 0; s < 8; s++) sums[s]! += BigInt(stages[s]!);
    }
    const { buckets, lines, high } = histogram.toCell(Array.from('abcdefgh'));
    expect(buckets).toHaveLength(1);
    expect(total).toBeGreaterThan(2n ** 59n);
    const exact = lines.map((low, i) => BigInt(high[i]!) * CARRY + BigInt(low));
    expect(exact).toEqual([20_000n, total, ...sums]);
    for (const low of lines.slice(1)) expect(low).toBeLessThan(2 ** 52);
  });

  it('holds the same for eight stages whichever way they are recorded', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (samples) => {
        const [one, other] = [new Histogram(8), new Histogram(8)];
        for (const { stages, total } of samples) {
          one.recordStages(total, stages);
          other.recordEightStages(total, stages);
        }
        const names = Array.from('abcdefgh');
        expect(other.toCell(names)).toEqual(one.toCell(names));
      }),
      { seed: 30_007, numRuns: 60 },
    );
  });

  it('holds the same for values added together as for each of them', () => {
    const count = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.tuple(parts, count), { maxLength: 12 }), (samples) => {
        const [one, other] = [new Histogram(8), new Histogram(8)];
        const [plain, many] = [new Histogram(), new Histogram()];
        for (const [{ stages, total }, times] of samples) {
          for (let i = 0; i < times; i++) {
            one.recordStages(total, stages);
            plain.record(total);
          }
          const [a, b, c, d, e, f, g, h] = stages.map((stage) => stage * times);
          other.addEight(bucketOf(total), times, total * times, a!, b!, c!, d!, e!, f!, g!, h!);
          many.recordMany(total, times);
        }
        const names = Array.from('abcdefgh');
        expect(other.toCell(names)).toEqual(one.toCell(names));
        expect(many.toCell([])).toEqual(plain.toCell([]));
      }),
      { seed: 30_034, numRuns: 60 },
    );
  });

  it('counts every value once, in ascending buckets', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), (values) => {
        const histogram = new Histogram();
        for (const one of values) histogram.record(one);
        const { buckets, lines, stages } = histogram.toCell([]);
        expect(stages).toEqual([]);
        expect(buckets).toEqual([...new Set(values.map(bucketOf))].sort((a, b) => a - b));
        buckets.forEach((bucket, i) => {
          const inside = values.filter((one) => bucketOf(one) === bucket);
          expect(lines[2 * i]).toBe(inside.length);
          expect(lines[2 * i + 1]).toBe(inside.reduce((sum, one) => sum + one, 0) % 2 ** 52);
        });
      }),
      { seed: 30_008, numRuns: 100 },
    );
  });
});

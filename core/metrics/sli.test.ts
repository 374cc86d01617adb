import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, Histogram } from './histogram.ts';
import { SLI_BOUNDS, SLI_BOUNDS_NS, SliCounts, sliBucketOf } from './sli.ts';

const bySearch = (ns: number) => SLI_BOUNDS_NS.findIndex((bound) => ns <= bound);

describe('buckets of the network programming SLI', () => {
  it('are the 80 bounds of kube-proxy and one without an upper end', () => {
    expect(SLI_BOUNDS_NS).toHaveLength(81);
    expect([0, 1, 2, 60, 61, 72, 73, 79].map((i) => SLI_BOUNDS_NS[i]! / 1e9)).toEqual([
      0.25, 0.5, 1, 59, 60, 115, 120, 300,
    ]);
    expect(SLI_BOUNDS.at(-1)).toBeNull();
    expect(SLI_BOUNDS).not.toContain(Number.POSITIVE_INFINITY);
  });

  it('put a bound into the bucket below it, and the nanosecond after into the next', () => {
    for (const bound of SLI_BOUNDS_NS.slice(0, -1)) {
      expect(sliBucketOf(bound)).toBe(bySearch(bound));
      expect(sliBucketOf(bound + 1)).toBe(bySearch(bound) + 1);
    }
  });

  it('agree with a search over the bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400e9 }), (ns) => {
        expect(sliBucketOf(ns)).toBe(bySearch(ns));
      }),
    );
  });
});

describe('SliCounts', () => {
  const nearBound = fc
    .tuple(fc.constantFrom(...SLI_BOUNDS_NS.slice(0, -1)), fc.integer({ min: -3e6, max: 3e6 }))
    .map(([bound, off]) => bound + off);
  const sample = fc.record({
    ns: fc.oneof(nearBound, fc.integer({ min: 0, max: 400e9 }), fc.constant(0)),
    leftOut: fc.boolean(),
  });

  it('counts by bound what a histogram holds, but for what is left out', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        const histogram = new Histogram(8);
        const counts = new SliCounts();
        const wanted = new Array<number>(SLI_BOUNDS_NS.length).fill(0);
        for (const { ns, leftOut } of samples) {
          counts.recorded(bucketOf(ns), ns);
          histogram.recordStages(ns, Float64Array.of(ns, 0, 0, 0, 0, 0, 0, 0));
          if (leftOut) counts.leaveOut(ns);
          else wanted[bySearch(ns)]!++;
        }
        expect(counts.toCounts(histogram)).toEqual(wanted);
      }),
      { seed: 30_033, numRuns: 200 },
    );
  });
});

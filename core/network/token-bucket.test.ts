import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

/**
 * A bucket filled with one token every interval up to `burst`, in whole nanoseconds: level in
 * nanoseconds of refill. Requests wait in line; each takes a token as soon as there is one.
 */
class NaiveBucket {
  private readonly intervalNs: number;
  private readonly capacityNs: number;
  private levelNs: number;
  private lastNs = 0;

  constructor(intervalNs: number, burst: number) {
    this.intervalNs = intervalNs;
    this.capacityNs = burst * intervalNs;
    this.levelNs = this.capacityNs;
  }

  grant(askedNs: number): number {
    let now = Math.max(askedNs, this.lastNs);
    this.levelNs = Math.min(this.capacityNs, this.levelNs + now - this.lastNs);
    if (this.levelNs < this.intervalNs) {
      now += this.intervalNs - this.levelNs;
      this.levelNs = this.intervalNs;
    }
    this.levelNs -= this.intervalNs;
    this.lastNs = now;
    return now;
  }
}

const schedule = fc.record({
  qps: fc.constantFrom(1, 3, 20, 50, 333, 1e9),
  burst: fc.integer({ min: 1, max: 40 }),
  gapsNs: fc.array(
    fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 2e9 }),
      fc.integer({ min: 49_999_999, max: 50_000_001 }),
    ),
    { minLength: 1, maxLength: 200 },
  ),
});

function grants(bucket: { grant(nowNs: number): number }, gapsNs: readonly number[]) {
  let askedNs = 0;
  return gapsNs.map((gap) => {
    askedNs += gap;
    return { askedNs, grantedNs: bucket.grant(askedNs) };
  });
}

describe('TokenBucket', () => {
  it('grants at the nanosecond at which a bucket of tokens does', () => {
    fc.assert(
      fc.property(schedule, ({ qps, burst, gapsNs }) => {
        const naive = new NaiveBucket(Math.round(1e9 / qps), burst);
        expect(grants(new TokenBucket(qps, burst), gapsNs)).toEqual(grants(naive, gapsNs));
      }),
      { seed: 20_012, numRuns: 300 },
    );
  });

  it('never grants more than burst + qps x t in any time t, nor before it was asked', () => {
    fc.assert(
      fc.property(schedule, ({ qps, burst, gapsNs }) => {
        const intervalNs = Math.round(1e9 / qps);
        const all = grants(new TokenBucket(qps, burst), gapsNs);
        for (let i = 0; i < all.length; i++) {
          expect(all[i]!.grantedNs).toBeGreaterThanOrEqual(all[i]!.askedNs);
          for (let j = i; j < all.length; j++) {
            const elapsedNs = all[j]!.grantedNs - all[i]!.grantedNs;
            if ((j - i + 1 - burst) * intervalNs > elapsedNs) {
              expect.fail(`${j - i + 1} grants within ${elapsedNs} ns`);
            }
          }
        }
      }),
      { seed: 20_013, numRuns: 100 },
    );
  });

  it('never makes a request wait when qps is 0', () => {
    const bucket = new TokenBucket(0, 0);
    for (let i = 0; i < 100; i++) expect(bucket.grant(5)).toBe(5);
  });

  it('lets a burst pass and then one request an interval', () => {
    const bucket = new TokenBucket(20, 3);
    const granted = Array.from({ length: 6 }, () => bucket.grant(1e9));
    expect(granted).toEqual([1e9, 1e9, 1e9, 1.05e9, 1.1e9, 1.15e9]);
  });
});

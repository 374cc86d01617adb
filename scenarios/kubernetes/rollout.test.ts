import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentLimits, roundedUpLimits } from './rollout.ts';

describe('rolling-update limits', () => {
  it.each([
    [10, '25%', '25%', 3, 2],
    [30, '25%', 0, 8, 0],
    [1, '25%', '25%', 1, 0],
    [4, 0, 0, 0, 1],
    [3, 0, '10%', 0, 1],
    [5, 2, '100%', 2, 5],
  ])(
    'of a Deployment of %i with %s and %s are %i and %i',
    (replicas, surge, unavailable, up, down) => {
      expect(deploymentLimits(surge, unavailable, replicas)).toEqual({
        maxSurge: up,
        maxUnavailable: down,
      });
    },
  );

  it('of a DaemonSet round up', () => {
    expect(roundedUpLimits(0, '10%', 11)).toEqual({ maxSurge: 0, maxUnavailable: 2 });
  });

  it('always let a roll-out go on', () => {
    const amount = fc.oneof(
      fc.nat(20),
      fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
    );
    fc.assert(
      fc.property(amount, amount, fc.nat(1000), (surge, unavailable, total) => {
        for (const limits of [deploymentLimits, roundedUpLimits]) {
          const { maxSurge, maxUnavailable } = limits(surge, unavailable, total);
          if (total > 0) expect(maxSurge + maxUnavailable).toBeGreaterThan(0);
          expect(Number.isInteger(maxSurge) && Number.isInteger(maxUnavailable)).toBe(true);
        }
      }),
    );
  });
});

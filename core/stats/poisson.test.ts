import { describe, expect, it } from 'vitest';
import { poissonBounds } from './poisson.ts';

/**
 * [events, confidence, low, high]: roots of the regularised incomplete gamma function found by
 * mpmath 1.3.0 with 40 digits, rounded to float64.
 */
const GOLDEN: readonly [events: number, confidence: number, low: number, high: number][] = [
  [1, 0.9, 0.05129329438755053, 4.743864518390578],
  [1, 0.95, 0.02531780798428988, 5.571643390938899],
  [1, 0.99, 0.005012541823544282, 7.430129500280122],
  [2, 0.9, 0.3553615106986621, 6.29579362187199],
  [2, 0.95, 0.2422092785439649, 7.224687667723961],
  [2, 0.99, 0.103494546748091, 9.273792089255545],
  [3, 0.9, 0.8176914471639533, 7.753656527932727],
  [3, 0.95, 0.6186721228956013, 8.767273069742325],
  [3, 0.99, 0.3378633887277333, 10.97747749532977],
  [5, 0.9, 1.97014956805953, 10.51303490874153],
  [5, 0.95, 1.623486390118421, 11.66833207932267],
  [5, 0.99, 1.077928240652319, 14.14975941102302],
  [10, 0.9, 5.425405697091293, 16.9622192357219],
  [10, 0.95, 4.795388696132434, 18.39035604201778],
  [10, 0.99, 3.716922131467118, 21.39782749965427],
  [20, 0.9, 13.25465159834656, 29.06201884043402],
  [20, 0.95, 12.21651958540394, 30.8883779026746],
  [20, 0.99, 10.35326765848504, 34.6679987284502],
  [50, 0.9, 38.96473258250863, 63.28707409574717],
  [50, 0.95, 37.11096373746186, 65.91876666433681],
  [50, 0.99, 33.66378165273959, 71.26608847545108],
  [100, 0.9, 84.1392772183142, 118.0792727820971],
  [100, 0.95, 81.36399125092314, 121.6267937924264],
  [100, 0.99, 76.12049584368918, 128.7605801201024],
  [1000, 0.9, 948.5598493836511, 1053.603122133301],
  [1000, 0.95, 938.9730184076952, 1063.952136016302],
  [1000, 0.99, 920.4240461633591, 1084.372868064389],
];

/** P(N = n) of a Poisson count with this mean. */
function mass(mean: number, n: number): number {
  let p = Math.exp(-mean);
  for (let i = 1; i <= n; i++) p *= mean / i;
  return p;
}

describe('exact bounds of a Poisson mean', () => {
  it.each(GOLDEN)(
    'agree with 40-digit roots for %i events at %f',
    (events, confidence, low, high) => {
      const bounds = poissonBounds(events, confidence);
      expect(Math.abs(bounds.low / low - 1)).toBeLessThan(1e-10);
      expect(Math.abs(bounds.high / high - 1)).toBeLessThan(1e-10);
    },
  );

  it('are the rule of three when nothing happened', () => {
    const { low, high } = poissonBounds(0, 0.95);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(2.995732, 6);
  });

  it('cover every mean as stated, but for the price of a one-sided bound at zero', () => {
    const bounds = Array.from({ length: 80 }, (_, n) => poissonBounds(n, 0.95));
    for (let mean = 0.5; mean < 30; mean += 0.37) {
      let covered = 0;
      bounds.forEach(({ low, high }, n) => {
        if (low <= mean && mean <= high) covered += mass(mean, n);
      });
      // Between the one-sided and the two-sided bound of zero, both tails may miss.
      const stated = mean > 2.99 && mean < 3.69 ? 0.94 : 0.95;
      expect(covered, `mean ${mean}`).toBeGreaterThan(stated - 1e-9);
    }
  });

  it.each([-1, 0.5, Number.NaN])('reject %f as a number of events', (count) => {
    expect(() => poissonBounds(count, 0.95)).toThrow(RangeError);
  });
});

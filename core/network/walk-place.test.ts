import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkPlace } from './walk-place.ts';

/** Pearson's statistic of counts against equal shares. */
function chiSquare(counts: Float64Array): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Mean plus 4.5 standard deviations of chi-square with `cells - 1` degrees of freedom. */
function limit(cells: number): number {
  return cells - 1 + 4.5 * Math.sqrt(2 * (cells - 1));
}

const CELLS = 64;

function spread(draws: number, place: (i: number) => number): number {
  const counts = new Float64Array(CELLS);
  for (let i = 0; i < draws; i++) counts[place(i)]!++;
  return chiSquare(counts);
}

describe('walkPlace', () => {
  it('lies in [0, services) for any node, sync and Service', () => {
    const any = fc.nat(2 ** 31 - 1);
    fc.assert(
      fc.property(any, any, any, fc.integer({ min: 1, max: 50_000 }), (node, sync, service, n) => {
        const place = walkPlace(node, sync, service, n);
        expect(Number.isInteger(place) && place >= 0 && place < n).toBe(true);
      }),
      { seed: 30_002, numRuns: 500 },
    );
  });

  it('is uniform over the Services of a sync, over syncs and over nodes', () => {
    expect(spread(64_000, (i) => walkPlace(17, 3, i, CELLS))).toBeLessThan(limit(CELLS));
    expect(spread(64_000, (i) => walkPlace(17, i, 5, CELLS))).toBeLessThan(limit(CELLS));
    expect(spread(64_000, (i) => walkPlace(i, 3, 5, CELLS))).toBeLessThan(limit(CELLS));
  });

  it('in one sync says nothing about the next sync, another node or another Service', () => {
    const pair = (a: number, b: number) => Math.floor(a / 8) * 8 + Math.floor(b / 8);
    const at = (node: number, sync: number, service: number) =>
      walkPlace(node, sync, service, CELLS);
    for (const [node, sync, service] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ] as const) {
      const statistic = spread(64_000, (i) => {
        const [n, s, v] = [i % 40, Math.floor(i / 40) % 40, Math.floor(i / 1600)];
        return pair(at(n * 2, s * 2, v * 2), at(n * 2 + node, s * 2 + sync, v * 2 + service));
      });
      expect(statistic).toBeLessThan(limit(CELLS));
    }
  });
});

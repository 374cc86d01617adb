import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, labelled, spread, symbolPath } from './marks.ts';
import { logScale, ticksOf } from './scales.ts';
import { labelledTicks } from './waterfall.tsx';

describe('log scales', () => {
  it('put equal ratios at equal distances', () => {
    const x = logScale([1, 100], [0, 200], 0);
    expect(x(10) - x(1)).toBeCloseTo(x(100) - x(10));
  });

  it('give zero a place of its own below the axis', () => {
    const y = logScale([0, 1, 100], [300, 0]);
    expect(y.zeroAt).toBe(300);
    expect(y(0)).toBe(300);
    expect(y(1)).toBeLessThan(y.startAt + 1);
    expect(logScale([1, 100], [300, 0]).zeroAt).toBeUndefined();
  });

  it('widen a single value and survive none', () => {
    expect(logScale([5], [0, 100])(5)).toBeCloseTo(50);
    expect(Number.isFinite(logScale([], [0, 100])(3))).toBe(true);
  });

  it('carry a handful of ticks inside their domain', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -9, max: 6, noNaN: true }),
        fc.double({ min: 0.5, max: 12, noNaN: true }),
        (start, decades) => {
          const domain: [number, number] = [10 ** start, 10 ** (start + decades)];
          const ticks = ticksOf(domain);
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(9);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(domain[0]);
            expect(tick).toBeLessThanOrEqual(domain[1]);
          }
        },
      ),
    );
  });
});

describe('labels', () => {
  it('are moved apart and stay inside', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 5 }), (wanted) => {
        const placed = spread(wanted, 20, 0, 300);
        const sorted = [...placed].sort((a, b) => a - b);
        for (const [i, at] of sorted.entries()) {
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(300);
          if (i > 0) expect(at - sorted[i - 1]!).toBeGreaterThanOrEqual(20 - 1e-9);
        }
      }),
    );
  });

  it('stay where they wanted to be when nothing is near', () => {
    expect(spread([100, 10], 20, 0, 300)).toEqual([100, 10]);
  });

  it('are left out where they would touch, never those that must stand', () => {
    expect(labelled([0, 10, 100], [30, 30, 30], [1])).toEqual([false, true, true]);
  });

  it('of the ticks of a waterfall stand only where they have room', () => {
    const labels = ['0 s', '200 ms', '400 ms', '600 ms', '800 ms'];
    expect(labelledTicks([0, 39, 79, 119, 159], labels)).toEqual([true, true, false, true, false]);
    expect(labelledTicks([0, 80, 160, 240, 320], labels)).not.toContain(false);
  });

  it('are shortened to a width', () => {
    expect(fitText('short', 200)).toBe('short');
    expect(fitText('a-very-long-variant-name', 60)).toMatch(/^a-ver.*…$/);
  });
});

it('the five series markers differ', () => {
  expect(new Set([0, 1, 2, 3, 4].map((i) => symbolPath(i, 40))).size).toBe(5);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedSet } from './ordered-set.ts';

const step = fc.tuple(
  fc.constantFrom('add' as const, 'delete' as const),
  // Values on both sides of the sizes at which the set grows.
  fc.oneof(fc.nat(40), fc.integer({ min: 1000, max: 1060 }), fc.integer({ min: 2040, max: 5000 })),
);

describe('OrderedSet', () => {
  it('has the members, the size and the order of a sorted array', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const set = new OrderedSet();
        const reference = new Set<number>();
        for (const [what, value] of steps) {
          set[what](value);
          reference[what](value);
          expect(set.has(value)).toBe(what === 'add');
          expect(set.size).toBe(reference.size);
        }
        const sorted = [...reference].sort((a, b) => a - b);
        expect(sorted.map((_, rank) => set.at(rank))).toEqual(sorted);
      }),
      { seed: 30_001, numRuns: 150 },
    );
  });

  it('knows nothing it was never told', () => {
    const set = new OrderedSet();
    set.delete(7);
    expect([set.size, set.has(7), set.has(1e6)]).toEqual([0, false, false]);
  });
});

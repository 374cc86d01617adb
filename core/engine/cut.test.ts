import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutsInto, type Groups, noCut } from './cut.ts';

/** Groups with symmetric links, `length(a, b)` apart. */
function groupsOf(loads: number[], length: (a: number, b: number) => number): Groups {
  const groups = loads.length;
  const lookaheadNs = new Float64Array(groups * groups);
  for (let a = 0; a < groups; a++) {
    for (let b = 0; b < groups; b++) if (a !== b) lookaheadNs[a * groups + b] = length(a, b);
  }
  return { groups, lookaheadNs, loads: Float64Array.from(loads) };
}

describe('cutting groups into partitions', () => {
  it('keeps groups on short links together, and offers the shorter cut as well', () => {
    // Two sites of two zones: 1 ms apart inside, 10 ms between them.
    const sites = groupsOf([1, 1, 1, 1], (a, b) => (a >> 1 === b >> 1 ? 1e6 : 10e6));
    const [far, near, ...others] = cutsInto(sites, 2);
    expect(Array.from(far!.partitionOf)).toEqual([0, 0, 1, 1]);
    expect(far!.lookaheadNs).toBe(10e6);
    expect(near).toMatchObject({ lookaheadNs: 1e6, largestShare: 0.5 });
    expect(others).toEqual([]);
  });

  it('takes the shorter direction of a link', () => {
    const groups = groupsOf([1, 1, 1], (a, b) => (a === 0 && b === 1 ? 5 : 100));
    expect(Array.from(cutsInto(groups, 2)[0]!.partitionOf)).toEqual([0, 0, 1]);
  });

  it('spreads the load: the heaviest group stands alone', () => {
    const [cut] = cutsInto(
      groupsOf([6, 2, 2, 2], () => 10),
      2,
    );
    expect(Array.from(cut!.partitionOf)).toEqual([0, 1, 1, 1]);
    expect(cut!.largestShare).toBe(0.5);
  });

  it('never cuts a link that takes no time', () => {
    const twins = groupsOf([1, 1, 1], (a, b) => (a + b === 1 ? 0 : 100));
    expect(cutsInto(twins, 2).map(({ partitionOf }) => Array.from(partitionOf))).toEqual([
      [0, 0, 1],
    ]);
    expect(cutsInto(twins, 3)).toEqual([]);
    expect(
      cutsInto(
        groupsOf([1, 1], () => 0),
        2,
      ),
    ).toEqual([]);
  });

  it('has no cut into more partitions than there are groups', () => {
    expect(
      cutsInto(
        groupsOf([1, 1], () => 10),
        3,
      ),
    ).toEqual([]);
    expect(noCut({ groups: 2 })).toMatchObject({ partitions: 1, lookaheadNs: Infinity });
  });

  it('never cuts a link shorter than it says, uses every partition, and leaves group 0 in the first', () => {
    const arbitrary = fc.record({
      loads: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 7 }),
      lengths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 49, maxLength: 49 }),
      partitions: fc.integer({ min: 2, max: 4 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ loads, lengths, partitions }) => {
        const groups = groupsOf(loads, (a, b) => lengths[a * 7 + b]!);
        const cuts = cutsInto(groups, partitions);
        expect(cuts.length > 0).toBe(loads.length >= partitions);
        for (const { partitionOf, lookaheadNs, largestShare } of cuts) {
          expect(partitionOf[0]).toBe(0);
          expect(new Set(partitionOf).size).toBe(partitions);
          expect(largestShare).toBeGreaterThanOrEqual(1 / partitions);
          const cutLinks: number[] = [];
          partitionOf.forEach((a, from) => {
            partitionOf.forEach((b, to) => {
              if (a !== b) cutLinks.push(groups.lookaheadNs[from * groups.groups + to]!);
            });
          });
          expect(lookaheadNs).toBe(Math.min(...cutLinks));
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

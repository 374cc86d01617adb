import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../assert.ts';
import { hostLocal } from '../models/ipam/host-local.ts';
import { Addresses, NOBODY } from './addresses.ts';

interface ShadowAddress {
  owner: number;
  previous: number;
  freedNs: number;
}

/** One node's range by the words of the page: the next free one after the last handed out. */
class ShadowRange {
  readonly all: ShadowAddress[];
  private last: number;

  constructor(size: number) {
    this.all = Array.from({ length: size }, () => ({ owner: -1, previous: -1, freedNs: 0 }));
    this.last = size - 1;
  }

  take(pod: number): number {
    for (let step = 1; step <= this.all.length; step++) {
      const offset = (this.last + step) % this.all.length;
      if (this.all[offset]!.owner >= 0) continue;
      this.all[offset]!.owner = pod;
      this.last = offset;
      return offset;
    }
    return -1;
  }

  release(offset: number, nowNs: number): void {
    const address = this.all[offset]!;
    this.all[offset] = { owner: -1, previous: address.owner, freedNs: nowNs };
  }
}

const action = fc.record({
  node: fc.nat(2),
  /** More often than not, so that ranges run full. */
  take: fc.nat(9).map((n) => n < 6),
  /** Which of the addresses in use is released. */
  which: fc.nat(1000),
});

describe('Addresses', () => {
  it('are handed out, freed and remembered as a walk over the range does, in a /28', () => {
    const perNode = hostLocal.usable(28);
    expect(perNode).toBe(13);
    let refused = 0;
    let reused = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 100, maxLength: 200 }), (actions) => {
        const addresses = new Addresses(3, perNode);
        const shadows = Array.from({ length: 3 }, () => new ShadowRange(perNode));
        actions.forEach(({ node, take, which }, pod) => {
          const shadow = shadows[node]!;
          const inUse = shadow.all.flatMap(({ owner }, offset) => (owner >= 0 ? [offset] : []));
          if (take) {
            const expected = shadow.take(pod);
            expect(addresses.take(node, pod)).toBe(expected);
            if (expected < 0) refused++;
            else if (shadow.all[expected]!.previous >= 0) reused++;
          } else if (inUse.length > 0) {
            const offset = inUse[which % inUse.length]!;
            addresses.release(node, offset, shadow.all[offset]!.owner, 1000 * pod);
            shadow.release(offset, 1000 * pod);
          }
        });
        shadows.forEach(({ all }, node) => {
          const seen = all.map((_, offset) => ({
            owner: addresses.ownerOf(node, offset),
            previous: addresses.previousOf(node, offset),
            freedNs: addresses.freedAtNs(node, offset),
          }));
          expect(seen).toEqual(all);
          expect(addresses.used[node]).toBe(all.filter(({ owner }) => owner >= 0).length);
        });
      }),
      { seed: 30_017, numRuns: 100 },
    );
    expect(Math.min(refused, reused)).toBeGreaterThan(100);
  });

  it('come back only when the range has wrapped', () => {
    const addresses = new Addresses(1, 13);
    expect(addresses.take(0, 100)).toBe(0);
    addresses.release(0, 0, 100, 5);
    const next = Array.from({ length: 12 }, (_, i) => addresses.take(0, i));
    expect(next).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([addresses.take(0, 200), addresses.take(0, 201)]).toEqual([0, -1]);
    expect([addresses.previousOf(0, 0), addresses.freedAtNs(0, 0)]).toEqual([100, 5]);
    expect(addresses.previousOf(0, 1)).toBe(NOBODY);
  });

  it('are given back only by their owner', () => {
    const addresses = new Addresses(1, 13);
    addresses.take(0, 1);
    expect(() => addresses.release(0, 0, 2, 9)).toThrow(InvariantError);
    expect(() => addresses.release(0, 3, 1, 9)).toThrow(InvariantError);
  });
});

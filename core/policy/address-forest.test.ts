/** The forest against testing every block. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { AddressForest } from './address-forest.ts';
import type { AddressRange } from './objects.ts';

/** A CIDR of the last 4 bits of IPv4 or IPv6. */
const cidr = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.nat(15), fc.nat(4))
  .map(([family, at, bits]): AddressRange => {
    const first = BigInt((at >> bits) << bits);
    return { family, first, last: first + (1n << BigInt(bits)) - 1n, text: '' };
  });
const blocks = fc.array(
  fc.record({ ranges: fc.array(cidr, { maxLength: 3 }), except: fc.array(cidr, { maxLength: 2 }) }),
);

it('finds the blocks that hold an address, whatever is added between questions', () => {
  fc.assert(
    fc.property(blocks, (list) => {
      const forest = new AddressForest();
      for (const [last, { ranges, except }] of list.entries()) {
        forest.add(last, ranges, except);
        for (const family of [4, 6] as const) {
          for (let value = 0n; value < 16n; value++) {
            const inside = (range: AddressRange) =>
              range.family === family && range.first <= value && value <= range.last;
            const expected = [...list.keys()].filter(
              (at) => at <= last && list[at]!.ranges.some(inside) && !list[at]!.except.some(inside),
            );
            expect([...forest.find({ family, value })].sort((a, b) => a - b)).toEqual(expected);
          }
        }
      }
    }),
  );
});

/** Port sets against sets of numbers. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import * as ports from './port-set.ts';

const ranges = fc.array(
  fc.tuple(fc.constantFrom('TCP', 'UDP', 'SCTP'), fc.integer({ min: 1, max: 9 }), fc.nat(4)),
  { maxLength: 4 },
);

it('combine as sets of numbers do, and equal sets have one id', () => {
  fc.assert(
    fc.property(ranges, ranges, (left, right) => {
      const [a, b] = [left, right].map((list) =>
        list.reduce<ports.PortSet>(
          (set, [protocol, first, more]) =>
            ports.union(set, ports.portRange(protocol, first, first + more)),
          ports.NO_PORTS,
        ),
      ) as [ports.PortSet, ports.PortSet];
      for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
        for (let port = 1; port < 16; port++) {
          const code = ports.portCode(protocol, port);
          expect(ports.portOf(code)).toEqual({ protocol, port });
          const inside = (list: typeof left) =>
            list.some(
              ([of, first, more]) => of === protocol && first <= port && port <= first + more,
            );
          const [inA, inB] = [inside(left), inside(right)];
          expect(ports.contains(a, code)).toBe(inA);
          expect(ports.contains(ports.union(a, b), code)).toBe(inA || inB);
          expect(ports.contains(ports.intersection(a, b), code)).toBe(inA && inB);
          expect(ports.contains(ports.difference(a, b), code)).toBe(inA && !inB);
        }
      }
      const sets = new ports.PortSets();
      expect(sets.intern(ports.union(a, b))).toBe(sets.intern(ports.union(b, a)));
    }),
  );
});

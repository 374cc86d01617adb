import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastNodes } from './last-nodes.ts';

const NEWEST = 5;

/** Few values, so that ties are common. */
const sight = fc.record({
  write: fc.integer({ min: 1, max: NEWEST }),
  node: fc.nat(9),
  visibleNs: fc.integer({ min: 1, max: 4 }),
});

type Sight = { readonly write: number; readonly node: number; readonly visibleNs: number };

function see(last: LastNodes, { write, node, visibleNs }: Sight): void {
  last.seen(write, node, visibleNs, 10 * node + 1, 10 * node + 2, 10 * node + 3);
}

describe('LastNodes', () => {
  it('keeps the latest sight of each write, of several the one on the lowest node', () => {
    fc.assert(
      fc.property(fc.array(sight, { minLength: 1, maxLength: 30 }), (sights) => {
        const last = new LastNodes();
        for (const one of sights) see(last, one);
        for (let write = 1; write <= NEWEST; write++) {
          const [latest] = sights
            .filter((one) => one.write === write)
            .sort((a, b) => b.visibleNs - a.visibleNs || a.node - b.node);
          if (latest === undefined) continue;
          const { node, visibleNs } = latest;
          expect(last.node[write]).toBe(node);
          expect(last.visibleNs[write]).toBe(visibleNs);
          expect(last.receivedNs[write]).toBe(10 * node + 1);
          expect(last.syncStartNs[write]).toBe(10 * node + 2);
          expect(last.kernelStartNs[write]).toBe(10 * node + 3);
        }
      }),
      { seed: 42 },
    );
  });

  it('is the same when partitions, each with nodes of its own, are absorbed into the first', () => {
    fc.assert(
      fc.property(fc.array(sight, { maxLength: 30 }), (sights) => {
        const alone = new LastNodes();
        const parts = [new LastNodes(), new LastNodes(), new LastNodes()];
        for (const one of sights) {
          see(alone, one);
          see(parts[one.node % 3]!, one);
        }
        for (const other of parts.slice(1)) {
          parts[0]!.absorb(structuredClone(other.columns()), NEWEST);
        }
        expect(parts[0]!.columns()).toEqual(alone.columns());
      }),
      { seed: 43 },
    );
  });

  it('keeps what it has when more writes come than there was room for', () => {
    const last = new LastNodes();
    for (let write = 1; write <= 3000; write++) {
      last.enter(write);
      last.seen(write, write % 7, write, 1, 2, 3);
    }
    expect(Array.from(last.visibleNs.subarray(1, 3001))).toEqual(
      Array.from({ length: 3000 }, (_, i) => i + 1),
    );
    expect(last.node[1]).toBe(1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visit } from '../station.ts';
import { ReceiveSideScaling } from './receive-side-scaling.ts';

describe('ReceiveSideScaling', () => {
  it('gives every station servers of its own, and a flow the same one each time', () => {
    const scaling = new ReceiveSideScaling(Int32Array.of(2, 1, 3));
    expect(scaling.servers).toBe(6);
    const servers = [0, 1, 2].map((station) =>
      [0, 1, 2, 3, 4].map((flow) => scaling.serverOf(station, flow)),
    );
    expect(servers).toEqual([
      [0, 1, 0, 1, 0],
      [2, 2, 2, 2, 2],
      [3, 4, 5, 3, 4],
    ]);
  });

  it('refuses a station without servers', () => {
    expect(() => new ReceiveSideScaling(Int32Array.of(1, 0))).toThrow('without a server');
  });

  it('is a queue of its own for each server, whatever happens at the others', () => {
    const customer = fc.record({ gap: fc.nat(3), service: fc.nat(9), flow: fc.nat(1000) });
    fc.assert(
      fc.property(
        fc.array(customer, { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (all, c) => {
          const scaling = new ReceiveSideScaling(Int32Array.of(c));
          const together = new Float64Array(scaling.servers);
          let nowNs = 0;
          const visits = all.map(({ gap, service, flow }) => {
            nowNs += gap;
            const server = scaling.serverOf(0, flow);
            return { nowNs, service, server, leaves: visit(together, server, nowNs, service) };
          });
          for (let server = 0; server < c; server++) {
            const alone = new Float64Array(1);
            for (const one of visits.filter((other) => other.server === server)) {
              expect(one.leaves).toBe(visit(alone, 0, one.nowNs, one.service));
            }
          }
        },
      ),
      { seed: 40_001, numRuns: 200 },
    );
  });
});

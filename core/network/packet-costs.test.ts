import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantReader } from '../constant.ts';
import { dataplane } from '../models/dataplane.ts';
import { curveNs, FREE } from '../models/proxy/cost-curve.ts';
import { coldShare, curveAt, curveTable, mix, packetCosts } from './packet-costs.ts';

const read = constantReader({});
const pair = { hotNs: 10, coldNs: 30 };
const costs = packetCosts(read, {
  newFlow: pair,
  established: pair,
  walk: FREE,
  walks: false,
  select: FREE,
  selectsLinearly: false,
  pick: 'random',
  affinity: pair,
  external: pair,
  masquerade: { newFlow: pair, established: pair, remoteOnly: false },
  connect: null,
});

const curve = fc
  .array(
    fc.record({ gap: fc.integer({ min: 1, max: 5000 }), hot: fc.nat(1e6), cold: fc.nat(1e6) }),
    {
      minLength: 2,
      maxLength: 6,
    },
  )
  .map((points) => {
    let knot = -points[0]!.gap;
    return {
      knots: points.map(({ gap }) => (knot += gap)),
      hotNs: points.map(({ hot }) => hot),
      coldNs: points.map(({ cold }) => cold),
    };
  });

describe('packet costs', () => {
  it('follow a curve exactly as the models that declare it do, knots and beyond included', () => {
    fc.assert(
      fc.property(
        curve,
        fc.nat(40_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (c, x, cold) => {
          const table = curveTable(c);
          for (const count of [x, ...c.knots]) {
            const wanted = curveNs(c, count, cold);
            expect(Math.abs(curveAt(table, count, cold) - wanted)).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(wanted)),
            );
          }
        },
      ),
      { seed: 30_003, numRuns: 300 },
    );
  });

  it('are hot up to half the L2 cache touched, cold from twice the L2 on, straight between', () => {
    const l2Bytes = read(dataplane.l2Bytes);
    const idleFor = (bytes: number) => (1e9 * bytes) / read(dataplane.touchRate);
    expect(coldShare(costs, 0)).toBe(0);
    expect(coldShare(costs, idleFor(l2Bytes / 2) * 0.999999)).toBe(0);
    expect(coldShare(costs, idleFor(l2Bytes * 2) * 1.000001)).toBe(1);
    expect(coldShare(costs, 3600e9)).toBe(1);
    expect(coldShare(costs, idleFor(l2Bytes * 1.25))).toBeCloseTo(0.5, 9);
  });

  it('mix hot and cold values by the share of cold', () => {
    expect([0, 0.25, 1].map((cold) => mix(10, 30, cold))).toEqual([10, 15, 30]);
  });

  it('split a veth pair into two ends', () => {
    expect(2 * costs.endHotNs).toBe(read(dataplane.directVethHot));
    expect(2 * costs.endColdNs).toBe(read(dataplane.directVethCold));
  });
});

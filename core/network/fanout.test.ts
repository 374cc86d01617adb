import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantReader } from '../constant.ts';
import { Streams } from '../engine/stream.ts';
import { clusterOf, testPlan } from '../testing/plans.ts';
import { Fanout } from './fanout.ts';
import { Topology } from './topology.ts';
import { type WriteInstants, WriteTimes } from './write-times.ts';

function setUp(nodes: number, apiservers: number, bytesPerSecond: number, joining = 0) {
  const plan = testPlan({
    cluster: clusterOf(nodes),
    controlPlane: { ...testPlan().controlPlane, apiservers },
  });
  const topology = new Topology(plan, nodes + joining);
  const streams = new Streams();
  const stream = streams.add('fanout');
  const read = constantReader({});
  const fanout = new Fanout(read, topology, bytesPerSecond, nodes, streams, stream);
  return { fanout, topology };
}

const committed = (commitNs: number): WriteInstants => ({
  triggerNs: 0,
  knownNs: 0,
  syncStartNs: 0,
  requestNs: 0,
  commitNs,
});

describe('Fanout', () => {
  it('gives the nodes of every apiserver the places from 0 on, each once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (nodes, many) => {
          const { fanout, topology } = setUp(nodes, many, 1e9);
          for (let apiserver = 0; apiserver < many; apiserver++) {
            const places: number[] = [];
            for (let node = 0; node < nodes; node++) {
              if (topology.apiserverOf[node] === apiserver) places.push(fanout.placeOf[node]!);
            }
            expect(places.sort((a, b) => a - b)).toEqual(places.map((_, i) => i));
            expect(fanout.watchers[apiserver]).toBe(places.length);
          }
        },
      ),
      { seed: 30_004, numRuns: 60 },
    );
  });

  it('shuffles the places', () => {
    const { fanout } = setUp(100, 1, 1e9);
    expect(Array.from(fanout.placeOf)).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('gives a joining node the next place of its apiserver', () => {
    const { fanout } = setUp(4, 2, 1e9, 2);
    fanout.join(4, 0);
    fanout.join(5, 1);
    expect([fanout.placeOf[4], fanout.placeOf[5]]).toEqual([2, 2]);
    expect(Array.from(fanout.watchers)).toEqual([3, 3]);
  });

  it('takes the egress bandwidth per watcher when that is slower than the CPU, else the CPU', () => {
    const narrow = setUp(4, 1, 1e6).fanout;
    const bytes = 2240;
    expect(narrow.unitNs(bytes)).toBeCloseTo(1000 * bytes, 6);
    const wide = setUp(4, 1, 1e15).fanout;
    expect(wide.unitNs(bytes)).toBeLessThan(1000 * bytes);
    expect(wide.unitNs(bytes)).toBeGreaterThan(0);
    expect(wide.unitNs(2 * bytes)).toBeGreaterThan(wide.unitNs(bytes));
  });

  it('starts a write only when all watchers of the apiserver have the one before', () => {
    const write = fc.record({ gapNs: fc.nat(5e6), endpoints: fc.nat(100) });
    const cluster = fc.record({
      nodes: fc.integer({ min: 1, max: 20 }),
      apiservers: fc.integer({ min: 1, max: 3 }),
      bytesPerSecond: fc.constantFrom(1e6, 1e8, 1e10),
    });
    fc.assert(
      fc.property(cluster, fc.array(write, { maxLength: 30 }), (size, writes) => {
        const { nodes, apiservers, bytesPerSecond } = size;
        const { fanout, topology } = setUp(nodes, apiservers, bytesPerSecond);
        const times = new WriteTimes(apiservers);
        const before = new Float64Array(nodes).fill(-1);
        const lastOf = new Float64Array(apiservers);
        let commitNs = 0;
        for (const [index, { gapNs, endpoints }] of writes.entries()) {
          commitNs += gapNs;
          times.enter(
            index,
            committed(commitNs),
            true,
            fanout.send(commitNs, 500 + 174 * endpoints),
          );
          const last = new Float64Array(apiservers);
          for (let node = 0; node < nodes; node++) {
            const apiserver = topology.apiserverOf[node]!;
            const sentNs = times.receivedNs(index, apiserver, fanout.placeOf[node]!, 0);
            expect(sentNs).toBeGreaterThan(before[node]!);
            expect(sentNs).toBeGreaterThanOrEqual(Math.max(commitNs, lastOf[apiserver]!));
            before[node] = sentNs;
            last[apiserver] = Math.max(last[apiserver]!, sentNs);
          }
          lastOf.set(last);
        }
      }),
      { seed: 30_005, numRuns: 60 },
    );
  });

  it('sends at the bandwidth: the last of n watchers has the bytes of n after n x bytes / rate', () => {
    const { fanout, topology } = setUp(10, 1, 1e6);
    const times = new WriteTimes(1);
    times.enter(1, committed(5e9), true, fanout.send(5e9, 500));
    const last = Array.from(topology.apiserverOf, (_, node) =>
      times.receivedNs(1, 0, fanout.placeOf[node]!, 70),
    ).sort((a, b) => b - a)[0]!;
    expect(last).toBe(5e9 + 10 * 1000 * 500 + 70);
    expect(fanout.book(0, 0, 1)).toBe(last - 70);
  });

  it('sends a list after what the apiserver is sending, and writes after the list', () => {
    const { fanout } = setUp(4, 1, 1e6);
    fanout.book(0, 0, 1000);
    expect(fanout.sendList(0, 100, 50)).toBe(4 * 1000 + 50 * 1000);
    expect(fanout.book(0, 200, 1000)).toBe(54_000);
  });
});

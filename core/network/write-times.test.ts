import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantReader } from '../constant.ts';
import { Streams } from '../engine/stream.ts';
import { clusterOf, testPlan } from '../testing/plans.ts';
import { Fanout } from './fanout.ts';
import { NodeProxy } from './node-proxy.ts';
import { Topology } from './topology.ts';
import { WRITE, WriteTimes } from './write-times.ts';

const write = fc.record({ gapNs: fc.nat(3e6), endpoints: fc.nat(100) });

function setUp(nodes: number, apiservers: number) {
  const plan = testPlan({
    cluster: clusterOf(nodes),
    controlPlane: { ...testPlan().controlPlane, apiservers },
  });
  const topology = new Topology(plan, nodes);
  const streams = new Streams();
  return new Fanout(constantReader({}), topology, 1e8, nodes, streams, streams.add('fanout'));
}

describe('WriteTimes', () => {
  it('finds the newest write a node has received', () => {
    let several = 0;
    fc.assert(
      fc.property(
        fc.array(write, { minLength: 20, maxLength: 60 }),
        fc.nat(30),
        fc.nat(100e6),
        (writes, from, startNs) => {
          const fanout = setUp(10, 1);
          const times = new WriteTimes(1);
          let commitNs = 0;
          writes.forEach(({ gapNs, endpoints }, i) => {
            commitNs += gapNs;
            const at = { triggerNs: 0, knownNs: 0, syncStartNs: 0, requestNs: 0, commitNs };
            times.enter(i + 1, at, true, fanout.send(commitNs, 500 + 174 * endpoints));
          });
          const at = new NodeProxy();
          at.place = 3;
          at.latencyNs = 70;
          at.position = Math.min(from, writes.length);
          at.startNs = startNs;
          let wanted = at.position;
          while (wanted < writes.length && times.receivedNs(wanted + 1, 0, 3, 70) <= startNs) {
            wanted++;
          }
          expect(times.receivedBy(at, writes.length)).toBe(wanted);
          if (wanted > at.position + 4) several++;
        },
      ),
      { seed: 30_031, numRuns: 500 },
    );
    expect(several).toBeGreaterThan(50);
  });

  it('keeps its rows and the times of every apiserver when it grows', () => {
    const fanout = setUp(6, 3);
    const times = new WriteTimes(3);
    const starts: number[][] = [[]];
    for (let w = 1; w <= 5000; w++) {
      const commitNs = 1e6 * w;
      const at = {
        triggerNs: commitNs - 50 - w,
        knownNs: commitNs - 50,
        syncStartNs: commitNs - 40,
        requestNs: commitNs - 20,
        commitNs,
      };
      times.enter(w, at, w % 3 === 0, fanout.send(commitNs, 500 + (w % 7)));
      starts.push(times.startNs.map((startNs) => startNs[w]!));
    }
    for (let w = 1; w <= 5000; w++) {
      const row = w * WRITE.stride;
      const { rows } = times;
      const columns = ['triggerNs', 'kubeletNs', 'controllerQueueNs'] as const;
      expect(columns.map((column) => rows[row + WRITE[column]])).toEqual([1e6 * w - 50 - w, w, 10]);
      const others = ['controllerWriteNs', 'apiserverNs', 'commitNs'] as const;
      expect(others.map((column) => rows[row + WRITE[column]])).toEqual([20, 20, 1e6 * w]);
      expect(rows[row + WRITE.unitNs]).toBe(fanout.unitNs(500 + (w % 7)));
      expect(times.isMeasured(w)).toBe(w % 3 === 0);
      expect(times.startNs.map((startNs) => startNs[w]!)).toEqual(starts[w]);
    }
  });
});

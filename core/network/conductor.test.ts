/** One partition that has the whole run, and another world that only hears of it; no threads. */
import { describe, expect, it } from 'vitest';
import type { PartitionLink } from '../engine/partition.ts';
import type { Plan } from '../plan.ts';
import { simulate, simulatePartition } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import { learn } from './learning.ts';
import { roomFor } from './partitioning.ts';
import type { Publication } from './publication.ts';
import { TablesFullError } from './tables.ts';
import { nodesEver, Topology } from './topology.ts';
import { buildWorld, type WorldPartition } from './world.ts';

const plan = testPlan({
  warmUpNs: 1e9,
  horizonNs: 6e9,
  drainNs: 10e9,
  cluster: clusterOf(6),
  podChangesPerSecond: 10,
  workloads: [workload(12)],
  services: [service([0])],
  events: [{ atNs: 1e9, label: 'nodes', kind: 'addNodes', count: 2 }],
});

/** A partition that has everything, with room for `of`; notes what it publishes and is asked. */
function wholePartition(of: Plan, factor = 1) {
  const published: Publication[] = [];
  const calls: string[] = [];
  const link: PartitionLink = {
    index: 0,
    partitions: 1,
    post: () => expect.unreachable('nobody to post to'),
    exchange: () => {
      calls.push('exchange');
      return Number.POSITIVE_INFINITY;
    },
    publish: (value) => published.push(structuredClone(value) as Publication),
    sum: () => calls.push('sum'),
    gather: (value) => {
      calls.push('gather');
      return [value];
    },
  };
  const { bytes, podCapacity } = roomFor(of, factor);
  const { groups } = new Topology(of, nodesEver(of)).engineOptions();
  const partition: WorldPartition = {
    link,
    partitionOf: new Int32Array(groups),
    tables: new SharedArrayBuffer(bytes),
    podCapacity,
  };
  return { partition, published, calls };
}

describe('a run in one partition', () => {
  it('has the cell of a run without partitions', () => {
    const { partition, calls } = wholePartition(plan);
    expect(simulatePartition(plan, 0, partition)).toEqual(simulate(plan, 0));
    // Nobody goes on after the last gathering, and before it everybody has met.
    expect(calls.slice(-2)).toEqual(['exchange', 'gather']);
  });

  it('ends when its tables are full, at the start or later', () => {
    const atStart = wholePartition(plan, 1 / 64).partition;
    expect(() => simulatePartition(plan, 0, atStart)).toThrow(TablesFullError);
    const pods = buildWorld(plan, 0).initialPods;
    const later = { ...wholePartition(plan).partition, podCapacity: pods + 3 };
    expect(() => simulatePartition(plan, 0, later)).toThrow(`no room for pod ${pods + 3}`);
  });
});

describe('what the control plane publishes', () => {
  it('makes the slice log, the fan-out and the nodes of another world those of its own', () => {
    const { partition, published } = wholePartition(plan);
    simulatePartition(plan, 0, partition);
    expect(new Set(published.map(({ kind }) => kind))).toEqual(new Set(['write', 'nodeJoined']));
    const told = buildWorld(plan, 0);
    for (const publication of published) learn(told, publication);

    const log = told.log;
    const writes = published.filter((one) => one.kind === 'write');
    expect(log.length).toBe(writes.length);
    expect(writes.length).toBeGreaterThan(20);
    writes.forEach(({ service, instants, emission }, i) => {
      expect(log.service[i + 1]).toBe(service);
      const receivedNs = emission.startNs[1]! + Math.round(3 * emission.unitNs) + 7;
      expect(log.times.receivedNs(i + 1, 1, 2, 7)).toBe(receivedNs);
      const { triggerNs } = instants;
      expect(log.times.isMeasured(i + 1)).toBe(triggerNs >= 1e9 && triggerNs < 7e9);
    });
    expect(told.fanout.watching()).toBe(8);
    // They watch from the writes on that were committed after they joined.
    const before = published.findIndex(({ kind }) => kind === 'nodeJoined');
    expect([told.proxies.position[6], told.proxies.position[7]]).toEqual([before, before]);
    expect(told.proxies.unready).toBe(2);
  });
});

describe('the room for a divided run', () => {
  it('is enough at the first attempt', () => {
    const plans: Plan[] = [
      plan,
      testPlan({ podChangesPerSecond: 30, drainNs: 5e9 }),
      testPlan({
        workloads: [workload(50), workload(0, { perNode: true })],
        services: [service([0]), service([1])],
        events: [
          { atNs: 1e9, label: 'more', kind: 'scale', workload: 0, replicas: 3000 },
          { atNs: 2e9, label: 'release', kind: 'rollingUpdate', workload: 0 },
        ],
        cluster: clusterOf(40),
      }),
    ];
    for (const each of plans) {
      const { partition } = wholePartition(each);
      expect(simulatePartition(each, 0, partition)).not.toBeNull();
    }
  });
});

/** The cell of a divided run is that of the same run on one thread: random plans, and many ties. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { roomFor } from '../core/network/partitioning.ts';
import { randomPlan } from '../core/network/testing/random-plan.ts';
import { trafficToAll } from '../core/plain-plans.ts';
import type { Plan } from '../core/plan.ts';
import { simulate } from '../core/simulate.ts';
import { clusterOf, service, testPlan, workload } from '../core/testing/plans.ts';
import { makeGangPool } from './gang-pool.ts';
import type { CellPool } from './pool.ts';

const pools = new Map<number, CellPool>();

function poolWith(partitions: number): CellPool {
  const execution = { lanes: 1, partitions, reason: '' };
  const pool = pools.get(partitions) ?? makeGangPool({ execution, wanted: partitions });
  pools.set(partitions, pool);
  return pool;
}

async function divided(plan: Plan, partitions: number, replication = 0) {
  const progress = new SharedArrayBuffer(16);
  const outcome = await poolWith(partitions).run({ plan, replication, progress });
  return { cell: outcome.kind === 'cell' ? outcome.cell : outcome, progress };
}

/** Everything the control plane does takes whole milliseconds, and much of it starts at once. */
function planOnAGrid(): Plan {
  const onGrid = Object.fromEntries(
    [
      'control-plane.apiserver.processing',
      'control-plane.etcd.service',
      'control-plane.etcd.latency',
      'control-plane.watch.delivery',
      'control-plane.endpoint-slice.sync-fixed',
      'control-plane.scheduler.service',
      'pod-life.kubelet.watch',
      'pod-life.sandbox',
      'pod-life.cni-del',
      'pod-life.startup.median',
      'pod-life.startup.p99',
    ].map((id) => [id, 1e6]),
  );
  const { topology } = clusterOf(12);
  return testPlan({
    warmUpNs: 2e9,
    horizonNs: 8e9,
    drainNs: 10e9,
    cluster: clusterOf(12, {
      topology: { ...topology, zones: 4, zoneLatencyNs: 1e6, regionLatencyNs: 1e6 },
    }),
    constants: { ...onGrid, 'control-plane.endpoint-slice.sync-per-pod': 0 },
    workloads: [workload(40, { maxSurge: 20, maxUnavailable: 20 }), workload(30)],
    services: [service([0]), service([0, 1])],
    events: [
      { atNs: 1e9, label: 'release', kind: 'rollingUpdate', workload: 0 },
      { atNs: 1e9, label: 'more', kind: 'scale', workload: 1, replicas: 60 },
      { atNs: 1e9, label: 'nodes', kind: 'addNodes', count: 5 },
      { atNs: 5e9, label: 'fewer', kind: 'scale', workload: 1, replicas: 10 },
    ],
    traffic: [trafficToAll(400)],
  });
}

describe('a divided run', () => {
  afterAll(async () => {
    for (const pool of pools.values()) await pool.destroy();
  });

  it('has the same cell in 1, 2, 3 and 4 partitions, where many events share an instant', async () => {
    const plan = planOnAGrid();
    const whole = simulate(plan, 0);
    expect(whole.workload.requests).toBeGreaterThan(2000);
    for (const partitions of [1, 2, 3, 4]) {
      const { cell, progress } = await divided(plan, partitions);
      expect(cell).toEqual(whole);
      expect(Array.from(new Float64Array(progress))).toEqual([1, whole.events]);
    }
  });

  it('has the same cell for random plans', async () => {
    const traffic = [trafficToAll(60)];
    const lengths = { warmUpNs: 2e9, horizonNs: 6e9, drainNs: 8e9, traffic };
    const kinds = new Set<string>();
    for (const [i, random] of fc.sample(randomPlan, { seed: 3, numRuns: 20 }).entries()) {
      const plan = { ...random, ...lengths, events: random.events.filter((e) => e.atNs < 6e9) };
      for (const { kind } of plan.events) kinds.add(kind);
      const whole = simulate(plan, 1);
      expect((await divided(plan, 2 + (i % 3), 1)).cell).toEqual(whole);
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining(['addNodes', 'restartAgents', 'changeAgents', 'apiserverOutage']),
    );
  });

  it('starts again with more room, as often as it takes', async () => {
    const plan = testPlan({ horizonNs: 5e9, drainNs: 10e9, podChangesPerSecond: 40 });
    const whole = simulate(plan, 0);
    expect(roomFor(plan, 1 / 64).podCapacity).toBeLessThan(whole.workload.pods);
    const execution = { lanes: 1, partitions: 2, reason: '' };
    const pool = makeGangPool({ execution, wanted: 2, firstRoom: 1 / 64 });
    try {
      const outcome = await pool.run({ plan, replication: 0, progress: new SharedArrayBuffer(16) });
      expect(outcome).toEqual({ kind: 'cell', cell: whole });
    } finally {
      await pool.destroy();
    }
  });
});

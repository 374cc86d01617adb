/** What interrupts a proxy, against times worked out on paper. */

import { describe, expect, it } from 'vitest';
import { plainProxy } from '../plain-plans.ts';
import type { Plan, ScenarioEventPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { sampleCount, wideToBigInt } from '../testing/readings.ts';
import { emptyTrace } from '../trace.ts';
import { dispatcher } from './dispatch.ts';
import { SECOND_NS, tinyPlan, tinyService, tinyWorkload } from './testing/tiny-plan.ts';
import { buildWorld, startWorld } from './world.ts';

const T = tinyPlan.warmUpNs;
const LAT = tinyPlan.cluster.topology.zoneLatencyNs;
const RESTART_NS = 3 * SECOND_NS;
/** Sending the lists of one Service with one slice at 1.25 GB/s. */
const listsNs = (endpoints: number) => Math.ceil((1500 + 174 * endpoints) / 1.25);
/** The node at place 0 has a slice so long after its commit. */
const sentNs = (endpoints: number) => Math.round((500 + 174 * endpoints) / 1.25) + LAT;

const scale = (atNs: number, replicas: number): ScenarioEventPlan => ({
  atNs,
  label: 'scale',
  kind: 'scale',
  workload: 0,
  replicas,
});
const all = { pool: null, count: 1, overNs: 0 };
const restart = (atNs: number): ScenarioEventPlan => ({
  atNs,
  label: 'restart',
  kind: 'restartAgents',
  ...all,
});

/** One Service of two pods; at second 1 one is deleted: a write of 2 endpoints, then one of 1. */
function plan(events: readonly ScenarioEventPlan[], others: Partial<Plan> = {}): Plan {
  return {
    ...tinyPlan,
    workloads: [tinyWorkload(2)],
    services: [tinyService([0])],
    events: [scale(SECOND_NS, 1), ...events],
    ...others,
    constants: {
      ...tinyPlan.constants,
      'control-plane.service.bytes': 1000,
      'node.agent-restart': RESTART_NS,
      'watch.reconnect': SECOND_NS,
      'watch.reconnect-fixed': SECOND_NS,
      ...others.constants,
    },
  };
}

function run(of: Plan) {
  const trace = emptyTrace();
  const cell = simulate(of, 0, undefined, trace);
  return { cell, ...trace, receivedNs: trace.samples.map((sample) => sample.receivedNs) };
}

const undisturbed = run(plan([]));
const commits = undisturbed.writes.map((write) => write.commitNs);

describe('an undisturbed node', () => {
  it('receives both writes from the fan-out', () => {
    expect(undisturbed.receivedNs).toEqual([commits[0]! + sentNs(2), commits[1]! + sentNs(1)]);
    expect(undisturbed.cell.quotients['proxySync.failed']!.numerator).toEqual([0, 0]);
  });
});

describe('a restart', () => {
  const stopNs = T + 0.5 * SECOND_NS + LAT;
  const listedNs = stopNs + RESTART_NS + LAT + listsNs(1) + LAT;

  it('makes up for what the node has missed with the lists, in one full sync', () => {
    const { receivedNs, samples, restarts, cell } = run(plan([restart(0.5 * SECOND_NS)]));
    expect(receivedNs).toEqual([listedNs, listedNs]);
    expect(samples.map((sample) => sample.syncStartNs)).toEqual([listedNs, listedNs]);
    const { visibleNs } = samples[0]!;
    expect(restarts).toEqual([{ node: 0, stopNs, completedNs: visibleNs }]);
    expect(sampleCount(cell, 'agentRestartGap')).toBe(1);
  });

  it('is ignored by a proxy that waits for its lists', () => {
    const twice = run(plan([restart(0.5 * SECOND_NS), restart(2 * SECOND_NS)]));
    expect(twice.receivedNs).toEqual([listedNs, listedNs]);
    expect(twice.restarts).toHaveLength(1);
  });

  it('lets the kernel be until an upgrade to another model has made its own objects', () => {
    const agent = {
      kubernetesVersion: '1.34',
      proxy: plainProxy('ebpf', { minSyncPeriodNs: 0, syncPeriodNs: 30e9 }),
    };
    const upgraded = plan([
      { atNs: 0.5 * SECOND_NS, label: 'upgrade', kind: 'changeAgents', agent, ...all },
    ]);
    const world = buildWorld(upgraded, 0);
    startWorld(world);
    world.engine.run(listedNs + 1, dispatcher(world));
    const { proxies } = world;
    const completedNs = proxies.completedNs[0]!;
    expect(proxies.classes.map(({ agent: { proxy } }) => proxy.model)).toEqual([
      'iptables-nft',
      'ebpf',
    ]);
    expect([completedNs - 1, completedNs].map((ns) => proxies.classOf(0, ns))).toEqual([0, 1]);
    // The first of two writes would be visible halfway, but others' rules still come first.
    expect(proxies.position[0]).toBe(2);
    expect(proxies.sees(0, 1, 0, completedNs - 1)).toBe(false);
    expect(proxies.sees(0, 1, 0, completedNs)).toBe(true);
  });
});

describe('a sync that fails', () => {
  it('programs nothing, counts, and comes again', () => {
    const proxy = { ...tinyPlan.proxy, failedSyncs: 1 };
    const { cell, failures, samples } = run(plan([], { proxy }));
    const [first, second, third] = failures;
    expect(samples).toEqual([]);
    expect([first!.startNs, second!.startNs]).toEqual(undisturbed.receivedNs);
    expect(third!.startNs).toBe(second!.completedNs + proxy.syncPeriodNs);
    const { numerator, denominator } = cell.quotients['proxySync.failed']!;
    expect(wideToBigInt(numerator)).toBe(wideToBigInt(denominator));
    expect(cell.warnings[0]).toContain('still being programmed');
  });
});

describe('an outage of the apiserver', () => {
  const outage = (atNs: number, forNs: number): ScenarioEventPlan => ({
    atNs,
    label: 'outage',
    kind: 'apiserverOutage',
    apiserver: 0,
    forNs,
  });

  it('ends with lists, which hold what was written meanwhile', () => {
    const endNs = T + 5 * SECOND_NS;
    const { receivedNs, cell } = run(plan([outage(0.5 * SECOND_NS, 4.5 * SECOND_NS)]));
    const listedNs = endNs + LAT + listsNs(1) + LAT;
    expect(receivedNs).toEqual([listedNs, listedNs]);
    expect(wideToBigInt(cell.quotients['apiserver.watchEvents']!.numerator)).toBe(0n);
  });

  it('keeps the lists of a restarted proxy waiting', () => {
    const events = [restart(0.5 * SECOND_NS), outage(2 * SECOND_NS, 8 * SECOND_NS)];
    const listedNs = T + 10 * SECOND_NS + listsNs(1) + LAT;
    expect(run(plan(events)).receivedNs).toEqual([listedNs, listedNs]);
  });

  it('that is over before anything is written leaves no trace', () => {
    const { receivedNs } = run(plan([outage(0.2 * SECOND_NS, 0.1 * SECOND_NS)]));
    expect(receivedNs).toEqual(undisturbed.receivedNs);
  });
});

describe('a slow watcher', () => {
  const slow = (bytesPerSecond: number, buffer: number) => {
    const { controlPlane } = tinyPlan;
    return plan([], {
      controlPlane: { ...controlPlane, slowWatchers: { share: 1, bytesPerSecond } },
      constants: { 'watch.buffer': buffer },
    });
  };

  it('has each write as late as its own link is', () => {
    // 848 and 674 bytes at 100 bytes a second: the second waits for the first.
    const first = undisturbed.receivedNs[0]! + 8.48 * SECOND_NS;
    expect(run(slow(100, 10)).receivedNs).toEqual([first, first + 6.74 * SECOND_NS]);
  });

  it('that is too far behind loses its watch, and gets lists', () => {
    // Three writes, and only one may wait: the third finds two.
    const { controlPlane } = tinyPlan;
    const of = plan([], {
      events: [scale(SECOND_NS, 1), scale(3 * SECOND_NS, 0)],
      controlPlane: { ...controlPlane, slowWatchers: { share: 1, bytesPerSecond: 100 } },
      constants: { 'watch.buffer': 1 },
    });
    const { writes, receivedNs } = run(of);
    const brokenNs = writes[2]!.commitNs + LAT;
    const askedNs = brokenNs + SECOND_NS + LAT;
    const held = writes.filter((write) => write.commitNs <= askedNs);
    const { endpoints } = held.at(-1)!;
    const bytes = 1500 + 174 * endpoints;
    const listedNs = askedNs + listsNs(endpoints) + LAT + Math.round((1e9 * bytes) / 100);
    expect(receivedNs).toEqual(writes.map(() => listedNs));
  });
});

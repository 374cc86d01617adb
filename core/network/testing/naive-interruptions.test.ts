/** Interruptions in the reference simulation against cases computed by hand. */

import { describe, expect, it } from 'vitest';
import { type ProxyModel, type SyncWork, Visibility } from '../../models/proxy/proxy-model.ts';
import type { Plan, ScenarioEventPlan } from '../../plan.ts';
import type { Trace } from '../../trace.ts';
import { naiveSimulate } from './naive-simulation.ts';
import {
  BUILD_NS,
  constantCostModel,
  KERNEL_NS,
  SECOND_NS,
  tinyPlan,
  tinyService,
  tinyWorkload,
} from './tiny-plan.ts';

const T = tinyPlan.warmUpNs;
const LAT = tinyPlan.cluster.topology.zoneLatencyNs;
const SYNC = BUILD_NS + KERNEL_NS;
/** Node at place 0 of the fan-out. */
const fanout = (endpoints: number) => Math.round((500 + 174 * endpoints) / 1.25) + LAT;
/** Sending the lists of one Service with one slice at 1.25 GB/s. */
const lists = (endpoints: number) => Math.ceil((1500 + 174 * endpoints) / 1.25);

const scale = (replicas: number, atNs = 0): ScenarioEventPlan => ({
  atNs,
  label: 'scale',
  kind: 'scale',
  workload: 0,
  replicas,
});
const restart = (atNs: number, count = 1, overNs = 0): ScenarioEventPlan => ({
  atNs,
  label: 'restart',
  kind: 'restartAgents',
  pool: null,
  count,
  overNs,
});
const outage = (atNs: number, forNs: number): ScenarioEventPlan => ({
  atNs,
  label: 'outage',
  kind: 'apiserverOutage',
  apiserver: 0,
  forNs,
});

/** From 3 pods to 1 unless told otherwise: three writes, of 3, 2 and 1 endpoints. */
function plan(events: readonly ScenarioEventPlan[], others: Partial<Plan> = {}): Plan {
  return {
    ...tinyPlan,
    workloads: [tinyWorkload(3)],
    services: [tinyService([0])],
    events: [scale(1), ...events],
    ...others,
    constants: {
      ...tinyPlan.constants,
      'control-plane.service.bytes': 1000,
      'node.agent-restart': 3 * SECOND_NS,
      'watch.reconnect': SECOND_NS,
      'watch.reconnect-fixed': SECOND_NS,
      ...others.constants,
    },
  };
}

function run(of: Plan, model: (id: string) => ProxyModel = () => constantCostModel()): Trace {
  return naiveSimulate(of, 0, model);
}

/** Commits of the three writes, as worked out beside the test of two pods less. */
const [C1, C2, C3] = [T + 5_315_000, T + 153_460_000, T + 1_007_570_000];
const [R1, R2, R3] = [C1 + fanout(3), C2 + fanout(2), C3 + fanout(1)];

function spy(visibility: Visibility = Visibility.Commit) {
  const works: SyncWork[] = [];
  const base = constantCostModel(visibility);
  const model: ProxyModel = {
    ...base,
    programmingTime: (read, era) => {
      const cost = base.programmingTime(read, era);
      return (work, out) => {
        works.push({ ...work });
        cost(work, out);
      };
    },
  };
  return { works, model: () => model };
}

const receipts = (trace: Trace) => trace.samples.map((sample) => sample.receivedNs);
const starts = (trace: Trace) => trace.samples.map((sample) => sample.syncStartNs);

describe('a sync that fails', () => {
  const failing = (failedSyncs: number, others: Partial<Plan['proxy']> = {}) => ({
    ...tinyPlan.proxy,
    failedSyncs,
    ...others,
  });

  it('is tried again when a write comes, else after syncPeriod, in full', () => {
    const { works, model } = spy();
    const trace = run(plan([], { proxy: failing(1) }), model);
    const period = 30 * SECOND_NS;
    expect(trace.samples).toEqual([]);
    expect(trace.failures.slice(0, 5).map((failure) => failure.startNs)).toEqual([
      R1,
      R2,
      R3,
      R3 + SYNC + period,
      R3 + 2 * (SYNC + period),
    ]);
    expect(trace.failures[0]).toEqual({ node: 0, startNs: R1, completedNs: R1 + SYNC });
    expect(works.slice(0, 3).map((work) => [work.full, work.initial, work.deletes])).toEqual([
      [false, false, true],
      [true, false, true],
      [true, false, true],
    ]);
  });

  it('waits minSyncPeriod if that is longer, unless a write comes', () => {
    const proxy = failing(1, { minSyncPeriodNs: 5e9, syncPeriodNs: 2e9 });
    const { failures } = run(plan([], { proxy }));
    expect(failures.slice(0, 3).map((failure) => failure.startNs)).toEqual([
      R1,
      R1 + SYNC + 5e9,
      R1 + 2 * (SYNC + 5e9),
    ]);
  });

  it('leaves its writes to the next that succeeds', () => {
    const seeds = Array.from({ length: 50 }, (_, i) => `seed ${i}`);
    const traces = seeds.map((seed) => run(plan([], { seed, proxy: failing(0.5) })));
    const trace = traces.find(
      ({ failures }) => failures[0]?.startNs === R1 && failures.length === 1,
    );
    expect(receipts(trace!)).toEqual([R1, R2, R3]);
    expect(starts(trace!)).toEqual([R2, R2, R3]);
  });

  it('does not happen to eBPF agents, nor to the first sync of a node that joins', () => {
    const never = run(plan([], { proxy: failing(1, { model: 'ebpf' }) }));
    expect([never.failures.length, never.samples.length]).toEqual([0, 3]);
    const grow: ScenarioEventPlan = { atNs: 0, label: 'grow', kind: 'addNodes', count: 1 };
    const { failures } = run(plan([grow], { events: [grow], proxy: failing(1) }));
    expect(failures).toEqual([]);
  });
});

describe('a restart', () => {
  const stop = T + 1e6 + LAT;
  const asked = stop + 3 * SECOND_NS + LAT;
  const started = asked + lists(1) + LAT;

  it('brings with its lists what was committed before they were asked for', () => {
    const { works, model } = spy();
    const trace = run(plan([restart(1e6)]), model);
    expect(receipts(trace)).toEqual([started, started, started]);
    expect(starts(trace)).toEqual([started, started, started]);
    expect(trace.restarts).toEqual([{ node: 0, stopNs: stop, completedNs: started + SYNC }]);
    expect(works[0]).toMatchObject({ full: true, initial: false, lists: true });
    expect(works).toHaveLength(1);
  });

  it('leaves what was received before it stopped to the sync it starts with', () => {
    // Heard in the middle of the sync of the first write; the second and third are lost meanwhile.
    const trace = run(plan([restart(R1 - T - LAT + 100)]));
    const stopped = R1 + SYNC;
    const begins = stopped + 3 * SECOND_NS + LAT + lists(1) + LAT;
    expect(receipts(trace)).toEqual([R1, begins, begins]);
    expect(starts(trace)).toEqual([R1, begins, begins]);
    expect(trace.restarts[0]!.stopNs).toBe(stopped);
  });

  it('is not heard twice before its lists are there', () => {
    const trace = run(plan([restart(1e6), restart(2e9), restart(started - T - LAT - 1)]));
    expect(trace.restarts).toHaveLength(1);
    const again = run(plan([restart(1e6), restart(started - T - LAT)]));
    expect(again.restarts.map((each) => each.stopNs)).toEqual([stop, started + SYNC]);
  });

  it('has the gap of the first of several until a sync succeeds', () => {
    const seeds = Array.from({ length: 50 }, (_, i) => `seed ${i}`);
    const proxy = { ...tinyPlan.proxy, failedSyncs: 0.5 };
    const events = [restart(1e6), restart(20e9)];
    const first = seeds
      .map((seed) => run(plan(events, { seed, proxy })))
      .find(({ failures }) => failures.length === 1 && failures[0]!.startNs === started)!;
    expect(first.restarts).toEqual([
      { node: 0, stopNs: stop, completedNs: T + 20e9 + 3e9 + 3 * LAT + lists(1) + SYNC },
    ]);
  });

  it('comes to the chosen nodes one after another', () => {
    const pools = [2, 3].map((nodes, i) => ({
      ...tinyPlan.cluster.pools[0]!,
      name: `pool ${i}`,
      nodes,
    }));
    const cluster = { ...tinyPlan.cluster, nodes: 5, pools };
    const { restarts } = run(
      plan([{ ...restart(0, 3, 1e9), pool: 1 } as ScenarioEventPlan], { cluster }),
    );
    expect(restarts.map(({ node, stopNs }) => [node, stopNs - T - LAT])).toEqual([
      [2, 0],
      [3, 333_333_333],
      [4, 666_666_667],
    ]);
  });
});

describe('an upgrade', () => {
  const { kubernetesVersion, proxy } = tinyPlan;
  const change = (model: string, minSyncPeriodNs: number): ScenarioEventPlan => ({
    ...(restart(1e6) as ScenarioEventPlan & { kind: 'restartAgents' }),
    kind: 'changeAgents',
    agent: { kubernetesVersion, proxy: { ...proxy, model, minSyncPeriodNs } },
  });
  const started = T + 1e6 + 3 * SECOND_NS + 3 * LAT + lists(1);

  it('of the same model keeps what is in the kernel, and brings its own timers', () => {
    const { works, model } = spy();
    const trace = run(plan([change(proxy.model, 20e9), scale(2, 5e9)]), model);
    expect(works.map((work) => [work.full, work.initial])).toEqual([
      [true, false],
      [false, false],
    ]);
    expect(trace.samples.at(-1)!.syncStartNs).toBe(started + SYNC + 20e9);
  });

  it('to another model is initial, and all is visible at its end', () => {
    const { works, model } = spy(Visibility.Walk);
    const services = [tinyService([0]), tinyService([])];
    const events = [change('ipvs', 0), scale(2, 8e9)];
    const { samples } = run(plan(events, { services }), model);
    expect(works.map((work) => work.initial)).toEqual([true, false]);
    const after = samples.map((sample) => sample.visibleNs - sample.kernelStartNs);
    expect(after.slice(0, 3)).toEqual([KERNEL_NS, KERNEL_NS, KERNEL_NS]);
    // One Service and one empty slice more in the lists: 1500 bytes, 1200 ns.
    expect(samples[0]!.syncStartNs).toBe(started + 1200);
  });
});

describe('a pool of its own kind', () => {
  it('has its own runner, timers and failures', () => {
    const pool = { ...tinyPlan.cluster.pools[0]!, nodes: 1 };
    const own = { ...tinyPlan.proxy, minSyncPeriodNs: 5e9 };
    const pools = [
      pool,
      { ...pool, agent: { kubernetesVersion: '1.34', proxy: own } },
      { ...pool, agent: { kubernetesVersion: '1.33', proxy: own } },
      { ...pool, agent: { kubernetesVersion: '1.33', proxy: { ...own, failedSyncs: 1 } } },
    ];
    const { samples, failures } = run(
      plan([], { cluster: { ...tinyPlan.cluster, nodes: 4, pools } }),
    );
    const syncs = (node: number) =>
      new Set(samples.filter((each) => each.node === node).map((each) => each.syncStartNs)).size;
    expect([0, 1, 2, 3].map(syncs)).toEqual([3, 2, 3, 0]);
    expect(new Set(failures.map((failure) => failure.node))).toEqual(new Set([3]));
    const start = (node: number, i: number) =>
      samples.filter((each) => each.node === node)[i]!.syncStartNs;
    // The bucket still has a token for the second write, the gap has to pass.
    expect(start(1, 1) - start(1, 0)).toBe(SYNC + 5e9);
    const ofBucket = samples.filter((each) => each.node === 2);
    expect(ofBucket[1]!.syncStartNs).toBe(ofBucket[1]!.receivedNs);
  });
});

describe('an outage', () => {
  it('keeps everything back until the lists after it', () => {
    const trace = run(plan([outage(100e6, 5e9)]));
    const listed = T + 5.1e9 + LAT + lists(1) + LAT;
    expect(receipts(trace)).toEqual([R1, listed, listed]);
    expect(starts(trace)).toEqual([R1, listed, listed]);
  });

  it('brings what is committed after the request, and overtaken by the lists, with them', () => {
    // A fan-out too slow: 1 kB/s. The write of 2 endpoints is sent after the lists of 2 s.
    const controlPlane = { ...tinyPlan.controlPlane, fanoutBytesPerSecond: 1000 };
    const trace = run(plan([outage(100e6, 40e6)], { controlPlane }));
    // The first write would take until 1.027 s: broken off, it still holds the lists up.
    const free = C1 + 1_022_000_000;
    // 1000 + 500 + 174 * 3 bytes.
    const sent = free + 2_022_000_000;
    const second = sent + 848_000_000;
    expect(receipts(trace)).toEqual([sent + LAT, second + LAT, second + 674_000_000 + LAT]);
  });

  it('begins anew with another one before the lists are there', () => {
    const trace = run(plan([outage(100e6, 5e9), outage(5.1e9 + LAT + 1000, 2e9)]));
    const listed = T + 7.1e9 + LAT + 1000 + LAT + lists(1) + LAT;
    expect(receipts(trace)).toEqual([R1, listed, listed]);
  });

  it('makes a proxy that restarts wait for its end', () => {
    const trace = run(plan([restart(1e6), outage(2e9, 10e9)]));
    const listed = T + 12e9 + lists(1) + LAT;
    expect(receipts(trace)).toEqual([listed, listed, listed]);
    expect(trace.restarts).toEqual([
      { node: 0, stopNs: T + 1e6 + LAT, completedNs: listed + SYNC },
    ]);
  });

  it('spreads the requests over the reconnect time by places', () => {
    const pool = { ...tinyPlan.cluster.pools[0]!, nodes: 4 };
    const cluster = { ...tinyPlan.cluster, nodes: 4, pools: [pool] };
    const trace = run(plan([outage(0, 2e9)], { cluster }));
    const received = [...new Set(receipts(trace))].sort((a, b) => a - b);
    const base = T + 2e9 + LAT + lists(1) + LAT;
    expect(received).toEqual([0, 0.25e9, 0.5e9, 0.75e9].map((wait) => base + wait));
  });
});

describe('a slow watcher', () => {
  const slow = (bytesPerSecond: number, share = 1) => ({
    ...tinyPlan.controlPlane,
    slowWatchers: { share, bytesPerSecond },
  });

  it('receives one write after the other over its link', () => {
    const trace = run(plan([], { controlPlane: slow(1000) }));
    const first = R1 + 1_022_000_000;
    expect(receipts(trace)).toEqual([first, first + 848_000_000, first + 1_522_000_000]);
  });

  it('is every node at which the share adds up to one more', () => {
    const pool = { ...tinyPlan.cluster.pools[0]!, nodes: 5 };
    const cluster = { ...tinyPlan.cluster, nodes: 5, pools: [pool] };
    const { samples } = run(plan([], { cluster, controlPlane: slow(1000, 0.4) }));
    const late = samples.filter((each) => each.write === 0 && each.receivedNs > R1 + 1e9);
    expect(late.map((each) => each.node).sort()).toEqual([2, 4]);
  });

  it('loses its watch when too much waits, and lists', () => {
    const of = (buffer: number) =>
      run(plan([], { controlPlane: slow(100), constants: { 'watch.buffer': buffer } }));
    // 1674 bytes of lists over the link, too.
    const listed = C3 + LAT + SECOND_NS + LAT + lists(1) + LAT + 16_740_000_000;
    expect(receipts(of(1))).toEqual([listed, listed, listed]);
    const first = R1 + 10_220_000_000;
    expect(receipts(of(2))).toEqual([first, first + 8_480_000_000, first + 15_220_000_000]);
  });
});

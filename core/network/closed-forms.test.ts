/** Runs whose answer can be said beforehand, on paper. */

import { describe, expect, it } from 'vitest';
import { bucketHigh, bucketLow, bucketOf } from '../metrics/histogram.ts';
import { proxyModelIds } from '../models/proxy/registry.ts';
import { plainPorts } from '../plain-plans.ts';
import type { Plan, ScenarioEventPlan, WorkloadPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import {
  bucketLines,
  largestStage,
  meanNs,
  medianNs,
  stageMeansNs,
  wideToBigInt,
} from '../testing/readings.ts';
import { emptyTrace, type Trace, type TracedWrite } from '../trace.ts';
import { dispatcher } from './dispatch.ts';
import { Known } from './pods.ts';
import { buildWorld, startWorld, type World } from './world.ts';

const METRIC = 'networkProgramming';
const UNLIMITED = { qps: 0, burst: 1 };

interface Settings {
  readonly batchPeriodNs?: number;
  readonly minSyncPeriodNs?: number;
  readonly fanoutBytesPerSecond?: number;
  readonly limit?: { qps: number; burst: number };
  readonly model?: string;
}

/** `plan` with some of its settings; without a limit given, controllers are not limited. */
function withSettings(plan: Partial<Plan>, settings: Settings = {}): Plan {
  const base = testPlan();
  const { controlPlane, proxy } = base;
  return testPlan({
    traffic: [],
    controlPlane: {
      ...controlPlane,
      controllerManager: settings.limit ?? UNLIMITED,
      endpointSlice: {
        ...controlPlane.endpointSlice,
        batchPeriodNs: settings.batchPeriodNs ?? 0,
      },
      fanoutBytesPerSecond: settings.fanoutBytesPerSecond ?? controlPlane.fanoutBytesPerSecond,
      slowWatchers: { share: 0, bytesPerSecond: 1e6 },
    },
    proxy: {
      ...proxy,
      model: settings.model ?? proxy.model,
      minSyncPeriodNs: settings.minSyncPeriodNs ?? proxy.minSyncPeriodNs,
    },
    ...plan,
  });
}

/** `count` Services of two pods each; the workload of each grows by one pod, one after the other. */
function loneChanges(count: number, gapNs: number): Partial<Plan> {
  const each = Array.from({ length: count }, (_, i) => i);
  return {
    populations: [],
    workloads: each.map(() => workload(2)),
    services: each.map((i) => service([i])),
    podChangesPerSecond: 0,
    horizonNs: (count + 1) * gapNs,
    events: each.map(
      (i): ScenarioEventPlan => ({
        atNs: (i + 1) * gapNs,
        label: 'grow',
        kind: 'scale',
        workload: i,
        replicas: 3,
      }),
    ),
  };
}

function traced(plan: Plan, replication = 0) {
  const trace = emptyTrace();
  const cell = simulate(plan, replication, undefined, trace);
  return { cell, trace };
}

/** Builds the world of a plan, and runs it to the end with a look at it after every event. */
function watch(plan: Plan, look: (world: World) => void): World {
  const world = buildWorld(plan, 0);
  startWorld(world);
  const dispatch = dispatcher(world);
  look(world);
  world.engine.run(plan.warmUpNs + plan.horizonNs, (kind, process, a, b) => {
    dispatch(kind, process, a, b);
    look(world);
  });
  return world;
}

describe('the batch period of the EndpointSlice controller', () => {
  it('moves every isolated change, and so the median, by itself', () => {
    const plan = loneChanges(20, 3e9);
    const prompt = traced(withSettings(plan));
    const batched = traced(withSettings(plan, { batchPeriodNs: 4e9 }));
    expect(prompt.trace.writes).toHaveLength(20);
    const commits = ({ trace }: { trace: Trace }) => trace.writes.map((write) => write.commitNs);
    expect(commits(batched)).toEqual(commits(prompt).map((ns) => ns + 4e9));
    const bucket = bucketOf(medianNs(batched.cell, METRIC));
    const width = bucketHigh(bucket) - bucketLow(bucket);
    const shift = medianNs(batched.cell, METRIC) - medianNs(prompt.cell, METRIC);
    expect(Math.abs(shift - 4e9)).toBeLessThanOrEqual(width);
  });
});

describe('minSyncPeriod with the runner of 1.34', () => {
  const mean = (plan: Partial<Plan>, seconds: number) =>
    meanNs(simulate(withSettings(plan, { minSyncPeriodNs: seconds * 1e9 }), 0), METRIC);

  it('costs half of what it grows by where writes are frequent', () => {
    const busy: Partial<Plan> = {
      cluster: clusterOf(40),
      populations: [
        {
          name: 'apps',
          count: 60,
          ports: plainPorts(1),
          endpoints: { kind: 'constant', value: 4 },
        },
      ],
      podChangesPerSecond: 8,
      horizonNs: 90e9,
    };
    const rate = simulate(withSettings(busy), 0).distributions['networkProgramming']!.effective;
    expect(rate / 90).toBeGreaterThan(2);
    expect(mean(busy, 10) - mean(busy, 1)).toBeGreaterThan(4.5e9 * 0.95);
    expect(mean(busy, 10) - mean(busy, 1)).toBeLessThan(4.5e9 * 1.05);
  });

  it('costs nothing where a change comes alone', () => {
    // More than ten seconds after the timers of the start, and apart from each other.
    const lone = { ...loneChanges(6, 15e9), warmUpNs: 20e9 };
    expect(mean(lone, 10)).toBe(mean(lone, 1));
  });
});

describe('apiserver.watchEvents', () => {
  const services = [service([0]), service([1], true), service([2])];
  const plan: Partial<Plan> = {
    populations: [],
    workloads: [workload(6), workload(6), workload(6)],
    services,
    podChangesPerSecond: 6,
  };
  const visibleWrites = (world: Plan, writes: readonly TracedWrite[]) =>
    writes.filter(
      ({ service: index, commitNs }) =>
        !services[index]!.headless &&
        commitNs >= world.warmUpNs &&
        commitNs < world.warmUpNs + world.horizonNs,
    );
  const eventsOf = ({ quotients }: ReturnType<typeof simulate>) =>
    wideToBigInt(quotients['apiserver.watchEvents']!.numerator);

  it('are the slice writes that kube-proxy sees, times the nodes', () => {
    const settled = withSettings(plan);
    const { cell, trace } = traced(settled);
    const visible = visibleWrites(settled, trace.writes).length;
    expect(visible).toBeGreaterThan(50);
    expect(trace.writes.length).toBeGreaterThan(visible * 1.2);
    expect(eventsOf(cell)).toBe(BigInt(visible * settled.cluster.nodes));
  });

  it('go to joining nodes from the moment they watch', () => {
    const atNs = 15e9;
    const growing = withSettings({
      ...plan,
      events: [{ atNs, label: 'join', kind: 'addNodes', count: 7 }],
    });
    const { cell, trace } = traced(growing);
    const visible = visibleWrites(growing, trace.writes);
    const late = visible.filter(({ commitNs }) => commitNs > growing.warmUpNs + atNs).length;
    expect(eventsOf(cell)).toBe(BigInt(visible.length * growing.cluster.nodes + late * 7));
  });
});

describe('stages of networkProgramming', () => {
  it.each(proxyModelIds)('add up to the samples of every bucket, exactly, with %s', (model) => {
    const cell = simulate(withSettings({ podChangesPerSecond: 10 }, { model }), 0);
    const lines = bucketLines(cell, METRIC);
    expect(lines.length).toBeGreaterThan(20);
    for (const { bucket, count, total, stages } of lines) {
      expect(stages.reduce((sum, one) => sum + one, 0n)).toBe(total);
      expect(Number(total) / count).toBeGreaterThanOrEqual(bucketLow(bucket));
      expect(Number(total) / count).toBeLessThan(bucketHigh(bucket));
    }
  });

  it('show the cause that was planted', () => {
    const busy: Partial<Plan> = { cluster: clusterOf(40), podChangesPerSecond: 4 };
    const cause = (settings: Settings) =>
      largestStage(simulate(withSettings(busy, settings), 0), METRIC);
    const narrow = cause({ fanoutBytesPerSecond: 6e4 });
    expect(narrow.stage).toBe('fanout');
    expect(narrow.share).toBeGreaterThan(0.8);
    const slow = cause({ minSyncPeriodNs: 10e9 });
    expect(slow.stage).toBe('proxyWait');
    expect(slow.share).toBeGreaterThan(0.9);
    const batched = cause({ batchPeriodNs: 5e9 });
    expect(batched.stage).toBe('controllerQueue');
    expect(batched.share).toBeGreaterThan(0.7);
  });
});

describe('the default client limit of kube-controller-manager, 20 a second', () => {
  /** Slice writes a second, and what they waited in the controller in two halves of the window. */
  const inController = (podChangesPerSecond: number, exitDelayNs = 100e6) => {
    const plan = withSettings(
      {
        cluster: clusterOf(20),
        populations: [
          {
            name: 'apps',
            count: 900,
            ports: plainPorts(1),
            endpoints: { kind: 'constant', value: 2 },
          },
        ],
        podChangesPerSecond,
        horizonNs: 80e9,
        drainNs: 100e9,
        constants: { 'pod-life.exit-delay': exitDelayNs },
      },
      { limit: { qps: 20, burst: 30 } },
    );
    const { trace } = traced(plan);
    const endNs = plan.warmUpNs + plan.horizonNs;
    const middleNs = plan.warmUpNs + plan.horizonNs / 2;
    const meanWaitNs = (fromNs: number, toNs: number) => {
      const all = trace.writes.filter((one) => one.triggerNs >= fromNs && one.triggerNs < toNs);
      return all.reduce((sum, { requestNs, knownNs }) => sum + requestNs - knownNs, 0) / all.length;
    };
    const written = trace.writes.filter(
      ({ requestNs }) => requestNs >= plan.warmUpNs && requestNs < endNs,
    );
    return {
      writesPerSecond: (1e9 * written.length) / plan.horizonNs,
      early: meanWaitNs(plan.warmUpNs, middleNs),
      late: meanWaitNs(middleNs, endNs),
    };
  };

  it('carries 10 pod changes a second, 1.5 writes each, without a queue', () => {
    const { writesPerSecond, early, late } = inController(10);
    expect(writesPerSecond).toBeGreaterThan(12);
    expect(writesPerSecond).toBeLessThan(18);
    expect(Math.max(early, late)).toBeLessThan(0.05e9);
  });

  it('is all used at 20; Services wait, and the changes of one that waits share a write', () => {
    const { writesPerSecond, early, late } = inController(20);
    expect(writesPerSecond).toBeGreaterThan(19.5);
    expect(writesPerSecond).toBeLessThanOrEqual(20 + 30 / 80);
    expect(Math.min(early, late)).toBeGreaterThan(0.4e9);
  });

  it('is left behind for good when the changes of a Service are too far apart to share', () => {
    const { writesPerSecond, early, late } = inController(40, 30e9);
    expect(writesPerSecond).toBeGreaterThan(19.5);
    expect(late).toBeGreaterThan(10e9);
    expect(late).toBeGreaterThan(1.5 * early);
  });
});

describe('workload controllers', () => {
  const counts = ({ pods }: World) => {
    let active = 0;
    let available = 0;
    let ready = 0;
    for (let pod = 0; pod < pods.count; pod++) {
      const kept = pods.deleteDecided[pod] === 0;
      if (kept) active++;
      if (kept && pods.known[pod] === Known.Ready) available++;
      if (kept && pods.known[pod] === Known.Ready && pods.revision[pod] === 1) ready++;
    }
    return { active, available, ready };
  };
  const only = (replicas: number, strategy: Partial<WorkloadPlan>, event: 'update' | number) =>
    withSettings({
      populations: [],
      workloads: [workload(replicas, strategy)],
      services: [service([0])],
      podChangesPerSecond: 0,
      horizonNs: 150e9,
      events: [
        event === 'update'
          ? { atNs: 1e9, label: 'update', kind: 'rollingUpdate', workload: 0 }
          : { atNs: 1e9, label: 'scale', kind: 'scale', workload: 0, replicas: event },
      ],
    });

  it.each([
    [12, 3, 0],
    [12, 0, 3],
    [12, 2, 2],
    [7, 1, 1],
    [1, 1, 0],
  ])('update %i pods within a surge of %i and %i unavailable, at every event', (n, surge, down) => {
    let most = 0;
    let fewest = n;
    const plan = only(n, { maxSurge: surge, maxUnavailable: down }, 'update');
    const world = watch(plan, (now) => {
      const { active, available } = counts(now);
      most = Math.max(most, active);
      fewest = Math.min(fewest, available);
    });
    expect(most).toBeLessThanOrEqual(n + surge);
    expect(fewest).toBeGreaterThanOrEqual(n - down);
    // They use what they may use, and they finish.
    expect(most).toBe(n + surge);
    expect(fewest).toBe(n - down);
    expect(counts(world)).toEqual({ active: n, available: n, ready: n });
  });

  it.each([
    [10, 25],
    [10, 3],
    [10, 0],
    [0, 4],
  ])('scale from %i to %i and leave exactly those running', (from, to) => {
    const world = watch(only(from, {}, to), () => {});
    expect(counts(world)).toMatchObject({ active: to, available: to });
    expect(world.addresses.used.reduce((sum, used) => sum + used, 0)).toBe(to);
    expect(world.log.usableNow(0)).toBe(to);
  });
});

describe('maxEndpoints', () => {
  it('100 puts 250 pods into three slices, and one change writes one of them', () => {
    const plan = withSettings({
      populations: [],
      workloads: [workload(250)],
      services: [service([0])],
      podChangesPerSecond: 0,
      events: [{ atNs: 1e9, label: 'grow', kind: 'scale', workload: 0, replicas: 251 }],
    });
    const { slices } = buildWorld(plan, 0);
    expect(slices.slicesOf(0).map(({ endpoints }) => endpoints)).toEqual([100, 100, 50]);
    const { trace } = traced(plan);
    expect(trace.writes).toMatchObject([{ service: 0, endpoints: 51 }]);
  });
});

describe('stage means', () => {
  it('of an unloaded cluster are the sums of the constants on the way', () => {
    const { cell } = traced(withSettings(loneChanges(3, 20e9)));
    const stages = stageMeansNs(cell, METRIC);
    expect(stages['controllerQueue']).toBe(0);
    // 200 us and 5 us for each of three pods; processing, service and latency of etcd.
    expect(stages['controllerWrite']).toBe(215e3);
    expect(stages['apiserver']).toBe(1e6 + 357e3 + 693e3);
  });
});

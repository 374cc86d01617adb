/** The reference simulation itself against cases computed by hand, a stage after the other. */

import { describe, expect, it } from 'vitest';
import { nothingFurther } from '../../models/proxy/further-objects.ts';
import { type ProxyModel, type SyncWork, Visibility } from '../../models/proxy/proxy-model.ts';
import { plainPorts } from '../../plain-plans.ts';
import type { Plan } from '../../plan.ts';
import type { Trace } from '../../trace.ts';
import { walkPlace } from '../walk-place.ts';
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

/** The end of the warm-up, when the scripted event happens. */
const T = tinyPlan.warmUpNs;
const LAT = tinyPlan.cluster.topology.zoneLatencyNs;
/** 1 ms in the apiserver, 0.357 ms of etcd, 0.693 ms until the commit. */
const WRITE = 2_050_000;
const WATCH = 1_000_000;
/** The node at place 0 gets a slice of `endpoints` endpoints at 1.25 GB/s, then the wire. */
const fanout = (endpoints: number) => Math.round((500 + 174 * endpoints) / 1.25) + LAT;

function scaled(from: number, to: number, others: Partial<Plan> = {}): Plan {
  return {
    ...tinyPlan,
    workloads: [tinyWorkload(from)],
    services: [tinyService([0])],
    events: [{ atNs: 0, label: 'scale', kind: 'scale', workload: 0, replicas: to }],
    ...others,
  };
}

function run(plan: Plan, model: ProxyModel = constantCostModel()): Trace {
  return naiveSimulate(plan, 0, () => model);
}

describe('one pod more', () => {
  const trace = run(scaled(1, 2));
  const created = T + WRITE;
  const bound = created + WATCH + 2_000_000 + WRITE;
  const ready = bound + LAT + 10e6 + 300e6 + 1e9;
  const known = ready + LAT + WRITE + WATCH;
  const request = known + 200_000 + 2 * 5_000;
  const commit = request + WRITE;

  it('is written once, Ready being the trigger', () => {
    expect(trace.writes).toEqual([
      {
        service: 0,
        triggerNs: ready,
        knownNs: known,
        syncStartNs: known,
        requestNs: request,
        commitNs: commit,
        endpoints: 2,
      },
    ]);
    expect(ready - T).toBe(1_317_150_000);
  });

  it('is received after the fan-out and visible after the sync', () => {
    const received = commit + fanout(2);
    expect(trace.samples).toEqual([
      {
        write: 0,
        node: 0,
        receivedNs: received,
        syncStartNs: received,
        kernelStartNs: received + BUILD_NS,
        visibleNs: received + BUILD_NS + KERNEL_NS,
      },
    ]);
  });

  it('waits for the batch period', () => {
    const endpointSlice = { ...tinyPlan.controlPlane.endpointSlice, batchPeriodNs: 5e8 };
    const controlPlane = { ...tinyPlan.controlPlane, endpointSlice };
    const [write] = run(scaled(1, 2, { controlPlane })).writes;
    expect(write).toMatchObject({ triggerNs: ready, knownNs: known, syncStartNs: known + 5e8 });
  });
});

describe('one pod less', () => {
  const { writes } = run(scaled(2, 1));
  const deleted = T + WRITE;
  const ended = deleted + LAT + 10e6 + 100e6;
  const gone = ended + 36e6 + LAT + WRITE;

  it('is written twice: terminating from the deletion, removed from the end of the process', () => {
    const first = deleted + WATCH;
    const second = gone + WATCH;
    expect(writes).toEqual([
      {
        service: 0,
        triggerNs: deleted,
        knownNs: first,
        syncStartNs: first,
        requestNs: first + 210_000,
        commitNs: first + 210_000 + WRITE,
        endpoints: 2,
      },
      {
        service: 0,
        triggerNs: ended,
        knownNs: second,
        syncStartNs: second,
        requestNs: second + 205_000,
        commitNs: second + 205_000 + WRITE,
        endpoints: 1,
      },
    ]);
  });
});

describe('two pods less at once', () => {
  const times = (writes: Trace['writes']) =>
    writes.map((w) => [w.triggerNs - T, w.knownNs - T, w.syncStartNs - T, w.commitNs - T]);
  /** Receipts after T: commits below plus the fan-out of 3, 2 and 1 endpoints. */
  const r1 = 5_315_000 + fanout(3);
  const r2 = 153_460_000 + fanout(2);
  const r3 = 1_007_570_000 + fanout(1);
  const starts = (kubernetesVersion: string) => {
    const proxy = { ...tinyPlan.proxy, minSyncPeriodNs: SECOND_NS };
    const { samples } = run(scaled(3, 1, { proxy, kubernetesVersion }));
    return samples.map((sample) => sample.syncStartNs - T);
  };

  it('meet the informer that lags behind, and its back-off', () => {
    const { writes } = run(scaled(3, 1));
    // Deletions commit at 2.05 ms and, one etcd service later, 2.407 ms. The sync of the first one
    // ends at 5.315 ms with a commit the informer sees a watch later, so the sync of the second
    // fails and waits a second. The first pod's end (known at 151.2 ms) syncs both sooner; the
    // second pod's end, reported by a busy status manager and known at 153.35 ms, meets a commit
    // of 153.46 ms, fails, and keeps the earlier of two waits: 5.315 ms + 1 s.
    expect(times(writes)).toEqual([
      [2_050_000, 3_050_000, 3_050_000, 5_315_000],
      [2_407_000, 3_407_000, 151_200_000, 153_460_000],
      [112_457_000, 153_350_000, 1_005_315_000, 1_007_570_000],
    ]);
    expect(writes.map((write) => write.endpoints)).toEqual([3, 2, 1]);
  });

  it('reach the kernel one minSyncPeriod after the last completion, from 1.34 on', () => {
    const second = r1 + BUILD_NS + KERNEL_NS + SECOND_NS;
    expect(starts('1.34')).toEqual([r1, second, second + BUILD_NS + KERNEL_NS + SECOND_NS]);
  });

  it('reach the kernel at once while the token bucket has tokens, before 1.34', () => {
    // Tokens: 2, then 1 + 0.148, then 0.148 + 0.854.
    expect(starts('1.33')).toEqual([r1, r2, r3]);
  });
});

describe('entry by entry', () => {
  const proxy = { ...tinyPlan.proxy, minSyncPeriodNs: 5 * SECOND_NS };
  const services = [tinyService([0]), tinyService([0], { headless: true }), tinyService([0])];
  const visible = (visibility: Visibility) =>
    run(scaled(3, 1, { proxy, services }), constantCostModel(visibility)).samples.map((sample) => ({
      ...sample,
      afterNs: sample.visibleNs - sample.kernelStartNs,
    }));

  it('writes of a sync become visible in the order of arrival', () => {
    const samples = visible(Visibility.Arrival);
    const second = samples.filter((sample) => sample.syncStartNs !== samples[0]!.syncStartNs);
    const covered = second.filter((sample) => sample.syncStartNs === second[0]!.syncStartNs);
    expect(covered.length).toBeGreaterThan(2);
    expect(covered.map((sample) => sample.afterNs)).toEqual(
      covered.map((_, i) => Math.round((KERNEL_NS * (i + 1)) / covered.length)),
    );
  });

  it('writes of a sync become visible at the place of their Service, without headless ones', () => {
    const trace = run(scaled(3, 1, { proxy, services }), constantCostModel(Visibility.Walk));
    expect(trace.writes.some((write) => write.service === 1)).toBe(true);
    expect(trace.samples.some((sample) => trace.writes[sample.write]!.service === 1)).toBe(false);
    const first = trace.samples[0]!;
    const service = trace.writes[first.write]!.service;
    const place = walkPlace(0, 0, service, 2);
    expect(first.visibleNs - first.kernelStartNs).toBe((KERNEL_NS / 2) * (place + 1));
  });
});

describe('the work of a sync', () => {
  /** The model, and the work it was asked about. */
  function spy(): { model: ProxyModel; works: SyncWork[] } {
    const works: SyncWork[] = [];
    const base = constantCostModel();
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
    return { model, works };
  }

  it('counts ports and usable endpoints, and deletes when a usable one is lost', () => {
    const { model, works } = spy();
    const services = [
      tinyService([0], { ports: plainPorts(3) }),
      tinyService([], { ports: plainPorts(2) }),
    ];
    run(scaled(2, 1, { services }), model);
    const counts = {
      servicePorts: 5,
      emptyServicePorts: 2,
      endpoints: 3,
      full: false,
      initial: false,
      changedServicePorts: 3,
      changedEndpoints: 3,
      lists: false,
      further: nothingFurther(),
      changedFurther: nothingFurther(),
    };
    // The second endpoint leaves the usable ones when it terminates, not when it is removed.
    expect(works).toEqual([
      { ...counts, deletes: true },
      { ...counts, deletes: false },
    ]);
  });

  it('keeps the last endpoint usable while it terminates', () => {
    const { model, works } = spy();
    run(scaled(1, 0), model);
    expect(works.map((work) => [work.endpoints, work.emptyServicePorts, work.deletes])).toEqual([
      [1, 0, false],
      [0, 1, true],
    ]);
  });

  it('is initial and full for a node that joins, after its lists', () => {
    const { model, works } = spy();
    const plan = scaled(1, 1, {
      events: [
        { atNs: 0, label: 'grow', kind: 'addNodes', count: 1 },
        { atNs: 0, label: 'scale', kind: 'scale', workload: 0, replicas: 2 },
      ],
    });
    const { samples } = run(plan, model);
    expect(works[0]).toMatchObject({ initial: true, full: true, lists: true, endpoints: 1 });
    expect(works.slice(1).map((work) => work.initial)).toEqual([false, false]);
    expect(samples.map((sample) => sample.node)).toEqual([0, 1]);
    const bytes = 500 + 174 * 2;
    expect(samples[1]!.receivedNs - samples[0]!.receivedNs).toBe(
      Math.round((2 * bytes) / 1.25) - Math.round(bytes / 1.25),
    );
  });
});

describe('rolling update', () => {
  it('never goes beyond desired + maxSurge, and replaces every pod', () => {
    const plan: Plan = {
      ...scaled(4, 4),
      workloads: [tinyWorkload(4, { maxSurge: 2, maxUnavailable: 1 })],
      events: [{ atNs: 0, label: 'roll', kind: 'rollingUpdate', workload: 0 }],
    };
    const { writes } = run(plan);
    expect(Math.max(...writes.map((write) => write.endpoints))).toBeLessThanOrEqual(4 + 2 + 1);
    expect(writes.at(-1)!.endpoints).toBe(4);
    expect(writes.length).toBeGreaterThan(4);
  });
});

describe('packing', () => {
  it('splits a Service into slices of maxEndpoints and keeps one, empty, at the end', () => {
    const endpointSlice = { ...tinyPlan.controlPlane.endpointSlice, maxEndpoints: 3 };
    const controlPlane = {
      ...tinyPlan.controlPlane,
      endpointSlice: { ...endpointSlice, batchPeriodNs: 4 * SECOND_NS },
    };
    const grown = run(scaled(4, 9, { controlPlane })).writes;
    // 3 + 1 and five more in one sync: a new slice of three, then the remaining two fit beside the 1.
    expect(grown.map((write) => write.endpoints)).toEqual([3, 3]);
    // 3 + 3 + 1 and two more: both fit into the untouched slice of one.
    expect(run(scaled(7, 9, { controlPlane })).writes.map((w) => w.endpoints)).toEqual([3]);
    const shrunk = run(scaled(7, 0, { controlPlane })).writes.slice(-3);
    expect(shrunk.map((write) => write.endpoints)).toEqual([0, 0, 0]);
  });
});

/**
 * Differential test: the product and the reference simulation, written independently from one page,
 * must agree to the nanosecond on every slice write and on every (write, node).
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentsOfPlan } from '../agents.ts';
import { ERAS } from '../models/eras.ts';
import { proxyModel, proxyModelIds } from '../models/proxy/registry.ts';
import { plainPorts } from '../plain-plans.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import {
  emptyTrace,
  type TracedFailure,
  type TracedRestart,
  type TracedSample,
  type TracedWrite,
} from '../trace.ts';
import { naiveSimulate } from './testing/naive-simulation.ts';
import { emptyTally } from './testing/naive-watches.ts';
import { randomAgent } from './testing/random-interruptions.ts';
import { randomPlan } from './testing/random-plan.ts';
import { SECOND_NS, tinyPlan, tinyService, tinyWorkload } from './testing/tiny-plan.ts';

interface Comparable {
  /** By commit. */
  readonly writes: TracedWrite[];
  /** `write` replaced by its commit, which no two writes share. By (write, node). */
  readonly samples: (Omit<TracedSample, 'write'> & { readonly commitNs: number })[];
  /** By completion, then node. */
  readonly restarts: TracedRestart[];
  readonly failures: TracedFailure[];
}

/**
 * The writes whose trigger lies in the measured window, as far as they were programmed before the
 * end of the drain time: the product stops when those are done, the reference never before the end.
 * Restarts and failures until the end of the window, which the product always reaches.
 */
function comparable(plan: Plan, trace: ReturnType<typeof emptyTrace>): Comparable {
  const windowEndNs = plan.warmUpNs + plan.horizonNs;
  const endNs = windowEndNs + plan.drainNs;
  const measured = (write: TracedWrite) =>
    write.triggerNs >= plan.warmUpNs && write.triggerNs < windowEndNs && write.commitNs < endNs;
  const samples = trace.samples
    .filter((sample) => measured(trace.writes[sample.write]!) && sample.visibleNs < endNs)
    .map(({ write, ...sample }) => ({ ...sample, commitNs: trace.writes[write]!.commitNs }))
    .sort((a, b) => a.commitNs - b.commitNs || a.node - b.node);
  const writes = trace.writes.filter(measured).sort((a, b) => a.commitNs - b.commitNs);
  const inWindow = <T extends { node: number; completedNs: number }>(all: readonly T[]) =>
    all
      .filter(({ completedNs }) => completedNs < windowEndNs)
      .sort((a, b) => a.completedNs - b.completedNs || a.node - b.node);
  return {
    writes,
    samples,
    restarts: inWindow(trace.restarts),
    failures: inWindow(trace.failures),
  };
}

/** What both simulations agree about, added up over plans. */
interface Agreed {
  samples: number;
  /** Of samples, those that waited at the proxy. */
  waited: number;
  restarts: number;
  failures: number;
}

/** Fails at the first difference. */
function agree(plan: Plan, replication: number, tally = emptyTally()): Agreed {
  const trace = emptyTrace();
  simulate(plan, replication, undefined, trace);
  const fast = comparable(plan, trace);
  const naive = comparable(plan, naiveSimulate(plan, replication, proxyModel, tally));
  for (const kind of ['writes', 'failures', 'restarts', 'samples'] as const) {
    const different = naive[kind].findIndex((one, i) => !sameNumbers(one, fast[kind][i]));
    if (different >= 0) expect(fast[kind][different], kind).toEqual(naive[kind][different]);
    expect(fast[kind].length, kind).toBe(naive[kind].length);
  }
  const { samples, restarts, failures } = naive;
  const waited = samples.filter((sample) => sample.syncStartNs > sample.receivedNs).length;
  return {
    samples: samples.length,
    waited,
    restarts: restarts.length,
    failures: failures.length,
  };
}

function sameNumbers<T extends object>(wanted: T, got: T | undefined): boolean {
  return (
    got !== undefined &&
    (Object.keys(wanted) as (keyof T)[]).every((key) => wanted[key] === got[key])
  );
}

/** Without anything that "Interruptions" describes. */
function isPlain({ cluster, controlPlane, events }: Plan): boolean {
  return (
    cluster.pools.every((pool) => pool.agent === null) &&
    controlPlane.slowWatchers.share === 0 &&
    events.every((event) => 'workload' in event || event.kind === 'addNodes')
  );
}

/** Nodes of different zones may use different endpoints. */
function hasHints({ cluster, kubernetesVersion, populations, services }: Plan): boolean {
  const ports = [...populations, ...services].flatMap((one) => one.ports);
  const known: readonly (string | null)[] = ERAS[kubernetesVersion]!.trafficDistributions;
  return cluster.topology.zones > 1 && ports.some((one) => known.includes(one.trafficDistribution));
}

describe('the simulator', () => {
  it('agrees with the reference on every (write, node), to the nanosecond', () => {
    const sums: Agreed = { samples: 0, waited: 0, restarts: 0, failures: 0 };
    const tally = emptyTally();
    let plain = 0;
    let mixed = 0;
    let hinted = 0;
    fc.assert(
      fc.property(randomPlan, fc.integer({ min: 0, max: 3 }), (plan, replication) => {
        const agreed = agree(plan, replication, tally);
        for (const key of ['samples', 'waited', 'restarts', 'failures'] as const) {
          sums[key] += agreed[key];
        }
        if (isPlain(plan)) plain++;
        if (agreed.samples > 0 && hasHints(plan)) hinted++;
        if (new Set(agentsOfPlan(plan).map((agent) => agent.proxy.model)).size > 1) mixed++;
      }),
      { seed: 20_014, numRuns: 120 },
    );
    // The comparison was about something.
    expect(sums.samples).toBeGreaterThan(50_000);
    expect(sums.waited).toBeGreaterThan(sums.samples / 4);
    expect(plain).toBeGreaterThan(40);
    expect(mixed).toBeGreaterThan(20);
    expect(hinted).toBeGreaterThan(15);
    expect(sums.failures).toBeGreaterThan(200);
    expect(sums.restarts).toBeGreaterThan(100);
    for (const [what, times] of Object.entries(tally)) expect(times, what).toBeGreaterThan(10);
  });

  it.each(proxyModelIds)('agrees when writes overtake the lists of joining nodes (%s)', (model) => {
    for (const kubernetesVersion of ['1.33', '1.34']) {
      const topology = { ...tinyPlan.cluster.topology, zones: 2, regionLatencyNs: 50_000_003 };
      const { samples } = agree(
        {
          ...tinyPlan,
          kubernetesVersion,
          cluster: { ...tinyPlan.cluster, topology },
          proxy: { ...tinyPlan.proxy, model, minSyncPeriodNs: SECOND_NS },
          workloads: [tinyWorkload(8)],
          services: [tinyService([0])],
          events: [
            { atNs: 0, label: 'grow', kind: 'addNodes', count: 5 },
            { atNs: 0, label: 'shrink', kind: 'scale', workload: 0, replicas: 0 },
          ],
        },
        0,
      );
      expect(samples).toBeGreaterThan(6);
    }
  });

  it('agrees when churn and controllers want to delete the same pods', () => {
    const rolls = Array.from({ length: 15 }, (_, i) => ({
      atNs: 4 * i * SECOND_NS + 11,
      label: 'roll',
      kind: 'rollingUpdate' as const,
      workload: 0,
    }));
    const { samples } = agree(
      {
        ...tinyPlan,
        constants: { ...tinyPlan.constants, 'control-plane.watch.delivery': 90e6 },
        workloads: [tinyWorkload(20, { maxSurge: 5, maxUnavailable: 10 })],
        services: [tinyService([0]), tinyService([0], { ports: plainPorts(2) })],
        podChangesPerSecond: 10,
        events: rolls,
      },
      0,
    );
    expect(samples).toBeGreaterThan(100);
  });

  it('takes pools that all have the same proxy for a cluster with that proxy', () => {
    let samples = 0;
    fc.assert(
      fc.property(randomPlan, randomAgent, (random, other) => {
        const { kubernetesVersion, proxy } = random;
        const pools = random.cluster.pools.map((pool) => ({ ...pool, agent: null }));
        const plan: Plan = { ...random, cluster: { ...random.cluster, pools } };
        const agent = { kubernetesVersion, proxy };
        // The cluster's proxy, nobody runs; its release decides on hints.
        const pooled: Plan = {
          ...plan,
          proxy: other.proxy,
          cluster: { ...random.cluster, pools: pools.map((pool) => ({ ...pool, agent })) },
        };
        const traces = [plan, pooled].map((each) => {
          const trace = emptyTrace();
          simulate(each, 0, undefined, trace);
          return comparable(each, trace);
        });
        expect(traces[1]).toEqual(traces[0]);
        samples += traces[0]!.samples.length;
      }),
      { seed: 7, numRuns: 25 },
    );
    expect(samples).toBeGreaterThan(5000);
  });

  it('has no failures, and nothing else changed, where the share of failing syncs is next to none', () => {
    fc.assert(
      fc.property(randomPlan, (random) => {
        const pools = random.cluster.pools.map((pool) => ({ ...pool, agent: null }));
        const plan = (failedSyncs: number): Plan => ({
          ...random,
          cluster: { ...random.cluster, pools },
          proxy: { ...random.proxy, failedSyncs },
          events: random.events.filter((event) => event.kind !== 'changeAgents'),
        });
        expect(simulate(plan(2 ** -60), 0)).toEqual(simulate(plan(0), 0));
      }),
      { seed: 8, numRuns: 10 },
    );
  });
});

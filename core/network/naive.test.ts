/**
 * Differential test: the product and the reference simulation, written independently from one page,
 * must agree to the nanosecond on every slice write and on every (write, node).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxyModel, proxyModelIds } from '../models/proxy/registry.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import type { Trace, TracedSample, TracedWrite } from '../trace.ts';
import { naiveSimulate } from './testing/naive-simulation.ts';
import { randomPlan } from './testing/random-plan.ts';
import { SECOND_NS, tinyPlan, tinyService, tinyWorkload } from './testing/tiny-plan.ts';

interface Comparable {
  /** By commit. */
  readonly writes: TracedWrite[];
  /** `write` replaced by its commit, which no two writes share. By (write, node). */
  readonly samples: (Omit<TracedSample, 'write'> & { readonly commitNs: number })[];
}

/**
 * The writes whose trigger lies in the measured window, as far as they were programmed before the
 * end of the drain time: the product stops when those are done, the reference never before the end.
 */
function comparable(plan: Plan, trace: Trace): Comparable {
  const windowEndNs = plan.warmUpNs + plan.horizonNs;
  const endNs = windowEndNs + plan.drainNs;
  const measured = (write: TracedWrite) =>
    write.triggerNs >= plan.warmUpNs && write.triggerNs < windowEndNs && write.commitNs < endNs;
  const samples = trace.samples
    .filter((sample) => measured(trace.writes[sample.write]!) && sample.visibleNs < endNs)
    .map(({ write, ...sample }) => ({ ...sample, commitNs: trace.writes[write]!.commitNs }))
    .sort((a, b) => a.commitNs - b.commitNs || a.node - b.node);
  const writes = trace.writes.filter(measured).sort((a, b) => a.commitNs - b.commitNs);
  return { writes, samples };
}

function both(plan: Plan, replication: number): { fast: Comparable; naive: Comparable } {
  const trace: Trace = { writes: [], samples: [] };
  simulate(plan, replication, undefined, trace);
  return {
    fast: comparable(plan, trace),
    naive: comparable(plan, naiveSimulate(plan, replication, proxyModel(plan.proxy.model))),
  };
}

/** Fails at the first difference; returns how many samples agree, and how many waited at the proxy. */
function agree(plan: Plan, replication: number): { samples: number; waited: number } {
  const { fast, naive } = both(plan, replication);
  const different = naive.writes.findIndex((write, i) => !sameNumbers(write, fast.writes[i]));
  if (different >= 0) expect(fast.writes[different]).toEqual(naive.writes[different]);
  expect(fast.writes.length).toBe(naive.writes.length);
  const other = naive.samples.findIndex((sample, i) => !sameNumbers(sample, fast.samples[i]));
  if (other >= 0) expect(fast.samples[other]).toEqual(naive.samples[other]);
  expect(fast.samples.length).toBe(naive.samples.length);
  const waited = naive.samples.filter((sample) => sample.syncStartNs > sample.receivedNs).length;
  return { samples: naive.samples.length, waited };
}

function sameNumbers<T extends object>(wanted: T, got: T | undefined): boolean {
  return (
    got !== undefined &&
    (Object.keys(wanted) as (keyof T)[]).every((key) => wanted[key] === got[key])
  );
}

describe('the simulator', () => {
  it('agrees with the reference on every (write, node), to the nanosecond', () => {
    let samples = 0;
    let waited = 0;
    fc.assert(
      fc.property(randomPlan, fc.integer({ min: 0, max: 3 }), (plan, replication) => {
        const agreed = agree(plan, replication);
        samples += agreed.samples;
        waited += agreed.waited;
      }),
      { seed: 20_014, numRuns: 80 },
    );
    // The comparison was about something.
    expect(samples).toBeGreaterThan(20_000);
    expect(waited).toBeGreaterThan(samples / 4);
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
        services: [tinyService([0]), tinyService([0], { ports: 2 })],
        podChangesPerSecond: 10,
        events: rolls,
      },
      0,
    );
    expect(samples).toBeGreaterThan(100);
  });
});

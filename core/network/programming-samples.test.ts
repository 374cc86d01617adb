/**
 * The sums that a run keeps of its (write, node) samples, against the samples themselves: a trace
 * writes each of them down, and is summed up here in the plainest way. Covers the modes whose syncs
 * are added up one by one and those that are added up together.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { Histogram, type HistogramCell } from '../metrics/histogram.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { SLI_BOUNDS_NS } from '../metrics/sli.ts';
import { plainProxy } from '../plain-plans.ts';
import type { Plan, ScenarioEventPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, testPlan } from '../testing/plans.ts';
import { emptyTrace, type Trace, type TracedSample, type TracedWrite } from '../trace.ts';
import { randomPlan } from './testing/random-plan.ts';

interface Summary {
  readonly programming: HistogramCell;
  readonly convergence: HistogramCell;
  readonly sli: readonly number[];
  readonly syncLengths: HistogramCell;
}

const timesOf = (write: TracedWrite, sample: TracedSample) => [
  write.triggerNs,
  write.knownNs,
  write.syncStartNs,
  write.requestNs,
  write.commitNs,
  sample.receivedNs,
  sample.syncStartNs,
  sample.kernelStartNs,
  sample.visibleNs,
];

function add(histogram: Histogram, write: TracedWrite, sample: TracedSample): number {
  const times = timesOf(write, sample);
  const stages = PROGRAMMING_STAGES.map((_, i) => times[i + 1]! - times[i]!);
  const valueNs = sample.visibleNs - write.triggerNs;
  histogram.recordStages(valueNs, Float64Array.from(stages));
  return valueNs;
}

function summarise(plan: Plan, trace: Trace, wanted: Cell): Summary {
  const toNs = plan.warmUpNs + plan.horizonNs;
  const measures = (timeNs: number) => timeNs >= plan.warmUpNs && timeNs < toNs;
  const joinedNs = new Map<number, number>();
  let { nodes } = plan.cluster;
  for (const event of [...plan.events].sort((a, b) => a.atNs - b.atNs)) {
    if (event.kind !== 'addNodes') continue;
    for (let i = 0; i < event.count; i++) joinedNs.set(nodes++, plan.warmUpNs + event.atNs);
  }
  const programming = new Histogram(PROGRAMMING_STAGES.length);
  const convergence = new Histogram(PROGRAMMING_STAGES.length);
  const sli = new Array<number>(SLI_BOUNDS_NS.length).fill(0);
  const last = new Map<number, TracedSample>();
  const seen = new Map<number, number>();
  for (const sample of trace.samples) {
    const write = trace.writes[sample.write]!;
    if (!measures(write.triggerNs)) continue;
    const valueNs = add(programming, write, sample);
    if (write.triggerNs >= (joinedNs.get(sample.node) ?? 0)) {
      sli[SLI_BOUNDS_NS.findIndex((bound) => valueNs <= bound)]!++;
    }
    seen.set(sample.write, (seen.get(sample.write) ?? 0) + 1);
    const before = last.get(sample.write);
    const later =
      before === undefined ||
      sample.visibleNs > before.visibleNs ||
      (sample.visibleNs === before.visibleNs && sample.node < before.node);
    if (later) last.set(sample.write, sample);
  }
  for (const [index, sample] of last) {
    const write = trace.writes[index]!;
    const watching = [...joinedNs.values()].filter((atNs) => atNs <= write.commitNs).length;
    if (seen.get(index) === plan.cluster.nodes + watching) add(convergence, write, sample);
  }
  // Of modes that make no sync without a write, and show all at the end of it.
  const syncs = new Histogram();
  const met = new Set<string>();
  for (const { node, syncStartNs, visibleNs } of trace.samples) {
    const key = `${node} ${syncStartNs}`;
    if (!measures(syncStartNs) || met.has(key)) continue;
    met.add(key);
    syncs.record(visibleNs - syncStartNs);
  }
  const stages = wanted.distributions['networkProgramming']!.histogram.stages;
  return {
    programming: programming.toCell(stages),
    convergence: convergence.toCell(stages),
    sli,
    syncLengths: syncs.toCell([]),
  };
}

function run(plan: Plan): { cell: Cell; summary: Summary; trace: Trace } {
  const trace = emptyTrace();
  const cell = simulate(plan, 0, undefined, trace);
  return { cell, summary: summarise(plan, trace, cell), trace };
}

function expectSameSums({ cell, summary }: { cell: Cell; summary: Summary }): void {
  const { networkProgramming, endpointConvergence } = cell.distributions;
  expect(networkProgramming!.histogram).toEqual(summary.programming);
  expect(endpointConvergence!.histogram).toEqual(summary.convergence);
}

function expectSameSli({ cell, summary }: { cell: Cell; summary: Summary }): void {
  expect(cell.buckets['networkProgramming.sli']!.counts).toEqual(summary.sli);
}

describe('the sums over (write, node)', () => {
  it('are those of the samples, in every mode and whatever happens', () => {
    let samples = 0;
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const ran = run(plan);
        expectSameSums(ran);
        // It leaves out changes older than a proxy, and of restarted ones the trace does not say how old.
        const restarts = ({ kind }: ScenarioEventPlan) => /Agents$/.test(kind);
        if (!plan.events.some(restarts)) expectSameSli(ran);
        samples += ran.trace.samples.length;
      }),
      { seed: 30_032, numRuns: 60 },
    );
    expect(samples).toBeGreaterThan(10_000);
  });

  it('are those of the samples where hundreds of syncs are added up together', () => {
    const base = testPlan();
    const { cell, summary, trace } = run(
      testPlan({
        cluster: clusterOf(300),
        proxy: plainProxy('ebpf', { minSyncPeriodNs: 0, syncPeriodNs: 30e9 }),
        controlPlane: { ...base.controlPlane, controllerManager: { qps: 100, burst: 100 } },
        podChangesPerSecond: 30,
        traffic: [],
        events: [{ atNs: 5e9, label: 'join', kind: 'addNodes', count: 7 }],
      }),
    );
    expectSameSums({ cell, summary });
    const visibleAtOnce = new Set(trace.samples.map((s) => `${s.node} ${s.syncStartNs}`)).size;
    // Nearly all syncs cover one write; some cover more, and some wait for the one before.
    expect(visibleAtOnce).toBeGreaterThan(0.9 * trace.samples.length);
    expect(visibleAtOnce).toBeLessThan(trace.samples.length);
    expect(trace.samples.some((s) => s.syncStartNs > s.receivedNs)).toBe(true);
  });

  it.each(['iptables-nft', 'nftables'] as const)(
    'are those of the samples where thousands of syncs of %s cover many writes each',
    (model) => {
      const base = testPlan();
      const { cell, summary, trace } = run(
        testPlan({
          cluster: clusterOf(300),
          proxy: plainProxy(model, { minSyncPeriodNs: 1e9, syncPeriodNs: 30e9 }),
          controlPlane: { ...base.controlPlane, controllerManager: { qps: 100, burst: 100 } },
          podChangesPerSecond: 20,
          traffic: [],
          events: [{ atNs: 5e9, label: 'join', kind: 'addNodes', count: 7 }],
        }),
      );
      expectSameSums({ cell, summary });
      const syncs = new Set(trace.samples.map((s) => `${s.node} ${s.syncStartNs}`)).size;
      expect(syncs).toBeGreaterThan(2000);
      expect(trace.samples.length).toBeGreaterThan(5 * syncs);
    },
  );

  it('count the syncs that are added up together, and their lengths', () => {
    const plan = testPlan({
      proxy: plainProxy('ebpf', { minSyncPeriodNs: 0, syncPeriodNs: 30e9 }),
      podChangesPerSecond: 1,
      traffic: [],
    });
    const { cell, summary, trace } = run(plan);
    const starts = new Set(trace.samples.map((s) => `${s.node} ${s.syncStartNs}`));
    // Every sync covers one write here.
    expect(starts.size).toBe(trace.samples.length);
    expect(cell.distributions['proxySync']!.histogram).toEqual(summary.syncLengths);
  });
});

/** What an explanation says of a run is what the run did, to the nanosecond. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf } from '../metrics/histogram.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { randomPlan } from '../network/testing/random-plan.ts';
import { SECOND_NS, tinyPlan, tinyService, tinyWorkload } from '../network/testing/tiny-plan.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { emptyTrace } from '../trace.ts';
import { EXPLAINED, explainReplication } from './explain-replication.ts';

const ask = (plan: Plan, metric: (typeof EXPLAINED)[number], quantile = 0.9, worst = 3) =>
  explainReplication(plan, 0, simulate(plan, 0), { metric, quantile, limitNs: null, worst });

const busy: Plan = {
  ...tinyPlan,
  cluster: {
    ...tinyPlan.cluster,
    nodes: 20,
    pools: [{ ...tinyPlan.cluster.pools[0]!, nodes: 20 }],
  },
  workloads: [tinyWorkload(40)],
  services: [tinyService([0])],
  podChangesPerSecond: 4,
};

describe('an explanation', () => {
  it.each(EXPLAINED)('of random runs has the stages of traced samples of %s', (metric) => {
    let chains = 0;
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const trace = emptyTrace();
        const cell = simulate(plan, 0, undefined, trace);
        const { histogram } = cell.distributions[metric]!;
        const question = { metric, quantile: 0.9, limitNs: null, worst: 3 };
        const { worst, tail, samples } = explainReplication(plan, 0, cell, question);
        if (samples === 0) return;
        const causes = tail.causes.reduce((sum, cause) => sum + cause.samples, 0);
        expect(causes).toBe(tail.samples);
        for (const chain of worst) {
          const traced = trace.samples.find(
            (sample) =>
              sample.node === chain.node &&
              sample.visibleNs === chain.visibleNs &&
              trace.writes[sample.write]!.commitNs === chain.stages[3]!.toNs,
          )!;
          const write = trace.writes[traced.write]!;
          expect(chain.stages.map(({ toNs }) => toNs)).toEqual([
            write.knownNs,
            write.syncStartNs,
            write.requestNs,
            write.commitNs,
            traced.receivedNs,
            traced.syncStartNs,
            traced.kernelStartNs,
            traced.visibleNs,
          ]);
          let atNs = write.triggerNs;
          for (const stage of chain.stages) {
            expect(stage.fromNs).toBe(atNs);
            for (const wait of stage.waits) {
              expect(wait.fromNs).toBe(atNs);
              atNs = wait.toNs;
            }
            expect(stage.toNs).toBe(atNs);
          }
          chains++;
        }
        const values = worst.map(({ triggerNs, visibleNs }) => visibleNs - triggerNs);
        expect(histogram.buckets).toContain(bucketOf(values[0]!));
        if (metric === 'networkProgramming') {
          expect(bucketOf(values[0]!)).toBe(histogram.buckets.at(-1));
        }
      }),
      { seed: 8, numRuns: 60 },
    );
    expect(chains).toBeGreaterThan(60);
  });

  it('of a tail that is everything adds up to the stage sums of the cell', () => {
    const cell = simulate(busy, 0);
    const { histogram } = cell.distributions['endpointConvergence']!;
    const writes = histogram.lines.reduce((sum, n, i) => sum + (i % 10 === 0 ? n : 0), 0);
    const { worst } = ask(busy, 'endpointConvergence', 0, writes);
    expect(worst).toHaveLength(writes);
    PROGRAMMING_STAGES.forEach((stage, s) => {
      const sum = worst.reduce(
        (total, { stages }) => total + stages[s]!.toNs - stages[s]!.fromNs,
        0,
      );
      const summed = histogram.lines.reduce((total, n, i) => total + (i % 10 === s + 2 ? n : 0), 0);
      expect([stage, sum]).toEqual([stage, summed]);
    });
  });

  it('of changes in flight at the end keeps none of them, and still the worst that ended', () => {
    const plan: Plan = {
      ...busy,
      controlPlane: {
        ...busy.controlPlane,
        slowWatchers: { share: 0.5, bytesPerSecond: 2e4 },
      },
      proxy: { ...busy.proxy, failedSyncs: 0.3 },
    };
    const all = ask(plan, 'endpointConvergence', 0, 10_000);
    expect(all.censored).toBeGreaterThan(0);
    expect(all.worst).toHaveLength(all.samples);
    for (const worst of [1, 3, 10]) {
      expect(ask(plan, 'endpointConvergence', 0.9, worst).worst).toEqual(all.worst.slice(0, worst));
    }
  });

  it.each(EXPLAINED)(
    'of a limit inside a bucket has the traced samples beyond it in its tail: %s',
    (metric) => {
      const cell = simulate(busy, 0);
      const { worst: all } = ask(busy, metric, 0, 10_000);
      const values = all.map(({ triggerNs, visibleNs }) => visibleNs - triggerNs);
      const limitNs = values[Math.floor(values.length / 2)]!;
      const { tail } = explainReplication(busy, 0, cell, {
        metric,
        quantile: 0.9,
        limitNs,
        worst: 1,
      });
      expect(tail.rule).toBe('limit');
      if (metric === 'endpointConvergence') {
        expect(tail.samples).toBe(values.filter((value) => value > limitNs).length);
      }
      expect(tail.samples).toBeGreaterThan(0);
      expect(tail.explained).toBe(tail.samples);
    },
  );

  it('of a large tail explains a part of it, has all of it in its sum, and the same worst changes', () => {
    const nodes = 2000;
    const pools = [{ ...busy.cluster.pools[0]!, nodes }];
    const plan = { ...busy, cluster: { ...busy.cluster, nodes, pools } };
    const large = ask(plan, 'networkProgramming', 0);
    const { samples, explained, causes } = large.tail;
    expect(samples).toBe(large.samples);
    expect(samples).toBeGreaterThan(100_000);
    expect(explained).toBeLessThan(101_000);
    expect(explained).toBeGreaterThan(50_000 - nodes);
    expect(causes.reduce((sum, cause) => sum + cause.samples, 0)).toBe(explained);
    expect(large.worst).toEqual(ask(plan, 'networkProgramming', 0.999).worst);
  });

  it.each([
    [
      'fanoutBandwidth',
      {
        controlPlane: { ...busy.controlPlane, fanoutBytesPerSecond: 2e6 },
        podChangesPerSecond: 0.5,
      },
    ],
    [
      'batchPeriod',
      {
        controlPlane: {
          ...busy.controlPlane,
          endpointSlice: { ...busy.controlPlane.endpointSlice, batchPeriodNs: 5 * SECOND_NS },
        },
      },
    ],
    ['minSyncPeriod', { proxy: { ...busy.proxy, minSyncPeriodNs: 10 * SECOND_NS } }],
    ['kubeletLimit', { controlPlane: { ...busy.controlPlane, kubelet: { qps: 0.1, burst: 1 } } }],
    [
      'controllerLimit',
      { controlPlane: { ...busy.controlPlane, controllerManager: { qps: 2, burst: 1 } } },
    ],
    ['failedSync', { proxy: { ...busy.proxy, failedSyncs: 0.3 } }],
    [
      'stoppedAgent',
      {
        events: [
          {
            kind: 'restartAgents',
            pool: null,
            count: 20,
            overNs: 0,
            atNs: 20 * SECOND_NS,
            label: '',
          },
        ],
      },
    ],
    [
      'apiserverOutage',
      {
        events: [
          {
            kind: 'apiserverOutage',
            apiserver: 0,
            atNs: 20 * SECOND_NS,
            forNs: 10 * SECOND_NS,
            label: '',
          },
        ],
      },
    ],
    [
      'slowLink',
      {
        controlPlane: { ...busy.controlPlane, slowWatchers: { share: 0.5, bytesPerSecond: 2e4 } },
      },
    ],
    ['etcdQueue', { constants: { ...busy.constants, 'control-plane.etcd.service': 120e6 } }],
  ])('names the planted cause %s', (cause, planted) => {
    for (const metric of EXPLAINED) {
      const { tail, worst } = ask({ ...busy, ...planted } as Plan, metric);
      expect(tail.causes[0]!.cause).toBe(cause);
      expect(worst.length).toBe(3);
    }
  });
});

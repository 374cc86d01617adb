/** The cell of a divided run is that of the same run on one thread: traffic of all kinds. */
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { randomTrafficPlan } from '../core/network/testing/random-traffic.ts';
import { plainProxy, trafficToAll } from '../core/plain-plans.ts';
import type { Plan } from '../core/plan.ts';
import { simulate } from '../core/simulate.ts';
import { testPlan } from '../core/testing/plans.ts';
import { makeGangPool } from './gang-pool.ts';

const pools = [2, 3].map((partitions) =>
  makeGangPool({ execution: { lanes: 1, partitions, reason: '' }, wanted: partitions }),
);

afterAll(async () => {
  for (const pool of pools) await pool.destroy();
});

/** A plan with zones enough to divide. */
function divisible(plan: Plan, zones: number): Plan {
  const { cluster } = plan;
  return { ...plan, cluster: { ...cluster, topology: { ...cluster.topology, zones } } };
}

it('has the same cell in 2 and 3 partitions, whatever the traffic', async () => {
  let requests = 0;
  for (const [i, random] of fc.sample(randomTrafficPlan, { seed: 7, numRuns: 12 }).entries()) {
    const plan = divisible(random, 2 + (i % 3));
    const whole = simulate(plan, 0);
    requests += whole.workload.requests;
    const progress = new SharedArrayBuffer(16);
    const outcome = await pools[i % 2]!.run({ plan, replication: 0, progress });
    expect(outcome).toEqual({ kind: 'cell', cell: whole });
  }
  expect(requests).toBeGreaterThan(3000);
});

it('has the same tables of connections when nodes of other partitions stop to track them', async () => {
  const { kubernetesVersion, ...plan } = testPlan({ traffic: [trafficToAll(200)] });
  const agent = {
    kubernetesVersion,
    proxy: plainProxy('ebpf', { minSyncPeriodNs: 0, syncPeriodNs: 30e9 }),
  };
  const upgrade = { atNs: 1e9, label: 'ebpf', kind: 'changeAgents', agent } as const;
  const events = [{ ...upgrade, pool: null, count: plan.cluster.nodes, overNs: 0 }];
  const changed = divisible({ kubernetesVersion, ...plan, events }, 3);
  const whole = simulate(changed, 0);
  expect(whole.quotients['conntrackEntries']).toBeUndefined();
  const progress = new SharedArrayBuffer(16);
  const outcome = await pools[1]!.run({ plan: changed, replication: 0, progress });
  expect(outcome).toEqual({ kind: 'cell', cell: whole });
});

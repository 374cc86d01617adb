/**
 * Random interruptions of a plan: pools with proxies of their own, syncs that fail, restarts,
 * upgrades, outages and slow watchers, all close enough together to meet each other.
 */

import fc from 'fast-check';
import { proxyModelIds } from '../../models/proxy/registry.ts';
import { plainProxy } from '../../plain-plans.ts';
import type { AgentPlan, Plan, ScenarioEventPlan } from '../../plan.ts';
import { SECOND_NS } from './tiny-plan.ts';

export interface Interruptions {
  /** By pool. */
  readonly agents: readonly (AgentPlan | null)[];
  readonly events: readonly ScenarioEventPlan[];
  readonly slowWatchers: Plan['controlPlane']['slowWatchers'];
  readonly constants: Plan['constants'];
}

/** Nothing is interrupted. */
export const quiet: Interruptions = {
  agents: [],
  events: [],
  slowWatchers: { share: 0, bytesPerSecond: 1e6 },
  constants: {},
};

const int = (min: number, max: number) => fc.integer({ min, max });

/** An odd number of nanoseconds. */
export function oddNs(min: number, max: number): fc.Arbitrary<number> {
  return int(min / 2, max / 2 - 1).map((n) => 2 * n + 1);
}

/** A proxy of any mode, from the first release with nftables on; both runners. No sync fails. */
export const randomAgent: fc.Arbitrary<AgentPlan> = fc
  .record({
    kubernetesVersion: fc.constantFrom('1.25', '1.31', '1.33', '1.34', '1.35', '1.36'),
    model: fc.constantFrom(...proxyModelIds),
    minSyncPeriodNs: fc.oneof(fc.constant(0), fc.constant(SECOND_NS), oddNs(2e8, 10e9)),
    syncPeriodNs: fc.constantFrom(10 * SECOND_NS, 30 * SECOND_NS),
  })
  .map(({ kubernetesVersion, model, ...timers }) => ({
    kubernetesVersion,
    proxy: plainProxy(model, timers),
  }));

const failingAgent: fc.Arbitrary<AgentPlan> = fc
  .tuple(randomAgent, fc.constantFrom(0, 0.05, 0.3), fc.constantFrom(1, 1, 4))
  .map(([agent, failedSyncs, faster]) => {
    const failing = agent.proxy.model === 'ebpf' ? 0 : failedSyncs;
    // Retries within the run, and some that are due before the runner allows a sync.
    const syncPeriodNs = agent.proxy.syncPeriodNs / faster + 7;
    return { ...agent, proxy: { ...agent.proxy, syncPeriodNs, failedSyncs: failing } };
  });

function agentEvent(sizes: readonly number[], atNs: fc.Arbitrary<number>) {
  const pools = sizes.flatMap((size, index) => (size > 0 ? [index] : []));
  return fc
    .record({
      atNs,
      label: fc.constant('event'),
      pool: fc.constantFrom(null, ...pools),
      share: fc.constantFrom(0, 0.4, 1),
      overNs: fc.oneof(fc.constant(0), oddNs(2, 12e9)),
      agent: fc.option(failingAgent, { freq: 2 }),
    })
    .map(({ pool, share, agent, ...others }): ScenarioEventPlan => {
      const size = pool === null ? sizes.reduce((sum, each) => sum + each, 0) : sizes[pool]!;
      const selection = { ...others, pool, count: Math.max(1, Math.round(share * size)) };
      return agent === null
        ? { ...selection, kind: 'restartAgents' }
        : { ...selection, kind: 'changeAgents', agent };
    });
}

const outageEvent = (apiservers: number, atNs: fc.Arbitrary<number>) =>
  fc.record({
    atNs,
    label: fc.constant('event'),
    kind: fc.constant('apiserverOutage' as const),
    apiserver: int(0, apiservers - 1),
    forNs: oddNs(1e8, 8e9),
  });

/** Of a cluster with pools of `sizes` nodes, whose own proxy is `agent`. */
export function randomInterruptions(
  sizes: readonly number[],
  apiservers: number,
  agent: AgentPlan,
): fc.Arbitrary<Interruptions> {
  // Together, so that they overlap, or anywhere.
  const atNs = fc.oneof(oddNs(1e9, 5e9), oddNs(2, 25e9));
  const ofPool = fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: failingAgent },
    { weight: 1, arbitrary: failingAgent.map(({ proxy }) => withFailures(agent, proxy)) },
  );
  const addNodes = fc.record({
    atNs,
    label: fc.constant('event'),
    kind: fc.constant('addNodes' as const),
    count: int(1, 3),
  });
  return fc.record({
    agents: fc.tuple(...sizes.map(() => ofPool)),
    events: fc.array(
      fc.oneof(
        { weight: 3, arbitrary: agentEvent(sizes, atNs) },
        { weight: 3, arbitrary: outageEvent(apiservers, atNs) },
        { weight: 1, arbitrary: addNodes },
      ),
      { maxLength: 5 },
    ),
    slowWatchers: fc.record({
      share: fc.constantFrom(0, 0, 0.15, 0.5, 1),
      bytesPerSecond: fc.constantFrom(300, 2000, 20_000),
    }),
    constants: fc.record({
      'node.agent-restart': oddNs(1e6, 4e9),
      'watch.reconnect': fc.oneof(fc.constant(0), oddNs(1e6, 3e9)),
      'watch.reconnect-fixed': oddNs(1e6, 2e9),
      'watch.buffer': int(1, 12),
    }),
  });
}

function withFailures(agent: AgentPlan, { failedSyncs }: AgentPlan['proxy']): AgentPlan {
  const failing = agent.proxy.model === 'ebpf' ? 0 : failedSyncs;
  return { ...agent, proxy: { ...agent.proxy, failedSyncs: failing } };
}

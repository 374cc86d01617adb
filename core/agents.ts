/** Which service proxies run in a plan at some time, on whichever nodes. */
import type { AgentPlan, Plan } from './plan.ts';

/** The part of a plan that says so. */
export type PlanOfAgents = Pick<Plan, 'kubernetesVersion' | 'proxy'> & {
  readonly cluster: Pick<Plan['cluster'], 'pools'>;
  readonly events: Plan['events'];
};

/**
 * The cluster's own unless every pool has another, those of pools that have nodes (nodes that join
 * belong to the first pool), and those of upgrades. In this order; the same one may come twice.
 */
export function agentsOfPlan(plan: PlanOfAgents): AgentPlan[] {
  const { kubernetesVersion, proxy, cluster, events } = plan;
  const used = cluster.pools.filter(({ nodes }, index) => nodes > 0 || index === 0);
  const ofCluster = used.length === 0 || used.some(({ agent }) => agent === null);
  return [
    ...(ofCluster ? [{ kubernetesVersion, proxy }] : []),
    ...used.flatMap(({ agent }) => agent ?? []),
    ...events.flatMap((event) =>
      event.kind === 'changeAgents' && event.count > 0 ? [event.agent] : [],
    ),
  ];
}

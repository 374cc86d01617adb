/** A run that ends before tables of connections hold what they will hold. Tables start empty. */
import { agentsOfPlan } from '../../core/agents.ts';
import { constantReader } from '../../core/constant.ts';
import { conntrack } from '../../core/models/conntrack.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import type { LifetimeDistribution, Plan } from '../../core/plan.ts';
import type { Warning } from '../../core/results.ts';
import { formatDuration } from '../values/duration.ts';

/** Of the variants whose tables are still filling when the run ends. */
export function fillingWarning(plans: readonly Plan[]): Warning[] {
  const texts = new Map<string, Set<string>>();
  for (const plan of plans) {
    const fillingNs = tracksFlows(plan) ? longestEntryNs(plan) : 0;
    const runNs = plan.warmUpNs + plan.horizonNs;
    if (runNs >= fillingNs) continue;
    const text = `connections are in the tables for ${formatDuration(fillingNs)}, and the run ends after ${formatDuration(runNs)}: conntrackEntries and conntrackLargest show too little`;
    texts.set(text, (texts.get(text) ?? new Set()).add(plan.variant));
  }
  return Array.from(texts, ([text, variants]) => ({
    code: 'W507',
    text: `${[...variants].join(', ')}: ${text}`,
  }));
}

function tracksFlows(plan: Plan): boolean {
  return agentsOfPlan(plan).some(({ proxy }) => proxyModel(proxy.model).tracksFlowsItself !== true);
}

/** A connection's mean length and the time its entry stays afterwards, of the longest traffic. */
function longestEntryNs({ constants, traffic }: Plan): number {
  const read = constantReader(constants);
  const ofTraffic = traffic.map(({ lifetime, protocol, requestsPerSecond }) => {
    if (requestsPerSecond === 0) return 0;
    const timeout = protocol === 'UDP' ? conntrack.udp : conntrack.timeWait;
    return Math.round(read(timeout) * 1e9 + (lifetime === null ? 0 : typicalNs(lifetime)));
  });
  return Math.max(0, ...ofTraffic);
}

/** The mean; of a Pareto distribution, which may have none, the 95th percentile. */
function typicalNs(lifetime: LifetimeDistribution): number {
  if (lifetime.kind === 'constant') return lifetime.ns;
  return lifetime.kind === 'exponential' ? lifetime.meanNs : lifetime.p95Ns;
}

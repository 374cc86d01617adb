/** `spec.events` as events of a plan, in order of time. References that lead nowhere are reported. */
import type { AgentSelection, PoolPlan, ScenarioEventPlan } from '../../core/plan.ts';
import { durationNs, formatDuration } from '../values/duration.ts';
import { share } from '../values/share.ts';
import { type Agents, agentPlanOf, poolsNamed } from './agents.ts';
import type { Context } from './context.ts';
import { workloadReference } from './references.ts';

const rollable = ['Deployment', 'StatefulSet', 'DaemonSet'];
const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet'];

type Event = Context['spec']['events'][number];

export function eventsOf(
  context: Context,
  agents: Agents,
  pools: readonly PoolPlan[],
): ScenarioEventPlan[] {
  const events = context.spec.events.flatMap((event, index): ScenarioEventPlan[] => {
    const atNs = durationNs(event.at)!;
    const named = (text: string) => event.label ?? text;
    if ('addNodes' in event) {
      const label = named(`add ${event.addNodes} nodes`);
      return [{ atNs, label, kind: 'addNodes', count: event.addNodes }];
    }
    if ('scale' in event) {
      const path = ['events', index, 'scale'];
      const workload = workloadReference(context, event.scale, path, scalable);
      if (workload === undefined) return [];
      const label = named(`scale ${event.scale} to ${event.replicas}`);
      return [{ atNs, label, kind: 'scale', workload, replicas: event.replicas }];
    }
    if ('rollingUpdate' in event) {
      const path = ['events', index, 'rollingUpdate'];
      const workload = workloadReference(context, event.rollingUpdate, path, rollable);
      const label = named(`roll ${event.rollingUpdate}`);
      return workload === undefined ? [] : [{ atNs, label, kind: 'rollingUpdate', workload }];
    }
    if ('apiserverOutage' in event) {
      const { apiserverOutage: apiserver } = event;
      const forNs = durationNs(event.for)!;
      const label = named(`apiserver ${apiserver} away for ${formatDuration(forNs)}`);
      return [{ atNs, label, kind: 'apiserverOutage', apiserver, forNs }];
    }
    if ('restartAgents' in event) {
      const label = named(`restart proxies of ${poolText(event.restartAgents)}`);
      const chosen = selectionOf(context, event.restartAgents, event, pools);
      return [{ atNs, label, kind: 'restartAgents', ...chosen }];
    }
    const upgrade = agents.upgrades.find((one) => one.event === index);
    const [agent] = upgrade?.to ?? [];
    if (agent === undefined) return [];
    const label = named(`upgrade proxies of ${poolText(event.upgradeAgents)}`);
    const chosen = selectionOf(context, event.upgradeAgents, event, pools);
    return [{ atNs, label, kind: 'changeAgents', agent: agentPlanOf(agent), ...chosen }];
  });
  return events.sort((a, b) => a.atNs - b.atNs);
}

function poolText(name: string): string {
  return name === '*' ? 'all nodes' : name;
}

/** Of nodes that are there, at least one. */
function selectionOf(
  context: Context,
  name: string,
  event: Extract<Event, { over: string }>,
  pools: readonly PoolPlan[],
): AgentSelection {
  const pool = name === '*' ? null : (poolsNamed(context, name)[0] ?? null);
  const nodes = pool === null ? context.spec.cluster.nodes : pools[pool]!.nodes;
  const count = Math.min(nodes, Math.max(1, Math.round(share(event.share)! * nodes)));
  return { pool, count, overNs: durationNs(event.over)! };
}

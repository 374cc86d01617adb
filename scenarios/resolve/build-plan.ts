/** One variant at one size as a plan. References that lead nowhere are reported. */
import type {
  ClusterPlan,
  ControlPlanePlan,
  Plan,
  PoolPlan,
  PopulationPlan,
  ScenarioEventPlan,
  TrafficPlan,
  WorkloadPlan,
} from '../../core/plan.ts';
import { defaultTerminationGraceNs } from '../kubernetes/workloads.ts';
import type { Spec } from '../schema/scenario.ts';
import { cidr } from '../values/cidr.ts';
import { durationNs } from '../values/duration.ts';
import { quantity } from '../values/quantity.ts';
import { bytesPerSecond, ratePerSecond } from '../values/rate.ts';
import { share } from '../values/share.ts';
import type { Context } from './context.ts';
import {
  meanEndpoints,
  podChangesPerSecond,
  podsBehind,
  podsOf,
  populationsOf,
  ruleCountsOf,
} from './load-shape.ts';
import { followsSyncPeriod, proxyModelId, proxyModelOf } from './models.ts';
import { trafficTarget, workloadReference } from './references.ts';

export interface PlanInput {
  readonly scenario: string;
  readonly at: Plan['at'];
  /** Nodes that the counts of `workload` are written for. */
  readonly referenceNodes: number;
}

/** A plan even when problems were reported; nothing uses it then. */
export function buildPlan(context: Context, input: PlanInput): Plan {
  const { spec, objects } = context;
  const { nodes } = spec.cluster;
  const model = proxyModelOf(spec.proxy);
  const ns = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : durationNs(text)!;
  const syncPeriodNs = ns(spec.proxy.syncPeriod, model.defaults.syncPeriodNs);
  const populations = populationsOf(spec, input.referenceNodes);
  const counts = ruleCountsOf(populations, objects, nodes);
  const followed = followsSyncPeriod(model, spec.cluster.kubernetesVersion, counts);
  const settleNs = settlingTimeNs(context, followed ? syncPeriodNs : 0);
  const traffic = trafficOf(context, populations);
  return {
    scenario: input.scenario,
    variant: context.variant,
    at: input.at,
    seed: String(spec.run.seed),
    kubernetesVersion: spec.cluster.kubernetesVersion,
    warmUpNs: spec.run.warmup === 'auto' ? settleNs : durationNs(spec.run.warmup)!,
    horizonNs: durationNs(spec.run.duration)!,
    drainNs: settleNs,
    cluster: clusterOf(spec),
    controlPlane: controlPlaneOf(spec.controlPlane),
    proxy: {
      model: proxyModelId(spec.proxy),
      minSyncPeriodNs: ns(spec.proxy.minSyncPeriod, model.defaults.minSyncPeriodNs),
      syncPeriodNs,
    },
    constants: spec.constants,
    populations,
    workloads: workloadsOf(context, nodes),
    services: objects.services.map(({ namespace, name, ports, headless, workloads }) => ({
      namespace,
      name,
      ports,
      headless,
      workloads,
    })),
    podChangesPerSecond: podChangesPerSecond(spec, input.referenceNodes),
    traffic,
    events: eventsOf(context),
  };
}

const shortestSettlingNs = 30e9;

/**
 * The longest of 30 s, syncPeriod, and the time a pod takes to end: after it, pods that were ending
 * at the start are gone and every retry has happened once. `warmup: auto`, and the drain at the end.
 */
function settlingTimeNs(context: Context, syncPeriodNs: number): number {
  const graces = context.objects.workloads.map(({ terminationGraceNs }) => terminationGraceNs);
  const generated = context.spec.workload.services.length > 0 ? [defaultTerminationGraceNs] : [];
  const longest = [...graces, ...generated].reduce((a, b) => Math.max(a, b), 0);
  return Math.max(shortestSettlingNs, syncPeriodNs, longest);
}

function clusterOf(spec: Spec): ClusterPlan {
  const { cluster } = spec;
  const range = cidr(cluster.podCIDR)!;
  const { rack, zone, region } = cluster.topology.latency;
  return {
    nodes: cluster.nodes,
    pools: poolsOf(spec),
    topology: {
      zones: cluster.zones.count,
      racksPerZone: cluster.topology.racksPerZone,
      rackLatencyNs: durationNs(rack)!,
      zoneLatencyNs: durationNs(zone)!,
      regionLatencyNs: durationNs(region)!,
    },
    podCidrBase: range.base,
    podCidrBits: range.bits,
    nodeMaskBits: cluster.nodeMask,
  };
}

/** The node class of a cluster whose classes nobody describes. */
export const defaultPool = { name: 'default', share: 1, cores: 8, podsPerNode: 110 };

/** Shares to counts by largest remainder; the counts add up to the nodes. */
export function poolsOf(spec: Spec): PoolPlan[] {
  const { nodes } = spec.cluster;
  const pools = spec.cluster.pools.length > 0 ? spec.cluster.pools : [defaultPool];
  const exact = pools.map((pool) => share(pool.share)! * nodes);
  const counts = exact.map(Math.floor);
  const order = exact.map((_, i) => i).sort((a, b) => (exact[b]! % 1) - (exact[a]! % 1) || a - b);
  let left = nodes - counts.reduce((a, b) => a + b, 0);
  for (let i = 0; left > 0; i = (i + 1) % order.length, left--) counts[order[i]!]! += 1;
  return pools.map((pool, index) => ({
    name: pool.name,
    nodes: counts[index]!,
    cores: quantity(pool.cores)!,
    podsPerNode: pool.podsPerNode,
  }));
}

function controlPlaneOf(controlPlane: Spec['controlPlane']): ControlPlanePlan {
  const { maxEndpoints, batchPeriod, concurrentSyncs } = controlPlane.endpointSlice;
  return {
    apiservers: controlPlane.apiservers,
    controllerManager: controlPlane.controllerManager,
    endpointSlice: { maxEndpoints, batchPeriodNs: durationNs(batchPeriod)!, concurrentSyncs },
    fanoutBytesPerSecond: bytesPerSecond(controlPlane.watch.fanoutBandwidth)!,
    scheduler: controlPlane.scheduler,
    kubelet: controlPlane.kubelet,
  };
}

function workloadsOf(context: Context, nodes: number): WorkloadPlan[] {
  return context.objects.workloads.map((workload) => ({
    namespace: workload.namespace,
    name: workload.name,
    kind: workload.kind,
    replicas: workload.replicas,
    perNode: workload.perNode,
    ...workload.limits(workload.perNode ? nodes : workload.replicas),
    terminationGraceNs: workload.terminationGraceNs,
    preStopNs: workload.preStopNs,
  }));
}

function trafficOf(context: Context, populations: readonly PopulationPlan[]): TrafficPlan[] {
  const { spec, objects } = context;
  const { nodes } = spec.cluster;
  return spec.traffic.flatMap((entry, index) => {
    const to = trafficTarget(context, entry.to, ['traffic', index, 'to']);
    if (to === undefined) return [];
    const { rate } = entry;
    const pods = () => {
      if (to.kind === 'all') return podsOf(populations, objects, nodes);
      if (to.kind === 'service') return podsBehind(objects.services[to.index]!, objects, nodes);
      return populations[to.index]!.count * meanEndpoints(populations[to.index]!.endpoints);
    };
    const requestsPerSecond =
      'total' in rate
        ? ratePerSecond(rate.total)!
        : 'perNode' in rate
          ? ratePerSecond(rate.perNode)! * nodes
          : ratePerSecond(rate.perPod)! * pods();
    return [{ name: entry.name, to, requestsPerSecond }];
  });
}

const rollable = ['Deployment', 'StatefulSet', 'DaemonSet'];
const scalable = ['Deployment', 'StatefulSet', 'ReplicaSet'];

function eventsOf(context: Context): ScenarioEventPlan[] {
  const events = context.spec.events.flatMap((event, index): ScenarioEventPlan[] => {
    const atNs = durationNs(event.at)!;
    const named = (text: string) => event.label ?? text;
    if ('addNodes' in event) {
      const label = named(`add ${event.addNodes} nodes`);
      return [{ atNs, label, kind: 'addNodes', count: event.addNodes }];
    }
    if ('scale' in event) {
      const workload = workloadReference(
        context,
        event.scale,
        ['events', index, 'scale'],
        scalable,
      );
      if (workload === undefined) return [];
      const label = named(`scale ${event.scale} to ${event.replicas}`);
      return [{ atNs, label, kind: 'scale', workload, replicas: event.replicas }];
    }
    const path = ['events', index, 'rollingUpdate'];
    const workload = workloadReference(context, event.rollingUpdate, path, rollable);
    const label = named(`roll ${event.rollingUpdate}`);
    return workload === undefined ? [] : [{ atNs, label, kind: 'rollingUpdate', workload }];
  });
  return events.sort((a, b) => a.atNs - b.atNs);
}

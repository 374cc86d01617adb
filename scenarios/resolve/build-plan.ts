/** One variant at one size as a plan. References that lead nowhere are reported. */
import { agentsOfPlan } from '../../core/agents.ts';
import { eraOf, knownVersions } from '../../core/models/eras.ts';
import { proxyModel } from '../../core/models/proxy/registry.ts';
import type {
  ClusterPlan,
  ControlPlanePlan,
  Plan,
  PoolPlan,
  ServicePlan,
  WorkloadPlan,
} from '../../core/plan.ts';
import { defaultTerminationGraceNs } from '../kubernetes/workloads.ts';
import type { Spec } from '../schema/scenario.ts';
import { cidr } from '../values/cidr.ts';
import { durationNs } from '../values/duration.ts';
import { quantity } from '../values/quantity.ts';
import { bytesPerSecond } from '../values/rate.ts';
import { share } from '../values/share.ts';
import { type Agents, agentPlanOf, agentsOf } from './agents.ts';
import type { Context } from './context.ts';
import { podChangesPerSecond, populationsOf, ruleCountsOf } from './load-shape.ts';
import { followsSyncPeriod } from './models.ts';
import { eventsOf } from './plan-events.ts';
import { trafficOf } from './plan-traffic.ts';
import { meanAddressLength, sliceBytesOf } from './slice-names.ts';

export interface PlanInput {
  readonly scenario: string;
  readonly at: Plan['at'];
  /** Nodes that the counts of `workload` are written for. */
  readonly referenceNodes: number;
}

/** A plan even when problems were reported; nothing uses it then. */
export function buildPlan(context: Context, input: PlanInput): Plan {
  const { spec, objects } = context;
  const agents = agentsOf(context);
  const populations = populationsOf(spec, input.referenceNodes);
  const services = servicesOf(context);
  const cluster = clusterOf(spec, agents);
  const running = { ...agentPlanOf(agents.cluster), cluster };
  const events = eventsOf(context, agents, cluster.pools);
  const counts = ruleCountsOf(populations, objects, cluster.nodes);
  const syncPeriods = agentsOfPlan({ ...running, events }).map(({ kubernetesVersion, proxy }) =>
    followsSyncPeriod(proxyModel(proxy.model), kubernetesVersion, counts) ? proxy.syncPeriodNs : 0,
  );
  const settleNs = settlingTimeNs(context, Math.max(...syncPeriods));
  return {
    scenario: input.scenario,
    variant: context.variant,
    at: input.at,
    seed: String(spec.run.seed),
    warmUpNs: spec.run.warmup === 'auto' ? settleNs : durationNs(spec.run.warmup)!,
    horizonNs: durationNs(spec.run.duration)!,
    drainNs: settleNs,
    ...running,
    controlPlane: controlPlaneOf(spec.controlPlane),
    constants: spec.constants,
    populations,
    workloads: workloadsOf(context, cluster.nodes),
    services,
    podChangesPerSecond: podChangesPerSecond(spec, input.referenceNodes),
    traffic: trafficOf(context, populations, services),
    events,
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

function clusterOf(spec: Spec, agents: Agents): ClusterPlan {
  const { cluster } = spec;
  const range = cidr(cluster.podCIDR)!;
  const { rack, zone, region, external } = cluster.topology.latency;
  return {
    nodes: cluster.nodes,
    pools: poolsOf(spec).map((pool, index) => {
      const own = agents.pools[index] ?? null;
      return { ...pool, agent: own && agentPlanOf(own) };
    }),
    topology: {
      zones: cluster.zones.count,
      racksPerZone: cluster.topology.racksPerZone,
      rackLatencyNs: durationNs(rack)!,
      zoneLatencyNs: durationNs(zone)!,
      regionLatencyNs: durationNs(region)!,
      externalLatencyNs:
        external === undefined
          ? Math.max(durationNs(region)!, defaultExternalLatencyNs)
          : durationNs(external)!,
    },
    podCidrBase: range.base,
    podCidrBits: range.bits,
    nodeMaskBits: cluster.nodeMask,
  };
}

/** Of `cluster.topology.latency.external`, where regions are nearer. */
export const defaultExternalLatencyNs = 1e6;

/** The node class of a cluster whose classes nobody describes. */
export const defaultPool = {
  name: 'default',
  share: 1,
  cores: 8,
  podsPerNode: 110,
  memory: '32Gi',
};

/** Shares to counts by largest remainder; the counts add up to the nodes. */
export function poolsOf(spec: Spec): Omit<PoolPlan, 'agent'>[] {
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
    memoryBytes: Math.round(quantity(pool.memory)!),
    podsPerNode: pool.podsPerNode,
  }));
}

function controlPlaneOf(controlPlane: Spec['controlPlane']): ControlPlanePlan {
  const { maxEndpoints, batchPeriod, concurrentSyncs } = controlPlane.endpointSlice;
  const { slowWatchers: slow } = controlPlane.watch;
  return {
    apiservers: controlPlane.apiservers,
    controllerManager: controlPlane.controllerManager,
    endpointSlice: { maxEndpoints, batchPeriodNs: durationNs(batchPeriod)!, concurrentSyncs },
    fanoutBytesPerSecond: bytesPerSecond(controlPlane.watch.fanoutBandwidth)!,
    slowWatchers: {
      share: share(slow?.share ?? 0)!,
      bytesPerSecond: bytesPerSecond(slow?.bandwidth ?? '1MB/s')!,
    },
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

function servicesOf(context: Context): ServicePlan[] {
  const { spec, objects } = context;
  const era = eraOf(spec.cluster.kubernetesVersion) ?? eraOf(knownVersions.at(-1)!)!;
  const addressLength = meanAddressLength(context);
  return objects.services.map((service) => ({
    namespace: service.namespace,
    name: service.name,
    ports: service.headless ? [] : service.portsOf(era),
    headless: service.headless,
    workloads: service.workloads,
    slices: sliceBytesOf(context, service, addressLength),
  }));
}

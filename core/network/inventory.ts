/**
 * The workloads and Services of a run: those written down in the plan, then those of its
 * populations, expanded here (a plan stays small). Service `i` of a population selects a workload of
 * its own.
 */
import { lognormalAt } from '../engine/samplers.ts';
import type { Streams } from '../engine/stream.ts';
import type { EndpointDistribution, Plan, ServicePlan, WorkloadPlan } from '../plan.ts';

const POPULATION_GRACE_NS = 30e9;

export interface Inventory {
  readonly workloads: readonly WorkloadPlan[];
  readonly services: readonly ServicePlan[];
  /** Indices of the Services that select each workload. */
  readonly servicesOf: readonly (readonly number[])[];
  /** First Service of each population. */
  readonly populationStart: readonly number[];
  /** Whether kube-proxies hear of a workload's pods: some Service with a cluster IP selects it. */
  isWatched(workload: number): boolean;
  /** Whether some Service selects both workloads. */
  shareService(workload: number, other: number): boolean;
}

/** Expands a plan; draws once from `stream` for each Service of a population. */
export function takeInventory(plan: Plan, streams: Streams, stream: number): Inventory {
  const workloads: WorkloadPlan[] = [...plan.workloads];
  const services: ServicePlan[] = [...plan.services];
  const populationStart: number[] = [];
  for (const population of plan.populations) {
    populationStart.push(services.length);
    for (let i = 0; i < population.count; i++) {
      const replicas = drawEndpoints(population.endpoints, streams.uniform(stream));
      const name = `${population.name}-${i}`;
      services.push({
        namespace: 'default',
        name,
        ports: population.ports,
        headless: false,
        workloads: [workloads.length],
        slices: null,
      });
      workloads.push({
        namespace: 'default',
        name,
        kind: 'Deployment',
        replicas,
        perNode: false,
        maxSurge: Math.ceil(replicas / 4),
        maxUnavailable: Math.floor(replicas / 4),
        terminationGraceNs: POPULATION_GRACE_NS,
        preStopNs: 0,
      });
    }
  }
  const servicesOf: number[][] = workloads.map(() => []);
  services.forEach((service, index) => {
    for (const workload of service.workloads) servicesOf[workload]!.push(index);
  });
  const watched = servicesOf.map((indices) => indices.some((index) => !services[index]!.headless));
  const isWatched = (workload: number) => watched[workload]!;
  const shareService = (workload: number, other: number) =>
    workload === other
      ? servicesOf[workload]!.length > 0
      : servicesOf[workload]!.some((service) => servicesOf[other]!.includes(service));
  return { workloads, services, servicesOf, populationStart, isWatched, shareService };
}

/** Number of endpoints by inversion of one uniform `u`, so that variants agree on every Service. */
function drawEndpoints(distribution: EndpointDistribution, u: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.min + Math.floor(u * (distribution.max - distribution.min + 1));
    case 'lognormal': {
      const value = Math.round(lognormalAt(u, distribution.median, distribution.p99));
      return Math.min(distribution.max, Math.max(1, value));
    }
  }
}

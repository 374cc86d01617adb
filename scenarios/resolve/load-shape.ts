/**
 * How much there is at one size: the growth of populations and churn, expected endpoints, pods and
 * kernel objects. Expectations only; the simulator draws the numbers themselves.
 */

import { lognormalAt } from '../../core/engine/samplers.ts';
import { nothingFurther } from '../../core/models/proxy/further-objects.ts';
import type { RuleCounts } from '../../core/models/proxy/proxy-model.ts';
import type { EndpointDistribution, PopulationPlan, ServicePortPlan } from '../../core/plan.ts';
import type { ImportedObjects } from '../kubernetes/import-objects.ts';
import { defaultAffinityNs } from '../kubernetes/service-port-plans.ts';
import type { Spec } from '../schema/scenario.ts';
import { durationNs } from '../values/duration.ts';

type Growth = 'proportional' | 'fixed' | 'sqrt';

/** What is written for `referenceNodes`, at the nodes of the spec. */
function grown(
  written: number,
  of: 'services' | 'churn',
  spec: Spec,
  referenceNodes: number,
): number {
  const { scale, nodes } = spec.cluster;
  const growth: Growth = typeof scale === 'string' ? scale : scale[of];
  switch (growth) {
    case 'fixed':
      return written;
    case 'proportional':
      return (written * nodes) / referenceNodes;
    case 'sqrt':
      return written * Math.sqrt(nodes / referenceNodes);
  }
}

/** Names, scaled counts (at least one of what is asked for), and distributions. */
export function populationsOf(spec: Spec, referenceNodes: number): PopulationPlan[] {
  const count = (written: number) => Math.round(grown(written, 'services', spec, referenceNodes));
  return spec.workload.services.map((population, index) => ({
    name: population.name ?? populationName(index),
    count: population.count === 0 ? 0 : Math.max(1, count(population.count)),
    ports: portsOf(population),
    endpoints: distributionOf(population.endpoints),
  }));
}

export function populationName(index: number): string {
  return `services-${index + 1}`;
}

type Population = Spec['workload']['services'][number];

/** Every Service of a population has the same ports, and they are alike. */
function portsOf(population: Population): ServicePortPlan[] {
  const { type, sessionAffinity, sessionAffinityTimeout, loadBalancerSourceRanges } = population;
  const balanced = type === 'LoadBalancer';
  const externalPolicy = population.externalTrafficPolicy ?? 'Cluster';
  const port: ServicePortPlan = {
    protocol: population.protocol,
    nodePort: type !== 'ClusterIP',
    externalIPs: population.externalIPs,
    loadBalancerIPs: balanced ? 1 : 0,
    sourceRanges: loadBalancerSourceRanges,
    healthCheckNodePort: balanced && externalPolicy === 'Local',
    affinityNs:
      sessionAffinity === 'None'
        ? 0
        : sessionAffinityTimeout === undefined
          ? defaultAffinityNs
          : durationNs(sessionAffinityTimeout)!,
    internalPolicy: population.internalTrafficPolicy,
    externalPolicy,
    trafficDistribution: population.trafficDistribution ?? null,
  };
  return Array.from({ length: population.ports }, () => port);
}

function distributionOf(endpoints: Population['endpoints']): EndpointDistribution {
  if ('constant' in endpoints) return { kind: 'constant', value: endpoints.constant };
  const { distribution: kind, ...parameters } = endpoints as { distribution: string };
  return { kind, ...parameters } as EndpointDistribution;
}

/** Creations plus deletions a second. */
export function podChangesPerSecond(spec: Spec, referenceNodes: number): number {
  const { churn } = spec.workload;
  const written =
    'podChangesPerNodeHour' in churn
      ? (churn.podChangesPerNodeHour * referenceNodes) / 3600
      : churn.podChangesPerSecond;
  return grown(written, 'churn', spec, referenceNodes);
}

/** Strata of the numerical mean of a cut-off lognormal; the error is below 0.1 %. */
const strata = 2000;

/** Expected endpoints of one Service. */
export function meanEndpoints(endpoints: EndpointDistribution): number {
  switch (endpoints.kind) {
    case 'constant':
      return endpoints.value;
    case 'uniform':
      return (endpoints.min + endpoints.max) / 2;
    case 'lognormal': {
      let sum = 0;
      for (let i = 0; i < strata; i++) {
        const value = lognormalAt((i + 0.5) / strata, endpoints.median, endpoints.p99);
        sum += Math.min(endpoints.max, Math.max(1, Math.round(value)));
      }
      return sum / strata;
    }
  }
}

/**
 * Pods beyond the expected number that the simulator may draw: five standard deviations, passed once
 * in more than a million draws.
 */
export function excessPods(populations: readonly PopulationPlan[]): number {
  const variance = populations.reduce((sum, p) => sum + p.count * varianceOf(p.endpoints), 0);
  return Math.ceil(5 * Math.sqrt(variance));
}

/** Of the endpoints of one Service. */
function varianceOf(endpoints: EndpointDistribution): number {
  switch (endpoints.kind) {
    case 'constant':
      return 0;
    case 'uniform':
      return ((endpoints.max - endpoints.min + 1) ** 2 - 1) / 12;
    case 'lognormal': {
      const mean = meanEndpoints(endpoints);
      let sum = 0;
      for (let i = 0; i < strata; i++) {
        const value = lognormalAt((i + 0.5) / strata, endpoints.median, endpoints.p99);
        sum += (Math.min(endpoints.max, Math.max(1, Math.round(value))) - mean) ** 2;
      }
      return sum / strata;
    }
  }
}

/** Pods a Service of the input has behind it. */
export function podsBehind(
  service: { readonly workloads: readonly number[] },
  objects: ImportedObjects,
  nodes: number,
): number {
  return service.workloads.reduce((sum, index) => {
    const { perNode, replicas } = objects.workloads[index]!;
    return sum + (perNode ? nodes : replicas);
  }, 0);
}

export function podsOf(
  populations: readonly PopulationPlan[],
  objects: ImportedObjects,
  nodes: number,
): number {
  const generated = populations.reduce((sum, p) => sum + p.count * meanEndpoints(p.endpoints), 0);
  const written = objects.workloads.reduce((sum, w) => sum + (w.perNode ? nodes : w.replicas), 0);
  return Math.round(generated) + written;
}

/** What kube-proxy programs, per Service port. */
export function ruleCountsOf(
  populations: readonly PopulationPlan[],
  objects: ImportedObjects,
  nodes: number,
): RuleCounts {
  const counts = {
    servicePorts: 0,
    emptyServicePorts: 0,
    endpoints: 0,
    further: nothingFurther(),
  };
  for (const population of populations) {
    const ports = population.count * population.ports.length;
    const mean = meanEndpoints(population.endpoints);
    counts.servicePorts += ports;
    if (mean === 0) counts.emptyServicePorts += ports;
    counts.endpoints += Math.round(ports * mean);
  }
  for (const service of objects.services) {
    if (service.headless) continue;
    const pods = podsBehind(service, objects, nodes);
    counts.servicePorts += service.ports;
    if (pods === 0) counts.emptyServicePorts += service.ports;
    counts.endpoints += service.ports * pods;
  }
  return counts;
}

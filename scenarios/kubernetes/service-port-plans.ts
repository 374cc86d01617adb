/**
 * The ports of a Service as a run needs them: what stands in a kernel for each, by number. Read as
 * `explain rules` reads them. Manifests seldom have a status, so a load balancer without one is given
 * one address.
 */
import type { Era } from '../../core/models/eras.ts';
import type { ServicePortPlan } from '../../core/plan.ts';
import { Allocations } from './allocations.ts';
import { PlaceholderAddresses } from './placeholder-addresses.ts';
import type { KubernetesObject } from './read-objects.ts';
import { distributionOf, portsOf, specOf } from './read-service.ts';
import type { ServicePortsService } from './service-schema.ts';

/** ClientIP: how long a client keeps its endpoint when absent (API reference of Kubernetes). */
export const defaultAffinityNs = 3 * 3600e9;

/** The ports of a Service that has been checked and is programmed, by proxies of a release. */
export function servicePortPlans(object: KubernetesObject, era: Era): ServicePortPlan[] {
  const reading = {
    family: 4,
    era,
    allocations: new Allocations(),
    placeholders: new PlaceholderAddresses(4),
  } as const;
  const seconds = specOf(object).sessionAffinityConfig?.clientIP?.timeoutSeconds;
  const affinityNs = seconds ? 1e9 * seconds : defaultAffinityNs;
  const assumed = assumesAddress(object);
  const trafficDistribution = distributionOf(specOf(object));
  return portsOf(object, reading).map((port) => ({
    protocol: port.protocol,
    nodePort: port.nodePort !== null,
    externalIPs: port.externalIPs.length,
    loadBalancerIPs: assumed ? 1 : port.loadBalancerIPs.length,
    sourceRanges: port.sourceRanges.length,
    healthCheckNodePort: port.healthCheckNodePort !== null,
    affinityNs: port.affinity ? affinityNs : 0,
    internalPolicy: port.internalPolicy,
    externalPolicy: port.externalPolicy,
    trafficDistribution,
  }));
}

/** A load balancer whose status nobody gave. One that is known by a name only has no address here. */
export function assumesAddress(object: KubernetesObject): boolean {
  const { status } = object.value as unknown as ServicePortsService;
  const isKnown = (status?.loadBalancer?.ingress ?? []).length > 0;
  return specOf(object).type === 'LoadBalancer' && !isKnown;
}

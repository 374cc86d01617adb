/**
 * Services with the defaults of the API server, as the ports that proxies program, endpoints not
 * included. Numbers and addresses that the API server would allocate are made up. Of a dual-stack
 * Service only one family is read: each has tables of its own in the kernel.
 */
import type { Era, TrafficDistribution } from '../../core/models/eras.ts';
import type { ServicePort } from '../../core/models/proxy/rules/service-port.ts';
import { addressText, parseAddress, parseRange } from '../values/address.ts';
import type { Allocations } from './allocations.ts';
import type { Labels } from './label-selector.ts';
import type { PlaceholderAddresses } from './placeholder-addresses.ts';
import type { KubernetesObject } from './read-objects.ts';
import type { ServicePortsService, ServiceSpec } from './service-schema.ts';

export type Family = 4 | 6;

const familyNames = { IPv4: 4, IPv6: 6 } as const;

/** From 1.30 on proxies leave `ipMode: Proxy` to the load balancer (KEP-1860 beta; from memory). */
const firstMinorWithIpMode = 30;

export function specOf(object: KubernetesObject): ServiceSpec {
  return (object.value as unknown as ServicePortsService).spec ?? {};
}

/** Of a Service that has been checked: null if it says nothing. */
export function distributionOf({ trafficDistribution }: ServiceSpec): TrafficDistribution | null {
  return (trafficDistribution || null) as TrafficDistribution | null;
}

/** Why no proxy programs the Service, in whichever family; undefined for one that is programmed. */
export function skipReason(object: KubernetesObject): string | undefined {
  const spec = specOf(object);
  if (spec.type === 'ExternalName') return 'ExternalName: an alias in DNS, without addresses';
  if (spec.clusterIP === 'None' || spec.clusterIPs?.[0] === 'None') {
    return 'headless: DNS names its pods, and there is no address to translate';
  }
  const { labels = {} } = object.value.metadata as { labels?: Labels };
  const other = labels['service.kubernetes.io/service-proxy-name'];
  return other === undefined ? undefined : `labelled for another proxy: ${other}`;
}

/** The primary one first; empty if only the cluster decides. */
export function familiesOf({ clusterIP, clusterIPs, ipFamilies }: ServiceSpec): Family[] {
  const written = clusterIPs?.length ? clusterIPs : [clusterIP ?? ''];
  const found = written.flatMap((ip) => parseAddress(ip)?.family ?? []);
  const named = (ipFamilies ?? []).map((name) => familyNames[name]);
  return [...new Set([...found, ...named])];
}

export interface ServiceReading {
  readonly family: Family;
  readonly era: Era;
  readonly allocations: Allocations;
  readonly placeholders: PlaceholderAddresses;
}

/** The ports of a Service that has been checked. */
export function portsOf(
  object: KubernetesObject,
  { family, era, allocations, placeholders }: ServiceReading,
): Omit<ServicePort, 'endpoints'>[] {
  const { status } = object.value as unknown as ServicePortsService;
  const spec = specOf(object);
  const isBalanced = spec.type === 'LoadBalancer';
  const hasNodePorts =
    spec.type === 'NodePort' || (isBalanced && spec.allocateLoadBalancerNodePorts !== false);
  const local = spec.externalTrafficPolicy === 'Local';
  const isIp = (text: string) => parseAddress(text)?.family === family;
  const clusterIPs = [...(spec.clusterIPs ?? []), spec.clusterIP ?? ''];
  const ingress = (status?.loadBalancer?.ingress ?? []).filter(
    ({ ipMode }) => ipMode !== 'Proxy' || minorOf(era) < firstMinorWithIpMode,
  );
  const common = {
    namespace: object.namespace,
    service: object.name,
    clusterIP: plain(clusterIPs.find(isIp)) ?? placeholders.next(),
    externalIPs: (spec.externalIPs ?? []).filter(isIp).map((ip) => plain(ip)!),
    loadBalancerIPs: ingress.flatMap(({ ip }) => (ip && isIp(ip) ? plain(ip)! : [])),
    sourceRanges: (spec.loadBalancerSourceRanges ?? [])
      .map((range) => range.trim())
      .filter((range) => parseRange(range)?.family === family),
    healthCheckNodePort:
      isBalanced && local ? spec.healthCheckNodePort || allocations.port() : null,
    affinity: spec.sessionAffinity === 'ClientIP',
    internalPolicy: spec.internalTrafficPolicy ?? 'Cluster',
    externalPolicy: local ? 'Local' : 'Cluster',
  } as const;
  return (spec.ports ?? []).map(({ name, protocol, port, nodePort }) => ({
    ...common,
    port: name ?? '',
    protocol: protocol ?? 'TCP',
    number: port,
    nodePort: nodePort || (hasNodePorts ? allocations.port() : null),
  }));
}

/** In its shortest form, so that equal addresses are equal texts. */
function plain(text: string | undefined): string | undefined {
  const address = text === undefined ? undefined : parseAddress(text);
  return address && addressText(address);
}

function minorOf({ version }: Era): number {
  return Number(version.split('.')[1]);
}

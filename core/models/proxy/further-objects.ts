/**
 * What a Service brings into a node's kernel beyond plain ClusterIP Services with as many ports and
 * endpoints, as a function of its endpoints: found by asking the exact counts of `rules/` about an
 * example, once for each distinct Service. Programming models count plain ClusterIP Services and add
 * this. The example's node has no endpoint of the Service and lies in none of its source ranges, so
 * that under a Local policy nothing but the verdict for a node without endpoints counts.
 */
import type { ProxyPlan, ServicePortPlan } from '../../plan.ts';
import type { Era } from '../eras.ts';
import type { KernelObjects } from './rules/kernel-objects.ts';
import { type KernelMode, kernelModel } from './rules/registry.ts';
import type { Endpoint, ProxyNode, ServicePort } from './rules/service-port.ts';

/** All may be negative: a Local policy without local endpoints takes less than a plain Service. */
export interface FurtherObjects {
  /** Rules of all tables; real servers; entries of eBPF maps. */
  rules: number;
  /** Chains of nat, or of nftables' table; 0 in other modes. */
  chains: number;
  /** Rules of iptables that every sync writes anew; elements of nftables; virtual servers. */
  frontEnds: number;
  /** Affinity sets of nftables; ipset entries, of which those for dummy addresses are not counted. */
  sets: number;
}

/** `empty` without endpoints, else `base + perEndpoint * endpoints`. */
export interface FurtherObjectsOfService {
  readonly empty: Readonly<FurtherObjects>;
  readonly base: Readonly<FurtherObjects>;
  readonly perEndpoint: Readonly<FurtherObjects>;
}

type NodePorts = Pick<ProxyPlan, 'localhostNodePorts' | 'nodePortAddresses'>;

export function nothingFurther(): FurtherObjects {
  return { rules: 0, chains: 0, frontEnds: 0, sets: 0 };
}

/** Adds `times` of `others` to `sum`. */
export function addFurther(
  sum: FurtherObjects,
  others: Readonly<FurtherObjects>,
  times: number,
): void {
  sum.rules += times * others.rules;
  sum.chains += times * others.chains;
  sum.frontEnds += times * others.frontEnds;
  sum.sets += times * others.sets;
}

/** What a Service with `endpoints` usable endpoints adds to `sum`, or takes away (`times` -1). */
export function addOfService(
  sum: FurtherObjects,
  service: FurtherObjectsOfService,
  endpoints: number,
  times: number,
): void {
  if (endpoints === 0) return addFurther(sum, service.empty, times);
  addFurther(sum, service.base, times);
  addFurther(sum, service.perEndpoint, times * endpoints);
}

/** A ClusterIP port without affinity or Local policy: all that models count by themselves. */
export function isPlain(port: ServicePortPlan): boolean {
  return (
    !port.nodePort &&
    port.externalIPs === 0 &&
    port.loadBalancerIPs === 0 &&
    !port.healthCheckNodePort &&
    port.affinityNs === 0 &&
    port.internalPolicy === 'Cluster'
  );
}

/** Of a Service with these ports; null if all of them are plain. */
export function furtherObjectsOf(
  mode: KernelMode,
  era: Era,
  ports: readonly ServicePortPlan[],
  proxy: NodePorts,
): FurtherObjectsOfService | null {
  if (ports.every(isPlain)) return null;
  const node = exampleNode(proxy);
  const count = (endpoints: number) => {
    const all = ports.map((port, i) => examplePort(port, i, 0, endpoints));
    const plain = ports.map((_, i) => ({
      ...examplePort(null, i, 1 + i, endpoints),
      service: `plain-${i}`,
    }));
    const sum = objects(mode, kernelModel(mode).objects(era, all, node));
    addFurther(sum, objects(mode, kernelModel(mode).objects(era, plain, node)), -1);
    return sum;
  };
  const one = count(1);
  const perEndpoint = count(2);
  addFurther(perEndpoint, one, -1);
  addFurther(one, perEndpoint, -1);
  return { empty: count(0), base: one, perEndpoint };
}

/** Rules that a node of iptables mode has without any Service, beyond one with the default ports. */
export function furtherBaseRules(mode: KernelMode, era: Era, proxy: NodePorts): number {
  if (mode !== 'iptables') return 0;
  const ruleCount = (node: ProxyNode) => {
    const { filter, nat } = kernelModel(mode).objects(era, [], node).tables;
    return filter!.rules! + nat!.rules!;
  };
  const byDefault = exampleNode({ localhostNodePorts: true, nodePortAddresses: 'all' });
  return ruleCount(exampleNode(proxy)) - ruleCount(byDefault);
}

/** The counts of a mode under the names that all modes share. */
function objects(mode: KernelMode, { tables, ports }: KernelObjects): FurtherObjects {
  const split = (table: string, kind: string) =>
    ports.reduce((sum, port) => sum + (port.tables[table]?.split[kind] ?? 0), 0);
  const { filter, nat, ipvs, maps, 'kube-proxy': nft } = tables;
  switch (mode) {
    case 'iptables':
      return {
        rules: filter!.rules! + nat!.rules!,
        chains: nat!.chains!,
        frontEnds: filter!.rules! + split('nat', 'KUBE-SERVICES') + split('nat', 'KUBE-NODEPORTS'),
        sets: 0,
      };
    case 'nftables':
      return {
        rules: nft!.rules!,
        chains: nft!.chains!,
        frontEnds: nft!.elements!,
        sets: nft!.sets!,
      };
    case 'ipvs':
      return {
        rules: ipvs!.realServers!,
        chains: 0,
        frontEnds: ipvs!.virtualServers!,
        sets: ipvs!.ipsetEntries! - split('ipvs', 'KUBE-IPVS-IPS'),
      };
    case 'ebpf':
      return {
        rules: maps!.serviceEntries! + maps!.backendEntries!,
        chains: 0,
        frontEnds: 0,
        sets: 0,
      };
  }
}

function exampleNode(proxy: NodePorts): ProxyNode {
  return {
    name: null,
    zone: null,
    addresses: ['192.168.0.1'],
    localhostNodePorts: proxy.localhostNodePorts,
    nodePortAddresses: proxy.nodePortAddresses,
  };
}

/** Port `index` of a Service with cluster IP `service`; null: a plain one. */
function examplePort(
  plan: ServicePortPlan | null,
  index: number,
  service: number,
  endpoints: number,
): ServicePort {
  const addresses = (network: string, count = 0) =>
    Array.from({ length: count }, (_, i) => `${network}.${i >> 8}.${i & 255}`);
  return {
    namespace: 'example',
    service: 'example',
    port: `p${index}`,
    protocol: plan?.protocol ?? 'TCP',
    number: 1 + index,
    nodePort: plan?.nodePort ? 30000 + index : null,
    clusterIP: `10.96.0.${service}`,
    externalIPs: addresses('172.16', plan?.externalIPs),
    loadBalancerIPs: addresses('172.17', plan?.loadBalancerIPs),
    sourceRanges: addresses('172.18', plan?.sourceRanges).map((address) => `${address}/32`),
    healthCheckNodePort: plan?.healthCheckNodePort ? 30000 : null,
    affinity: (plan?.affinityNs ?? 0) > 0,
    internalPolicy: plan?.internalPolicy ?? 'Cluster',
    externalPolicy: plan?.externalPolicy ?? 'Cluster',
    endpoints: Array.from({ length: endpoints }, (_, i) => exampleEndpoint(i, index)),
  };
}

function exampleEndpoint(i: number, port: number): Endpoint {
  return {
    address: `10.1.0.${i}`,
    port: 8000 + port,
    ready: true,
    serving: true,
    terminating: false,
    node: 'elsewhere',
    zoneHints: [],
    nodeHints: [],
  };
}

/**
 * Chains, rules, elements and sets of table `kube-proxy` in nftables mode, in closed form, with and
 * without a chain for each endpoint. `elements` are those of the named sets and maps, `sets` the
 * dynamic ones of session affinity. Anonymous maps that pick an endpoint are part of their rule.
 */
import type { Era } from '../../eras.ts';
import {
  addShares,
  firstComers,
  kernelObjects,
  ofService,
  type Split,
  share,
  type Tables,
  total,
} from './counting.ts';
import { isLocal } from './endpoint-choice.ts';
import type { KernelModel } from './kernel-objects.ts';
import { type Reachability, reachability } from './reachability.ts';
import type { Endpoint, ProxyNode, ServicePort } from './service-port.ts';

export const NFTABLES_BASE_CHAINS = 16;
/** Of the layout with endpoint chains; not known for the later one, and taken to be the same. */
export const NFTABLES_BASE_RULES = 23;

type NftablesTables = Tables<'kube-proxy', 'chains' | 'rules' | 'elements' | 'sets'>;

/**
 * A change is taken to be one endpoint of each port that has endpoints replaced by another: the
 * Service's chains are written anew, its elements stay.
 */
export const nftablesKernel: KernelModel = {
  objects: nftablesObjects,
  change: (era, ports, node, changed) => {
    const objects = nftablesObjects(era, ports, node);
    if (!era.nftablesPartialSync) return { written: objects.tables };
    const shares = ofService(objects.ports, changed);
    const none = { 'kube-proxy': { chains: 0, rules: 0, sets: 0 } };
    const { chains, rules, sets } = addShares(none, shares)['kube-proxy'];
    const retired = shares.filter(
      ({ tables }) => (tables['kube-proxy']?.split.endpoint ?? 0) > 0,
    ).length;
    // Each chain is created if missing and flushed; that of the endpoint that left is flushed.
    const operations = 2 * chains + rules + sets + retired;
    return { written: { 'kube-proxy': { chains, rules, elements: 0, sets, operations } } };
  },
};

function nftablesObjects(era: Era, ports: readonly ServicePort[], node: ProxyNode) {
  const isFirst = firstComers();
  return kernelObjects(nftablesBase(node), ports, (port) => {
    const reach = reachability(era, port, node);
    const endpointChains = era.nftablesEndpointChains || port.affinity ? reach.reachable.length : 0;
    const rules = chainRules(era, port, reach, endpointChains);
    const elements = {
      ...portElements(port, reach),
      'cluster-ips': isFirst(`cluster-ip ${port.clusterIP}`) ? 1 : 0,
      'hairpin-connections': era.nftablesEndpointChains
        ? 0
        : hairpins(reach, node, (address) => isFirst(`hairpin ${address}`)),
    };
    const counts = {
      chains: serviceChains(reach) + endpointChains,
      rules: total(rules),
      elements: total(elements),
      sets: port.affinity ? endpointChains : 0,
    };
    return { 'kube-proxy': share(counts, { ...rules, ...elements }) };
  });
}

/** Elements: nodeport-ips, which is used where node ports are restricted to some addresses. */
function nftablesBase(node: ProxyNode): NftablesTables {
  const elements = node.nodePortAddresses === 'primary' ? node.addresses.length : 0;
  return {
    'kube-proxy': { chains: NFTABLES_BASE_CHAINS, rules: NFTABLES_BASE_RULES, elements, sets: 0 },
  };
}

/** Rules by kind of chain. */
function chainRules(
  era: Era,
  port: ServicePort,
  reach: Reachability,
  endpointChains: number,
): Split {
  const { cluster, local } = reach;
  // As in iptables mode, the chain that internal traffic enters masquerades.
  const masquerade = (policy: 'Cluster' | 'Local') => (port.internalPolicy === policy ? 1 : 0);
  const select = (endpoints: readonly Endpoint[]) => (port.affinity ? endpoints.length : 0) + 1;
  return {
    service: cluster.length > 0 ? masquerade('Cluster') + select(cluster) : 0,
    local: local.length > 0 ? masquerade('Local') + select(local) : 0,
    external: externalRules(port, reach),
    firewall: reach.firewalled ? 1 : 0,
    // Remembering the client, dnat, and masquerading hairpin traffic, which later goes by a set.
    endpoint: endpointChains * ((port.affinity ? 1 : 0) + 1 + (era.nftablesEndpointChains ? 1 : 0)),
  };
}

function externalRules(port: ServicePort, { externalChain, external }: Reachability): number {
  if (!externalChain) return 0;
  if (port.externalPolicy === 'Cluster') return 2;
  return 3 + (external ? 1 : 0);
}

function serviceChains({ cluster, local, externalChain, firewalled }: Reachability): number {
  return [cluster.length > 0, local.length > 0, externalChain, firewalled].filter(Boolean).length;
}

/** Elements whose keys hold the port, by map. */
function portElements(port: ServicePort, reach: Reachability): Split {
  const { any, internal, external, externalAddresses, nodePorts } = reach;
  return {
    'service-ips': (internal ? 1 : 0) + (any ? externalAddresses : 0),
    'service-nodeports': any ? nodePorts : 0,
    'no-endpoint-services': (internal ? 0 : 1) + (external ? 0 : externalAddresses),
    'no-endpoint-nodeports': external ? 0 : nodePorts,
    'firewall-ips': reach.firewalled ? port.loadBalancerIPs.length : 0,
  };
}

/** Local endpoint addresses; those that other Services brought already are left out. */
function hairpins(
  { reachable }: Reachability,
  node: ProxyNode,
  isFirst: (address: string) => boolean,
): number {
  return reachable.filter((endpoint) => isLocal(endpoint, node) && isFirst(endpoint.address))
    .length;
}

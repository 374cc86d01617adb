/**
 * Virtual and real servers, ipset entries and addresses of the dummy device in IPVS mode. The
 * iptables rules of this mode do not depend on Services and are not counted. Every sync compares all
 * of it and writes what differs.
 */
import type { Era } from '../../eras.ts';
import { firstComers, kernelObjects, ofService, type Split, share, total } from './counting.ts';
import { chooseEndpoints, isLocal } from './endpoint-choice.ts';
import type { KernelModel } from './kernel-objects.ts';
import { allowsNode } from './reachability.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';

const NOTHING = { ipvs: { virtualServers: 0, realServers: 0, ipsetEntries: 0, dummyAddresses: 0 } };

/** A change writes at most what the changed Service has. */
export const ipvsKernel: KernelModel = {
  objects: ipvsObjects,
  change: (era, ports, node, changed) => ({
    written: ipvsObjects(era, ofService(ports, changed), node).tables,
  }),
};

function ipvsObjects(era: Era, ports: readonly ServicePort[], node: ProxyNode) {
  const isFirst = firstComers();
  const onNode = new Set(node.addresses);
  return kernelObjects(NOTHING, ports, (port) => {
    const external =
      port.externalIPs.length +
      port.loadBalancerIPs.length +
      (port.nodePort === null ? 0 : node.addresses.length);
    const addresses = [port.clusterIP, ...port.externalIPs, ...port.loadBalancerIPs];
    const dummyAddresses = addresses.filter(
      (address) => !onNode.has(address) && isFirst(`dummy ${address}`),
    ).length;
    const entries = {
      ...ipsetEntries(port, node, isFirst),
      'KUBE-IPVS-IPS': dummyAddresses,
    };
    const counts = {
      virtualServers: 1 + external,
      realServers: realServers(era, port, node, external),
      ipsetEntries: total(entries),
      dummyAddresses,
    };
    return { ipvs: share(counts, entries) };
  });
}

/**
 * A virtual server under a Local policy has local endpoints only. From memory, and against the text
 * this model follows, upstream takes all endpoints where none is local (PR #97081).
 */
function realServers(era: Era, port: ServicePort, node: ProxyNode, external: number): number {
  const { cluster, local } = chooseEndpoints(era, port, node);
  const endpoints = { Cluster: cluster.length, Local: local.length };
  return endpoints[port.internalPolicy] + external * endpoints[port.externalPolicy];
}

/**
 * Entries by ipset. The sets and their keys are those of upstream's list; which Services go into
 * which of the LOAD-BALANCER and -LOCAL sets is from memory.
 */
function ipsetEntries(
  port: ServicePort,
  node: ProxyNode,
  isFirst: (key: string) => boolean,
): Split {
  const isLocalPolicy = port.externalPolicy === 'Local';
  const externalIPs = port.externalIPs.length;
  const balancers = port.loadBalancerIPs.length;
  const isRestricted = port.sourceRanges.length > 0;
  const healthCheck = port.healthCheckNodePort;
  const loopBack = port.endpoints.filter(
    (endpoint) =>
      isLocal(endpoint, node) &&
      isFirst(`loop-back ${endpoint.address} ${endpoint.port} ${port.protocol}`),
  );
  // A bitmap of ports, but for SCTP pairs of address and port.
  const nodePorts = port.protocol === 'SCTP' ? node.addresses.length : 1;
  const nodePortEntries = port.nodePort === null ? 0 : nodePorts;
  const suffix = port.protocol === 'SCTP' ? 'SCTP-HASH' : port.protocol;
  return {
    'KUBE-CLUSTER-IP': 1,
    'KUBE-LOOP-BACK': loopBack.length,
    [isLocalPolicy ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP']: externalIPs,
    'KUBE-LOAD-BALANCER': balancers,
    'KUBE-LOAD-BALANCER-LOCAL': isLocalPolicy ? balancers : 0,
    'KUBE-LOAD-BALANCER-FW': isRestricted ? balancers : 0,
    'KUBE-LOAD-BALANCER-SOURCE-CIDR': balancers * port.sourceRanges.length,
    'KUBE-LOAD-BALANCER-SOURCE-IP': allowsNode(port, node) ? balancers : 0,
    [`KUBE-NODE-PORT-${suffix}`]: nodePortEntries,
    [`KUBE-NODE-PORT-LOCAL-${suffix}`]: isLocalPolicy ? nodePortEntries : 0,
    'KUBE-HEALTH-CHECK-NODE-PORT':
      healthCheck !== null && isFirst(`health-check ${healthCheck}`) ? 1 : 0,
  };
}

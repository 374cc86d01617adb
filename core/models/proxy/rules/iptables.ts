/**
 * Rules and chains of kube-proxy in iptables mode, in closed form. Assumes that the proxy can tell
 * local traffic (cluster CIDR known), does not masquerade all, and drops invalid packets. Jumps from
 * the kernel's own chains are not counted, as kube-proxy's metrics do not.
 */
import type { Era } from '../../eras.ts';
import { isIPv6 } from './address-range.ts';
import {
  addShares,
  kernelObjects,
  ofService,
  type Split,
  share,
  type Tables,
  total,
} from './counting.ts';
import type { KernelModel, PortObjects } from './kernel-objects.ts';
import { allowsNode, type Reachability, reachability } from './reachability.ts';
import type { Endpoint, ProxyNode, ServicePort } from './service-port.ts';

/** KUBE-SERVICES, KUBE-NODEPORTS, KUBE-POSTROUTING, KUBE-MARK-MASQ. */
export const NAT_BASE_CHAINS = 4;
/** KUBE-POSTROUTING 3, KUBE-MARK-MASQ 1; the jump to KUBE-NODEPORTS comes on top. */
const NAT_FIXED_RULES = 4;
/** The same with the jump, one rule unless node ports are restricted to some addresses. */
export const NAT_BASE_RULES = NAT_FIXED_RULES + 1;
export const FILTER_CHAINS = 6;
/** KUBE-FORWARD; KUBE-FIREWALL has one rule, or none. */
const FORWARD_RULES = 3;

type IptablesTables = Tables<'filter' | 'nat', 'chains' | 'rules'>;

export const iptablesKernel: KernelModel = {
  objects: iptablesObjects,
  change: (era, ports, node, changed) => {
    const objects = iptablesObjects(era, ports, node);
    if (!era.iptablesPartialSync) return { written: objects.tables };
    const base = iptablesBase(era, ports, node);
    const own = ofService(objects.ports, changed);
    const whole = addShares(base, own);
    // Of every other Service, only the rules in the chains that are written whole.
    const others = objects.ports.filter((port) => !own.includes(port));
    const rules = others.reduce((sum, port) => sum + rewritten(port), whole.nat.rules);
    return {
      written: {
        filter: objects.tables.filter,
        nat: { chains: whole.nat.chains, rules },
      },
    };
  },
};

function iptablesObjects(era: Era, ports: readonly ServicePort[], node: ProxyNode) {
  const nodePortRules = nodePortsOnLocalhost(ports, node) ? era.iptablesLocalhostNodePortRules : 1;
  return kernelObjects(iptablesBase(era, ports, node), ports, (port) => {
    const reach = reachability(era, port, node);
    const nat = natRules(era, port, node, reach, nodePortRules);
    const filter = filterRules(port, reach);
    return {
      filter: share({ chains: 0, rules: total(filter) }, filter),
      nat: share({ chains: natChains(reach), rules: total(nat) }, nat),
    };
  });
}

function iptablesBase(era: Era, ports: readonly ServicePort[], node: ProxyNode): IptablesTables {
  const firewallRules = nodePortsOnLocalhost(ports, node)
    ? era.iptablesFilterBaseRules - FORWARD_RULES
    : 0;
  const tail = node.nodePortAddresses === 'all' ? 1 : node.addresses.length;
  return {
    filter: { chains: FILTER_CHAINS, rules: FORWARD_RULES + firewallRules },
    nat: { chains: NAT_BASE_CHAINS, rules: NAT_FIXED_RULES + tail },
  };
}

/**
 * IPv4 only; without Services the family is that of the node. That kube-proxy switches it off where node ports are restricted to addresses other than
 * loopback is from memory of its source.
 */
function nodePortsOnLocalhost(ports: readonly ServicePort[], node: ProxyNode): boolean {
  return (
    node.localhostNodePorts &&
    node.nodePortAddresses === 'all' &&
    !isIPv6(ports[0]?.clusterIP ?? node.addresses[0] ?? '')
  );
}

/** Rules of nat in the chains that every sync writes whole. */
function rewritten({ tables }: PortObjects): number {
  const split = tables.nat?.split;
  return (split?.['KUBE-SERVICES'] ?? 0) + (split?.['KUBE-NODEPORTS'] ?? 0);
}

function natRules(
  era: Era,
  port: ServicePort,
  node: ProxyNode,
  reach: Reachability,
  nodePortRules: number,
): Split {
  const { cluster, local, any } = reach;
  // The chain that internal traffic enters masquerades what comes from outside the pod network.
  const masquerade = (policy: 'Cluster' | 'Local') => (port.internalPolicy === policy ? 1 : 0);
  const balance = (endpoints: readonly Endpoint[]) => endpoints.length * (port.affinity ? 2 : 1);
  return {
    'KUBE-SERVICES': (reach.internal ? 1 : 0) + (any ? reach.externalAddresses : 0),
    'KUBE-SVC': cluster.length > 0 ? masquerade('Cluster') + balance(cluster) : 0,
    'KUBE-SEP': 2 * reach.reachable.length,
    'KUBE-EXT': externalRules(port, reach),
    'KUBE-SVL': local.length > 0 ? masquerade('Local') + balance(local) : 0,
    'KUBE-FW': reach.firewalled ? firewallRules(era, port, node) : 0,
    'KUBE-NODEPORTS': any ? reach.nodePorts * nodePortRules : 0,
  };
}

function externalRules(port: ServicePort, { externalChain, external }: Reachability): number {
  if (!externalChain) return 0;
  if (port.externalPolicy === 'Cluster') return 2;
  return 3 + (external ? 1 : 0);
}

function firewallRules(era: Era, port: ServicePort, node: ProxyNode): number {
  const loopBack = allowsNode(port, node) ? port.loadBalancerIPs.length : 0;
  return port.sourceRanges.length + loopBack + (era.iptablesFirewallClosingRule ? 1 : 0);
}

function natChains({ cluster, local, reachable, externalChain, firewalled }: Reachability): number {
  const present = [cluster.length > 0, local.length > 0, externalChain, firewalled];
  return reachable.length + present.filter(Boolean).length;
}

/** REJECT and DROP rules, and the opening for health checks, which each port of a Service repeats. */
function filterRules(port: ServicePort, reach: Reachability): Split {
  return {
    'KUBE-SERVICES': reach.internal ? 0 : 1,
    'KUBE-EXTERNAL-SERVICES': reach.external ? 0 : reach.externalAddresses + reach.nodePorts,
    'KUBE-NODEPORTS': port.healthCheckNodePort === null ? 0 : 1,
    'KUBE-PROXY-FIREWALL': reach.firewalled ? port.loadBalancerIPs.length : 0,
  };
}

/**
 * What kube-proxy's rules for a Service port branch on, shared by iptables and nftables: which of
 * its addresses lead to endpoints, and which only to a verdict (REJECT without any endpoint in the
 * cluster, DROP without one on this node under a Local policy).
 */
import type { Era } from '../../eras.ts';
import { isInRange } from './address-range.ts';
import { chooseEndpoints, type EndpointChoice, isExternallyAccessible } from './endpoint-choice.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';

export interface Reachability extends EndpointChoice {
  /** The cluster IP leads to endpoints. */
  readonly internal: boolean;
  /** External clients are led to endpoints, should there be any external address. */
  readonly external: boolean;
  /** There is a chain for external traffic: also without local endpoints, for clients on the node. */
  readonly externalChain: boolean;
  /** Source ranges are enforced, which takes a load-balancer IP and endpoints. */
  readonly firewalled: boolean;
  /** Externally visible IPs: externalIPs and those of load balancers. */
  readonly externalAddresses: number;
  /** One, if there is a node port. */
  readonly nodePorts: 0 | 1;
}

/** How the addresses of a Service port are served from a node. */
export function reachability(era: Era, port: ServicePort, node: ProxyNode): Reachability {
  const choice = chooseEndpoints(era, port, node);
  const leads = (policy: 'Cluster' | 'Local') =>
    policy === 'Cluster' ? choice.any : choice.local.length > 0;
  return {
    ...choice,
    internal: leads(port.internalPolicy),
    external: leads(port.externalPolicy),
    externalChain: choice.any && isExternallyAccessible(port),
    firewalled: choice.any && port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0,
    externalAddresses: port.externalIPs.length + port.loadBalancerIPs.length,
    nodePorts: port.nodePort === null ? 0 : 1,
  };
}

/** Whether a source range of the Service port holds the node's own (first) address. */
export function allowsNode(port: ServicePort, node: ProxyNode): boolean {
  const [own] = node.addresses;
  return own !== undefined && port.sourceRanges.some((range) => isInRange(own, range));
}

/**
 * One port of one Service as a service proxy on one node sees it, and the node: what decides which
 * objects stand in the kernel. One address family. Headless Services and ExternalName never get this
 * far: proxies skip them.
 */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** Name of the port; empty if the Service has one port without a name. */
  readonly port: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly number: number;
  /** Null without one (ClusterIP, or allocateLoadBalancerNodePorts: false). */
  readonly nodePort: number | null;
  readonly clusterIP: string;
  readonly externalIPs: readonly string[];
  /** `status.loadBalancer.ingress` with an IP that the proxy handles (ipMode VIP). */
  readonly loadBalancerIPs: readonly string[];
  /** `spec.loadBalancerSourceRanges`, as CIDRs of this family. */
  readonly sourceRanges: readonly string[];
  /** `spec.healthCheckNodePort`: type LoadBalancer with externalTrafficPolicy Local only. */
  readonly healthCheckNodePort: number | null;
  /** sessionAffinity ClientIP. */
  readonly affinity: boolean;
  readonly internalPolicy: 'Cluster' | 'Local';
  readonly externalPolicy: 'Cluster' | 'Local';
  readonly endpoints: readonly Endpoint[];
}

/** An address of an EndpointSlice with one of its ports. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Of the node it runs on; null if unknown. */
  readonly node: string | null;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** The node whose kernel is looked at, and how its proxy is configured. */
export interface ProxyNode {
  /** Null: a node on which none of the endpoints runs. */
  readonly name: string | null;
  readonly zone: string | null;
  /** Addresses of the node. */
  readonly addresses: readonly string[];
  /** kube-proxy's `iptables.localhostNodePorts`. */
  readonly localhostNodePorts: boolean;
  /** kube-proxy's `nodePortAddresses`: unset or `primary`. */
  readonly nodePortAddresses: 'all' | 'primary';
}

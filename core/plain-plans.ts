/**
 * Parts of plans as they are where nobody asks for anything else: plain ClusterIP ports, kube-proxy's
 * own configuration.
 */
import type { ConntrackPlan, ProxyPlan, ServicePortPlan, TrafficPlan } from './plan.ts';

export const PLAIN_PORT: ServicePortPlan = {
  protocol: 'TCP',
  nodePort: false,
  externalIPs: 0,
  loadBalancerIPs: 0,
  sourceRanges: 0,
  healthCheckNodePort: false,
  affinityNs: 0,
  internalPolicy: 'Cluster',
  externalPolicy: 'Cluster',
  trafficDistribution: null,
};

/** So many ports of a ClusterIP Service. */
export function plainPorts(count: number): ServicePortPlan[] {
  return Array.from({ length: count }, () => PLAIN_PORT);
}

/** KubeProxyConfiguration's defaults (fact sheet of the proxy, 5). */
export const DEFAULT_CONNTRACK: ConntrackPlan = {
  maxPerCore: 32768,
  min: 131072,
  tcpEstablishedTimeoutNs: 86400e9,
  tcpCloseWaitTimeoutNs: 3600e9,
};

/** A proxy with the mode's timers and nothing else changed. */
export function plainProxy(
  model: string,
  timers: Pick<ProxyPlan, 'minSyncPeriodNs' | 'syncPeriodNs'>,
): ProxyPlan {
  return {
    model,
    ...timers,
    failedSyncs: 0,
    localhostNodePorts: true,
    nodePortAddresses: model === 'nftables' ? 'primary' : 'all',
    conntrack: DEFAULT_CONNTRACK,
    socketTranslation: model === 'ebpf',
    externalReplies: 'snat',
  };
}

/** So many connections a second to all cluster IPs alike, closed after one exchange. */
export function trafficToAll(
  requestsPerSecond: number,
  others: Partial<TrafficPlan> = {},
): TrafficPlan {
  return {
    name: 'all',
    to: { kind: 'all' },
    kind: 'clusterIP',
    protocol: 'TCP',
    requestsPerSecond,
    lifetime: null,
    usedEveryNs: null,
    ...others,
  };
}

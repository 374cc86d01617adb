/**
 * The catalogue of metrics: one file a metric, one line here. `core/metrics/registry.ts` reads the
 * names of this module, so the order of the lines means nothing.
 */
export { agentRestartGap } from './agent-restart-gap.ts';
export { apiserverEgressBytes } from './apiserver-egress-bytes.ts';
export { apiserverUtilisation } from './apiserver-utilisation.ts';
export { apiserverWatchEvents } from './apiserver-watch-events.ts';
export { conntrackDropped } from './conntrack-dropped.ts';
export { conntrackEntries } from './conntrack-entries.ts';
export { conntrackLargest } from './conntrack-largest.ts';
export { controllerUtilisation } from './controller-utilisation.ts';
export { deadEndpoint } from './dead-endpoint.ts';
export { endpointConvergence } from './endpoint-convergence.ts';
export { establishedProxy } from './established-proxy.ts';
export { etcdWrites } from './etcd-writes.ts';
export { firstPacketProxy } from './first-packet-proxy.ts';
export { fleetKernelMemory } from './fleet-kernel-memory.ts';
export { fleetProxyCpu } from './fleet-proxy-cpu.ts';
export { fleetProxyMemory } from './fleet-proxy-memory.ts';
export { ipAllocationFailed } from './ip-allocation-failed.ts';
export { ipPoolUsed } from './ip-pool-used.ts';
export { ipReuseAge } from './ip-reuse-age.ts';
export { kernelMemory } from './kernel-memory.ts';
export { kernelRules } from './kernel-rules.ts';
export { misdelivered } from './misdelivered.ts';
export { networkProgramming } from './network-programming.ts';
export { networkProgrammingSli } from './network-programming-sli.ts';
export { nodeNetworkReady } from './node-network-ready.ts';
export { nodeProxyCpu } from './node-proxy-cpu.ts';
export { nodeProxyMemory } from './node-proxy-memory.ts';
export { nodeSoftirqCpu } from './node-softirq-cpu.ts';
export { podStartup } from './pod-startup.ts';
export { proxySync } from './proxy-sync.ts';
export { proxySyncFailed } from './proxy-sync-failed.ts';
export { requestClientAddressKept } from './request-client-address-kept.ts';
export { requestClusterIP } from './request-cluster-ip.ts';
export { requestCrossNode } from './request-cross-node.ts';
export { requestCrossZone } from './request-cross-zone.ts';
export { requestExternal } from './request-external.ts';
export { requestFailed } from './request-failed.ts';
export { requestIntraNode } from './request-intra-node.ts';
export { requestLoadBalancer } from './request-load-balancer.ts';
export { requestNodePort } from './request-node-port.ts';
export { snatPortsExhausted } from './snat-ports-exhausted.ts';

/**
 * The catalogue of metrics: one file a metric, one line here. `core/metrics/registry.ts` reads the
 * names of this module, so the order of the lines means nothing.
 */
export { apiserverEgressBytes } from './apiserver-egress-bytes.ts';
export { apiserverWatchEvents } from './apiserver-watch-events.ts';
export { controllerUtilisation } from './controller-utilisation.ts';
export { deadEndpoint } from './dead-endpoint.ts';
export { endpointConvergence } from './endpoint-convergence.ts';
export { establishedProxy } from './established-proxy.ts';
export { etcdWrites } from './etcd-writes.ts';
export { firstPacketProxy } from './first-packet-proxy.ts';
export { ipAllocationFailed } from './ip-allocation-failed.ts';
export { ipPoolUsed } from './ip-pool-used.ts';
export { ipReuseAge } from './ip-reuse-age.ts';
export { kernelRules } from './kernel-rules.ts';
export { misdelivered } from './misdelivered.ts';
export { networkProgramming } from './network-programming.ts';
export { networkProgrammingSli } from './network-programming-sli.ts';
export { nodeNetworkReady } from './node-network-ready.ts';
export { nodeProxyCpu } from './node-proxy-cpu.ts';
export { nodeSoftirqCpu } from './node-softirq-cpu.ts';
export { podStartup } from './pod-startup.ts';
export { proxySync } from './proxy-sync.ts';
export { requestClusterIP } from './request-cluster-ip.ts';
export { requestCrossNode } from './request-cross-node.ts';
export { requestFailed } from './request-failed.ts';
export { requestIntraNode } from './request-intra-node.ts';

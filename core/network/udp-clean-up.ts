/**
 * kube-proxy's clean-up of UDP flows: at the end of a sync it deletes the entries of flows to its
 * Services whose endpoint serves no more, as the sync has it. So a flow's entry is there as long as the
 * endpoint is among the serving ones, ready or terminating, of the node's last completed sync. A node
 * port without any is left alone. An agent that tracks flows itself goes by the same rule.
 */
import type { KubeProxies } from './kube-proxies.ts';
import type { SliceLog } from './slice-log.ts';

export class UdpCleanUp {
  private readonly log: SliceLog;
  private readonly proxies: Pick<KubeProxies, 'hasCompleted'>;

  constructor(log: SliceLog, proxies: Pick<KubeProxies, 'hasCompleted'>) {
    this.log = log;
    this.proxies = proxies;
  }

  /** Whether `node` has left flows of a Service to `pod` alone. */
  keeps(node: number, service: number, isNodePort: boolean, pod: number, nowNs: number): boolean {
    const { log, proxies } = this;
    const { rowFrom, rowTo, rowPod } = log;
    let serves = false;
    for (const row of log.services[service]!.rows) {
      if (!proxies.hasCompleted(node, rowFrom[row]!, nowNs)) continue;
      if (proxies.hasCompleted(node, rowTo[row]!, nowNs)) continue;
      if (rowPod[row] === pod) return true;
      serves = true;
    }
    return isNodePort && !serves;
  }
}

/**
 * The endpoint that a node's kernel selects for a new connection to a Service: uniform over the ready
 * endpoints the node sees, over the terminating ones if none is ready. All modes choose uniformly for
 * connections that are independent: at random, or round robin, which is uniform over connections of
 * many clients.
 *
 * A node that sees the newest write of a Service sees the Service as the log leaves it. That is how
 * nearly all picks find it, so those endpoints are listed once and kept until the next write.
 */
import type { KubeProxies } from './kube-proxies.ts';
import type { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';

const NOBODY = -1;

export class VisibleEndpoints {
  /** Endpoints the last pick chose from, and the place of the chosen one among them. */
  chosenFrom = 0;
  chosenIndex = 0;
  private readonly log: SliceLog;
  private readonly proxies: Pick<KubeProxies, 'sees'>;
  /** Writes of the log that `newestWrite` and `settled` know of. */
  private knownWrites = 0;
  /** By Service; 0 before its first. */
  private readonly newestWrite: Int32Array;
  /** By Service: pods to choose from once its newest write is seen; null until somebody asks. */
  private readonly settled: (readonly number[] | null)[];
  private readonly seen: number[] = [];

  constructor(log: SliceLog, proxies: Pick<KubeProxies, 'sees'>) {
    this.log = log;
    this.proxies = proxies;
    this.newestWrite = new Int32Array(log.services.length);
    this.settled = log.services.map(() => null);
  }

  /** The pod that `u` in [0, 1) selects for a connection from `node` now; -1 without endpoints. */
  pick(node: number, service: number, nowNs: number, u: number): number {
    this.catchUp();
    const isSettled = this.proxies.sees(node, this.newestWrite[service]!, service, nowNs);
    const pods = isSettled ? this.settledPods(service) : this.seenPods(node, service, nowNs);
    if (pods.length === 0) return NOBODY;
    this.chosenFrom = pods.length;
    this.chosenIndex = Math.floor(u * pods.length);
    return pods[this.chosenIndex]!;
  }

  private catchUp(): void {
    const { log } = this;
    while (this.knownWrites < log.length) {
      const service = log.service[++this.knownWrites]!;
      this.newestWrite[service] = this.knownWrites;
      this.settled[service] = null;
    }
  }

  private settledPods(service: number): readonly number[] {
    let pods = this.settled[service]!;
    if (pods === null) {
      pods = this.openPods(service, EndpointState.Ready);
      if (pods.length === 0) pods = this.openPods(service, EndpointState.Terminating);
      this.settled[service] = pods;
    }
    return pods;
  }

  /** Pods that the log leaves in state `wanted`, oldest row first. */
  private openPods(service: number, wanted: EndpointState): number[] {
    const { length, rowState, rowTo, rowPod, services } = this.log;
    return services[service]!.rows.filter(
      (row) => rowState[row] === wanted && rowTo[row]! > length,
    ).map((row) => rowPod[row]!);
  }

  private seenPods(node: number, service: number, nowNs: number): readonly number[] {
    this.collect(node, service, nowNs, EndpointState.Ready);
    if (this.seen.length === 0) this.collect(node, service, nowNs, EndpointState.Terminating);
    return this.seen;
  }

  /** Fills `seen` with the pods that the node sees in state `wanted`, oldest row first. */
  private collect(node: number, service: number, nowNs: number, wanted: EndpointState): void {
    const { log, proxies, seen } = this;
    const { rowState, rowFrom, rowTo, rowPod } = log;
    const { rows } = log.services[service]!;
    seen.length = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (
        rowState[row] === wanted &&
        proxies.sees(node, rowFrom[row]!, service, nowNs) &&
        !proxies.sees(node, rowTo[row]!, service, nowNs)
      ) {
        seen.push(rowPod[row]!);
      }
    }
  }
}

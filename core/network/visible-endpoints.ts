/**
 * The endpoints of a Service that a node's kernel has for new connections: the ready ones the node sees,
 * the terminating ones if none is ready. The Local policy looks at endpoints of the node alone, and
 * falls back on terminating ones of the node alone. Endpoints are rows of the log, oldest first.
 *
 * A node that sees the newest write of a Service sees the Service as the log leaves it. That is how
 * nearly all picks find it, so those endpoints are listed once and kept until the next write.
 */
import type { KubeProxies } from './kube-proxies.ts';
import type { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';

const ANY_NODE = -1;

export class VisibleEndpoints {
  private readonly log: SliceLog;
  private readonly proxies: Pick<KubeProxies, 'sees'>;
  /** Node of each pod. */
  private readonly nodes: { readonly node: Int32Array };
  /** Writes of the log that `newestWrite` and `settled` know of. */
  private knownWrites = 0;
  /** By Service; 0 before its first. */
  private readonly newestWrite: Int32Array;
  /** By Service: rows to choose from once its newest write is seen; null until somebody asks. */
  private readonly settled: (readonly number[] | null)[];
  private readonly seen: number[] = [];

  constructor(
    log: SliceLog,
    proxies: Pick<KubeProxies, 'sees'>,
    pods: { readonly node: Int32Array },
  ) {
    this.log = log;
    this.proxies = proxies;
    this.nodes = pods;
    this.newestWrite = new Int32Array(log.services.length);
    this.settled = log.services.map(() => null);
  }

  /** Rows that a connection from `node` may go to. The list is reused by the next call. */
  ofCluster(node: number, service: number, nowNs: number): readonly number[] {
    this.catchUp();
    const isSettled = this.proxies.sees(node, this.newestWrite[service]!, service, nowNs);
    return isSettled ? this.settledRows(service) : this.choose(node, service, nowNs, ANY_NODE);
  }

  /** Those of them on the node itself. */
  ofNode(node: number, service: number, nowNs: number): readonly number[] {
    return this.choose(node, service, nowNs, node);
  }

  /** What the node's health check answers: terminating endpoints do not count. */
  isHealthy(node: number, service: number, nowNs: number): boolean {
    this.collect(node, service, nowNs, EndpointState.Ready, node);
    return this.seen.length > 0;
  }

  private catchUp(): void {
    const { log } = this;
    while (this.knownWrites < log.length) {
      const service = log.service[++this.knownWrites]!;
      this.newestWrite[service] = this.knownWrites;
      this.settled[service] = null;
    }
  }

  private settledRows(service: number): readonly number[] {
    let rows = this.settled[service]!;
    if (rows === null) {
      rows = this.openRows(service, EndpointState.Ready);
      if (rows.length === 0) rows = this.openRows(service, EndpointState.Terminating);
      this.settled[service] = rows;
    }
    return rows;
  }

  /** Rows that the log leaves in state `wanted`, oldest first. */
  private openRows(service: number, wanted: EndpointState): number[] {
    const { length, rowState, rowTo, services } = this.log;
    return services[service]!.rows.filter(
      (row) => rowState[row] === wanted && rowTo[row]! > length,
    );
  }

  private choose(node: number, service: number, nowNs: number, on: number): readonly number[] {
    this.collect(node, service, nowNs, EndpointState.Ready, on);
    if (this.seen.length === 0) {
      this.collect(node, service, nowNs, EndpointState.Terminating, on);
    }
    return this.seen;
  }

  /** Fills `seen` with the rows that `node` sees in state `wanted`, of pods on node `on`. */
  private collect(
    node: number,
    service: number,
    nowNs: number,
    wanted: EndpointState,
    on: number,
  ): void {
    const { log, proxies, seen } = this;
    const { rowState, rowFrom, rowTo, rowPod } = log;
    const { rows } = log.services[service]!;
    seen.length = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (
        rowState[row] === wanted &&
        (on === ANY_NODE || this.nodes.node[rowPod[row]!] === on) &&
        proxies.sees(node, rowFrom[row]!, service, nowNs) &&
        !proxies.sees(node, rowTo[row]!, service, nowNs)
      ) {
        seen.push(row);
      }
    }
  }
}

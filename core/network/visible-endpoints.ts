/**
 * The endpoints of a Service that a node's kernel has for new connections: the ready ones the node sees,
 * the terminating ones if none is ready. The Local policy looks at endpoints of the node alone, and
 * falls back on terminating ones of the node alone. Endpoints are rows of the log, oldest first.
 *
 * A node that sees the newest write of a Service sees the Service as the log leaves it. That is how
 * nearly all picks find it, so those endpoints are listed once and kept until the next write.
 *
 * Hints narrow the ready endpoints, not those of the Local policy. Nodes of releases that leave
 * terminating endpoints alone do not fall back on them.
 */
import type { Era } from '../models/eras.ts';
import { looksAtNodeHints } from '../models/proxy/rules/hints.ts';
import type { KubeProxies } from './kube-proxies.ts';
import type { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';

const ANY_NODE = -1;
const NONE: readonly number[] = [];

/** What tells nodes apart that have programmed the same writes. */
export interface NodePlaces {
  readonly zoneOf: Int32Array;
  /** Release of what is in the kernel of a node. */
  eraOf(node: number, nowNs: number): Era;
}

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
  /** Null if all nodes use the same endpoints once they have programmed the same writes. */
  private readonly places: NodePlaces | null;
  /** Of those seen, what hints leave. */
  private readonly hinted: number[] = [];
  private readonly asked = { node: 0, zone: 0, looksAtNodeHints: false };

  constructor(
    log: SliceLog,
    proxies: Pick<KubeProxies, 'sees'>,
    pods: { readonly node: Int32Array },
    places: NodePlaces | null = null,
  ) {
    this.log = log;
    this.proxies = proxies;
    this.nodes = pods;
    this.places = places;
    this.newestWrite = new Int32Array(log.services.length);
    this.settled = log.services.map(() => null);
  }

  /** Rows that a connection from `node` may go to. The list is reused by the next call. */
  ofCluster(node: number, service: number, nowNs: number): readonly number[] {
    const rows = this.anywhere(node, service, nowNs);
    return this.places === null ? rows : this.ofPlace(this.places, rows, node, service, nowNs);
  }

  /** Rows that `node` sees, whatever hints say. The list is reused by the next call. */
  anywhere(node: number, service: number, nowNs: number): readonly number[] {
    this.catchUp();
    const isSettled = this.proxies.sees(node, this.newestWrite[service]!, service, nowNs);
    return isSettled ? this.settledRows(service) : this.choose(node, service, nowNs, ANY_NODE);
  }

  /** Those of them on the node itself. */
  ofNode(node: number, service: number, nowNs: number): readonly number[] {
    const rows = this.choose(node, service, nowNs, node);
    return this.places === null || !this.areLeftAlone(this.places, rows, node, nowNs) ? rows : NONE;
  }

  /** What a node in its place uses of the rows it sees. */
  private ofPlace(
    places: NodePlaces,
    rows: readonly number[],
    node: number,
    service: number,
    nowNs: number,
  ): readonly number[] {
    if (this.areLeftAlone(places, rows, node, nowNs)) return NONE;
    const { asked, hinted, log } = this;
    if (log.hints?.hasHints(service) !== true) return rows;
    asked.node = node;
    asked.zone = places.zoneOf[node]!;
    asked.looksAtNodeHints = looksAtNodeHints(places.eraOf(node, nowNs));
    return log.hints.onNode(rows, service, asked, hinted);
  }

  /** Whether rows are terminating, and the node's release has no use for such. */
  private areLeftAlone(
    places: NodePlaces,
    rows: readonly number[],
    node: number,
    nowNs: number,
  ): boolean {
    return (
      rows.length > 0 &&
      this.log.rowState[rows[0]!] === EndpointState.Terminating &&
      !places.eraOf(node, nowNs).terminatingEndpoints
    );
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
      rows = this.log.openRows(service, EndpointState.Ready);
      if (rows.length === 0) rows = this.log.openRows(service, EndpointState.Terminating);
      this.settled[service] = rows;
    }
    return rows;
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

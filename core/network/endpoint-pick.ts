/**
 * The endpoint that a node's kernel selects for a new connection, of those it has. iptables, nftables
 * and eBPF choose uniformly at random; IPVS takes turns, with a pointer of its own for each virtual
 * server of each node. With ClientIP affinity a client comes back to its endpoint. All pods of a node
 * are one client here; outside clients are so many that none comes back.
 */
import type { Pods } from './pods.ts';
import type { SliceLog } from './slice-log.ts';
import type { VisibleEndpoints } from './visible-endpoints.ts';
import { walkPlace } from './walk-place.ts';

const NOBODY = -1;

/** What is asked of a pick. Reused between picks. */
export interface PickRequest {
  node: number;
  service: number;
  nowNs: number;
  /** Uniform in [0, 1). */
  u: number;
  isLocal: boolean;
  takesTurns: boolean;
  /** Tells apart virtual servers of one Service. */
  server: number;
  /** 0: without affinity, or a client that does not come back. */
  affinityNs: number;
}

export class EndpointPick {
  /** Endpoints the last pick chose from, and the place of the chosen one among them. */
  chosenFrom = 0;
  chosenIndex = 0;
  /** Endpoints whose affinity was looked up first; the client's own was the last of them. */
  affinityChecks = 0;
  keptByAffinity = false;
  private readonly visible: VisibleEndpoints;
  private readonly log: SliceLog;
  private readonly nodes: number;
  /** Row that had its turn last, by virtual server of a node. */
  private readonly turns = new Map<number, number>();
  /** Place in the columns below by Service of a client, the node it is on. */
  private readonly clients = new Map<number, number>();
  private readonly keptPod: number[] = [];
  private readonly keptNs: number[] = [];
  /** Marks of nodes that `nodeWithEndpoint` has listed. */
  private readonly mark: Int32Array;
  private marked = 0;
  private readonly listed: number[] = [];
  private readonly podNodes: Pick<Pods, 'node'>;

  constructor(visible: VisibleEndpoints, log: SliceLog, pods: Pick<Pods, 'node'>, nodes: number) {
    this.visible = visible;
    this.log = log;
    this.podNodes = pods;
    this.nodes = nodes;
    this.mark = new Int32Array(nodes);
  }

  /** The pod for a connection; -1 without an endpoint. */
  pick(of: PickRequest): number {
    const { node, service, nowNs } = of;
    this.affinityChecks = 0;
    this.keptByAffinity = false;
    const rows = of.isLocal
      ? this.visible.ofNode(node, service, nowNs)
      : this.visible.ofCluster(node, service, nowNs);
    const { length } = rows;
    if (length === 0) return NOBODY;
    this.chosenFrom = length;
    const { rowPod } = this.log;
    const client = of.affinityNs > 0 ? this.clientOf(service * this.nodes + node) : NOBODY;
    if (client !== NOBODY) {
      const kept = this.keptIndex(rows, client, nowNs - of.affinityNs);
      this.keptByAffinity = kept !== NOBODY;
      this.affinityChecks = this.keptByAffinity ? kept + 1 : length;
      if (this.keptByAffinity) this.chosenIndex = kept;
    }
    if (!this.keptByAffinity) {
      this.chosenIndex = of.takesTurns ? this.nextTurn(of, rows) : Math.floor(of.u * length);
    }
    const pod = rowPod[rows[this.chosenIndex]!]!;
    if (client !== NOBODY) {
      this.keptPod[client] = pod;
      this.keptNs[client] = nowNs;
    }
    return pod;
  }

  /** Whether the Service has an endpoint at all, as `node` sees it. */
  hasEndpoint(node: number, service: number, nowNs: number): boolean {
    return this.visible.ofCluster(node, service, nowNs).length > 0;
  }

  isHealthy(node: number, service: number, nowNs: number): boolean {
    return this.visible.isHealthy(node, service, nowNs);
  }

  /** One of the nodes with an endpoint of the Service, as `node` sees it, each as likely; -1 without. */
  nodeWithEndpoint(node: number, service: number, nowNs: number, u: number): number {
    const rows = this.visible.anywhere(node, service, nowNs);
    const { rowPod } = this.log;
    const { listed, mark } = this;
    listed.length = 0;
    this.marked++;
    for (let i = 0; i < rows.length; i++) {
      const at = this.podNodes.node[rowPod[rows[i]!]!]!;
      if (mark[at] === this.marked) continue;
      mark[at] = this.marked;
      listed.push(at);
    }
    return listed.length === 0 ? NOBODY : listed[Math.floor(u * listed.length)]!;
  }

  private clientOf(key: number): number {
    const known = this.clients.get(key);
    if (known !== undefined) return known;
    const client = this.keptPod.length;
    this.clients.set(key, client);
    this.keptPod.push(NOBODY);
    this.keptNs.push(0);
    return client;
  }

  /** Where the client's endpoint is among `rows`, if it was last used after `sinceNs`. */
  private keptIndex(rows: readonly number[], client: number, sinceNs: number): number {
    const pod = this.keptPod[client]!;
    if (pod === NOBODY || this.keptNs[client]! <= sinceNs) return NOBODY;
    const { rowPod } = this.log;
    for (let i = 0; i < rows.length; i++) if (rowPod[rows[i]!] === pod) return i;
    return NOBODY;
  }

  /**
   * The row after the last one, which may have gone; new endpoints are at the end. A virtual server
   * that has seen no connection in this run is somewhere on its way.
   */
  private nextTurn({ node, service, server }: PickRequest, rows: readonly number[]): number {
    const key = server * this.nodes + node;
    const last = this.turns.get(key);
    let next = 0;
    if (last === undefined) next = walkPlace(node, 0, service, rows.length);
    else {
      while (next < rows.length && rows[next]! <= last) next++;
      if (next === rows.length) next = 0;
    }
    this.turns.set(key, rows[next]!);
    return next;
  }
}

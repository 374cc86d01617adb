/**
 * What is remembered of each node's kube-proxy, in columns, and one node's taken out of them while
 * it is moved on by as many syncs as there are: loops then read the fields of one object instead of a
 * dozen columns, and times are not passed as arguments, which could be allocated.
 */
import type { Fanout } from './fanout.ts';
import type { SharedTables } from './tables.ts';
import type { Topology } from './topology.ts';

/** The kube-proxy of one node. */
export class NodeProxy {
  node = 0;
  /** Whose watcher it is, at which place and distance. */
  apiserver = 0;
  place = 0;
  latencyNs = 0;
  /** 0 for a node of the start. */
  joinedNs = 0;

  /** Positions programmed before the last sync and when it completes. */
  previous = 0;
  position = 0;
  /** Number of the last sync, from 0. */
  sync = -1;
  startNs = 0;
  /** What the last sync built is handed to the kernel, which takes so long. */
  kernelStartNs = 0;
  kernelNs = 0;
  completedNs = 0;
  cpuNs = 0;
  lastFullNs = 0;
  lastListNs = 0;
}

/** The columns, by node; `NodeProxy` says what they mean. */
export class NodeProxies {
  readonly nodes: number;
  /** Nodes whose proxy has made its first sync. */
  running: Uint8Array;
  /** These, and nodes that have joined and wait for their lists. */
  watching: Uint8Array;
  readonly apiserver: Int32Array;
  readonly place: Int32Array;
  readonly latencyNs: Float64Array;
  joinedNs: Float64Array;
  previous: Int32Array;
  position: Int32Array;
  /** Syncs begun so far. */
  readonly syncs: Int32Array;
  readonly kernelStartNs: Float64Array;
  readonly kernelNs: Float64Array;
  completedNs: Float64Array;
  readonly lastFullNs: Float64Array;
  readonly lastListNs: Float64Array;
  /** When the next sync starts, whatever else happens; 0 if that is not known. */
  readonly nextStartNs: Float64Array;
  private readonly taken = new NodeProxy();

  constructor(topology: Topology, fanout: Fanout) {
    const { nodes } = topology;
    this.nodes = nodes;
    this.running = new Uint8Array(nodes);
    this.watching = new Uint8Array(nodes);
    this.apiserver = topology.apiserverOf;
    this.place = fanout.placeOf;
    this.latencyNs = topology.controlLatencyNs;
    this.joinedNs = new Float64Array(nodes);
    this.previous = new Int32Array(nodes);
    this.position = new Int32Array(nodes);
    this.syncs = new Int32Array(nodes);
    this.kernelStartNs = new Float64Array(nodes);
    this.kernelNs = new Float64Array(nodes);
    this.completedNs = new Float64Array(nodes);
    this.lastFullNs = new Float64Array(nodes);
    this.lastListNs = new Float64Array(nodes);
    this.nextStartNs = new Float64Array(nodes);
  }

  /** Moves what all partitions may want to know of a node to `tables`. */
  share(tables: SharedTables): void {
    this.running = tables.move(this.running);
    this.watching = tables.move(this.watching);
    this.joinedNs = tables.move(this.joinedNs);
    this.previous = tables.move(this.previous);
    this.position = tables.move(this.position);
    this.completedNs = tables.move(this.completedNs);
  }

  /** A node's proxy; good until another is taken, and remembered if it is put back. */
  take(node: number): NodeProxy {
    const at = this.taken;
    at.node = node;
    at.apiserver = this.apiserver[node]!;
    at.place = this.place[node]!;
    at.latencyNs = this.latencyNs[node]!;
    at.joinedNs = this.joinedNs[node]!;
    at.previous = this.previous[node]!;
    at.position = this.position[node]!;
    at.sync = this.syncs[node]! - 1;
    at.kernelStartNs = this.kernelStartNs[node]!;
    at.kernelNs = this.kernelNs[node]!;
    at.completedNs = this.completedNs[node]!;
    at.lastFullNs = this.lastFullNs[node]!;
    at.lastListNs = this.lastListNs[node]!;
    return at;
  }

  putBack(at: NodeProxy): void {
    const { node } = at;
    this.previous[node] = at.previous;
    this.position[node] = at.position;
    this.syncs[node] = at.sync + 1;
    this.kernelStartNs[node] = at.kernelStartNs;
    this.kernelNs[node] = at.kernelNs;
    this.completedNs[node] = at.completedNs;
    this.lastFullNs[node] = at.lastFullNs;
    this.lastListNs[node] = at.lastListNs;
    this.nextStartNs[node] = 0;
  }
}

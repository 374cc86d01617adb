/**
 * What is remembered of each node's kube-proxy, and one node's taken out of it while it is moved on by
 * as many syncs as there are: loops then read the fields of one object, and times are not passed as
 * arguments, which could be allocated.
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
  /** What its proxy is: an index of `KubeProxies.classes`. */
  class = 0;
  /** Bits of `Irregular`; 0 for nearly all nodes. */
  flags = 0;
  /** When its proxy was started; 0 for a node of the start. */
  startedNs = 0;

  /** Positions programmed before the last sync and when it completes. */
  previous = 0;
  position = 0;
  /** The newest write that a sync has tried to program: beyond `position` after a failed one. */
  attempted = 0;
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
  /** The last sync is visible all at once when it completes, whatever the model's visibility. */
  isWhole = false;
}

/** What makes a node irregular: it takes the ways that ordinary nodes never pay for. */
export const Irregular = {
  /** Its last sync failed. */
  Failed: 1,
  /** Its last sync but one did, its last did not. */
  Recovered: 2,
  /** Its watch is broken; lists are under way. */
  Broken: 4,
  /** It has yet to program writes that came with lists. */
  Relisted: 8,
  /** Its watch has a link of its own that is slow. */
  Slow: 16,
  /** Its proxy is stopped, or has started and waits for its lists. */
  Stopped: 32,
  /** No sync has succeeded since its proxy was restarted. */
  Restarted: 64,
} as const;

/** Of nodes whose receipts do not follow from the fan-out alone. */
export const OWN_RECEIPTS = Irregular.Broken | Irregular.Relisted | Irregular.Slow;

/** Columns of a row: what nobody but its proxy asks of a node. A row is a cache line. */
export const NODE = {
  /** When the next sync starts, whatever else happens; 0 if that is not known. */
  nextStartNs: 0,
  latencyNs: 1,
  apiserver: 2,
  place: 3,
  lastFullNs: 4,
  lastListNs: 5,
  kernelStartNs: 6,
  /** Syncs begun so far. */
  syncs: 7,
  /** Columns there are. */
  stride: 8,
} as const;

const STRIDE = NODE.stride;

/** All nodes; `NodeProxy` says what the columns mean. */
export class NodeProxies {
  readonly nodes: number;
  readonly rows: Float64Array;
  /** Nodes whose proxy has made its first sync. */
  running: Uint8Array;
  /** These, and nodes that have joined and wait for their lists. */
  watching: Uint8Array;
  joinedNs: Float64Array;
  previous: Int32Array;
  position: Int32Array;
  completedNs: Float64Array;
  /** Class of what is in the kernel from `switchedNs` on, and before. */
  kernelClass: Uint8Array;
  formerClass: Uint8Array;
  switchedNs: Float64Array;
  /** Of the proxy, for the node's own partition alone. */
  readonly class: Uint8Array;
  /** Bits of `Irregular`. */
  readonly flags: Uint8Array;
  readonly startedNs: Float64Array;
  /** Of its newest syncs, those that failed; while `Recovered`, those before the last. */
  readonly failedInRow: Int32Array;
  private readonly attempted: Int32Array;
  private readonly fanout: Fanout;
  private readonly taken = new NodeProxy();

  constructor(topology: Topology, fanout: Fanout) {
    const { nodes } = topology;
    this.nodes = nodes;
    this.fanout = fanout;
    this.rows = new Float64Array(nodes * STRIDE);
    for (let node = 0; node < nodes; node++) {
      const row = node * STRIDE;
      this.rows[row + NODE.latencyNs] = topology.controlLatencyNs[node]!;
      this.rows[row + NODE.apiserver] = topology.apiserverOf[node]!;
      this.rows[row + NODE.place] = fanout.placeOf[node]!;
    }
    this.running = new Uint8Array(nodes);
    this.watching = new Uint8Array(nodes);
    this.joinedNs = new Float64Array(nodes);
    this.previous = new Int32Array(nodes);
    this.position = new Int32Array(nodes);
    this.completedNs = new Float64Array(nodes);
    this.kernelClass = new Uint8Array(nodes);
    this.formerClass = new Uint8Array(nodes);
    this.switchedNs = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
    this.class = new Uint8Array(nodes);
    this.flags = new Uint8Array(nodes);
    this.startedNs = new Float64Array(nodes);
    this.attempted = new Int32Array(nodes);
    this.failedInRow = new Int32Array(nodes);
  }

  /** Says what the proxy of a node is that has yet to start or join. */
  classify(node: number, index: number): void {
    this.class[node] = index;
    this.kernelClass[node] = index;
    this.formerClass[node] = index;
  }

  /** Moves what all partitions may want to know of a node to `tables`. */
  share(tables: SharedTables): void {
    this.running = tables.move(this.running);
    this.watching = tables.move(this.watching);
    this.joinedNs = tables.move(this.joinedNs);
    this.previous = tables.move(this.previous);
    this.position = tables.move(this.position);
    this.completedNs = tables.move(this.completedNs);
    this.kernelClass = tables.move(this.kernelClass);
    this.formerClass = tables.move(this.formerClass);
    this.switchedNs = tables.move(this.switchedNs);
  }

  /** A node that runs from the start: its last sync was completed at `completedNs`. */
  start(node: number, completedNs: number, lastFullNs: number, lastListNs: number): void {
    const row = node * STRIDE;
    this.rows[row + NODE.lastFullNs] = lastFullNs;
    this.rows[row + NODE.lastListNs] = lastListNs;
    this.rows[row + NODE.kernelStartNs] = completedNs;
    this.completedNs[node] = completedNs;
    this.watching[node] = 1;
    this.running[node] = 1;
  }

  /** A node that joins at `nowNs`, as the last watcher so far, and knows the writes up to `newest`. */
  join(node: number, nowNs: number, newest: number): void {
    this.rows[node * STRIDE + NODE.place] = this.fanout.placeOf[node]!;
    this.joinedNs[node] = nowNs;
    this.startedNs[node] = nowNs;
    this.watching[node] = 1;
    this.position[node] = newest;
    this.previous[node] = newest;
  }

  nextStartNs(node: number): number {
    return this.rows[node * STRIDE + NODE.nextStartNs]!;
  }

  setNextStartNs(node: number, nextStartNs: number): void {
    this.rows[node * STRIDE + NODE.nextStartNs] = nextStartNs;
  }

  syncs(node: number): number {
    return this.rows[node * STRIDE + NODE.syncs]!;
  }

  /** A node's proxy; good until another is taken, and remembered if it is put back. */
  take(node: number): NodeProxy {
    const { rows, taken: at } = this;
    const row = node * STRIDE;
    at.node = node;
    at.latencyNs = rows[row + NODE.latencyNs]!;
    at.apiserver = rows[row + NODE.apiserver]! | 0;
    at.place = rows[row + NODE.place]! | 0;
    at.lastFullNs = rows[row + NODE.lastFullNs]!;
    at.lastListNs = rows[row + NODE.lastListNs]!;
    at.kernelStartNs = rows[row + NODE.kernelStartNs]!;
    at.sync = (rows[row + NODE.syncs]! | 0) - 1;
    at.class = this.class[node]!;
    at.flags = this.flags[node]!;
    at.startedNs = this.startedNs[node]!;
    at.previous = this.previous[node]!;
    at.position = this.position[node]!;
    at.attempted = (at.flags & Irregular.Failed) === 0 ? at.position : this.attempted[node]!;
    at.isWhole = false;
    at.completedNs = this.completedNs[node]!;
    at.kernelNs = at.completedNs - at.kernelStartNs;
    return at;
  }

  putBack(at: NodeProxy): void {
    const { node } = at;
    const { rows } = this;
    const row = node * STRIDE;
    rows[row + NODE.nextStartNs] = 0;
    rows[row + NODE.lastFullNs] = at.lastFullNs;
    rows[row + NODE.lastListNs] = at.lastListNs;
    rows[row + NODE.kernelStartNs] = at.kernelStartNs;
    rows[row + NODE.syncs] = at.sync + 1;
    this.flags[node] = at.flags;
    if ((at.flags & Irregular.Failed) !== 0) this.attempted[node] = at.attempted;
    this.previous[node] = at.previous;
    this.position[node] = at.position;
    this.completedNs[node] = at.completedNs;
  }

  /** The last sync has failed. */
  failed(at: NodeProxy): void {
    const before = (at.flags & Irregular.Failed) === 0 ? 0 : this.failedInRow[at.node]!;
    this.failedInRow[at.node] = before + 1;
    at.flags = (at.flags & ~Irregular.Recovered) | Irregular.Failed;
  }

  /** The last sync of an irregular node has succeeded. */
  succeeded(at: NodeProxy): void {
    if ((at.flags & Irregular.Failed) !== 0) {
      at.flags = (at.flags & ~Irregular.Failed) | Irregular.Recovered;
    } else if ((at.flags & Irregular.Recovered) !== 0) {
      at.flags &= ~Irregular.Recovered;
      this.failedInRow[at.node] = 0;
    }
  }

  /** The kernel holds what the last sync has made from its completion on. */
  fillKernel({ node, class: index, completedNs }: NodeProxy): void {
    if (this.kernelClass[node] === index) return;
    this.formerClass[node] = this.kernelClass[node]!;
    this.kernelClass[node] = index;
    this.switchedNs[node] = completedNs;
  }
}

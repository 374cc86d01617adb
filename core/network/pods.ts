/**
 * The truth log of pods: one row a pod, in the order in which creations were decided, never reused.
 * What the control plane knows and what really runs on the node are separate columns; an address
 * is a pair (node, offset), and its owners over time are the pods that carried it.
 *
 * Each column has one writer: the control plane, or the pod's node. The other side reads an element
 * only after a message about the pod (`tables.ts`).
 */
import { type SharedTables, TablesFullError } from './tables.ts';

/** What the controllers know of a pod, in this order. */
export const Known = { Nothing: 0, Ready: 1, Terminating: 2, Gone: 3 } as const;

/** What really happens on the node. */
export const Phase = {
  /** Not yet on a node, or waiting for an address. */
  Pending: 0,
  Addressed: 1,
  Ready: 2,
  /** The process has ended. */
  Ended: 3,
} as const;

const INITIAL = 1024;

/** Columns by their type, in the order in which they lie in the tables. */
const INTS = ['workload', 'revision', 'node', 'usedBy', 'withdrawnBy', 'address'] as const;
const BYTES = [
  'known',
  'bound',
  'deleteDecided',
  'deleteRequested',
  'wasReady',
  'phase',
  'deletedOnNode',
  'hit',
] as const;
const TIMES = ['createdNs', 'startupNs', 'deletedNs', 'readyNs', 'endedNs'] as const;

export class Pods {
  /** Of the control plane: other partitions of a run do not know it. */
  count = 0;

  // Written by the control plane.
  workload = new Int32Array(INITIAL);
  revision = new Int32Array(INITIAL);
  /** -1 until the scheduler has chosen; known from the start for a pinned pod. */
  node = new Int32Array(INITIAL);
  known = new Uint8Array(INITIAL);
  /** The scheduler has bound it to its node. */
  bound = new Uint8Array(INITIAL);
  deleteDecided = new Uint8Array(INITIAL);
  deleteRequested = new Uint8Array(INITIAL);
  /** Controllers have seen it Ready before terminating: it has (had) endpoints. */
  wasReady = new Uint8Array(INITIAL);
  createdNs = new Float64Array(INITIAL);
  startupNs = new Float64Array(INITIAL);
  deletedNs = new Float64Array(INITIAL);
  /** Services of which it is a usable endpoint after the newest write. */
  usedBy = new Int32Array(INITIAL);
  /** Write that took it from the last of them; 0 if none has, or if no Service ever used it. */
  withdrawnBy = new Int32Array(INITIAL);

  // Written by the pod's node.
  /** Offset in the node's range; -1 without an address. */
  address = new Int32Array(INITIAL);
  phase = new Uint8Array(INITIAL);
  /** The kubelet has been told to end it. */
  deletedOnNode = new Uint8Array(INITIAL);
  readyNs = new Float64Array(INITIAL);
  endedNs = new Float64Array(INITIAL);
  /** Requests that met it after its end, or met its successor: bits 1 and 2. */
  hit = new Uint8Array(INITIAL);

  /** The columns are shared and keep their length. */
  private isShared = false;

  /** Moves all columns to `tables`, with room for `capacity` pods in all. */
  share(tables: SharedTables, capacity: number): void {
    if (this.count > capacity) throw new TablesFullError(`no room for ${this.count} pods`);
    for (const name of INTS) this[name] = tables.move(this[name].subarray(0, this.count), capacity);
    for (const name of BYTES)
      this[name] = tables.move(this[name].subarray(0, this.count), capacity);
    for (const name of TIMES)
      this[name] = tables.move(this[name].subarray(0, this.count), capacity);
    this.isShared = true;
  }

  /** @throws TablesFullError when there is no room left in shared tables */
  add(workload: number, revision: number): number {
    if (this.count === this.workload.length) this.grow();
    const pod = this.count++;
    this.workload[pod] = workload;
    this.revision[pod] = revision;
    this.node[pod] = -1;
    this.address[pod] = -1;
    return pod;
  }

  /** Pods created in [fromNs, toNs) that are to run and are not known Ready yet. */
  starting(fromNs: number, toNs: number): number {
    let starting = 0;
    for (let pod = 0; pod < this.count; pod++) {
      const createdNs = this.createdNs[pod]!;
      if (createdNs === 0 || createdNs < fromNs || createdNs >= toNs) continue;
      if (this.known[pod] === Known.Nothing && this.deleteRequested[pod] === 0) starting++;
    }
    return starting;
  }

  private grow(): void {
    if (this.isShared) throw new TablesFullError(`no room for pod ${this.count}`);
    const length = this.workload.length * 2;
    for (const name of INTS) this[name] = longer(this[name], new Int32Array(length));
    for (const name of BYTES) this[name] = longer(this[name], new Uint8Array(length));
    for (const name of TIMES) this[name] = longer(this[name], new Float64Array(length));
  }
}

function longer<T extends Int32Array | Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

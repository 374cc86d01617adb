/**
 * The truth log of pods: one row a pod, in the order in which creations were decided, never reused.
 * What the control plane knows and what really runs on the node are separate columns; an address
 * is a pair (node, offset), and its owners over time are the pods that carried it.
 */

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

export class Pods {
  count = 0;
  workload = new Int32Array(1024);
  revision = new Int32Array(1024);
  /** -1 until the scheduler has chosen; known from the start for a pinned pod. */
  node = new Int32Array(1024);
  /** Offset in the node's range; -1 without an address. */
  address = new Int32Array(1024);
  known = new Uint8Array(1024);
  phase = new Uint8Array(1024);
  /** The scheduler has bound it to its node. */
  bound = new Uint8Array(1024);
  deleteDecided = new Uint8Array(1024);
  deleteRequested = new Uint8Array(1024);
  /** The kubelet has been told to end it. */
  deletedOnNode = new Uint8Array(1024);
  /** Controllers have seen it Ready before terminating: it has (had) endpoints. */
  wasReady = new Uint8Array(1024);
  createdNs = new Float64Array(1024);
  startupNs = new Float64Array(1024);
  readyNs = new Float64Array(1024);
  deletedNs = new Float64Array(1024);
  endedNs = new Float64Array(1024);
  /** Services of which it is a usable endpoint after the newest write. */
  usedBy = new Int32Array(1024);
  /** Write that took it from the last of them; 0 if none has, or if no Service ever used it. */
  withdrawnBy = new Int32Array(1024);
  /** Requests that met it after its end, or met its successor: bits 1 and 2. */
  hit = new Uint8Array(1024);

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
    const length = this.workload.length * 2;
    const ints = ['workload', 'revision', 'node', 'address', 'usedBy', 'withdrawnBy'] as const;
    for (const name of ints) {
      const wider = new Int32Array(length);
      wider.set(this[name]);
      this[name] = wider;
    }
    const bytes = [
      'known',
      'phase',
      'bound',
      'deleteDecided',
      'deleteRequested',
      'deletedOnNode',
      'wasReady',
      'hit',
    ] as const;
    for (const name of bytes) {
      const wider = new Uint8Array(length);
      wider.set(this[name]);
      this[name] = wider;
    }
    const times = ['createdNs', 'startupNs', 'readyNs', 'deletedNs', 'endedNs'] as const;
    for (const name of times) {
      const wider = new Float64Array(length);
      wider.set(this[name]);
      this[name] = wider;
    }
  }
}

/**
 * The kubelets' status managers: one request at a time a node, first in, first out. An entry is a
 * pod and what is asked, as one integer; the queues are chains through one table.
 */
export const StatusRequest = { Ready: 0, Delete: 1 } as const;

const NONE = -1;

export function statusEntry(pod: number, request: number): number {
  return 2 * pod + request;
}

export class StatusQueue {
  private readonly head: Int32Array;
  private readonly tail: Int32Array;
  private readonly busy: Uint8Array;
  private nextEntry = new Int32Array(2048);

  constructor(nodes: number) {
    this.head = new Int32Array(nodes).fill(NONE);
    this.tail = new Int32Array(nodes).fill(NONE);
    this.busy = new Uint8Array(nodes);
  }

  /** Queues an entry. True if the manager was free: the entry is to be sent now. */
  push(node: number, entry: number): boolean {
    if (this.busy[node] === 0) {
      this.busy[node] = 1;
      return true;
    }
    while (entry >= this.nextEntry.length) {
      const wider = new Int32Array(this.nextEntry.length * 2);
      wider.set(this.nextEntry);
      this.nextEntry = wider;
    }
    this.nextEntry[entry] = NONE;
    if (this.head[node] === NONE) this.head[node] = entry;
    else this.nextEntry[this.tail[node]!] = entry;
    this.tail[node] = entry;
    return false;
  }

  /** The next entry to send, or -1: the manager is free. */
  pop(node: number): number {
    const entry = this.head[node]!;
    if (entry === NONE) this.busy[node] = 0;
    else this.head[node] = this.nextEntry[entry]!;
    return entry;
  }
}

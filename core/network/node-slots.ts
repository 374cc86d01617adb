/**
 * Numbers for things that live on a node for a while, such as a request at its client's: `number mod
 * nodes` is the node, so whoever is told the number knows where it lives, and a node's numbers depend on
 * nothing but what happens on the node. Numbers are reused, the last one freed first.
 */
import { assert } from '../assert.ts';

const NONE = -1;

export class NodeSlots {
  /** Numbers in use, of all nodes of this partition. */
  taken = 0;
  /** One more than the largest number ever handed out. */
  end = 0;
  private readonly nodes: number;
  private readonly what: string;
  private nextFree = new Int32Array(0);
  private readonly free: Int32Array;
  private readonly used: Int32Array;

  /** `what` names the things in a complaint about too many. */
  constructor(nodes: number, what: string) {
    this.nodes = nodes;
    this.what = what;
    this.free = new Int32Array(nodes).fill(NONE);
    this.used = new Int32Array(nodes);
  }

  take(node: number): number {
    this.taken++;
    const free = this.free[node]!;
    if (free !== NONE) {
      this.free[node] = this.nextFree[free]!;
      return free;
    }
    const slot = this.used[node]!++ * this.nodes + node;
    assert(
      slot < 2 ** 31,
      `node ${node} has ${this.used[node]} ${this.what}, more than can be numbered: lower its rate`,
    );
    if (slot >= this.end) this.end = slot + 1;
    if (slot >= this.nextFree.length) {
      this.nextFree = longer(this.nextFree, slot + this.nodes);
    }
    return slot;
  }

  release(slot: number): void {
    this.taken--;
    const node = this.nodeOf(slot);
    this.nextFree[slot] = this.free[node]!;
    this.free[node] = slot;
  }

  nodeOf(slot: number): number {
    return slot % this.nodes;
  }
}

/** The column with room for `length` elements and as many again as it had. */
export function longer<T extends Int32Array | Float64Array | Uint8Array>(
  column: T,
  length: number,
): T {
  const room = Math.max(length, 2 * column.length);
  const wider =
    column instanceof Int32Array
      ? new Int32Array(room)
      : column instanceof Float64Array
        ? new Float64Array(room)
        : new Uint8Array(room);
  wider.set(column);
  return wider as T;
}

/**
 * Pod addresses: one range a node, handed out in host-local order (the next free address after the
 * last one handed out, wrapping). Remembers who had an address and since when it is free, which is
 * what reuse age and misdelivery are about. No address has two owners (asserted).
 */
import { assert } from '../assert.ts';
import type { SharedTables } from './tables.ts';

export const NOBODY = -1;

export class Addresses {
  /** Usable addresses of a node's range. */
  readonly perNode: number;
  used: Int32Array;
  private owner: Int32Array;
  private previous: Int32Array;
  private freedNs: Float64Array;
  private next: Int32Array;

  constructor(nodes: number, perNode: number) {
    this.perNode = perNode;
    this.used = new Int32Array(nodes);
    this.owner = new Int32Array(nodes * perNode).fill(NOBODY);
    this.previous = new Int32Array(nodes * perNode).fill(NOBODY);
    this.freedNs = new Float64Array(nodes * perNode);
    this.next = new Int32Array(nodes);
  }

  /** Moves all columns to `tables`. Each node writes its own part of them. */
  share(tables: SharedTables): void {
    this.used = tables.move(this.used);
    this.owner = tables.move(this.owner);
    this.previous = tables.move(this.previous);
    this.freedNs = tables.move(this.freedNs);
    this.next = tables.move(this.next);
  }

  /** An address of `node` for `pod`; -1 when the range is exhausted. */
  take(node: number, pod: number): number {
    if (this.used[node] === this.perNode) return -1;
    const base = node * this.perNode;
    let address = this.next[node]!;
    while (this.owner[base + address] !== NOBODY) {
      address = address + 1 === this.perNode ? 0 : address + 1;
    }
    this.owner[base + address] = pod;
    this.used[node]!++;
    this.next[node] = address + 1 === this.perNode ? 0 : address + 1;
    return address;
  }

  release(node: number, address: number, pod: number, nowNs: number): void {
    const at = node * this.perNode + address;
    assert(this.owner[at] === pod, `address ${address} of node ${node} does not belong to ${pod}`);
    this.owner[at] = NOBODY;
    this.previous[at] = pod;
    this.freedNs[at] = nowNs;
    this.used[node]!--;
  }

  ownerOf(node: number, address: number): number {
    return this.owner[node * this.perNode + address]!;
  }

  /** The pod that had the address before its present owner; -1 for a first use. */
  previousOf(node: number, address: number): number {
    return this.previous[node * this.perNode + address]!;
  }

  /** When the address was last set free. */
  freedAtNs(node: number, address: number): number {
    return this.freedNs[node * this.perNode + address]!;
  }
}

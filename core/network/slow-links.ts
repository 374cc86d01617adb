/**
 * Nodes whose watch has a slow link of its own behind the fan-out: when they receive writes. A node's
 * receipts follow one another on its link, so they are worked out in the order of the writes, as far as
 * somebody asks, and kept until the node has programmed them. What is on a link is bounded: the
 * apiserver closes a watch that is too far behind (docs/models/network-programming.md).
 */
import type { NodeProxy } from './node-proxy.ts';
import type { WriteTimes } from './write-times.ts';

/** Receipts kept beyond need before they are dropped. */
const SPARE = 1024;

interface Link {
  /** Write of the first receipt kept. */
  first: number;
  receivedNs: number[];
  freeNs: number;
}

export class SlowLinks {
  /** Slow nodes, those that have yet to join included. */
  readonly nodes: readonly number[];
  private readonly bytesPerSecond: number;
  private readonly times: WriteTimes;
  private readonly links = new Map<number, Link>();
  /** By write: how long it takes on a slow link. */
  private readonly takesNs: number[] = [0];

  /** A share of `nodes` nodes is slow, spread evenly. */
  constructor(nodes: number, share: number, bytesPerSecond: number, times: WriteTimes) {
    this.nodes = Array.from({ length: nodes }, (_, node) => node).filter(
      (node) => Math.floor((node + 1) * share) > Math.floor(node * share),
    );
    this.bytesPerSecond = bytesPerSecond;
    this.times = times;
    for (const node of this.nodes) this.links.set(node, { first: 1, receivedNs: [], freeNs: 0 });
  }

  /** A write of `bytes` has been committed. */
  entered(write: number, bytes: number): void {
    if (this.nodes.length > 0) this.takesNs[write] = this.lengthNs(bytes);
  }

  /** What a list of `bytes` takes on the link of `node`; 0 if it is not slow. */
  listNs(node: number, bytes: number): number {
    return this.links.has(node) ? this.lengthNs(bytes) : 0;
  }

  /** When a slow node receives `write`, which is not too old to be known. */
  receivedNs(at: NodeProxy, write: number): number {
    const link = this.links.get(at.node)!;
    const { receivedNs } = link;
    while (link.first + receivedNs.length <= write) {
      const next = link.first + receivedNs.length;
      const arrivalNs = this.times.receivedNs(next, at.apiserver, at.place, at.latencyNs);
      link.freeNs = Math.max(arrivalNs, link.freeNs) + this.takesNs[next]!;
      receivedNs.push(link.freeNs);
    }
    return receivedNs[write - link.first]!;
  }

  /** A node has its first lists at `listedNs`; the first write to come by watch is `next`. */
  begin(node: number, next: number, listedNs: number): void {
    if (this.links.has(node))
      this.links.set(node, { first: next, receivedNs: [], freeNs: listedNs });
  }

  /** Writes from `first` on and before `next` have come with lists at `listedNs`. */
  relisted(node: number, first: number, next: number, listedNs: number): void {
    const link = this.links.get(node);
    if (link === undefined) return;
    link.receivedNs.length = first - link.first;
    for (let write = first; write < next; write++) link.receivedNs.push(listedNs);
    link.freeNs = listedNs;
  }

  /** Nobody will ask for receipts of `node` up to write `position` any more. */
  forget(node: number, position: number): void {
    const link = this.links.get(node);
    if (link === undefined || position - link.first < SPARE) return;
    link.receivedNs = link.receivedNs.slice(position + 1 - link.first);
    link.first = position + 1;
  }

  private lengthNs(bytes: number): number {
    return Math.round((1e9 * bytes) / this.bytesPerSecond);
  }
}

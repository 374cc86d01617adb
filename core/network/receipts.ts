/**
 * When nodes receive writes whose receipts do not follow from the fan-out alone: those whose watch was
 * broken (a restart, an outage of the apiserver, a watch closed on them) and made up for by lists, and
 * those with a slow link. Everybody else is never looked up here. Rules: "Interruptions" in
 * docs/models/network-programming.md.
 *
 * Receipts are in the order of the writes: what a node lost is one run of writes, from the first that
 * would have come after the break to the last that the lists make up for.
 */
import { Irregular, type NodeProxy, OWN_RECEIPTS } from './node-proxy.ts';
import type { SliceLog } from './slice-log.ts';
import type { SlowLinks } from './slow-links.ts';
import { WRITE } from './write-times.ts';

/** Writes that a node has received with lists. */
interface Relist {
  readonly first: number;
  readonly last: number;
  readonly listedNs: number;
}

export class Receipts {
  private readonly log: SliceLog;
  private readonly links: SlowLinks;
  /** When the watches broke that are broken. */
  private readonly brokenNs = new Map<number, number>();
  /** By node, in the order of the writes; of nodes that have yet to program some of them. */
  private readonly relists = new Map<number, Relist[]>();

  constructor(log: SliceLog, links: SlowLinks) {
    this.log = log;
    this.links = links;
  }

  /** When a node receives a write that it has yet to program; Infinity if that is not known. */
  receivedNs(at: NodeProxy, write: number): number {
    if ((at.flags & OWN_RECEIPTS) === 0) return this.sentNs(at, write);
    const receivedNs = this.watchedNs(at, write);
    const brokenNs = this.brokenNs.get(at.node);
    return brokenNs !== undefined && receivedNs >= brokenNs ? Number.POSITIVE_INFINITY : receivedNs;
  }

  /** The newest write that a node has received when its sync starts. */
  receivedBy(at: NodeProxy): number {
    const { log } = this;
    if ((at.flags & OWN_RECEIPTS) === 0) return log.times.receivedBy(at, log.length);
    let received = at.position;
    while (received < log.length && this.receivedNs(at, received + 1) <= at.startNs) received++;
    return received;
  }

  /** The watch of a node breaks, or has been broken before. */
  breakWatch(node: number, nowNs: number): void {
    const sinceNs = this.brokenNs.get(node) ?? Number.POSITIVE_INFINITY;
    this.brokenNs.set(node, Math.min(sinceNs, nowNs));
  }

  /** A node whose watch was broken has the lists, as of `askedNs`, at `listedNs`. */
  mend(at: NodeProxy, askedNs: number, listedNs: number): void {
    const { rows } = this.log.times;
    const brokenNs = this.brokenNs.get(at.node)!;
    let last = this.log.length;
    while (
      last > at.attempted &&
      rows[last * WRITE.stride + WRITE.commitNs]! > askedNs &&
      this.sentNs(at, last) >= listedNs
    ) {
      last--;
    }
    let first = at.attempted + 1;
    while (first <= last && this.watchedNs(at, first) < brokenNs) first++;
    this.brokenNs.delete(at.node);
    this.links.relisted(at.node, first, last + 1, listedNs);
    if (first > last) return;
    const relists = this.relists.get(at.node) ?? [];
    relists.push({ first, last, listedNs });
    this.relists.set(at.node, relists);
  }

  /** Whether a node has yet to program writes that came with lists; older ones are forgotten. */
  owesRelisted(at: NodeProxy): boolean {
    const { node, position } = at;
    this.links.forget(node, position);
    const relists = this.relists.get(node)?.filter(({ last }) => last > position) ?? [];
    if (relists.length > 0) this.relists.set(node, relists);
    else this.relists.delete(node);
    return relists.length > 0;
  }

  /** Whether a slow node, which runs, has yet to receive a write that may be too old for that. */
  isBehind(at: NodeProxy, write: number, nowNs: number): boolean {
    return write > at.attempted && this.receivedNs(at, write) > nowNs;
  }

  /** When it would be received if no watch ever broke from now on. */
  private watchedNs(at: NodeProxy, write: number): number {
    for (const { first, last, listedNs } of this.relists.get(at.node) ?? []) {
      if (write >= first && write <= last) return listedNs;
    }
    return (at.flags & Irregular.Slow) !== 0
      ? this.links.receivedNs(at, write)
      : this.sentNs(at, write);
  }

  /** When the fan-out alone brings it. */
  private sentNs({ apiserver, place, latencyNs }: NodeProxy, write: number): number {
    return this.log.times.receivedNs(write, apiserver, place, latencyNs);
  }
}

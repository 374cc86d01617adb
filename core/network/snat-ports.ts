/**
 * Source ports of masqueraded flows. Each takes one of some 64,000 ports of its node's address towards
 * its destination, and keeps it until its entry expires. Ports in use are counted by node and
 * destination in an open-addressing table; a port that will be free later waits in a wheel of its
 * node. Memory is one record of 12 bytes for each flow that has ended and whose entry has not expired,
 * in arrays that grow. A node's ports are taken and freed by the node's own logical process only.
 */
import type { ConstantReader } from '../constant.ts';
import { conntrack as constants, snatSearchFails } from '../models/conntrack.ts';

/** Seconds a slot of a node's wheel is long, and slots: a record further away goes round again. */
const SLOT_NS = 2e9;
const SLOTS = 64;
const NONE = -1;
/** A key is node * 2^31 + destination. */
const DESTINATIONS = 2 ** 31;

export class SnatPorts {
  private readonly ports: number;
  private readonly exhausted: (nowNs: number) => void;
  private readonly fails: (used: number) => number;
  /** By node and slot: the records waiting; by node: the slot looked at last, counted from time 0. */
  private readonly first: Int32Array;
  private readonly slot: Int32Array;
  private next = new Int32Array(64);
  private destination = new Int32Array(64);
  private freeSlot = new Int32Array(64);
  private records = 0;
  private freeRecord = NONE;
  private keys = new Float64Array(64).fill(NONE);
  private counts = new Int32Array(64);
  private used = 0;

  /** @param exhausted is told of each search that found no port */
  constructor(nodes: number, read: ConstantReader, exhausted: (nowNs: number) => void) {
    this.exhausted = exhausted;
    this.ports = read(constants.snatPorts);
    this.fails = snatSearchFails(read);
    this.first = new Int32Array(nodes * SLOTS).fill(NONE);
    this.slot = new Int32Array(nodes);
  }

  /**
   * Takes a port for a flow from `node` to `destination`, an address and port, for example a pod's
   * number. False: the search found none, the packet is dropped. `u` is uniform in [0, 1).
   */
  take(node: number, destination: number, nowNs: number, u: number): boolean {
    this.advance(node, nowNs);
    const at = this.find(node * DESTINATIONS + destination);
    const inUse = this.keys[at] === NONE ? 0 : this.counts[at]!;
    if (u < this.fails(inUse / this.ports)) {
      this.exhausted(nowNs);
      return false;
    }
    if (this.keys[at] === NONE) this.insert(at, node * DESTINATIONS + destination);
    else this.counts[at]!++;
    return true;
  }

  /** A flow has ended: its port is free from `freeNs` on, when its entry expires. */
  release(node: number, destination: number, freeNs: number): void {
    const slot = Math.max(Math.ceil(freeNs / SLOT_NS), this.slot[node]! + 1);
    const record = this.newRecord();
    const head = node * SLOTS + (slot % SLOTS);
    this.destination[record] = destination;
    this.freeSlot[record] = slot;
    this.next[record] = this.first[head]!;
    this.first[head] = record;
  }

  /** Ports in use. */
  inUse(node: number, destination: number, nowNs: number): number {
    this.advance(node, nowNs);
    const at = this.find(node * DESTINATIONS + destination);
    return this.keys[at] === NONE ? 0 : this.counts[at]!;
  }

  private advance(node: number, nowNs: number): void {
    const now = Math.floor(nowNs / SLOT_NS);
    const before = this.slot[node]!;
    if (now <= before) return;
    this.slot[node] = now;
    for (let slot = Math.max(before + 1, now - SLOTS + 1); slot <= now; slot++) {
      this.freeAt(node, node * SLOTS + (slot % SLOTS), now);
    }
  }

  private freeAt(node: number, head: number, now: number): void {
    let record = this.first[head]!;
    this.first[head] = NONE;
    while (record !== NONE) {
      const next = this.next[record]!;
      if (this.freeSlot[record]! <= now) {
        this.giveBack(node * DESTINATIONS + this.destination[record]!);
        this.next[record] = this.freeRecord;
        this.freeRecord = record;
      } else {
        this.next[record] = this.first[head]!;
        this.first[head] = record;
      }
      record = next;
    }
  }

  private newRecord(): number {
    const free = this.freeRecord;
    if (free !== NONE) {
      this.freeRecord = this.next[free]!;
      return free;
    }
    if (this.records === this.next.length) {
      for (const name of ['next', 'destination', 'freeSlot'] as const) {
        const wider = new Int32Array(2 * this.records);
        wider.set(this[name]);
        this[name] = wider;
      }
    }
    return this.records++;
  }

  /** Where a key is, or the empty place where it belongs. */
  private find(key: number): number {
    const mask = this.keys.length - 1;
    let at = hash(key) & mask;
    while (this.keys[at] !== NONE && this.keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  private insert(at: number, key: number): void {
    this.keys[at] = key;
    this.counts[at] = 1;
    this.used++;
    if (2 * this.used <= this.keys.length) return;
    const { keys, counts } = this;
    this.keys = new Float64Array(2 * keys.length).fill(NONE);
    this.counts = new Int32Array(2 * keys.length);
    keys.forEach((old, i) => {
      if (old === NONE) return;
      const to = this.find(old);
      this.keys[to] = old;
      this.counts[to] = counts[i]!;
    });
  }

  private giveBack(key: number): void {
    let hole = this.find(key);
    if (--this.counts[hole]! > 0) return;
    this.used--;
    // Those after a hole that would not be found beyond it move into it.
    const mask = this.keys.length - 1;
    for (let at = (hole + 1) & mask; this.keys[at] !== NONE; at = (at + 1) & mask) {
      const home = hash(this.keys[at]!) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      this.keys[hole] = this.keys[at]!;
      this.counts[hole] = this.counts[at]!;
      hole = at;
    }
    this.keys[hole] = NONE;
  }
}

function hash(key: number): number {
  const node = Math.floor(key / DESTINATIONS);
  const h = Math.imul(key % DESTINATIONS, 0x9e3779b1) ^ Math.imul(node + 1, 0x85ebca6b);
  return (h ^ (h >>> 15)) >>> 0;
}

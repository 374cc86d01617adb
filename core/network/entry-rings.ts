/**
 * Entries that leave a table when their time-out is over, counted by node and state. All entries of
 * one state of a node have the same time-out, so a ring of 64 parts of it is a timing wheel: adding
 * and expiring are O(1) an entry, whatever the time-out. An entry leaves at the first edge of a part at
 * which its time-out is over: never early, late by at most a 64th of it. The kernel is later: it
 * collects what has expired when it looks at a bucket, or once a minute or two.
 */

/** Parts of a time-out; one more bucket for entries of the part that is running. */
const PARTS = 64;
const BUCKETS = PARTS + 1;

export class EntryRings {
  private readonly states: number;
  /** By ring, `node * states + state`. */
  private readonly partNs: Float64Array;
  /** Part of time up to which a ring is cleared, when it ends, and the place of its bucket. */
  private readonly part: Int32Array;
  private readonly endNs: Float64Array;
  private readonly running: Int32Array;
  private readonly inRing: Int32Array;
  private readonly buckets: Int32Array;

  constructor(nodes: number, states: number) {
    this.states = states;
    this.partNs = new Float64Array(nodes * states).fill(Number.POSITIVE_INFINITY);
    this.part = new Int32Array(nodes * states);
    this.endNs = new Float64Array(nodes * states).fill(Number.POSITIVE_INFINITY);
    this.running = Int32Array.from(this.part, (_, ring) => ring * BUCKETS);
    this.inRing = new Int32Array(nodes * states);
    this.buckets = new Int32Array(nodes * states * BUCKETS);
  }

  timeoutNs(node: number, state: number): number {
    return this.partNs[node * this.states + state]! * PARTS;
  }

  /** Sets a time-out; entries that are there keep their age. Returns how many of them expire. */
  changeTimeout(node: number, state: number, timeoutNs: number, nowNs: number): number {
    const ring = node * this.states + state;
    const oldPartNs = this.partNs[ring]!;
    const partNs = timeoutNs / PARTS;
    if (partNs === oldPartNs) return 0;
    const before = this.inRing[ring]!;
    const newest = this.part[ring]!;
    this.partNs[ring] = partNs;
    this.begin(ring, Math.floor(nowNs / partNs));
    if (before === 0) return 0;
    const old = this.buckets.slice(ring * BUCKETS, (ring + 1) * BUCKETS);
    this.buckets.fill(0, ring * BUCKETS, (ring + 1) * BUCKETS);
    this.inRing[ring] = 0;
    for (let part = Math.max(0, newest - PARTS); part <= newest; part++) {
      const at = Math.floor(Math.min(nowNs, (part + 1) * oldPartNs) / partNs);
      if (at + BUCKETS <= this.part[ring]!) continue;
      const count = old[part % BUCKETS]!;
      this.buckets[ring * BUCKETS + (at % BUCKETS)]! += count;
      this.inRing[ring]! += count;
    }
    return before - this.inRing[ring]!;
  }

  count(node: number, state: number): number {
    return this.inRing[node * this.states + state]!;
  }

  /** Before this time nothing of a ring expires; Infinity when it is empty. */
  quietUntilNs(node: number, state: number): number {
    const ring = node * this.states + state;
    if (this.inRing[ring] === 0) return Number.POSITIVE_INFINITY;
    return this.endNs[ring]!;
  }

  /** Clears what has expired by `nowNs`; how many. */
  expire(node: number, state: number, nowNs: number): number {
    const ring = node * this.states + state;
    return nowNs < this.endNs[ring]!
      ? 0
      : this.advance(ring, Math.floor(nowNs / this.partNs[ring]!));
  }

  /** Clears a ring up to part `now`. */
  private advance(ring: number, now: number): number {
    const before = this.part[ring]!;
    if (now <= before) return 0;
    this.begin(ring, now);
    const inRing = this.inRing[ring]!;
    if (inRing === 0) return 0;
    const base = ring * BUCKETS;
    let expired = 0;
    // A part that begins takes the bucket of the one that is a time-out and a part older.
    const from = Math.max(before + 1, now - PARTS);
    for (let part = from; part <= now; part++) {
      const at = base + (part % BUCKETS);
      expired += this.buckets[at]!;
      this.buckets[at] = 0;
    }
    this.inRing[ring] = inRing - expired;
    return expired;
  }

  /** Adds an entry; `expire` up to now was called. */
  add(node: number, state: number): void {
    const ring = node * this.states + state;
    this.inRing[ring]!++;
    this.buckets[this.running[ring]!]!++;
  }

  /** Takes out the entry whose time-out began last. False when the ring has none. */
  removeNewest(node: number, state: number): boolean {
    const ring = node * this.states + state;
    const at = this.running[ring]!;
    if (this.buckets[at] === 0) return this.removeNear(ring, this.part[ring]!);
    this.buckets[at]!--;
    this.inRing[ring]!--;
    return true;
  }

  /**
   * Takes out the entry whose time-out began at `sinceNs`, or the one nearest before that, or else
   * after it. False when the ring has none.
   */
  remove(node: number, state: number, sinceNs: number): boolean {
    const ring = node * this.states + state;
    const partNs = this.partNs[ring]!;
    if (sinceNs >= this.endNs[ring]! - partNs) return this.removeNewest(node, state);
    return this.removeNear(ring, Math.floor(sinceNs / partNs));
  }

  /** Takes an entry of part `since`, or of the nearest one before, or else after. */
  private removeNear(ring: number, since: number): boolean {
    if (this.inRing[ring] === 0) return false;
    const newest = this.part[ring]!;
    const oldest = Math.max(0, newest - PARTS);
    const part = Math.min(Math.max(since, oldest), newest);
    for (let p = part; p >= oldest; p--) if (this.takeFrom(ring, p)) return true;
    for (let p = part + 1; p <= newest; p++) if (this.takeFrom(ring, p)) return true;
    return false;
  }

  private begin(ring: number, part: number): void {
    this.part[ring] = part;
    this.endNs[ring] = (part + 1) * this.partNs[ring]!;
    this.running[ring] = ring * BUCKETS + (part % BUCKETS);
  }

  private takeFrom(ring: number, part: number): boolean {
    const at = ring * BUCKETS + (part % BUCKETS);
    if (this.buckets[at] === 0) return false;
    this.buckets[at]!--;
    this.inRing[ring]!--;
    return true;
  }
}

/**
 * The event list to compare with: a 4-ary heap of times, with the rest of each record in parallel
 * arrays. The same record, order and promises as `FutureEventList`; `insert` and `popBefore` cost O(log n)
 * and allocate nothing (arrays double when full).
 */
import type { EventList } from '../../core/engine/engine.ts';

export class HeapEventList implements EventList {
  /** The event popped last. */
  timeNs = 0;
  process = 0;
  kind = 0;
  a = 0;
  b = 0;
  /** Time of the event to `insert`. */
  insertNs = 0;

  private count = 0;
  private free = 0;
  private times: Float64Array;
  private slots: Int32Array;
  /** By slot. */
  private sources: Int32Array;
  private sequences: Int32Array;
  private processes: Int32Array;
  private kinds: Int32Array;
  private as: Int32Array;
  private bs: Int32Array;
  /** Slots to use again, the last of `free` first. */
  private unused: Int32Array;

  constructor(capacity = 1024) {
    this.times = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.sources = new Int32Array(capacity);
    this.sequences = new Int32Array(capacity);
    this.processes = new Int32Array(capacity);
    this.kinds = new Int32Array(capacity);
    this.as = new Int32Array(capacity);
    this.bs = new Int32Array(capacity);
    this.unused = new Int32Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  /** Time of the next event; Infinity when there is none. */
  get nextNs(): number {
    return this.count === 0 ? Number.POSITIVE_INFINITY : this.times[0]!;
  }

  /** Inserts an event at `timeNs`. */
  push(
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    this.insertNs = timeNs;
    this.insert(source, sequence, process, kind, a, b);
  }

  /** Inserts an event at `insertNs`. */
  insert(
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    const timeNs = this.insertNs;
    if (this.count === this.times.length) this.grow();
    const slot = this.free > 0 ? this.unused[--this.free]! : this.count;
    this.sources[slot] = source;
    this.sequences[slot] = sequence;
    this.processes[slot] = process;
    this.kinds[slot] = kind;
    this.as[slot] = a;
    this.bs[slot] = b;
    const times = this.times;
    const slots = this.slots;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent]!;
      if (parentTime < timeNs || (parentTime === timeNs && this.before(slots[parent]!, slot)))
        break;
      times[hole] = parentTime;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    times[hole] = timeNs;
    slots[hole] = slot;
  }

  /** Takes the next event into the fields above; false when there is none before `limitNs`. */
  popBefore(limitNs: number): boolean {
    const times = this.times;
    if (this.count === 0 || !(times[0]! < limitNs)) return false;
    const slots = this.slots;
    const slot = slots[0]!;
    this.timeNs = times[0]!;
    this.process = this.processes[slot]!;
    this.kind = this.kinds[slot]!;
    this.a = this.as[slot]!;
    this.b = this.bs[slot]!;
    this.unused[this.free++] = slot;
    const last = --this.count;
    if (last === 0) {
      this.free = 0;
      return true;
    }
    const lastTime = times[last]!;
    const lastSlot = slots[last]!;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= last) break;
      const end = first + 4 < last ? first + 4 : last;
      let least = first;
      let leastTime = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const time = times[child]!;
        if (time < leastTime || (time === leastTime && this.before(slots[child]!, slots[least]!))) {
          least = child;
          leastTime = time;
        }
      }
      if (
        lastTime < leastTime ||
        (lastTime === leastTime && this.before(lastSlot, slots[least]!))
      ) {
        break;
      }
      times[hole] = leastTime;
      slots[hole] = slots[least]!;
      hole = least;
    }
    times[hole] = lastTime;
    slots[hole] = lastSlot;
    return true;
  }

  /** Tie rule among events of one instant. */
  private before(slot: number, other: number): boolean {
    const source = this.sources[slot]!;
    const otherSource = this.sources[other]!;
    if (source !== otherSource) return source < otherSource;
    return this.sequences[slot]! < this.sequences[other]!;
  }

  private grow(): void {
    const capacity = this.times.length * 2;
    this.times = widerFloats(this.times, capacity);
    this.sequences = widerInts(this.sequences, capacity);
    this.slots = widerInts(this.slots, capacity);
    this.sources = widerInts(this.sources, capacity);
    this.processes = widerInts(this.processes, capacity);
    this.kinds = widerInts(this.kinds, capacity);
    this.as = widerInts(this.as, capacity);
    this.bs = widerInts(this.bs, capacity);
    this.unused = widerInts(this.unused, capacity);
  }
}

function widerFloats(from: Float64Array, capacity: number): Float64Array {
  const to = new Float64Array(capacity);
  to.set(from);
  return to;
}

function widerInts(from: Int32Array, capacity: number): Int32Array {
  const to = new Int32Array(capacity);
  to.set(from);
  return to;
}

/**
 * Events of the stretch of time that is being executed: a 4-ary heap of their records, with the times
 * beside it. The records lie in chunks of the heap's own and are used again one by one. `push` and
 * `popBefore` cost O(log n) of the events in it; arrays double when full.
 */
import type { EventRecords } from './event-records.ts';

const NONE = -1;

export class LateHeap {
  /** Events in the heap. */
  count = 0;
  private times = new Float64Array(64);
  private heap = new Int32Array(64);
  /** Records that may be written again; any other in use is before `tail`. */
  private spare = new Int32Array(64);
  private spareCount = 0;
  private tail = 0;
  private readonly records: EventRecords;

  constructor(records: EventRecords) {
    this.records = records;
  }

  /** Bytes held besides records. */
  get bytes(): number {
    return this.times.byteLength + this.heap.byteLength + this.spare.byteLength;
  }

  /** Time of the first event; there is one. */
  get timeNs(): number {
    return this.times[0]!;
  }

  /** Whether the first event comes before another record; there is one. */
  isBefore(record: number): boolean {
    const timeNs = this.times[0]!;
    const otherNs = this.records.timeNs(record);
    return (
      timeNs < otherNs || (timeNs === otherNs && this.records.tieBefore(this.heap[0]!, record))
    );
  }

  /** Where to write the event to `push`. */
  slot(): number {
    if (this.spareCount > 0) return this.spare[--this.spareCount]!;
    const record = this.records.next(this.tail);
    this.tail = record + 1;
    return record;
  }

  /** Adds what was written last, at `record`. */
  push(record: number): void {
    if (this.count === this.heap.length) this.grow();
    const { heap, times, records } = this;
    const timeNs = records.atNs;
    let hole = this.count++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentNs = times[parent]!;
      if (parentNs < timeNs || (parentNs === timeNs && records.tieBefore(heap[parent]!, record))) {
        break;
      }
      times[hole] = parentNs;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    times[hole] = timeNs;
    heap[hole] = record;
  }

  /** Removes the first record, to be read before the next `slot`; -1 when it is not before `limitNs`. */
  popBefore(limitNs: number): number {
    if (!(this.times[0]! < limitNs)) return NONE;
    const record = this.heap[0]!;
    this.spare[this.spareCount++] = record;
    if (--this.count > 0) this.sink();
    return record;
  }

  /** Moves all events to the end of a chain, in no order; its new tail. */
  moveTo(tail: number): number {
    const { records } = this;
    let end = tail;
    for (let i = 0; i < this.count; i++) end = records.append(end, this.heap[i]!);
    records.releaseAll(this.tail);
    this.tail = 0;
    this.spareCount = 0;
    this.count = 0;
    return end;
  }

  /** Puts the event behind the last one in the place of the first, which has gone. */
  private sink(): void {
    const { heap, times, records, count } = this;
    const record = heap[count]!;
    const timeNs = times[count]!;
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= count) break;
      const end = first + 4 < count ? first + 4 : count;
      let least = first;
      let leastNs = times[first]!;
      for (let child = first + 1; child < end; child++) {
        const childNs = times[child]!;
        if (
          childNs < leastNs ||
          (childNs === leastNs && records.tieBefore(heap[child]!, heap[least]!))
        ) {
          least = child;
          leastNs = childNs;
        }
      }
      if (timeNs < leastNs || (timeNs === leastNs && records.tieBefore(record, heap[least]!))) {
        break;
      }
      times[hole] = leastNs;
      heap[hole] = heap[least]!;
      hole = least;
    }
    times[hole] = timeNs;
    heap[hole] = record;
  }

  private grow(): void {
    const length = 2 * this.heap.length;
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    const heap = new Int32Array(length);
    heap.set(this.heap);
    this.heap = heap;
    const spare = new Int32Array(length);
    spare.set(this.spare);
    this.spare = spare;
  }
}

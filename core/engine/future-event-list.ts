/**
 * The future event list: a ladder queue (Tang, Goh and Thng, ACM TOMACS 15(3), 2005) over compact
 * records, with power-of-two bucket widths.
 *
 * Order: (time, origin logical process, its sequence number). It is total and does not depend on when,
 * where or in which order events were inserted: those of one instant run by origin, those of one
 * origin in the order of its sequence numbers.
 *
 * Later events lie unsorted in time buckets (`bucket-ladder.ts`). The earliest bucket becomes the run: it
 * is sorted (`event-sort.ts`) and executed from front to back. What is inserted into the run's own
 * stretch of time goes to a small heap beside it (`late-heap.ts`), and so does everything while few
 * events are pending; a heap that gets crowded is divided into buckets.
 *
 * Cost: `insert` and `popBefore` are O(1) amortised when events spread over time, and O(log n) at worst,
 * also when all share one instant, with nothing allocated for an event (arrays grow when full). A
 * pending event takes 32 bytes, and up to 48 with what chunks and arrays keep free.
 *
 * Times are whole nanoseconds from 0 to 2^53, everything else is an int32, and origins are not negative.
 * Fractions of a nanosecond keep the order but cost time.
 *
 * Not promised: removal. An event is cancelled by a generation number its entity keeps, sent along in
 * `a` or `b`; a stale event is popped and ignored.
 */
import { BucketLadder } from './bucket-ladder.ts';
import { EventRecords } from './event-records.ts';
import { EventSort } from './event-sort.ts';
import { LateHeap } from './late-heap.ts';

const NONE = -1;
/** A larger bucket is divided, unless it is a nanosecond wide. */
const OVERFULL = 1024;
/** So many events the heap holds at most; the last of a pile go to it when they are few. */
const CROWDED = 24;
const FEW = 8;

export class FutureEventList {
  /** The event popped last. */
  timeNs = 0;
  process = 0;
  kind = 0;
  a = 0;
  b = 0;
  /** Time of the event to `insert`: a number passed to a call may be allocated, a field is not. */
  insertNs = 0;

  private count = 0;
  private readonly records = new EventRecords();
  private readonly ladder = new BucketLadder(this.records);
  private readonly late = new LateHeap(this.records);
  private readonly order = new EventSort(this.records);

  /** Records in order, and the chain they lie in; all before `runAt` have been popped. */
  private run: Int32Array = new Int32Array(0);
  private runAt = 0;
  private runLength = 0;
  private runTail = 0;
  /** Earlier events go to the heap, others to the ladder. Infinity while the ladder is empty. */
  private runEndNs = Number.POSITIVE_INFINITY;

  /** Events pending. */
  get size(): number {
    return this.count;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return this.records.bytes + this.ladder.bytes + this.late.bytes + this.order.bytes;
  }

  /** Time of the next event; Infinity when there is none. */
  get nextNs(): number {
    const { late } = this;
    if (this.runAt === this.runLength && late.count === 0 && !this.refill()) {
      return Number.POSITIVE_INFINITY;
    }
    if (this.runAt === this.runLength) return late.timeNs;
    const runNs = this.records.timeNs(this.run[this.runAt]!);
    return late.count > 0 && late.timeNs < runNs ? late.timeNs : runNs;
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

  /** Inserts an event at `insertNs`, for loops that must not allocate. */
  insert(
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    const { records } = this;
    records.atNs = this.insertNs;
    const isLate = this.insertNs < this.runEndNs;
    const record = isLate ? this.late.slot() : this.ladder.slot();
    records.write(record, source, sequence, process, kind, a, b);
    this.count++;
    if (isLate) this.pushLate(record);
  }

  /** Takes the next event into the fields above; false when there is none. */
  pop(): boolean {
    return this.popBefore(Number.POSITIVE_INFINITY);
  }

  /** Takes the next event into the fields above; false when there is none before `limitNs`. */
  popBefore(limitNs: number): boolean {
    if (this.runAt === this.runLength && this.late.count === 0 && !this.refill()) return false;
    const record = this.takeBefore(limitNs);
    if (record === NONE) return false;
    const { records } = this;
    this.count--;
    this.timeNs = records.timeNs(record);
    this.process = records.process(record);
    this.kind = records.kind(record);
    this.a = records.a(record);
    this.b = records.b(record);
    return true;
  }

  /** The first of run and heap, one of which has events; -1 when it is not before `limitNs`. */
  private takeBefore(limitNs: number): number {
    const { late } = this;
    if (this.runAt === this.runLength) return late.popBefore(limitNs);
    const record = this.run[this.runAt]!;
    if (late.count > 0 && late.isBefore(record)) return late.popBefore(limitNs);
    if (!(this.records.timeNs(record) < limitNs)) return NONE;
    this.runAt++;
    return record;
  }

  /** Makes the next run or fills the heap, which are both empty; false when no event is left. */
  private refill(): boolean {
    const { records, ladder } = this;
    this.endRun();
    for (;;) {
      const tail = ladder.take();
      const { startNs, endNs } = ladder;
      const isPile = endNs === Number.POSITIVE_INFINITY;
      const count = records.count(tail);
      if (isPile && count <= FEW) {
        this.runEndNs = endNs;
        this.fillHeap(tail);
        return count > 0;
      }
      if (isPile || (count > OVERFULL && endNs - startNs > 1)) {
        ladder.divide(tail, count, startNs, endNs);
        continue;
      }
      this.run = this.order.sort(tail, count, startNs, endNs);
      this.runLength = count;
      this.runTail = tail;
      this.runEndNs = endNs;
      return true;
    }
  }

  private endRun(): void {
    this.records.releaseAll(this.runTail);
    this.runTail = 0;
    this.runAt = 0;
    this.runLength = 0;
  }

  private fillHeap(tail: number): void {
    const { records, late } = this;
    let from = records.turn(tail);
    for (; from !== NONE; from = records.nextFreeing(from, tail)) {
      const to = late.slot();
      records.copy(from, to);
      records.atNs = records.timeNs(to);
      late.push(to);
    }
  }

  private pushLate(record: number): void {
    this.late.push(record);
    if (this.late.count > CROWDED) this.divideHeap();
  }

  /** Divides heap and run, what is left of a stretch of time, into buckets. */
  private divideHeap(): void {
    const { records, ladder, late } = this;
    const startNs = Math.floor(this.nextNs);
    const endNs = this.runEndNs;
    if (endNs === Number.POSITIVE_INFINITY) {
      // There is no run. The pile is divided when the next event is asked for: more may come first.
      ladder.addToPile(late);
    } else if (endNs - startNs > 1) {
      let tail = late.moveTo(0);
      for (; this.runAt < this.runLength; this.runAt++) {
        tail = records.append(tail, this.run[this.runAt]!);
      }
      ladder.divide(tail, records.count(tail), startNs, endNs);
    } else {
      return;
    }
    this.runEndNs = startNs;
  }
}

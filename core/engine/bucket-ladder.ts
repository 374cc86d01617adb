/**
 * Later events, unsorted: rungs of time buckets of power-of-two widths, and a pile beyond them.
 *
 * Each rung divides one bucket of the next coarser one, the coarsest divides the near part of the pile;
 * so rungs end the earlier the finer they are, and an event belongs to the first rung that ends after
 * it. Buckets are chains of records, kept by their tails; the pile is the one bucket of a rung that
 * never ends. `slot` costs O(1), and an event is copied at most once a rung, of which there are few.
 */
import { assert } from '../assert.ts';
import type { EventRecords } from './event-records.ts';
import type { LateHeap } from './late-heap.ts';

const NONE = -1;
/** Events a bucket should hold: fewer cost empty buckets, more an inserted event into a sorted run. */
const FILL = 16;
const BUCKETS_MIN = 64;
const BUCKETS_MAX = 1 << 15;
/** Where float64 stops having whole nanoseconds. */
const LAST_NS = 2 ** 53;

interface Rung {
  readonly startNs: number;
  readonly endNs: number;
  readonly widthNs: number;
  /** 1 / widthNs, exactly. */
  readonly perNs: number;
  /** Its buckets are `tails[base]` to `tails[end - 1]`; those before `next` have been taken. */
  readonly base: number;
  readonly end: number;
  next: number;
  readonly coarser: Rung | null;
}

export class BucketLadder {
  /** The stretch of time of the bucket taken last; the pile's never ends. */
  startNs = 0;
  endNs = 0;
  private tails = new Int32Array(1024);
  private rung: Rung = {
    startNs: 0,
    endNs: Number.POSITIVE_INFINITY,
    widthNs: Number.POSITIVE_INFINITY,
    perNs: 0,
    base: 0,
    end: 1,
    next: 0,
    coarser: null,
  };
  private readonly records: EventRecords;

  constructor(records: EventRecords) {
    this.records = records;
  }

  /** Bytes held besides records. */
  get bytes(): number {
    return this.tails.byteLength;
  }

  /** Where to write an event at `records.atNs`, which lies behind the bucket taken last. */
  slot(): number {
    const timeNs = this.records.atNs;
    let rung = this.rung;
    while (timeNs >= rung.endNs) rung = rung.coarser ?? never();
    const bucket = rung.base + (((timeNs - rung.startNs) * rung.perNs) | 0);
    const record = this.records.next(this.tails[bucket]!);
    this.tails[bucket] = record + 1;
    return record;
  }

  /** Takes the earliest bucket that holds events, the pile when no other does; its tail, 0 when there is none. */
  take(): number {
    for (;;) {
      const { rung, tails } = this;
      const { coarser } = rung;
      if (coarser === null) return this.takePile();
      let bucket = rung.next;
      while (bucket < rung.end && tails[bucket] === 0) bucket++;
      if (bucket < rung.end) {
        const tail = tails[bucket]!;
        tails[bucket] = 0;
        rung.next = bucket + 1;
        this.startNs = rung.startNs + (bucket - rung.base) * rung.widthNs;
        this.endNs = Math.min(this.startNs + rung.widthNs, rung.endNs);
        return tail;
      }
      this.rung = coarser;
    }
  }

  private takePile(): number {
    const tail = this.tails[0]!;
    this.tails[0] = 0;
    this.startNs = 0;
    this.endNs = Number.POSITIVE_INFINITY;
    return tail;
  }

  /** Adds the events of a heap to the pile. There must be no rung. */
  addToPile(heap: LateHeap): void {
    this.tails[0] = heap.moveTo(this.tails[0]!);
  }

  /** Divides a chain that has been taken, `count` events in [startNs, endNs), into a finer rung. */
  divide(tail: number, count: number, startNs: number, endNs: number): void {
    const { records } = this;
    const isPile = endNs === Number.POSITIVE_INFINITY;
    let firstNs = LAST_NS;
    let sumNs = 0;
    for (let record = tail - 1; record !== NONE; record = records.previous(record)) {
      const timeNs = records.timeNs(record);
      if (timeNs < firstNs) firstNs = timeNs;
      sumNs += timeNs - startNs;
    }
    assert(sumNs < LAST_NS * count, 'an event lies beyond 2^53 ns');
    // Events are denser soon than late, so that the mean says more of the density than the last.
    const meanNs = sumNs / count - (firstNs - startNs);
    let widthNs = powerOfTwo(Math.max(1, (2 * meanNs * FILL) / count));
    let buckets = powerOfTwo(Math.min(Math.max(BUCKETS_MIN, count), BUCKETS_MAX));
    if (!isPile) {
      const spanNs = endNs - startNs;
      widthNs = Math.max(widthNs, powerOfTwo(spanNs / buckets));
      buckets = Math.ceil(spanNs / widthNs);
    }
    const rungNs = isPile ? Math.floor(firstNs) : startNs;
    const base = this.rung.end;
    this.reserve(base + buckets);
    this.rung = {
      startNs: rungNs,
      endNs: isPile ? rungNs + buckets * widthNs : endNs,
      widthNs,
      perNs: 1 / widthNs,
      base,
      end: base + buckets,
      next: base,
      coarser: this.rung,
    };
    // Oldest first: a bucket that is in order already costs little to sort.
    let record = records.turn(tail);
    for (; record !== NONE; record = records.nextFreeing(record, tail)) {
      records.atNs = records.timeNs(record);
      records.copy(record, this.slot());
    }
  }

  private reserve(buckets: number): void {
    if (buckets <= this.tails.length) return;
    const tails = new Int32Array(powerOfTwo(buckets));
    tails.set(this.tails);
    this.tails = tails;
  }
}

function never(): never {
  assert(false, 'an event is scheduled for never');
}

/** The smallest power of two that is at least `value`. */
function powerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}

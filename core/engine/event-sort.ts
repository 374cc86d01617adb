/**
 * Sorts a chain of events that lie in a short stretch of time: by time, origin, sequence number.
 *
 * (time since the start) * origins + origin is one number, exact for whole nanoseconds; a counting sort
 * of it brings all events near their places, and insertion finishes. Where insertion moves too much
 * (many events of one origin at one instant, in disorder) or the number is not exact, a merge sort takes
 * over: n events never cost more than O(n log n). Holds 24 to 56 bytes for each event of the longest
 * chain so far.
 */
import type { EventRecords } from './event-records.ts';

const NONE = -1;
const CELLS_MIN = 16;
const CELLS_MAX = 1 << 16;
/** Moves an event that insertion may take on average. */
const MOVES = 32;
/** Whole numbers up to here have a float64. */
const EXACT = 2 ** 53;

export class EventSort {
  private capacity = 64;
  private sorted = new Int32Array(this.capacity);
  private scratch = new Int32Array(this.capacity);
  /** What is sorted by: of the records in `scratch`, and of those in `sorted`. */
  private places = new Float64Array(this.capacity);
  private keys = new Float64Array(this.capacity);
  private cells = new Int32Array(this.capacity);
  private readonly records: EventRecords;

  constructor(records: EventRecords) {
    this.records = records;
  }

  /** Bytes held. */
  get bytes(): number {
    return 24 * this.capacity + this.cells.byteLength;
  }

  /** The `count` records of a chain, all in [startNs, endNs), in order; valid until the next call. */
  sort(tail: number, count: number, startNs: number, endNs: number): Int32Array {
    if (count > this.capacity) this.grow(count);
    const exact = this.countingSort(tail, count, startNs, endNs - startNs);
    if (!(exact && this.insertionSort(count))) this.mergeSort(count);
    return this.sorted;
  }

  /** False when the keys do not have the order of the events. */
  private countingSort(tail: number, count: number, startNs: number, widthNs: number): boolean {
    const { sorted, scratch, places, keys, cells, records } = this;
    const sources = records.maxSource + 1;
    const span = widthNs * sources;
    let used = CELLS_MIN;
    while (used < count && used < CELLS_MAX) used *= 2;
    const perPlace = used / span;
    const mask = used - 1;
    let fractions = 0;
    let i = 0;
    for (let record = tail - 1; record !== NONE; record = records.previous(record)) {
      const sinceNs = records.timeNs(record) - startNs;
      fractions += sinceNs - Math.floor(sinceNs);
      const place = sinceNs * sources + records.source(record);
      scratch[i] = record;
      places[i] = place;
      i++;
      cells[((place * perPlace) | 0) & mask]!++;
    }
    let end = 0;
    for (let cell = 0; cell < used; cell++) {
      end += cells[cell]!;
      cells[cell] = end;
    }
    // The chain was read from its newest record on, and cells are filled from their ends.
    for (i = 0; i < count; i++) {
      const place = places[i]!;
      const at = --cells[((place * perPlace) | 0) & mask]!;
      sorted[at] = scratch[i]!;
      keys[at] = place;
    }
    for (let cell = 0; cell < used; cell++) cells[cell] = 0;
    return fractions === 0 && span <= EXACT;
  }

  /** False when it has given up. */
  private insertionSort(count: number): boolean {
    const { sorted, keys, records } = this;
    let moves = MOVES * count;
    let last = keys[0]!;
    for (let i = 1; i < count; i++) {
      const key = keys[i]!;
      if (last < key) {
        last = key;
        continue;
      }
      const record = sorted[i]!;
      let hole = i;
      while (hole > 0) {
        const before = keys[hole - 1]!;
        if (before < key || (before === key && records.tieBefore(sorted[hole - 1]!, record))) break;
        sorted[hole] = sorted[hole - 1]!;
        keys[hole] = before;
        hole--;
      }
      sorted[hole] = record;
      keys[hole] = key;
      moves -= i - hole;
      if (moves < 0) return false;
    }
    return true;
  }

  private mergeSort(count: number): void {
    const { records } = this;
    let from = this.sorted;
    let to = this.scratch;
    for (let width = 1; width < count; width *= 2) {
      for (let left = 0; left < count; left += 2 * width) {
        const middle = left + width < count ? left + width : count;
        const end = middle + width < count ? middle + width : count;
        let i = left;
        let j = middle;
        for (let k = left; k < end; k++) {
          const fromRight = j < end && (i === middle || records.isBefore(from[j]!, from[i]!));
          to[k] = fromRight ? from[j++]! : from[i++]!;
        }
      }
      const swap = from;
      from = to;
      to = swap;
    }
    this.sorted = from;
    this.scratch = to;
  }

  private grow(count: number): void {
    while (this.capacity < count) this.capacity *= 2;
    this.sorted = new Int32Array(this.capacity);
    this.scratch = new Int32Array(this.capacity);
    this.places = new Float64Array(this.capacity);
    this.keys = new Float64Array(this.capacity);
    this.cells = new Int32Array(Math.min(this.capacity, CELLS_MAX));
  }
}

/**
 * The memory of the future event list: records of 32 bytes in chunks of 16, and chains of chunks.
 *
 * A chain is known by its tail, one past its newest record: a multiple of 16 when its newest chunk is
 * full, 0 when it has none. So a chain costs one number, and appending to it touches nothing but the
 * record. The chunk freed last is used first, while it is in the cache; none is given back before
 * the list itself. Which events a chain holds, and in which order, is for its owner to know.
 *
 * The constants are not exported: V8 folds those of a module into code, imported ones it loads.
 */

const CHUNK_BITS = 4;
const CHUNK = 1 << CHUNK_BITS;
const WITHIN = CHUNK - 1;
const CHUNK_BYTES = 32 * CHUNK;
/** Record number to index: a record is 4 float64, of which the time is the first, or 8 int32. */
const FLOAT_BITS = 2;
const INT_BITS = 3;
const PROCESS = 2;
const SOURCE = 3;
const SEQUENCE = 4;
const KIND = 5;
const A = 6;
const B = 7;
const NONE = -1;
/** Chunks from where on memory grows by a quarter instead of twofold. */
const MANY = 4096;

export class EventRecords {
  /** Time of the record to be written. */
  atNs = 0;
  /** Highest origin written so far. */
  maxSource = 0;
  private floats = new Float64Array(new ArrayBuffer(64 * CHUNK_BYTES));
  private ints = new Int32Array(this.floats.buffer);
  /** By chunk: the one before it in its chain, or the next of those that are free. */
  private before = new Int32Array(64);
  private used = 0;
  private free = NONE;

  /** Bytes held. */
  get bytes(): number {
    return this.floats.byteLength + this.before.byteLength;
  }

  /** Writes an event at `atNs`. */
  write(
    record: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    this.floats[record << FLOAT_BITS] = this.atNs;
    const ints = this.ints;
    const at = record << INT_BITS;
    ints[at | PROCESS] = process;
    ints[at | SOURCE] = source;
    ints[at | SEQUENCE] = sequence;
    ints[at | KIND] = kind;
    ints[at | A] = a;
    ints[at | B] = b;
    if (source > this.maxSource) this.maxSource = source;
  }

  timeNs(record: number): number {
    return this.floats[record << FLOAT_BITS]!;
  }

  source(record: number): number {
    return this.ints[(record << INT_BITS) | SOURCE]!;
  }

  process(record: number): number {
    return this.ints[(record << INT_BITS) | PROCESS]!;
  }

  kind(record: number): number {
    return this.ints[(record << INT_BITS) | KIND]!;
  }

  a(record: number): number {
    return this.ints[(record << INT_BITS) | A]!;
  }

  b(record: number): number {
    return this.ints[(record << INT_BITS) | B]!;
  }

  /** Tie rule among records of one instant. */
  tieBefore(record: number, other: number): boolean {
    const ints = this.ints;
    const source = ints[(record << INT_BITS) | SOURCE]!;
    const otherSource = ints[(other << INT_BITS) | SOURCE]!;
    if (source !== otherSource) return source < otherSource;
    return ints[(record << INT_BITS) | SEQUENCE]! < ints[(other << INT_BITS) | SEQUENCE]!;
  }

  /** The order of events: by time, origin, sequence number. */
  isBefore(record: number, other: number): boolean {
    const recordNs = this.timeNs(record);
    const otherNs = this.timeNs(other);
    return recordNs < otherNs || (recordNs === otherNs && this.tieBefore(record, other));
  }

  /** Copies a record to where the next of a chain goes; the new tail of that chain. */
  append(tail: number, from: number): number {
    const to = this.next(tail);
    this.copy(from, to);
    return to + 1;
  }

  copy(from: number, to: number): void {
    this.floats[to << FLOAT_BITS] = this.floats[from << FLOAT_BITS]!;
    const ints = this.ints;
    const source = from << INT_BITS;
    const target = to << INT_BITS;
    for (let word = PROCESS; word <= B; word++) ints[target | word] = ints[source | word]!;
  }

  /** Where the next record of the chain with this tail goes; its new tail is one past it. */
  next(tail: number): number {
    return (tail & WITHIN) === 0 ? this.newChunk((tail >> CHUNK_BITS) - 1) : tail;
  }

  /** The record before `record` in its chain, -1 when it is the oldest. */
  previous(record: number): number {
    if ((record & WITHIN) !== 0) return record - 1;
    return (this.before[record >> CHUNK_BITS]! << CHUNK_BITS) + WITHIN;
  }

  /** Turns a chain round for its last reader, who goes on with `nextFreeing`; its oldest record. */
  turn(tail: number): number {
    let after = NONE;
    let chunk = (tail - 1) >> CHUNK_BITS;
    while (chunk !== NONE) {
      const before = this.before[chunk]!;
      this.before[chunk] = after;
      after = chunk;
      chunk = before;
    }
    return after === NONE ? NONE : after << CHUNK_BITS;
  }

  /** The record after `record` in a chain that was turned round, -1 at its tail; frees the chunk that it leaves. */
  nextFreeing(record: number, tail: number): number {
    const next = record + 1;
    if (next !== tail && (next & WITHIN) !== 0) return next;
    const chunk = this.release(record >> CHUNK_BITS);
    return next === tail ? NONE : chunk << CHUNK_BITS;
  }

  /** Records of a chain. */
  count(tail: number): number {
    const newest = (tail - 1) >> CHUNK_BITS;
    if (newest === NONE) return 0;
    let count = tail - (newest << CHUNK_BITS);
    for (let chunk = this.before[newest]!; chunk !== NONE; chunk = this.before[chunk]!) {
      count += CHUNK;
    }
    return count;
  }

  /** Frees a chain. */
  releaseAll(tail: number): void {
    let chunk = (tail - 1) >> CHUNK_BITS;
    while (chunk !== NONE) chunk = this.release(chunk);
  }

  /** Frees a chunk; the one it was linked to. */
  private release(chunk: number): number {
    const before = this.before[chunk]!;
    this.before[chunk] = this.free;
    this.free = chunk;
    return before;
  }

  /** The first record of a new chunk that follows `before`. */
  private newChunk(before: number): number {
    let chunk = this.free;
    if (chunk !== NONE) {
      this.free = this.before[chunk]!;
    } else {
      if (this.used === this.before.length) this.grow();
      chunk = this.used++;
    }
    this.before[chunk] = before;
    return chunk << CHUNK_BITS;
  }

  private grow(): void {
    const chunks = this.before.length;
    const wanted = chunks < MANY ? 2 * chunks : chunks + (chunks >> 2);
    const floats = new Float64Array(new ArrayBuffer(wanted * CHUNK_BYTES));
    floats.set(this.floats);
    this.floats = floats;
    this.ints = new Int32Array(floats.buffer);
    const before = new Int32Array(wanted);
    before.set(this.before);
    this.before = before;
  }
}

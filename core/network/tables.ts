/**
 * Where the columns of pods and nodes lie when one run has several partitions: one after the other in
 * one shared buffer. Each partition builds the whole world for itself, all alike; then its columns
 * move to the shared tables, where the first partition's contents count.
 *
 * What makes sharing safe is ownership: an element is written by one logical process (the node, or the
 * control plane) and read by another only after a message from its owner, or at a barrier. Nothing
 * here locks. Shared tables do not grow: `TablesFullError` ends the run, and whoever hosts it starts it
 * again with more room.
 */
export type Column = Float64Array | Int32Array | Uint8Array;

export class TablesFullError extends Error {
  override readonly name = 'TablesFullError';
}

/** Columns on cache lines of their own. */
const ALIGNMENT = 64;

export class SharedTables {
  private readonly buffer: ArrayBufferLike;
  private readonly copies: boolean;
  private used = 0;

  /** Of all partitions of a run one copies what its columns hold. */
  constructor(buffer: ArrayBufferLike, copies: boolean) {
    this.buffer = buffer;
    this.copies = copies;
  }

  /** The column that takes the place of `column`, which is at most `length` long. */
  move<T extends Column>(column: T, length = column.length): T {
    const at = this.used;
    this.used += Math.ceil((length * column.BYTES_PER_ELEMENT) / ALIGNMENT) * ALIGNMENT;
    if (this.used > this.buffer.byteLength)
      throw new TablesFullError('shared tables are too short');
    const shared = viewOf(column, this.buffer, at, length);
    if (this.copies) shared.set(column);
    return shared as T;
  }
}

function viewOf(column: Column, buffer: ArrayBufferLike, at: number, length: number): Column {
  if (column instanceof Float64Array) return new Float64Array(buffer, at, length);
  if (column instanceof Int32Array) return new Int32Array(buffer, at, length);
  return new Uint8Array(buffer, at, length);
}

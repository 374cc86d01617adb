/**
 * Tables keyed by two small integers, in typed arrays with open addressing: a look-up allocates
 * nothing. Entries are never deleted one by one; a table is grown or cleared as a whole.
 */

const EMPTY = -1;
const FIRST_CAPACITY = 1 << 10;

/** Maps (a, b), both 0 or more, to an integer of 0 or more. */
export class PairTable {
  private capacity = FIRST_CAPACITY;
  /** a, b and value of a slot side by side; a is -1 in an empty one. */
  private slots = new Int32Array(3 * FIRST_CAPACITY).fill(EMPTY);
  private entries = 0;

  get size(): number {
    return this.entries;
  }

  /** -1 if there is none. */
  get(a: number, b: number): number {
    const at = 3 * this.slotOf(a, b);
    return this.slots[at] === EMPTY ? EMPTY : this.slots[at + 2]!;
  }

  set(a: number, b: number, value: number): void {
    const at = 3 * this.slotOf(a, b);
    const isNew = this.slots[at] === EMPTY;
    this.slots[at] = a;
    this.slots[at + 1] = b;
    this.slots[at + 2] = value;
    if (!isNew) return;
    this.entries++;
    if (2 * this.entries > this.capacity) this.grow();
  }

  clear(): void {
    this.capacity = FIRST_CAPACITY;
    this.slots = new Int32Array(3 * FIRST_CAPACITY).fill(EMPTY);
    this.entries = 0;
  }

  /** Where the pair is, or the empty slot where it would be. */
  private slotOf(a: number, b: number): number {
    const mask = this.capacity - 1;
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const found = this.slots[3 * slot];
      if (found === EMPTY || (found === a && this.slots[3 * slot + 1] === b)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.capacity *= 2;
    this.slots = new Int32Array(3 * this.capacity).fill(EMPTY);
    for (let from = 0; from < old.length; from += 3) {
      if (old[from] === EMPTY) continue;
      this.slots.set(old.subarray(from, from + 3), 3 * this.slotOf(old[from]!, old[from + 1]!));
    }
  }
}

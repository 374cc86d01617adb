/**
 * The mailboxes of a gang, seen by one partition: for each ordered pair of partitions two, used in
 * alternate windows, so that a receiver empties one while the sender fills the other and one barrier
 * a window is enough. A window's messages are read between its barrier and the next.
 *
 * A mailbox has a fixed size and a run has no bound: what does not fit is held back in a `Spill`,
 * which goes first when the next window opens. While something is held back, `heldNs` is its
 * earliest time, and nobody may execute events from there on. So a small mailbox costs windows,
 * never a message, an order or the end of the run (each window moves at least one message).
 *
 * Memory: mailbox (from, to, parity) is a line of 64 bytes, whose first word is the number of
 * messages, followed by the messages.
 */
import { assert } from '../../core/assert.ts';
import type { Outbox, Receiver } from '../../core/engine/partition.ts';
import { MESSAGE_BYTES, MESSAGE_WORDS, readMessages, writeMessage } from './message.ts';
import { Spill } from './spill.ts';

const HEADER_BYTES = 64;
const HEADER_WORDS = HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT;
/** Memory is used from the start of a mailbox, so its size is address space until it is filled. */
const MOST_MESSAGES = 65_536;
const MOST_BYTES = 2 ** 26;

/** Messages a mailbox holds unless told otherwise: many, within 64 MB for all of them. */
export function mailboxCapacity(partitions: number): number {
  const mailboxes = 2 * partitions * partitions;
  return Math.min(MOST_MESSAGES, Math.floor(MOST_BYTES / (mailboxes * MESSAGE_BYTES)));
}

export function mailboxBytes(partitions: number, capacity: number): number {
  return 2 * partitions * partitions * (HEADER_BYTES + capacity * MESSAGE_BYTES);
}

export class Mailboxes implements Outbox {
  /** Earliest time among what this partition has posted and nobody has read yet. */
  postedNs = Number.POSITIVE_INFINITY;
  /** Earliest time among what this partition holds back. */
  heldNs = Number.POSITIVE_INFINITY;

  private readonly times: Float64Array;
  private readonly words: Int32Array;
  private readonly partitions: number;
  private readonly here: number;
  private readonly capacity: number;
  private parity = 0;
  /** By partition: messages in the open mailbox to it, and the word its messages begin at. */
  private readonly counts: Int32Array;
  private readonly begins: Int32Array;
  private readonly spills: readonly Spill[];

  /** `buffer` is `mailboxBytes` of shared memory; its content does not matter. */
  constructor(buffer: SharedArrayBuffer, partitions: number, here: number, capacity: number) {
    assert(capacity >= 1, 'a mailbox holds no message');
    this.times = new Float64Array(buffer);
    this.words = new Int32Array(buffer);
    this.partitions = partitions;
    this.here = here;
    this.capacity = capacity;
    this.counts = new Int32Array(partitions);
    this.begins = new Int32Array(partitions);
    this.spills = Array.from({ length: partitions }, () => new Spill());
    for (let to = 0; to < partitions; to++) this.begins[to] = this.beginOf(here, to);
  }

  post(
    to: number,
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    if (timeNs < this.postedNs) this.postedNs = timeNs;
    const count = this.counts[to]!;
    if (count === this.capacity) {
      this.spills[to]!.add(timeNs, source, sequence, process, kind, a, b);
      if (timeNs < this.heldNs) this.heldNs = timeNs;
      return;
    }
    this.counts[to] = count + 1;
    const at = this.begins[to]! + count * MESSAGE_WORDS;
    writeMessage(this.times, this.words, at, timeNs, source, sequence, process, kind, a, b);
  }

  /** Before the barrier: closes the mailboxes of this window. */
  close(): void {
    for (let to = 0; to < this.partitions; to++) {
      if (to !== this.here) this.words[this.begins[to]! - HEADER_WORDS] = this.counts[to]!;
    }
  }

  /** After the barrier: hands what others have posted to `receiver`, in the order of partitions. */
  read(receiver: Receiver): void {
    for (let from = 0; from < this.partitions; from++) {
      if (from === this.here) continue;
      const begin = this.beginOf(from, this.here);
      const end = begin + this.words[begin - HEADER_WORDS]! * MESSAGE_WORDS;
      readMessages(this.times, this.words, begin, end, receiver);
    }
  }

  /** After reading: opens the mailboxes of the next window with what was held back. */
  open(): void {
    this.parity ^= 1;
    this.postedNs = this.heldNs;
    this.heldNs = Number.POSITIVE_INFINITY;
    for (let to = 0; to < this.partitions; to++) {
      const begin = this.beginOf(this.here, to);
      const spill = this.spills[to]!;
      this.begins[to] = begin;
      this.counts[to] = spill.count > 0 ? spill.moveTo(this.words, begin, this.capacity) : 0;
      if (spill.earliestNs < this.heldNs) this.heldNs = spill.earliestNs;
    }
  }

  private beginOf(from: number, to: number): number {
    const mailbox = 2 * (from * this.partitions + to) + this.parity;
    return mailbox * (HEADER_WORDS + this.capacity * MESSAGE_WORDS) + HEADER_WORDS;
  }
}

/**
 * Messages to one partition that did not fit into its mailbox: an array that grows. They are taken
 * out in the order they came, a mailbox full at a time; until then their earliest time bounds what
 * anybody may execute.
 */
import { MESSAGE_WORDS, writeMessage } from './message.ts';

const FIRST_CAPACITY = 1024;

export class Spill {
  /** Earliest time among the messages held; Infinity when there is none. */
  earliestNs = Number.POSITIVE_INFINITY;
  count = 0;

  private times = new Float64Array((FIRST_CAPACITY * MESSAGE_WORDS) / 2);
  private words = new Int32Array(this.times.buffer);

  add(
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    const at = this.count * MESSAGE_WORDS;
    if (at === this.words.length) this.grow();
    writeMessage(this.times, this.words, at, timeNs, source, sequence, process, kind, a, b);
    this.count++;
    if (timeNs < this.earliestNs) this.earliestNs = timeNs;
  }

  /** Moves the oldest messages, at most `room`, to `target` from word `at` on; returns how many. */
  moveTo(target: Int32Array, at: number, room: number): number {
    const moved = Math.min(room, this.count);
    const end = this.count * MESSAGE_WORDS;
    target.set(this.words.subarray(0, moved * MESSAGE_WORDS), at);
    this.words.copyWithin(0, moved * MESSAGE_WORDS, end);
    this.count -= moved;
    this.earliestNs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.count; i++) {
      this.earliestNs = Math.min(this.earliestNs, this.times[(i * MESSAGE_WORDS) / 2]!);
    }
    return moved;
  }

  private grow(): void {
    const wider = new Float64Array(this.times.length * 2);
    wider.set(this.times);
    this.times = wider;
    this.words = new Int32Array(wider.buffer);
  }
}

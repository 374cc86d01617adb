/**
 * A message as it lies in memory: an event for a process of another partition, in 32 bytes. Word 0
 * and 1 are the time (float64), then process, source, sequence, kind, a, b (int32). Two views of one
 * buffer are passed around because a typed array has one type.
 */
import { assert } from '../../core/assert.ts';
import type { Receiver } from '../../core/engine/partition.ts';

/** Int32 words of a message. */
export const MESSAGE_WORDS = 8;
export const MESSAGE_BYTES = 32;
const MOST_SEQUENCE = 2 ** 31 - 1;

/** Writes a message at word `at` of `words`; `times` is the same memory. `sequence` < 2^31. */
export function writeMessage(
  times: Float64Array,
  words: Int32Array,
  at: number,
  timeNs: number,
  source: number,
  sequence: number,
  process: number,
  kind: number,
  a: number,
  b: number,
): void {
  assert(sequence <= MOST_SEQUENCE, 'a process has sent more messages than a sequence can count');
  times[at >> 1] = timeNs;
  words[at + 2] = process;
  words[at + 3] = source;
  words[at + 4] = sequence;
  words[at + 5] = kind;
  words[at + 6] = a;
  words[at + 7] = b;
}

/** Hands the messages from word `at` up to word `end` to `receiver`. */
export function readMessages(
  times: Float64Array,
  words: Int32Array,
  at: number,
  end: number,
  receiver: Receiver,
): void {
  for (let word = at; word < end; word += MESSAGE_WORDS) {
    receiver.receive(
      times[word >> 1]!,
      words[word + 3]!,
      words[word + 4]!,
      words[word + 2]!,
      words[word + 5]!,
      words[word + 6]!,
      words[word + 7]!,
    );
  }
}

/**
 * Random streams. A stream is defined by its name: it is exactly `seedrandom.alea(name)`, with the
 * generator's four words held in one array for all streams and the step inlined (a test holds it
 * bit-identical to the library). Streams depend on names alone, so neither partitions, nor workers,
 * nor another variant change what a purpose draws.
 */
import seedrandom from 'seedrandom';

const WORDS = 4;
const ALEA_MULTIPLIER = 2091639;
const TWO_POW_MINUS_32 = 2.3283064365386963e-10;

interface AleaState {
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
  readonly c: number;
}

/** The name of a stream: who draws, in which replication, for what. */
export function streamName(
  seed: string,
  replication: number,
  process: string,
  purpose: string,
): string {
  return `${seed}/${replication}/${process}/${purpose}`;
}

export class Streams {
  private words = new Float64Array(WORDS * 64);
  private used = 0;

  /** Adds a stream and returns its index. */
  add(name: string): number {
    const state = seedrandom.alea(name, { state: true }).state() as unknown as AleaState;
    const at = this.used * WORDS;
    if (at === this.words.length) {
      const wider = new Float64Array(this.words.length * 2);
      wider.set(this.words);
      this.words = wider;
    }
    this.words[at] = state.s0;
    this.words[at + 1] = state.s1;
    this.words[at + 2] = state.s2;
    this.words[at + 3] = state.c;
    return this.used++;
  }

  /** The next number of a stream: uniform in [0, 1), a multiple of 2^-32. */
  uniform(stream: number): number {
    const words = this.words;
    const at = stream * WORDS;
    const t = ALEA_MULTIPLIER * words[at]! + words[at + 3]! * TWO_POW_MINUS_32;
    const carry = t | 0;
    const value = t - carry;
    words[at] = words[at + 1]!;
    words[at + 1] = words[at + 2]!;
    words[at + 2] = value;
    words[at + 3] = carry;
    return value;
  }

  /** Uniform integer in [0, bound), bound at most 2^32. */
  below(stream: number, bound: number): number {
    return Math.floor(this.uniform(stream) * bound);
  }
}

/**
 * The barrier of a gang of threads, in shared memory. A thread announces that it has arrived by
 * raising its epoch, then waits for everybody else's: first spinning, then asleep (futex). Spinning
 * passes in about a microsecond where every thread has a core and starves the very thread that is
 * waited for where it has not, so the patience of the spin follows what it has led to.
 *
 * Nobody waits for ever. A thread that fails writes the abort word, the host does it for one that
 * has died, and one that ends early says so; whoever waits looks at these words whenever it would
 * fall asleep and at least every `LOOK_UP_MS` then. There is no limit on how long a window may
 * compute: threads of one process do not vanish without the host being told, so silence alone never
 * means death, and a partition that is busy for minutes is only slow.
 *
 * Memory: lines of 64 bytes, so that no two threads write to one. Line 0 holds the abort word, line
 * 1 + p the epoch of partition p, the number of those asleep on it, and whether p has ended.
 */
import { assert } from '../../core/assert.ts';
import { PartitionLostError } from './partition-errors.ts';

const LINE = 64 / Int32Array.BYTES_PER_ELEMENT;
const SLEEPERS = 1;
const ENDED = 2;

/**
 * Looks before falling asleep, at first and at most: some 100 us. It must exceed what being woken
 * takes (30 us and more), or a single sleep makes this thread late, the next one sleep, and so on.
 */
const MOST_PATIENCE = 20_000;
/** After so many sleeps in a row, spinning is tried again: neighbours come and go. */
const SLEEPS_BEFORE_RETRY = 64;
const LOOK_UP_MS = 200;

/** Of one partition in one run. Facts of the machine, never of the result. */
export interface BarrierStats {
  /** Barriers passed. */
  passed: number;
  /** Waits that ended while spinning. */
  spins: number;
  /** Times fallen asleep. */
  sleeps: number;
}

export function barrierBytes(partitions: number): number {
  return (1 + partitions) * LINE * Int32Array.BYTES_PER_ELEMENT;
}

/** Tells all partitions that `partition` has failed, unless they were told of another one before. */
export function abortBarrier(words: Int32Array, partition: number): void {
  Atomics.compareExchange(words, 0, 0, 1 + partition);
  for (let line = LINE; line < words.length; line += LINE) Atomics.notify(words, line);
}

export class Barrier {
  readonly stats: BarrierStats = { passed: 0, spins: 0, sleeps: 0 };

  private readonly words: Int32Array;
  private readonly partitions: number;
  private readonly here: number;
  private readonly myLine: number;
  /** Wraps around at 2^31, which comparisons by difference allow. */
  private epoch: number;
  private patience = MOST_PATIENCE;
  private sleepsInRow = 0;

  /** `words` is `barrierBytes` of shared memory; no abort and no end is noted in it. */
  constructor(words: Int32Array, partitions: number, here: number) {
    this.words = words;
    this.partitions = partitions;
    this.here = here;
    this.myLine = (1 + here) * LINE;
    this.epoch = Atomics.load(words, this.myLine);
  }

  /**
   * Returns when all partitions have called it as often as this one. What they wrote to shared
   * memory before that is visible then.
   *
   * @throws PartitionLostError when one of them has failed; InvariantError when one has ended.
   */
  pass(): void {
    const { words, myLine } = this;
    this.epoch = (this.epoch + 1) | 0;
    Atomics.store(words, myLine, this.epoch);
    this.wakeSleepers();
    for (let other = 0; other < this.partitions; other++) {
      if (other !== this.here && !this.hasArrived(other)) this.waitFor(other);
    }
    this.stats.passed++;
  }

  /** This partition's part of the run is over: nobody may wait for it again. */
  leave(): void {
    Atomics.store(this.words, this.myLine + ENDED, 1);
    this.wakeSleepers();
  }

  /** This partition has failed; the others' waits throw. */
  abort(): void {
    abortBarrier(this.words, this.here);
  }

  private wakeSleepers(): void {
    // A system call: only where somebody sleeps. Who falls asleep later finds the epoch raised.
    if (Atomics.load(this.words, this.myLine + SLEEPERS) > 0) {
      Atomics.notify(this.words, this.myLine);
    }
  }

  private hasArrived(other: number): boolean {
    return ((Atomics.load(this.words, (1 + other) * LINE) - this.epoch) | 0) >= 0;
  }

  private waitFor(other: number): void {
    for (let looks = 0; looks < this.patience; looks++) {
      if (this.hasArrived(other)) {
        this.spun();
        return;
      }
    }
    this.slept();
    this.sleepUntilArrival(other);
  }

  /** Patience follows what it led to: a few looks more, or half as many. */
  private spun(): void {
    this.stats.spins++;
    this.sleepsInRow = 0;
    this.patience = Math.min(MOST_PATIENCE, this.patience + (this.patience >> 3) + 1);
  }

  private slept(): void {
    this.patience >>= 1;
    if (++this.sleepsInRow === SLEEPS_BEFORE_RETRY) {
      this.sleepsInRow = 0;
      this.patience = MOST_PATIENCE;
    }
  }

  private sleepUntilArrival(other: number): void {
    const { words } = this;
    const line = (1 + other) * LINE;
    Atomics.add(words, line + SLEEPERS, 1);
    for (;;) {
      const hasEnded = Atomics.load(words, line + ENDED) !== 0;
      const seen = Atomics.load(words, line);
      if (((seen - this.epoch) | 0) >= 0) break;
      const aborted = Atomics.load(words, 0);
      if (aborted !== 0) throw new PartitionLostError(aborted - 1);
      assert(!hasEnded, `partition ${other} ended while partition ${this.here} waits for it`);
      this.stats.sleeps++;
      Atomics.wait(words, line, seen, LOOK_UP_MS);
    }
    Atomics.sub(words, line + SLEEPERS, 1);
  }
}

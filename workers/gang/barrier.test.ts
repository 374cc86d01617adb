import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../core/assert.ts';
import { abortBarrier, Barrier, barrierBytes } from './barrier.ts';
import { PartitionLostError } from './partition-errors.ts';

const LINE = 16;

/** Memory whose partitions have passed `epochs` barriers. */
function memory(...epochs: number[]): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(barrierBytes(epochs.length)));
  epochs.forEach((epoch, partition) => {
    words[LINE * (1 + partition)] = epoch;
  });
  return words;
}

describe('a barrier', () => {
  it('lets pass who has nobody to wait for', () => {
    const barrier = new Barrier(memory(0, 1, 2), 3, 0);
    barrier.pass();
    expect(barrier.stats).toEqual({ passed: 1, spins: 0, sleeps: 0 });
  });

  it('goes on where epochs wrap around', () => {
    const last = 2 ** 31 - 1;
    const ahead = memory(last, -(2 ** 31) + 1);
    const barrier = new Barrier(ahead, 2, 0);
    barrier.pass();
    barrier.pass();
    expect(ahead[LINE]).toBe(-(2 ** 31) + 1);

    const behind = memory(last, last);
    abortBarrier(behind, 1);
    expect(() => new Barrier(behind, 2, 0).pass()).toThrow(PartitionLostError);
  });

  it('names the partition that failed first to those who wait', () => {
    const words = memory(0, 0, 0);
    new Barrier(words, 3, 2).abort();
    new Barrier(words, 3, 1).abort();
    expect(() => new Barrier(words, 3, 0).pass()).toThrow(/^partition 2 was lost/);
  });

  it('waits for nobody who has ended, unless they had arrived', () => {
    const words = memory(0, 1);
    new Barrier(words, 2, 1).leave();
    const barrier = new Barrier(words, 2, 0);
    barrier.pass();
    expect(() => barrier.pass()).toThrow(InvariantError);
  });
});

/** Windows of two workers with nothing in them: the price of advancing together. */
import type { Measurement, Size } from '../benchmark.ts';
import { hex } from '../timed-loop.ts';
import { onTwoWorkers, waits } from './two-workers.ts';

const WINDOWS = 500_000;

export async function barrier({ scale }: Size): Promise<Measurement> {
  const windows = Math.ceil(WINDOWS * scale);
  const { results, barriers } = await onTwoWorkers<number, number>('emptyWindows', windows);
  return {
    units: windows,
    seconds: (Math.max(...results) * windows) / 1e9,
    collections: null,
    // Nothing is computed.
    hash: hex(0),
    extras: waits(barriers),
  };
}

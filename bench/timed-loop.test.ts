import { describe, expect, it } from 'vitest';
import { timedLoop, type Workload } from './timed-loop.ts';

const SIZE = { scale: 0.1, mixingRoundsPerNs: 1 };

/** Makes an object a unit and keeps it for a while, or nothing. */
function workload(kept: object[] | null): Workload & { readonly runs: number[] } {
  const runs: number[] = [];
  return {
    runs,
    run(units) {
      runs.push(units);
      for (let i = 0; kept !== null && i < units; i++) kept[i % 1000] = { i, text: `${i}` };
      return units;
    },
    hash: () => -1,
  };
}

describe('a timed loop', () => {
  it('warms up, then times what is left, scaled', async () => {
    const idle = workload(null);
    const { units, seconds, hash } = await timedLoop(idle, { warmUp: 100, timed: 1000 }, SIZE);
    expect(idle.runs).toEqual([10, 3, 100]);
    expect({ units, hash }).toEqual({ units: 100, hash: 'ffffffff' });
    expect(seconds).toBeGreaterThan(0);
  });

  it('sees the garbage collections that its units cause', async () => {
    const amount = { warmUp: 0, timed: 2e7 };
    expect((await timedLoop(workload([]), amount, SIZE)).collections).toBeGreaterThan(0);
  });
});

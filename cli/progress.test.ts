import { describe, expect, it } from 'vitest';
import type { ProgressSnapshot } from '../workers/progress-board.ts';
import { blockLines, etaSeconds, plainLine, StallWatch } from './progress.ts';
import { width } from './table.ts';

const plain = { columns: 80, style: (_: unknown, text: string) => text };
const lane = {
  label: 'ipvs/cluster.nodes=5000/rep=3',
  share: 0.75,
  events: 12_400,
  simulatedSeconds: 490,
  totalSeconds: 660,
};
const snapshot: ProgressSnapshot = {
  cells: 117,
  cachedCells: 0,
  endedCells: 36,
  share: 0.31,
  events: 40_000_000,
  simulatedSeconds: 14_760,
  lanes: [lane, null],
};

describe('progress', () => {
  it('is one plain line where nothing can be redrawn', () => {
    expect(plainLine(snapshot, 20_000)).toBe(
      '[   20s] 31% 36/117 cells  sim-hours 4.1  2.0M ev/s  eta 45s',
    );
  });

  it('shows the whole and a line for each worker that has a cell', () => {
    const lines = blockLines(snapshot, 20_000, { ...plain, columns: 120 });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('██████░░░░░░░░░░░░░░   31%  36/117 cells  2.0M ev/s  eta 45s');
    expect(lines[1]).toContain('w1  ███████████████░░░░░  sim 08:10/11:00  12.4k ev  ipvs/');
  });

  it('never wraps, and folds what would not fit', () => {
    const lanes = Array.from({ length: 64 }, () => lane);
    const colored = {
      columns: 40,
      style: (_: unknown, text: string) => `\u001b[36m${text}\u001b[39m`,
    };
    const lines = blockLines({ ...snapshot, lanes }, 20_000, colored);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain('and 56 more workers');
    expect(Math.max(...lines.map(width))).toBeLessThan(40);
  });

  it('promises no end before it knows a rate', () => {
    expect(etaSeconds(0.5, 1_000)).toBeUndefined();
    expect(etaSeconds(0.001, 60_000)).toBeUndefined();
    expect(etaSeconds(0.5, 60_000)).toBe(60);
  });

  it('names a cell that stands still, once', () => {
    const watch = new StallWatch();
    expect(watch.check(snapshot, 0)).toEqual([]);
    expect(watch.check(snapshot, 29_999)).toEqual([]);
    expect(watch.check(snapshot, 30_000)).toEqual([
      'w1: ipvs/cluster.nodes=5000/rep=3 stands still at sim 08:10 for 30 s (12.4k events so far)',
    ]);
    expect(watch.check(snapshot, 90_000)).toEqual([]);
    const moved = { ...snapshot, lanes: [{ ...lane, share: 0.76 }, null] };
    expect(watch.check(moved, 90_001)).toEqual([]);
    expect(watch.check(moved, 120_001)).toHaveLength(1);
  });
});

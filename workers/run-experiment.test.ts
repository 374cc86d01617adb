import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cellStore } from './cell-store.ts';
import type { Execution } from './execution.ts';
import { SimulatorBugError } from './lanes.ts';
import { makePool } from './pool.ts';
import type { ProgressSnapshot } from './progress-board.ts';
import { type CellEnd, type RunOptions, runExperiment } from './run-experiment.ts';
import { experimentOf } from './testing/experiment.ts';

const worker = new URL('./testing/fake-cell.worker.ts', import.meta.url);

function setUp(directory = mkdtempSync(join(tmpdir(), 'knetsim-run-'))) {
  const warnings: string[] = [];
  const ends: CellEnd[] = [];
  let read: (() => ProgressSnapshot) | undefined;
  const options = {
    workers: 2,
    signal: new AbortController().signal,
    store: cellStore({
      directory,
      version: '0.1.0',
      code: 'digest',
      access: 'read-write',
      onWarning: (text) => warnings.push(text),
    }),
    observer: {
      onStart: (reader: () => ProgressSnapshot) => {
        read = reader;
      },
      onCellEnd: (end: CellEnd) => ends.push(end),
      onWarning: (text: string) => warnings.push(text),
    },
    pool: ({ lanes }: Execution) => makePool({ workers: lanes, worker }),
  } satisfies RunOptions;
  return { directory, warnings, ends, options, progress: () => read!() };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('runExperiment', () => {
  it('returns the same points for one worker as for two, in the order of the experiment', async () => {
    const experiment = experimentOf(['a', 'b'], [10, 20], 3);
    const one = await runExperiment(experiment, { ...setUp().options, workers: 1 });
    const two = await runExperiment(experiment, setUp().options);
    expect(two.points).toEqual(one.points);
    expect(one.points.map(({ point }) => [point.variant, point.plan.cluster.nodes])).toEqual([
      ['a', 10],
      ['a', 20],
      ['b', 10],
      ['b', 20],
    ]);
    for (const { cells } of one.points) {
      expect(cells.map((cell) => cell.replication)).toEqual([0, 1, 2]);
    }
    expect(one.incomplete).toBeUndefined();
    expect(one.stats).toMatchObject({ cells: 12, simulatedCells: 12, events: 12 * 1500 + 12 });
  });

  it('starts the most expensive cells first', async () => {
    const { options, ends } = setUp();
    await runExperiment(experimentOf(['a'], [10, 1000, 100], 1), { ...options, workers: 1 });
    expect(ends.map(({ point }) => point.plan.cluster.nodes)).toEqual([1000, 100, 10]);
  });

  it('reads finished cells instead of simulating them, and simulates a damaged one', async () => {
    const experiment = experimentOf(['a'], [10], 3);
    const first = setUp();
    const fresh = await runExperiment(experiment, first.options);
    const again = setUp(first.directory);
    const damaged = join(first.directory, readdirSync(first.directory)[0]!);
    writeFileSync(damaged, 'not a cell');
    const repeated = await runExperiment(experiment, again.options);
    expect(repeated.points).toEqual(fresh.points);
    expect(repeated.stats).toMatchObject({ cachedCells: 2, simulatedCells: 1 });
    expect(again.warnings).toEqual([expect.stringContaining('is damaged')]);
    const third = setUp(first.directory);
    const cached = await runExperiment(experiment, third.options);
    expect(cached.stats).toMatchObject({ cachedCells: 3, simulatedCells: 0, events: 0 });
    expect(third.progress()).toMatchObject({ endedCells: 3, share: 1 });
  });

  it('keeps what was finished when it is stopped, and says why the rest is missing', async () => {
    const { options, ends, progress } = setUp();
    const stop = new AbortController();
    const experiment = experimentOf(['endless', 'a'], [10], 2);
    const points = [...experiment.points].reverse();
    /** Both workers have started their endless cell and said how far it is. */
    const stuck = () =>
      progress().lanes.every((lane) => lane?.label.startsWith('endless') && lane.events > 0);
    const running = runExperiment({ ...experiment, points }, { ...options, signal: stop.signal });
    await until(() => ends.length === 2 && stuck());
    const { share, lanes } = progress();
    expect(lanes.map((lane) => lane?.share)).toEqual([0.25, 0.25]);
    expect(share).toBeCloseTo((1 + 1 + 0.25 + 0.25) / 4, 9);
    stop.abort('interrupted');
    const outcome = await running;
    expect(outcome.incomplete).toBe('interrupted');
    expect(outcome.points.map(({ point, cells }) => [point.variant, cells.length])).toEqual([
      ['a', 2],
    ]);
    expect(outcome.stats.missingCells).toBe(2);
  });

  it('simulates nothing when it is stopped before it starts', async () => {
    const { options } = setUp();
    const signal = AbortSignal.abort('time budget');
    const outcome = await runExperiment(experimentOf(['a'], [10], 1), { ...options, signal });
    expect(outcome).toMatchObject({ points: [], incomplete: 'time budget' });
  });

  it('gives up a cell whose worker is lost twice, and finishes the others', async () => {
    const { options, warnings } = setUp();
    const outcome = await runExperiment(experimentOf(['crash', 'a'], [10], 1), options);
    expect(outcome.points.map(({ point }) => point.variant)).toEqual(['a']);
    expect(outcome.incomplete).toContain('crash/cluster.nodes=10/rep=0');
    expect(warnings).toHaveLength(2);
  });

  it('rejects with the place of the error when the simulator throws', async () => {
    const { options } = setUp();
    const running = runExperiment(experimentOf(['bug', 'endless'], [10], 1), options);
    await expect(running).rejects.toThrow(SimulatorBugError);
    await expect(running).rejects.toMatchObject({
      message: 'bug/cluster.nodes=10/rep=0: assertion',
      stack: 'bug/cluster.nodes=10/rep=0: at engine.ts:1',
    });
  });
});

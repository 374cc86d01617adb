import { afterAll, describe, expect, it } from 'vitest';
import { type Gang, makeGang } from '../workers/gang/gang.ts';
import { type PholdResult, type PholdTask, phold, pholdTimeNs } from './phold.ts';

const worker = new URL('./phold.worker.ts', import.meta.url);

function taskOf(changes: Partial<PholdTask> = {}): PholdTask {
  return {
    processes: 240,
    remote: 0.5,
    delays: 'exponential',
    mixingRounds: 0,
    warmUpNs: 500,
    untilNs: 6000,
    ...changes,
  };
}

describe('PHOLD', () => {
  it('takes about the time that its number of events was turned into', () => {
    const untilNs = 500 + pholdTimeNs(240, 50_000);
    const { events } = phold(taskOf({ untilNs }));
    expect(Math.abs(events / 50_000 - 1)).toBeLessThan(0.05);
  });

  it('is changed by its parameters, and not by work that is thrown away', () => {
    const hashes = [
      taskOf(),
      taskOf({ remote: 0.1 }),
      taskOf({ delays: 'ties' }),
      taskOf({ untilNs: 6100 }),
    ].map((task) => phold(task).hash);
    expect(new Set(hashes).size).toBe(4);
    expect(phold(taskOf({ mixingRounds: 3 })).hash).toBe(hashes[0]);
  });
});

describe.each([
  { partitions: 1 },
  { partitions: 2 },
  { partitions: 3 },
  { partitions: 4 },
  { partitions: 3, mailboxCapacity: 2 },
])('PHOLD on a gang of %o', (options) => {
  const gang: Gang<PholdTask, PholdResult> = makeGang({
    ...options,
    worker,
    name: 'pholdPartition',
  });
  afterAll(() => gang.destroy());

  it.each([
    taskOf({ remote: 0.1 }),
    taskOf(),
    taskOf({ delays: 'ties', untilNs: 3000 }),
    // Mostly idle: a few events a microsecond, in windows of 100 ns.
    taskOf({ processes: 12, remote: 1, untilNs: 20_000 }),
  ])('computes what the sequential engine does: %o', async (task) => {
    const expected = phold(task);
    const { results } = await gang.run(task);
    expect(results.map(({ hash }) => hash)).toEqual(results.map(() => expected.hash));
    expect(results.reduce((sum, { events }) => sum + events, 0)).toBe(expected.events);
  });
});

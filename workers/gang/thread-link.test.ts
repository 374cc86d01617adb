import { afterAll, describe, expect, it } from 'vitest';
import { makeGang } from './gang.ts';

const worker = new URL('./testing/gang-work.worker.ts', import.meta.url);
const PARTITIONS = 3;
const INDICES = [0, 1, 2];

function work<Task, Result>(name: string, mailboxCapacity?: number) {
  const gang = makeGang<Task, Result>({
    partitions: PARTITIONS,
    worker,
    name,
    ...(mailboxCapacity ? { mailboxCapacity } : {}),
  });
  afterAll(() => gang.destroy());
  return async (task: Task) => (await gang.run(task)).results;
}

describe('a link between threads', () => {
  const safeTimes = work<null, number[]>('safeTimes');
  const letters = work<number, string[]>('letters');
  const publications = work<number, string[]>('publications');

  it('lets everybody go on to the earliest event of anybody plus the lookahead', async () => {
    const never = Number.POSITIVE_INFINITY;
    const safe = [never, 60, 1010, never];
    expect(await safeTimes(null)).toEqual([safe, safe, safe]);
  });

  it('delivers what was posted in a window at its end, and counts its time before it is read', async () => {
    const WINDOWS = 300;
    const expected = INDICES.map((index) =>
      Array.from({ length: WINDOWS }, (_, window) => [
        ...INDICES.filter((from) => from !== index).map(
          (from) => `${window}: ${window + 1.5} ${from} ${window} ${index} -1 ${2 ** 31 - 1} 7`,
        ),
        `${window}: safe until ${window + 2.5}`,
      ]).flat(),
    );
    expect(await letters(WINDOWS)).toEqual(expected);
  });

  it('hands over publications, sums and gathered values alike, whoever is faster', async () => {
    const WINDOWS = 200;
    const expected = INDICES.map((index) =>
      Array.from({ length: WINDOWS }, (_, window) => {
        const values = INDICES.map((of) => ({ index: of, window }));
        return [
          ...(window % 4 === 1 ? [`${window}: sum 3 ${3 * window} ${3 * 2 ** 40}`] : []),
          ...(window % 4 === 2
            ? [`${window}: gathered ${JSON.stringify(index === 0 ? values : [])}`]
            : []),
          ...INDICES.filter((from) => from !== index).flatMap((from) =>
            Array.from(
              { length: (from + window) % 3 },
              (_, i) => `${window}: ${JSON.stringify({ from, window, i })}`,
            ),
          ),
        ];
      }).flat(),
    );
    expect(await publications(WINDOWS)).toEqual(expected);
  });
});

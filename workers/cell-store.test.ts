import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CellStoreOptions, cellStore } from './cell-store.ts';
import { planOf } from './testing/experiment.ts';
import { fakeCell } from './testing/fake-cell.worker.ts';

function storeIn(directory: string, changes: Partial<CellStoreOptions> = {}) {
  const warnings: string[] = [];
  const store = cellStore({
    directory,
    version: '0.1.0',
    code: 'digest',
    access: 'read-write',
    onWarning: (text) => warnings.push(text),
    ...changes,
  });
  return { store, warnings };
}

const emptyDirectory = () => mkdtempSync(join(tmpdir(), 'knetsim-cells-'));

describe('the cell store', () => {
  it('returns the cell it was given, and leaves no temporary file', async () => {
    const directory = emptyDirectory();
    const { store } = storeIn(directory);
    const key = store.keyOf(planOf('a', 3), 0);
    expect(await store.read(key)).toBeNull();
    await store.write(key, fakeCell(7, 0));
    expect(await store.read(key)).toEqual(fakeCell(7, 0));
    expect(await store.has(key)).toBe(true);
    expect(readdirSync(directory)).toEqual([`${key}.json`]);
  });

  it('gives another key to another plan, replication, version and code', () => {
    const { store } = storeIn(emptyDirectory());
    const plan = planOf('a', 3);
    const keys = [
      store.keyOf(plan, 0),
      store.keyOf(plan, 1),
      store.keyOf(planOf('a', 4), 0),
      store.keyOf(planOf('b', 3), 0),
      storeIn('.', { version: '0.1.1' }).store.keyOf(plan, 0),
      storeIn('.', { code: 'other' }).store.keyOf(plan, 0),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(store.keyOf({ ...plan }, 0)).toBe(keys[0]);
  });

  it('reports a file with one changed digit and treats it as absent', async () => {
    const directory = emptyDirectory();
    const { store, warnings } = storeIn(directory);
    const key = store.keyOf(planOf('a', 3), 0);
    await store.write(key, fakeCell(7, 0));
    const file = join(directory, `${key}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"events":7', '"events":8'));
    expect(await store.read(key)).toBeNull();
    expect(warnings).toEqual([expect.stringContaining(`${key}.json is damaged`)]);
  });

  it('refuses a file cut in the middle, and a cell under another key', async () => {
    const directory = emptyDirectory();
    const { store, warnings } = storeIn(directory);
    const [key, other] = [store.keyOf(planOf('a', 3), 0), store.keyOf(planOf('a', 3), 1)];
    await store.write(key, fakeCell(7, 0));
    const whole = readFileSync(join(directory, `${key}.json`), 'utf8');
    writeFileSync(join(directory, `${other}.json`), whole);
    writeFileSync(join(directory, `${key}.json`), whole.slice(0, whole.length - 20));
    expect(await store.read(key)).toBeNull();
    expect(await store.read(other)).toBeNull();
    expect(warnings).toHaveLength(2);
  });

  it('reads nothing when it is write-only', async () => {
    const directory = emptyDirectory();
    const { store } = storeIn(directory, { access: 'write-only' });
    const key = store.keyOf(planOf('a', 3), 0);
    await store.write(key, fakeCell(7, 0));
    expect(await store.read(key)).toBeNull();
    expect(await store.has(key)).toBe(false);
    expect(await storeIn(directory).store.read(key)).toEqual(fakeCell(7, 0));
  });
});

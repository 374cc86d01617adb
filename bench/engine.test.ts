import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Benchmark, Measurement, Size } from './benchmark.ts';
import { ENGINE } from './engine.ts';
import { inFreshProcess } from './fresh-process.ts';
import type { SuiteResult } from './suite.ts';

const SMALL: Size = { scale: 0.005, mixingRoundsPerNs: 0.1 };

function runMain(...args: string[]) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  return spawnSync(process.execPath, ['--import', tsx, main, ...args], { encoding: 'utf8' });
}

const onBothLists = ENGINE.filter(({ variants }) => variants.heap !== undefined);
/** Left out: what needs threads and computes nothing. */
const onOneList = ENGINE.filter(
  ({ name, variants }) => variants.heap === undefined && name !== 'barrier',
);

async function hashOf({ variants }: Benchmark, variant: 'engine' | 'heap'): Promise<string> {
  const { hash, units, seconds }: Measurement = await variants[variant]!(SMALL);
  expect(units).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(0);
  return hash;
}

describe('the benchmarks of the engine', () => {
  it.each(onOneList)('compute the same twice: $name', async (benchmark) => {
    expect(await hashOf(benchmark, 'engine')).toBe(await hashOf(benchmark, 'engine'));
  });

  it.each(onBothLists)('compute the same twice, and on the heap: $name', async (benchmark) => {
    const hash = await hashOf(benchmark, 'engine');
    expect(await hashOf(benchmark, 'engine')).toBe(hash);
    expect(await hashOf(benchmark, 'heap')).toBe(hash);
  });

  it('cover the event list, the windows, the recorders and the network models', () => {
    expect(onBothLists).toHaveLength(11);
    expect(ENGINE.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['1024', '65536'].flatMap((processes) =>
          ['r10', 'r50', 'r10-150ns', 'r50-150ns'].map((rest) => `phold-${processes}-${rest}`),
        ),
        'hold-mixed',
        'tie-flood',
        'mm1',
        'histogram',
        'barrier',
        'packet-path',
        'programming-loop',
      ]),
    );
  });
});

describe('the loop of PHOLD', () => {
  it('allocates nothing for an event', async () => {
    // Two million events: a single boxed number each, 16 bytes, is 8 collections or more. On a busy
    // machine the compiler may come late, and code that is interpreted allocates: so three tries.
    const collections: number[] = [];
    for (let attempt = 0; attempt < 3 && !(Math.min(...collections) < 4); attempt++) {
      collections.push(
        await inFreshProcess({
          kind: 'once',
          benchmark: 'phold-1024-r10',
          figure: 'collections',
          size: { scale: 0.2, mixingRoundsPerNs: 1 },
        }),
      );
    }
    expect(Math.min(...collections)).toBeLessThan(4);
  });
});

describe('npm run bench', () => {
  it('prints a JSON document with every field of every benchmark', () => {
    const only = 'phold-1024-r10,histogram,barrier';
    const { status, stdout, stderr } = runMain('engine', '--json', '--quick', '--only', only);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { benchmarks, peers, machine } = JSON.parse(stdout) as SuiteResult;
    const figure = expect.any(Number);
    expect(benchmarks).toEqual([
      expect.objectContaining({
        name: 'phold-1024-r10',
        eventsPerSecond: figure,
        ratioToHeap: figure,
        speedup: figure,
        bytesPerPending: null,
        collections: figure,
        hash: expect.stringMatching(/^[0-9a-f]{8}$/),
        windows: figure,
        sleepsPerWindow: figure,
      }),
      expect.objectContaining({
        name: 'histogram',
        eventsPerSecond: figure,
        ratioToHeap: null,
        speedup: null,
        bytesPerPending: null,
        collections: figure,
        hash: expect.stringMatching(/^[0-9a-f]{8}$/),
      }),
      expect.objectContaining({ name: 'barrier', eventsPerSecond: figure, collections: null }),
    ]);
    expect(peers).toEqual([]);
    expect(machine.cores).toBeGreaterThan(0);
  });

  it('says what is wrong with its command line and exits 2', () => {
    const { status, stdout, stderr } = runMain('engine', '--fast');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain("'--fast'");
  });
});

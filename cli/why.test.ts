/** `knetsim why` on results that a run has written. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../core/results.ts';
import { inProcess } from './testing/in-process.ts';
import { emptyFolder, knetsim, writeScenario } from './testing/knetsim.ts';

/** For machines that have other things to do. */
const patience = { timeout: 120_000 };

interface ExplanationJson {
  readonly kind: string;
  readonly metric: string;
  readonly variant: string;
  readonly tail: { readonly samples: number; readonly causes: readonly { samples: number }[] };
  readonly worst: readonly {
    readonly nanoseconds: number;
    readonly seconds: number;
    readonly stages: readonly { readonly stage: string; readonly nanoseconds: number }[];
  }[];
}

const folder = emptyFolder();
const file = join(folder, 'results.json');
const why = (...argv: readonly string[]) => inProcess(['why', file, ...argv]);
const results = () => JSON.parse(readFileSync(file, 'utf8')) as Results;

async function altered(change: (document: Results) => void) {
  const document = results();
  change(document);
  const path = join(emptyFolder(), 'results.json');
  writeFileSync(path, JSON.stringify(document));
  return inProcess(['why', path]);
}

describe('knetsim why', patience, () => {
  beforeAll(async () => {
    const scenario = writeScenario(folder, { limit: '5s' });
    await inProcess(['run', scenario, '-o', join(folder, 'out'), '--workers', '2', '-q']);
    copyFileSync(join(folder, 'out', 'results.json'), file);
  }, patience.timeout);

  it('says the same as its golden text, with nothing but results.json', async () => {
    const { code, stdout } = await why('--worst', '2');
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('why/golden/tiny.txt');
  });

  it.each(['networkProgramming', 'endpointConvergence'])(
    'prints %s as JSON whose stages add up to the change',
    async (metric) => {
      const { code, stdout } = await why('--metric', metric, '--replication', '2', '--json');
      expect(code).toBe(0);
      const document = JSON.parse(stdout) as ExplanationJson;
      expect(document).toMatchObject({ kind: 'Explanation', metric });
      const counted = document.tail.causes.reduce((sum, { samples }) => sum + samples, 0);
      expect(counted).toBe(document.tail.samples);
      expect(document.worst).toHaveLength(3);
      for (const { stages, nanoseconds } of document.worst) {
        expect(stages).toHaveLength(8);
        expect(stages.reduce((sum, stage) => sum + stage.nanoseconds, 0)).toBe(nanoseconds);
      }
      const { max } = results().points[0]!.metrics[metric]!;
      expect(document.worst[0]!.seconds).toBeLessThanOrEqual(max!.value);
    },
  );

  it('writes a trace whose stages follow one another', async () => {
    const path = join(folder, 'trace.json');
    expect((await why('--trace', path)).code).toBe(0);
    const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as {
      traceEvents: {
        name: string;
        ph: string;
        cat?: string;
        pid: number;
        tid: number;
        ts: number;
        dur: number;
        args: object;
      }[];
    };
    for (const { ph, name, pid, tid, ts, dur, args } of traceEvents) {
      expect(['M', 'X']).toContain(ph);
      expect([typeof name, typeof args]).toEqual(['string', 'object']);
      expect([pid, tid].every(Number.isInteger)).toBe(true);
      if (ph === 'X') expect([ts >= 0, dur >= 0]).toEqual([true, true]);
    }
    const stages = traceEvents.filter(({ cat, pid }) => cat === 'stage' && pid === 1);
    expect(stages).toHaveLength(8);
    stages.slice(1).forEach(({ ts }, i) => {
      expect(ts).toBeCloseTo(stages[i]!.ts + stages[i]!.dur, 2);
    });
  });

  it('refuses metrics without stages, and names those that it explains', async () => {
    const { code, stderr } = await why('--metric', 'request.clusterIP');
    expect(code).toBe(2);
    expect(stderr).toContain('networkProgramming and endpointConvergence');
  });

  it.each([
    ['--slo', 'nothing', 'no SLO nothing; there are programming'],
    ['--variant', 'nothing', 'no variant nothing; there are default'],
    ['--at', 'cluster.nodes=5', 'no such point'],
  ])('refuses %s %s', async (flag, value, message) => {
    const { code, stderr } = await why(flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('refuses results that it cannot give again', async () => {
    const refusals: [(document: Results) => void, string][] = [
      [(document) => Object.assign(document.knetsim, { version: '9.9.9' }), '9.9.9'],
      [(document) => Object.assign(document.scenario, { hash: 'other' }), 'hash'],
      [(document) => delete document.points[0]!.cells, 'older version'],
      [
        ({ points }) => {
          for (const cell of points[0]!.cells!) cell.hash = '0';
        },
        'does not give',
      ],
    ];
    for (const [change, message] of refusals) {
      const { code, stderr } = await altered(change);
      expect([code, stderr.includes(message)]).toEqual([3, true]);
    }
  });

  it('explains a partitioned run of the main example, any variant', async () => {
    const out = emptyFolder();
    const scenario = fileURLToPath(new URL('../scenarios/proxy-at-scale.yaml', import.meta.url));
    const text = readFileSync(scenario, 'utf8').replace('[100, 500, 1000, 2000, 5000]', '[100]');
    const smallest = join(out, 'smallest.yaml');
    writeFileSync(smallest, text.replace('value: 5000, headroom', 'value: 100, headroom'));
    const ran = await knetsim([
      ...['run', smallest, '-o', out, '--replications', '1', '--partitions', '2', '-q'],
      ...['--gate', 'none'],
    ]);
    expect(ran.stderr).toBe('');
    for (const variant of ['iptables', 'ebpf']) {
      const argv = ['why', join(out, 'results.json'), '--variant', variant, '--json'];
      const { code, stdout, stderr } = await knetsim(argv);
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({ variant, kind: 'Explanation' });
    }
  });
});

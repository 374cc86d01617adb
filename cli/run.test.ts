import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Results } from '../core/results.ts';
import {
  emptyFolder,
  knetsim,
  type TinyScenario,
  tinyScenario,
  writeScenario,
} from './testing/knetsim.ts';

function setUp(tiny: TinyScenario = { limit: '1h' }) {
  const folder = emptyFolder();
  const out = join(folder, 'out');
  return { folder, out, file: writeScenario(folder, tiny) };
}

function read(out: string): Results {
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
}

/** Many processes, on machines that may have other things to do. */
const patience = { timeout: 300_000 };

describe('knetsim run', patience, () => {
  it('writes results, run facts and a report, and returns 0 when every SLO holds', async () => {
    const { file, out } = setUp();
    const { code, stdout, stderr } = await knetsim(['run', file, '-o', out]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout.trimStart()).toMatch(/^HOLDS /);
    expect(stdout).not.toContain('\u001b');
    expect(stderr).not.toContain('\u001b');
    const results = read(out);
    const { resultHash, ...rest } = results;
    expect(createHash('sha256').update(canonicalJson(rest)).digest('hex')).toBe(resultHash);
    expect(stdout).toContain(`result ${resultHash.slice(0, 12)}`);
    expect(results.points.map(({ replications }) => replications)).toEqual([3]);
    expect(results.provenance.map(({ id }) => id).some((id) => id.startsWith('proxy.'))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'run-info.json'), 'utf8'))).toMatchObject({
      cells: 3,
      reusedCells: 0,
      node: process.version,
      command: `knetsim run ${file} -o ${out}`,
    });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<!DOCTYPE html>');
  });

  it('gives the same bytes for any workers and partitions, and for cells that are there already', async () => {
    const { file, folder } = setUp();
    const bytes: string[] = [];
    for (const flags of [
      ['--workers', '1'],
      ['--workers', '2'],
      ['--workers', '2'],
      ['--partitions', '2'],
      ['--workers', '2', '--partitions', '3'],
    ]) {
      const out = join(folder, flags.join(''));
      const { code } = await knetsim(['run', file, '-o', out, ...flags]);
      expect(code).toBe(0);
      bytes.push(readFileSync(join(out, 'results.json'), 'utf8'));
    }
    expect(new Set(bytes).size).toBe(1);
  });

  it('--plan says how cells would be run, and why', async () => {
    const { file } = setUp();
    const planned = async (...flags: string[]) => {
      const { code, stdout } = await knetsim(['run', file, '--plan', '--json', ...flags]);
      expect(code).toBe(0);
      return JSON.parse(stdout) as {
        execution: { lanes: number; partitions: number; reason: string };
        points: { partitions: number; lookaheadSeconds: number | null }[];
      };
    };
    const automatic = await planned('--workers', '2');
    expect(automatic.execution).toMatchObject({ workers: 2, lanes: 2, partitions: 1 });
    expect(automatic.execution.reason).toContain('cells side by side need no barrier');
    expect(automatic.points[0]).toMatchObject({ partitions: 1, lookaheadSeconds: null });
    const told = await planned('--workers', '4', '--partitions', '2');
    expect(told.execution).toMatchObject({ lanes: 2, partitions: 2 });
    expect(told.points[0]!.lookaheadSeconds).toBeGreaterThan(0);
  });

  it('prints the results document, and nothing else, on stdout under --json', async () => {
    const { file, out } = setUp();
    const { code, stdout, stderr } = await knetsim(['run', file, '-o', out, '--json', '-v']);
    expect(code).toBe(0);
    expect(stdout).toBe(readFileSync(join(out, 'results.json'), 'utf8'));
    expect(stderr).toContain('HOLDS');
    expect(stderr).toMatch(/default\/cluster\.nodes=4\/rep=\d \d+ ms/);
  });

  it('returns 4 when a gated SLO fails, and 0 with --gate none', async () => {
    const { file, out } = setUp({ limit: '1ns' });
    const failed = await knetsim(['run', file, '-o', out, '-q']);
    expect(failed.code).toBe(4);
    expect(failed.stdout.trim()).toMatch(/^FAILS .+\.$/);
    expect(failed.stderr).not.toContain('variant');
    const ungated = await knetsim(['run', file, '-o', out, '--gate', 'none']);
    expect(ungated.code).toBe(0);
  });

  it('returns 5 when nothing changed, so that nothing can be judged', async () => {
    const { file, out } = setUp();
    const flags = ['--set', 'workload.churn.podChangesPerSecond=0'];
    const { code, stdout } = await knetsim(['run', file, '-o', out, ...flags]);
    expect(code).toBe(5);
    expect(stdout).toContain('INCONCLUSIVE');
    expect(stdout).toContain('programming has no value');
  });

  it('reads the scenario from standard input', async () => {
    const { out } = setUp();
    const input = tinyScenario({ limit: '1h' });
    const { code } = await knetsim(['run', '-', '-o', out], { input });
    expect(code).toBe(0);
    expect(read(out).scenario.name).toBe('tiny');
  });

  it('keeps finished cells when interrupted, and goes on from there to the same result', async () => {
    const { file, folder } = setUp({ limit: '1h', nodes: 20, duration: '5m', replications: 4 });
    const [out, whole] = [join(folder, 'out'), join(folder, 'whole')];
    let killed = false;
    const flags = ['--workers', '1', '-v'];
    const interrupted = await knetsim(['run', file, '-o', out, ...flags], {
      onStderr: (text, kill) => {
        if (killed || !/rep=\d \d+ ms/.test(text)) return;
        killed = true;
        kill('SIGINT');
      },
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toContain('the same command goes on where this one stopped');
    const finished = readdirSync(join(out, 'cells'));
    expect(finished.length).toBeGreaterThan(0);
    expect(finished.length).toBeLessThan(4);
    expect(read(out).points[0]?.replications).toBe(finished.length);
    expect(existsSync(join(out, 'report.html'))).toBe(true);

    const resumed = await knetsim(['run', file, '-o', out]);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).toContain(`(${finished.length} reused)`);
    await knetsim(['run', file, '-o', whole]);
    expect(read(out)).toEqual(read(whole));
  });

  it('returns 143 when terminated, and 6 when the time budget is used up', async () => {
    const { file, out } = setUp({ limit: '1ns', duration: '2h', nodes: 300, replications: 2 });
    let killed = false;
    const terminated = await knetsim(['run', file, '-o', out], {
      onStderr: (text, kill) => {
        if (killed || !text.includes('cells on')) return;
        killed = true;
        kill('SIGTERM');
      },
    });
    expect(terminated.code).toBe(143);
    const late = await knetsim(['run', file, '-o', out, '--max-time', '50ms']);
    expect(late.code).toBe(6);
    expect(late.stdout).toContain('the time budget of 0.05 s is used up');
  });

  it('simulates a damaged cell again, with a warning', async () => {
    const { file, out } = setUp();
    await knetsim(['run', file, '-o', out]);
    const before = read(out);
    const cell = join(out, 'cells', readdirSync(join(out, 'cells'))[0]!);
    writeFileSync(cell, readFileSync(cell, 'utf8').slice(0, -100));
    const { code, stdout, stderr } = await knetsim(['run', file, '-o', out]);
    expect(code).toBe(0);
    expect(stderr).toContain('is damaged; the cell is simulated again');
    expect(stdout).toContain('(2 reused)');
    expect(read(out)).toEqual(before);
  });

  it('shows the plan without simulating, and knows what is there', async () => {
    const { file, out } = setUp();
    const plan = ['run', file, '-o', out, '--plan'];
    expect((await knetsim(plan)).stdout).toContain('1 point, 3 cells; 0 cached, 3 to run');
    expect(existsSync(out)).toBe(false);
    await knetsim(['run', file, '-o', out]);
    const { stdout } = await knetsim([...plan, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'RunPlan', cells: 3, cachedCells: 3 });
    const fresh = await knetsim([...plan, '--no-cache']);
    expect(fresh.stdout).toContain('0 cached');
  });

  it('calls only candidates gated in the plan', async () => {
    const variants = '[{ name: old, candidate: false }, { name: new }]';
    const { file, out } = setUp({ limit: '1h', spec: `  variants: ${variants}\n` });
    const { stdout } = await knetsim(['run', file, '-o', out, '--plan', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      points: [
        { variant: 'old', gated: false },
        { variant: 'new', gated: true },
      ],
    });
  });

  it('streams events as NDJSON that starts with its version', async () => {
    const { file, out } = setUp();
    const { stdout, stderr } = await knetsim(['run', file, '-o', out, '--events', '-']);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'version', schema: 'knetsim.dev/events/1.0' });
    expect(events.map(({ type }) => type)).toEqual([
      'version',
      'cell.end',
      'cell.end',
      'cell.end',
      'verdict',
    ]);
    expect(events.at(-1)).toMatchObject({ slo: 'programming', verdict: 'holds' });
    expect(stderr).toContain('HOLDS');
  });

  it('writes the extra files it is asked for, and takes flags from the environment', async () => {
    const { file, folder, out } = setUp();
    const env = { KNETSIM_OUT: out, KNETSIM_REPLICATIONS: '2', KNETSIM_QUIET: '0' };
    const [html, md] = [join(folder, 'a', 'r.html'), join(folder, 'r.md')];
    const extra = ['--report', html, '--md', md, '--replications', '1', '--ascii'];
    const { code, stdout } = await knetsim(['run', file, ...extra], { env });
    expect([0, 5]).toContain(code);
    expect(read(out).points[0]?.replications).toBe(1);
    expect(readFileSync(html, 'utf8')).toBe(readFileSync(join(out, 'report.html'), 'utf8'));
    expect(readFileSync(md, 'utf8')).toContain('tiny');
    expect(stdout).toMatch(/^[\0-\x7f]+$/);
    expect(stdout).toContain('margin');
  });
});

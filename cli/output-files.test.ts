import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOutputs } from './output-files.ts';
import { emptyFolder, knetsim, writeScenario } from './testing/knetsim.ts';

describe('outputs', () => {
  it('that work are let through, with their folders made and nothing in them', async () => {
    const folder = emptyFolder();
    const out = join(folder, 'a', 'out');
    await checkOutputs('-', { out, md: join(folder, 'b', 'x.md'), events: '-' });
    expect(readdirSync(out)).toEqual(['cells']);
    expect(readdirSync(join(folder, 'b'))).toEqual([]);
  });

  it('that cannot be written are refused in the words of the user', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'file');
    writeFileSync(file, 'kept');
    const full = join(folder, 'full');
    mkdirSync(join(full, 'results.json'), { recursive: true });
    const out = join(folder, 'out');
    const cases = [
      [{ out: '/proc/foo' }, '--out /proc/foo: cannot write there: no such'],
      [{ out: file }, `--out ${file}: cannot write there: a part of the path`],
      [
        { out: full },
        `--out ${full}: cannot write there: ${join(full, 'results.json')}: is a folder`,
      ],
      [{ out, report: join(file, 'x.html') }, `--report ${join(file, 'x.html')}: cannot write`],
      [{ out, md: full }, `--md ${full}: cannot write there: is a folder`],
      [{ out, events: full }, `--events ${full}: cannot write there: is a folder`],
      [{ out, cache: file }, `--cache ${file}: cannot write there`],
      [{ out, md: 's.yaml' }, '--md s.yaml: s.yaml is the scenario already'],
      [{ out, md: join(out, 'results.json') }, `results.json is the file of --out ${out} already`],
    ] as const;
    for (const [flags, message] of cases) {
      const error: unknown = await checkOutputs('s.yaml', flags).catch((found: unknown) => found);
      expect(error, message).toMatchObject({ name: 'UsageError' });
      expect(String(error)).toContain(message);
      expect(String(error)).not.toMatch(/\.tmp|\.probe/);
    }
    expect(readFileSync(file, 'utf8')).toBe('kept');
    expect(readdirSync(folder).sort()).toEqual(['file', 'full', 'out']);
  });

  it('are checked by run before it simulates', { timeout: 300_000 }, async () => {
    const folder = emptyFolder();
    const file = writeScenario(folder, { limit: '1h' });
    const out = join(folder, 'out');
    const proc = await knetsim(['run', file, '-o', '/proc/foo', '-q']);
    expect(proc).toMatchObject({ code: 2, stdout: '' });
    expect(proc.stderr).toMatch(/^knetsim: --out \/proc\/foo: .+\n$/m);
    const report = await knetsim(['run', file, '-o', out, '--report', join(file, 'x.html')]);
    expect(report).toMatchObject({ code: 2, stdout: '' });
    expect(existsSync(join(out, 'results.json'))).toBe(false);
    expect(readdirSync(join(out, 'cells'))).toEqual([]);
  });
});

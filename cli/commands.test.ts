import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleResults } from '../reports/testing/sample-results.ts';
import { emptyFolder, knetsim, tinyScenario, writeScenario } from './testing/knetsim.ts';

/** Many processes, on machines that may have other things to do. */
const patience = { timeout: 300_000 };

describe('usage errors', patience, () => {
  it('return 2 and suggest the flag that was meant', async () => {
    const { code, stdout, stderr } = await knetsim(['run', 'x.yaml', '--worker', '2']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Did you mean --workers?');
  });

  it('return 2 for a missing file, a wrong value, an unknown command and none at all', async () => {
    const all = await Promise.all([
      knetsim(['run', 'missing.yaml']),
      knetsim(['run', 'x.yaml', '--workers', 'many']),
      knetsim(['run', 'x.yaml', '--gate', 'maybe']),
      knetsim(['runn', 'x.yaml']),
      knetsim([]),
    ]);
    expect(all.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2]);
    expect(all[0]!.stderr).toBe('knetsim: no such file: missing.yaml\n');
    expect(all[1]!.stderr).toContain('a share like 50%');
    expect(all[3]!.stderr).toContain('Did you mean run?');
    expect(all[4]!.stderr).toContain('Examples:');
  });

  it('return 2 when two documents want stdout', async () => {
    const both = ['run', 'x.yaml', '--json', '--events', '-'];
    const { code, stderr } = await knetsim(both);
    expect(code).toBe(2);
    expect(stderr).toContain('both want stdout');
  });

  it('return 2 for a command that comes with a later release, which help does not list', async () => {
    const { code, stderr } = await knetsim(['capacity', 'x.yaml', '--target', '5000']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^knetsim: knetsim capacity is not part of this release/);
    expect((await knetsim(['help', 'capacity'])).stdout).toMatch(
      /^knetsim capacity is not part of/,
    );
    expect((await knetsim(['--help'])).stdout).not.toMatch(/capacity|calibrate/);
  });
});

describe('help', patience, () => {
  it('of every command leads with three examples, and returns 0', async () => {
    const commands = ['', 'run', 'validate', 'schema', 'explain', 'report', 'reach'].map((name) =>
      name === '' ? [] : [name],
    );
    const all = await Promise.all(commands.map((command) => knetsim([...command, '--help'])));
    for (const { code, stdout } of all) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Examples:\n( {2}knetsim .+\n){3}\nUsage: knetsim/);
    }
    const help = await knetsim(['help', 'run']);
    expect(help).toEqual(await knetsim(['run', '--help']));
    expect(help.stdout.replace(/\s+/g, ' ')).toMatch(/strict: also SLOs with gate: warn.+W502/);
    expect((await knetsim(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('validate', patience, () => {
  const wrong = (folder: string) => {
    const file = writeScenario(folder, { limit: '1h', spec: '  proxymode: ipvs\n' });
    writeFileSync(file, readFileSync(file, 'utf8').replace('duration: 20s', 'duration: 20 sec'));
    return file;
  };

  it('returns 0 for a good scenario, and says how large it is', async () => {
    const file = writeScenario(emptyFolder(), { limit: '1h' });
    const { code, stdout, stderr } = await knetsim(['validate', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('valid, 1 point x 3 replications');
  });

  it('returns 3 and prints all problems with their places, without colours', async () => {
    const { code, stderr } = await knetsim(['validate', wrong(emptyFolder())]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/tiny\.yaml:\d+:\d+/);
    expect(stderr).toContain('proxymode');
    expect(stderr).toContain('20 sec');
    expect(stderr).not.toContain('\u001b');
  });

  it('prints one JSON document under --json, and run agrees with it', async () => {
    const file = wrong(emptyFolder());
    const { code, stdout, stderr } = await knetsim(['validate', file, '--json']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'Validation',
      files: [{ file, valid: false }],
    });
    const run = await knetsim(['run', file, '--json']);
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 3, stdout: '' });
  });

  it('colours on request', async () => {
    const file = wrong(emptyFolder());
    expect((await knetsim(['validate', file, '--color'])).stderr).toContain('\u001b[');
    const env = { FORCE_COLOR: '1', NO_COLOR: '1' };
    expect((await knetsim(['validate', file], { env })).stderr).not.toContain('\u001b[');
  });

  it('prints a scenario with every default, which is again a valid scenario', async () => {
    const file = writeScenario(emptyFolder(), { limit: '1h' });
    const { stdout } = await knetsim(['validate', file, '--show-effective']);
    expect(stdout).toContain('kind: Scenario');
    expect((await knetsim(['validate', '-'], { input: stdout })).code).toBe(0);
  });

  it('prints what each variant changes', async () => {
    const spec =
      '  variants:\n    - { name: base }\n    - { name: other, set: { proxy: { mode: ipvs } } }\n';
    const input = tinyScenario({ limit: '1h', spec });
    const { code, stdout } = await knetsim(['validate', '-', '--diff-variants'], { input });
    expect(code).toBe(0);
    expect(stdout).toMatch(/other:\n {2}proxy\.mode +iptables +→ +ipvs/);
  });
});

describe('explain', patience, () => {
  const topics = {
    'spec.cluster.nodes': 'field',
    networkProgramming: 'metric',
    'control-plane.etcd.service': 'constant',
    'model:ipvs': 'model',
    'model:cilium': 'model',
    E104: 'code',
    W601: 'code',
  };

  it('knows fields, metrics, constants, models and codes', async () => {
    for (const [topic, kind] of Object.entries(topics)) {
      const [text, json] = await Promise.all([
        knetsim(['explain', topic]),
        knetsim(['explain', topic, '--json']),
      ]);
      expect(text.code).toBe(0);
      expect(text.stdout).toContain(topic.replace('model:', ''));
      expect(text.stdout).not.toContain('undefined');
      expect(JSON.parse(json.stdout)).toMatchObject({ kind });
    }
  });

  it('returns 2 for what it does not know, with the nearest topic', async () => {
    const { code, stderr } = await knetsim(['explain', 'networkPrograming']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean networkProgramming?');
    expect((await knetsim(['explain', 'xyzzy'])).stderr).toContain('topics are');
    const mode = await knetsim(['explain', 'iptables']);
    expect(mode.stderr).toMatch(/did you mean model:iptables-\w+/);
  });
});

describe('schema', patience, () => {
  it('prints a JSON Schema, and knows no other kind', async () => {
    const { code, stdout } = await knetsim(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object' });
    expect((await knetsim(['schema', 'Deployment'])).code).toBe(2);
  });
});

describe('report', patience, () => {
  const withResults = (text: string) => {
    const file = join(emptyFolder(), 'results.json');
    writeFileSync(file, text);
    return file;
  };

  it('writes HTML or Markdown as a function of the results', async () => {
    const file = withResults(JSON.stringify(sampleResults()));
    const { code, stdout, stderr } = await knetsim(['report', file]);
    const html = file.replace('results.json', 'report.html');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `${html}\n` });
    const again = await knetsim(['report', file, '-o', '-']);
    expect(again.stdout).toBe(readFileSync(html, 'utf8'));
    const md = await knetsim(['report', file, '--md', '--json']);
    expect(JSON.parse(md.stdout)).toMatchObject({
      kind: 'Report',
      path: file.replace('results.json', 'report.md'),
    });
  });

  it('returns 2 for a missing file and 3 for what is no results document', async () => {
    const wrong = [
      'not json',
      '[]',
      'null',
      '{"kind":"Scenario"}',
      '{"apiVersion":"knetsim.dev/v1","kind":"Results"}',
    ];
    for (const text of wrong) {
      const { code, stderr } = await knetsim(['report', withResults(text)]);
      expect(code).toBe(3);
      expect(stderr).toContain('is not a results document');
    }
    expect((await knetsim(['report', 'missing.json'])).code).toBe(2);
  });
});

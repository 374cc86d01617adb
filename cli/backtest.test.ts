import { describe, expect, it } from 'vitest';
import type { Ledger } from '../bench/backtest/ledger.ts';
import { inProcess } from './testing/in-process.ts';

const model = ['backtest', '--model', 'ipvs'];

describe('knetsim backtest', () => {
  it('prints a line a published point, what is inside, and what was left out', async () => {
    const { code, stdout, stderr } = await inProcess([...model, '--no-color']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const head = stdout.split('\n')[0]!.split(/ {2,}/);
    expect(head).toEqual(['published point', 'measured', 'predicted', '[95%]', 'error', 'inside?']);
    expect(stdout).toMatch(/ipvs, 10000 Services +2\.03 ms +1\.37 ms .*-33% +no\n/);
    expect(stdout).toContain('4 of 6 published points that no constant was set from');
    expect(stdout).toContain('(why: docs/validation.md#round-trips)');
    expect(stdout).toMatch(/ipvs +3 +9 +33\.3%/);
    expect(stdout).toContain('issue #48107): a symptom without a figure');
  });

  it('gives each kernel measurement a line when asked to', async () => {
    const brief = await inProcess(['backtest', '--model', 'ebpf']);
    const full = await inProcess(['backtest', '--model', 'ebpf', '--verbose']);
    expect(brief.stdout).not.toContain('ebpf, first packet');
    expect(full.stdout.match(/ebpf, first packet/g)!.length).toBe(14);
  });

  it('prints the ledger as JSON, with source, interval and what was fitted', async () => {
    const { code, stdout } = await inProcess([...model, '--json']);
    const ledger = JSON.parse(stdout) as Ledger;
    expect({ code, kind: ledger.kind }).toEqual({ code: 0, kind: 'Ledger' });
    expect(ledger.rows.length).toBe(9);
    const fitted = ledger.rows.filter(({ usedForFitting }) => usedForFitting);
    expect(fitted.map(({ id }) => id)).toContain('issue-73382/sync');
    for (const { predicted, measured, inside } of ledger.rows) {
      expect(predicted.low <= predicted.value && predicted.value <= predicted.high).toBe(true);
      expect(inside).toBe(measured.high >= predicted.low && measured.low <= predicted.high);
    }
    expect(ledger.summary.evidence).toMatchObject({ rows: 6, inside: 4 });
  });

  it('refuses a model without rows, and two documents on stdout', async () => {
    const unknown = await inProcess(['backtest', '--model', 'ipvz']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean ipvs?');
    const both = await inProcess(['backtest', '--json', '--md']);
    expect({ code: both.code, stdout: both.stdout }).toEqual({ code: 2, stdout: '' });
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes } from './explain-code.ts';
import { readPolicyWorld, renderDiagnostics } from './index.ts';

const folder = path.join(import.meta.dirname, 'gallery/reach');
const inputs = fs.readdirSync(folder).filter((file) => file.endsWith('.yaml'));

function read(file: string) {
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  return readPolicyWorld([{ name: `gallery/reach/${file}`, text }]);
}

describe('error gallery of reach', () => {
  it.each(inputs)('%s is answered with its golden text', async (file) => {
    const { input, diagnostics } = read(file);
    expect(input !== undefined).toBe(file.startsWith('accepted'));
    const text = renderDiagnostics(diagnostics, { format: 'text', color: false });
    const golden = path.join(folder, 'golden', file.replace('.yaml', '.txt'));
    await expect(`${text}\n`).toMatchFileSnapshot(golden);
  });

  it.each(inputs)('%s says for every problem what to do, in a known code', (file) => {
    for (const { code, help, at } of read(file).diagnostics) {
      expect(diagnosticCodes()).toContain(code);
      expect(help ?? '', code).not.toBe('');
      expect(at.line).toBeGreaterThanOrEqual(1);
    }
  });

  it('has every code that only policies have', () => {
    const shown = new Set(inputs.flatMap((file) => read(file).diagnostics.map(({ code }) => code)));
    const ofPolicies = diagnosticCodes().filter((code) =>
      /^(E14[2-9]|E150|W30[3-9]|W310)$/.test(code),
    );
    expect(ofPolicies.filter((code) => !shown.has(code))).toEqual([]);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes } from './explain-code.ts';
import { loadExperiment, renderDiagnostics } from './index.ts';

const folder = path.join(import.meta.dirname, 'gallery');
const inputs = fs.readdirSync(folder).filter((file) => file.endsWith('.yaml'));

function load(file: string) {
  const text = fs.readFileSync(path.join(folder, file), 'utf8');
  return loadExperiment({ name: `gallery/${file}`, text, folder });
}

describe('error gallery', () => {
  it('has at least 16 inputs', () => {
    expect(inputs.length).toBeGreaterThanOrEqual(16);
  });

  it.each(inputs)('%s is refused with its golden text', async (file) => {
    const result = load(file);
    expect(result.experiment).toBeUndefined();
    const text = renderDiagnostics(result.diagnostics, { format: 'text', color: false });
    const golden = path.join(folder, 'golden', file.replace('.yaml', '.txt'));
    await expect(`${text}\n`).toMatchFileSnapshot(golden);
  });

  it.each(inputs)('%s says for every problem what to do, in a known code', (file) => {
    const { diagnostics } = load(file);
    for (const { code, help, at } of diagnostics) {
      expect(diagnosticCodes()).toContain(code);
      expect(help ?? at.label, code).not.toBe('');
      expect(at.line).toBeGreaterThanOrEqual(1);
      expect(at.column).toBeGreaterThanOrEqual(1);
    }
  });
});

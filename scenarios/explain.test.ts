import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticCodes } from './explain-code.ts';
import {
  explainCode,
  explainField,
  fieldPaths,
  loadExperiment,
  renderDiagnostics,
} from './index.ts';
import { loadText } from './testing/load-text.ts';

describe('explain', () => {
  it('knows every field by its path, with or without spec and indices', () => {
    for (const name of fieldPaths()) expect(explainField(name)?.path).toBe(name);
    expect(explainField('proxy.mode')).toEqual(explainField('spec.proxy.mode'));
    expect(explainField('traffic[checkout].rate')?.path).toBe('spec.traffic[].rate');
    expect(explainField('spec.proxy.mood')).toBeUndefined();
  });

  it('gives the default, what may be written, and the source', () => {
    expect(explainField('spec.controlPlane.controllerManager.qps')).toMatchObject({
      default: '20',
      allowed: expect.stringContaining('number'),
      source: expect.stringContaining('kube-controller-manager'),
      required: false,
    });
    expect(explainField('spec.slos[].metric')?.required).toBe(true);
    expect(explainField('spec.cluster')?.fields).toContain('nodes');
  });

  it('says of a field of the format that it is not modelled', () => {
    expect(explainField('spec.cni')?.description).toMatch(/^Not modelled/);
  });

  it('knows every code that the sources use', () => {
    const used = new Set<string>();
    for (const file of fs.readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts') || file === 'explain-code.ts')
        continue;
      const text = fs.readFileSync(path.join(import.meta.dirname, file), 'utf8');
      for (const [code] of text.matchAll(/(?<=')[EW]\d{3}(?=')/g)) used.add(code);
    }
    expect([...used].sort()).toEqual(diagnosticCodes());
    expect(explainCode('e203')?.title).toBe('pod CIDR too small');
    expect(explainCode('E999')).toBeUndefined();
  });
});

describe('rendering', () => {
  const { diagnostics } = loadText('spec: { proxy: { mode: "50%,a" } }\n');

  it('escapes what GitHub would interpret', () => {
    expect(renderDiagnostics(diagnostics, { format: 'github', color: false })).toBe(
      '::error file=test.yaml,line=4,col=24,endColumn=31,title=E108::spec.proxy.mode is "50%25,a". spec.proxy.mode takes iptables, ipvs, nftables or ebpf',
    );
  });

  it('gives JSON back as it is', () => {
    expect(JSON.parse(renderDiagnostics(diagnostics, { format: 'json', color: true }))).toEqual(
      diagnostics,
    );
  });

  it('colours only when asked to, and says nothing of nothing', () => {
    const controlSequence = String.fromCharCode(27);
    expect(renderDiagnostics(diagnostics, { format: 'text', color: true })).toContain(
      controlSequence,
    );
    expect(renderDiagnostics(diagnostics, { format: 'text', color: false })).not.toContain(
      controlSequence,
    );
    expect(renderDiagnostics([], { format: 'text', color: true })).toBe('');
  });

  it('is in the order of lines', () => {
    const file = path.join(import.meta.dirname, 'gallery', 'units.yaml');
    const lines = loadExperiment({ path: file }).diagnostics.map(({ at }) => at.line);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { scenarioJsonSchema } from '../json-schema.ts';
import { loadExperiment } from '../load-experiment.ts';
import { scenarioSchema } from './scenario.ts';
import { allFields, declaredPath, schemaAt } from './walk.ts';

const accepts = new Ajv({ strict: true }).compile(scenarioJsonSchema() as object);
const folder = path.join(import.meta.dirname, '..');
const shipped = fs.readdirSync(folder).filter((file) => file.endsWith('.yaml'));

describe('the JSON Schema', () => {
  it.each(shipped)('accepts %s', (file) => {
    const [scenario] = parseAllDocuments(fs.readFileSync(path.join(folder, file), 'utf8'));
    accepts((scenario as { toJS(): unknown }).toJS());
    expect(accepts.errors).toBeNull();
  });

  it('agrees with the loader on generated documents', () => {
    const duration = fc.constantFrom('30s', '1m30s', '200us', '30', 'soon', 30, '');
    const count = fc.oneof(fc.integer({ min: -3, max: 2000 }), fc.constantFrom('5', 1.5, null));
    const part = <T>(shape: Record<string, fc.Arbitrary<T>>) =>
      fc
        .record(shape, { requiredKeys: [] })
        .chain((value) => fc.constantFrom<unknown>(value, value, value, { ...value, odd: 1 }));
    const spec = part<unknown>({
      cluster: part<unknown>({
        nodes: count,
        nodeMask: count,
        scale: fc.constantFrom<unknown>('fixed', 'sqrt', { churn: 'sqrt' }, { churn: 'odd' }),
        podCIDR: fc.constantFrom('10.0.0.0/8', '10.0.0.0', 'fd00::/8'),
        pools: fc.array(
          part<unknown>({
            name: fc.constantFrom('a', ''),
            share: fc.constantFrom<unknown>(0.5, '50%', 2),
          }),
          { maxLength: 2 },
        ),
      }),
      proxy: part<unknown>({
        mode: fc.constantFrom('iptables', 'ipvs', 'none'),
        minSyncPeriod: duration,
      }),
      workload: part<unknown>({
        churn: part<unknown>({ podChangesPerSecond: count, podChangesPerNodeHour: count }),
        services: fc.array(
          part<unknown>({
            count,
            endpoints: part<unknown>({
              constant: count,
              distribution: fc.constantFrom('uniform'),
              min: count,
              max: count,
            }),
          }),
          { maxLength: 2 },
        ),
      }),
      events: fc.array(
        part<unknown>({
          at: duration,
          scale: fc.constant('deployment/web'),
          replicas: count,
          addNodes: count,
        }),
        { maxLength: 2 },
      ),
      run: part<unknown>({
        duration,
        warmup: fc.oneof(duration, fc.constant('auto')),
        seed: count,
      }),
    });
    fc.assert(
      fc.property(spec, (value) => {
        const document = {
          apiVersion: 'knetsim.dev/v1',
          kind: 'Scenario',
          metadata: { name: 'x' },
          spec: value,
        };
        expect(accepts(document)).toBe(scenarioSchema.safeParse(document).success);
      }),
      { numRuns: 300 },
    );
  });
});

describe('every field', () => {
  it('says what it is, and where its default comes from', () => {
    for (const { path: name, schema, facts } of allFields()) {
      expect(schema.description, name).toBeTruthy();
      const hasDefault = facts.default !== undefined || schema.def.type === 'default';
      if (hasDefault) expect(facts.source, `source of the default of ${name}`).toBeTruthy();
    }
  });

  it('has one declared path', () => {
    const paths = allFields().map(({ path: name }) => name);
    expect(new Set(paths).size).toBe(paths.length);
    expect(declaredPath(['spec', 'traffic', 3, 'rate'])).toBe('spec.traffic[].rate');
    const accepted = ['nftables', 'windows'].filter(
      (mode) => schemaAt(['spec', 'proxy', 'mode'])?.safeParse(mode).success,
    );
    expect(accepted).toEqual(['nftables']);
    expect(schemaAt(['spec', 'proxy', 'mood'])).toBeUndefined();
  });
});

describe('a misspelt field', () => {
  const starter = fs.readFileSync(path.join(folder, 'starter.yaml'), 'utf8');
  const scenario = starter.slice(0, starter.indexOf('\n---') + 1);
  const names = new Set(allFields().map(({ path: name }) => name.replace(/^.*\./, '')));
  const keys = [...scenario.matchAll(/(?<=^\s*(?:- )?(?:\{ )?|[{,] )([A-Za-z]+)(?=:)/gm)]
    .map((match) => ({ key: match[1]!, offset: match.index }))
    .filter(({ key, offset }) => names.has(key) && !scenario.slice(0, offset).match(/#[^\n]*$/))
    // What makes a document a Scenario at all is reported as such.
    .filter(({ key }) => key !== 'apiVersion' && key !== 'kind');

  it('of the starter is reported once, in its place, with the name that was meant', () => {
    expect(keys.length).toBeGreaterThan(20);
    const letter = fc.constantFrom(...'abcxyz');
    const slip = fc.record({
      at: fc.constantFrom(...keys),
      how: fc.constantFrom('drop', 'change', 'add', 'swap'),
      where: fc.nat(20),
      letter,
    });
    fc.assert(
      fc.property(slip, ({ at, how, where, letter: other }) => {
        const { key, offset } = at;
        const i = where % key.length;
        const tails = {
          drop: key.slice(i + 1),
          change: other + key.slice(i + 1),
          add: other + key.slice(i),
          swap: (key[i + 1] ?? '') + key[i] + key.slice(i + 2),
        };
        const misspelt = key.slice(0, i) + tails[how as keyof typeof tails];
        fc.pre(misspelt !== '' && misspelt !== key && !names.has(misspelt) && key.length > 2);
        const text = starter.slice(0, offset) + misspelt + starter.slice(offset + key.length);
        const { diagnostics } = loadExperiment({ name: 'starter.yaml', text, folder: '.' });
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        const before = starter.slice(0, offset).split('\n');
        expect(errors.map(({ code, at: place }) => [code, place.line, place.column])).toEqual([
          ['E104', before.length, before.at(-1)!.length + 1],
        ]);
        expect(errors[0]!.help, misspelt).toContain(`\`${key}\``);
      }),
      { numRuns: 200 },
    );
  });
});

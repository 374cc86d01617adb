/** Whatever is in the input of `reach`: a world or located errors, never an exception or a hang. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MissingFileError } from '../read-input.ts';
import { renderDiagnostics } from '../render-diagnostics.ts';
import { diagnosticsOf, pod, policy } from '../testing/read-policies.ts';
import { readPolicyWorld } from './policy-world.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'knetsim-'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}
const codes = (...inputs: string[]) => readPolicyWorld(inputs).diagnostics.map(({ code }) => code);
const codesOfText = (text: string) => diagnosticsOf(text).map(({ code }) => code);

describe('objects of any shape', () => {
  const kinds = fc.constantFrom(
    'networking.k8s.io/v1 NetworkPolicy',
    'policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy',
    'policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy',
    'policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy',
    'v1 Pod',
    'v1 Node',
    'v1 Service',
    'batch/v1 CronJob',
    'v1 List',
  );
  const word = fc.constantFrom(
    ...'podSelector matchLabels matchExpressions key operator values ingress egress from to ports port ipBlock cidr except tier subject namespaces pods action protocols tcp destinationPort number range start end networks nodes In Accept http 10.0.0.0/8 __proto__ constructor'.split(
      ' ',
    ),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthIdentifier: 'value' },
      fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.string()),
      fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }),
      fc.dictionary(word, tie('value'), { maxKeys: 4, depthIdentifier: 'value' }),
    ),
  }));

  it('are read or refused with a place, as JSON and as YAML alike', () => {
    fc.assert(
      fc.property(kinds, value, value, (kind, spec, labels) => {
        const [apiVersion, name] = kind.split(' ');
        const object = {
          apiVersion,
          kind: name,
          metadata: { name: 'default', labels },
          spec,
          status: spec,
          items: spec,
        };
        const text = JSON.stringify(object);
        const read = (content: string) => {
          const { input, diagnostics } = readPolicyWorld([{ name: 'x', text: content }]);
          const hasError = diagnostics.some(({ severity }) => severity === 'error');
          expect(input === undefined).toBe(hasError);
          renderDiagnostics(diagnostics, { format: 'text', color: false });
          return diagnostics.map(({ code, message, at }) => [code, message, at.line]);
        };
        const json = read(text);
        // YAML refuses the key __proto__ as such.
        if (!text.includes('__proto__'))
          expect(read(`# YAML\n${text}`)).toEqual(
            json.map(([code, message]) => [code, message, 2]),
          );
      }),
      { numRuns: 300 },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('names', () => {
  const RED = '\u001b[31m';

  it.each([
    ['v1', 'Pod'],
    ['v1', 'Node'],
    ['v1', 'Service'],
    ['v1', 'Namespace'],
    ['apps/v1', 'Deployment'],
  ])('that drive a terminal are refused: %s %s', (apiVersion, kind) => {
    const text = JSON.stringify({ apiVersion, kind, metadata: { name: `a${RED}\nb` } });
    const [problem] = diagnosticsOf(text);
    expect(problem?.code).toBe('E149');
    expect(renderDiagnostics([problem!], { format: 'text', color: false })).not.toContain('\u001b');
  });

  it('of kinds and fields that nobody knows are passed on printable, and not at any length', () => {
    const object = {
      apiVersion: 'policy.networking.k8s.io/v1alpha2',
      kind: 'ClusterNetworkPolicy',
      metadata: { name: 'a' },
      spec: {
        tier: 'Admin',
        priority: 1,
        subject: { namespaces: {} },
        ingress: [{ name: `r${RED}`, action: 'Deny', from: [{ [`f${RED}`]: {} }] }],
        egress: [
          {
            action: 'Deny',
            to: [{ namespaces: {} }],
            protocols: [{ [`p${RED}${'x'.repeat(1e5)}`]: {} }],
          },
        ],
      },
    };
    const other = { apiVersion: `v1${RED}`, kind: `Gadget${RED}`, metadata: { name: 'a' } };
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object, other] });
    const { input, notUsed, diagnostics } = readPolicyWorld([{ name: 'test.json', text }]);
    const [policy] = input!.world.clusterPolicies;
    const { ingress, egress } = policy!;
    const said = [...ingress, ...egress, ...notUsed].map((one) => JSON.stringify(one));
    expect(said.join()).toContain('Gadget');
    expect(said.join()).not.toContain('u001b');
    for (const one of said) expect(one.length).toBeLessThan(500);
    for (const { message } of diagnostics) expect(message.length).toBeLessThan(2000);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'of members of objects are labels that a warning can name: %s',
    (key) => {
      const selecting = policy(`{ podSelector: { matchLabels: { ${key}: x } } }`);
      const [problem] = diagnosticsOf(`${pod('web')}${selecting}`);
      expect([problem?.code, problem?.at.label]).toEqual([
        'W303',
        `no pod with ${key}=x in namespace shop`,
      ]);
    },
  );
});

describe('text', () => {
  it('that repeats or nests without end is refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n`;
    expect(codesOfText(bomb)).toEqual(['E121']);
    expect(codesOfText(`{"a": ${'['.repeat(1e5)}${']'.repeat(1e5)}}`)).toEqual(['E126']);
    expect(codesOfText('['.repeat(1e6))).toEqual(['E126']);
    expect(codesOfText(policy(`{ ingress: ${'['.repeat(200)} }`))).toEqual(['E126']);
  });

  it('that gives a key of JSON twice is refused, not halved', () => {
    const text =
      '{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "a"},\n "spec": {"ingress": [], "ingress": [{}]}}';
    expect(diagnosticsOf(text).map(({ code, at }) => [code, at.line])).toEqual([['E102', 2]]);
  });

  it('that is broken JSON is refused with its place', () => {
    expect(codesOfText('{"apiVersion": "v1", "kind": }}')).not.toEqual([]);
    expect(codesOfText('[1, 2')).toEqual(['E101']);
  });

  it('with a million bad peers gives a list of problems that can be read', () => {
    const text = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'a' },
      spec: { ingress: [{ from: Array(1e6).fill({}) }] },
    });
    expect(codesOfText(text).length).toBeLessThan(50);
  });
});

describe('clusters', () => {
  it('with a question of its own in every policy are not read by asking every pod', () => {
    const many = 3000;
    const pods = Array.from({ length: many }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${index}`, namespace: `n${index % 50}`, labels: { app: 'a' } },
    }));
    const policies = Array.from({ length: many }, (_, index) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `q${index}`, namespace: `n${index % 50}` },
      spec: {
        podSelector: {},
        ingress: [
          {
            from: [
              {
                namespaceSelector: {},
                podSelector: { matchExpressions: [{ key: `k${index}`, operator: 'Exists' }] },
              },
            ],
          },
        ],
      },
    }));
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...pods, ...policies] });
    const own = vi.spyOn(Object, 'hasOwn');
    const codes = codesOfText(text);
    const looks = own.mock.calls.length;
    own.mockRestore();
    expect(codes).toEqual(Array(10).fill('W304'));
    expect(looks).toBeLessThan(many * 200);
  });
});

describe('files', () => {
  const one = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\n`;

  it('of a folder are read with those of folders inside, each once', () => {
    write('all/a.yaml', one('a'));
    write('all/inside/b.yml', one('b'));
    write(
      'all/inside/c.json',
      JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'c' } }] }),
    );
    write('all/notes.txt', 'no objects');
    const inputs = [
      path.join(folder, 'all'),
      path.join(folder, 'all/a.yaml'),
      path.join(folder, 'all'),
    ];
    const { input, diagnostics } = readPolicyWorld(inputs);
    expect(diagnostics).toEqual([]);
    expect(input!.world.entities.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('may lie anywhere, but links in a folder may not lead out of it', () => {
    const outside = write('elsewhere/x.yaml', one('x'));
    write('linked/a.yaml', one('a'));
    fs.symlinkSync(outside, path.join(folder, 'linked/link.yaml'));
    expect(codes(path.join(folder, 'linked'))).toEqual(['E123']);
    expect(codes(outside)).toEqual([]);
    expect(codes(path.join(folder, 'linked/link.yaml'))).toEqual([]);
  });

  it('that are not there are a mistake of the command, and empty folders of the input', () => {
    expect(() => readPolicyWorld([path.join(folder, 'nowhere')])).toThrow(MissingFileError);
    fs.mkdirSync(path.join(folder, 'empty'));
    expect(codes(path.join(folder, 'empty'))).toEqual(['E125']);
    expect(codes('/dev/null')).toEqual(['E122']);
  });

  it('of JSON may be larger than those of YAML', () => {
    const filler = JSON.stringify('x'.repeat(33 * 2 ** 20));
    const large = write('large.json', `{"apiVersion": "v1", "kind": "Secret", "data": ${filler}}`);
    expect(codes(large)).toEqual([]);
    expect(codes(write('large.yaml', `apiVersion: v1\nkind: Secret\ndata: ${filler}\n`))).toEqual([
      'E122',
    ]);
  });

  it('hold each object once', () => {
    const again = [write('twice/a.yaml', one('a')), write('twice/b.yaml', one('a'))];
    expect(codes(...again)).toEqual(['E141']);
    expect(codesOfText(pod('a') + pod('b'))).toEqual([]);
  });
});

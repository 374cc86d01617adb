/** Whatever is in a file: diagnostics with places, never an exception, a hang or a look outside. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadExperiment, renderDiagnostics } from './index.ts';
import { codesOf, head, loadText } from './testing/load-text.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'knetsim-'));
});
afterAll(() => {
  fs.rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  return file;
}

const load = (text: string) => loadExperiment({ name: 'x.yaml', text, folder });

describe('any text', () => {
  it('is loaded or refused with a place, and rendered in every format', () => {
    const words = fc.constantFrom(
      ...'apiVersion kind Scenario spec cluster nodes : - { } [ ] & * ! | > " \' # --- << 5 5s ? % @ ` ~ null \n \t é \u0000 \u001b[31m'.split(
        ' ',
      ),
      '\n  ',
      '\n',
      ': ',
      ' ',
    );
    const soup = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          soup,
          soup.map((text) => head + text),
          fc.string(),
        ),
        (text) => {
          const { diagnostics, experiment } = load(text);
          expect(experiment === undefined).toBe(
            diagnostics.some(({ severity }) => severity === 'error'),
          );
          for (const format of ['text', 'github', 'json'] as const) {
            const rendered = renderDiagnostics(diagnostics, { format, color: false });
            // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
            expect(rendered).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that is JSON of any shape in the place of the spec is loaded or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (spec) => {
        const document = {
          apiVersion: 'knetsim.dev/v1',
          kind: 'Scenario',
          metadata: { name: 'x' },
          spec,
        };
        expect(() => load(JSON.stringify(document))).not.toThrow();
      }),
    );
  });

  it('that is JSON of any shape in the place of a Kubernetes object is loaded or refused', () => {
    const kinds = fc.constantFrom(
      'apps/v1 Deployment',
      'v1 Service',
      'v1 Pod',
      'v1 Node',
      'v1 List',
      'batch/v1 Job',
      'a/b/c X',
    );
    fc.assert(
      fc.property(kinds, fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), (kind, spec, name) => {
        const [apiVersion, word] = kind.split(' ');
        const object = { apiVersion, kind: word, metadata: { name }, spec, items: spec };
        expect(() => load(`${head}---\n${JSON.stringify(object)}\n`)).not.toThrow();
      }),
    );
  });
});

describe('numbers', () => {
  it.each(['1e999', '-1', '1e30', '.inf', '.nan', '9007199254740993', '0x7fffffffffff', '00000'])(
    '%s nodes are refused',
    (text) => {
      expect(codesOf(`spec: { cluster: { nodes: ${text} } }\n`)).toHaveLength(1);
    },
  );

  it('of points that would never end are refused', () => {
    const values = `[${Array.from({ length: 500 }, (_, i) => i + 1).join(', ')}]`;
    const spec = `spec: { sweep: [{ path: cluster.nodes, values: ${values} }, { path: controlPlane.apiservers, values: ${values} }] }\n`;
    expect(codesOf(spec)).toContain('E219');
  });
});

describe('structure', () => {
  it('nested without end is refused', () => {
    for (const text of [
      `spec: ${'['.repeat(50_000)}`,
      `spec: ${'{a: '.repeat(5000)}`,
      `${'- '.repeat(5000)}x`,
      `${'? '.repeat(5000)}x`,
    ]) {
      expect(load(head + text).diagnostics.map(({ code }) => code)).toContain('E126');
    }
  });

  it('nested without end and nothing else ends neither this process nor the reading', () => {
    const { diagnostics } = load('['.repeat(1000));
    expect(diagnostics.map(({ code, at }) => [code, at.line])).toEqual([['E126', 1]]);
    expect(codesOf('spec: {}\n', { set: [`events=${'['.repeat(1000)}`] })).toEqual(['E126']);
  });

  it('nested deeper than it needs to be, but within the reach of the parser, is refused', () => {
    expect(codesOf(`spec: { assumptions: ${'['.repeat(300)}${']'.repeat(300)} }\n`)).toContain(
      'E126',
    );
  });

  it('cannot reach the prototypes of objects', () => {
    expect(codesOf('spec: { __proto__: { polluted: true } }\n')).toEqual(['E104']);
    expect(codesOf('spec: { constructor: { prototype: 1 } }\n')).toEqual(['E104']);
    expect(
      codesOf('spec: {}\n', { set: ['__proto__.polluted=1', 'constants.__proto__=1'] }),
    ).not.toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('with tags runs nothing', () => {
    expect(codesOf('spec: !!js/function "function () { throw 1 }"\n')).toEqual(['E101']);
  });
});

describe('files', () => {
  const objects = (entry: string) => `spec: { workload: { objects: ["${entry}"] } }\n`;
  const codes = (entry: string, allowOutside = false) =>
    loadExperiment(
      { path: write('scenario.yaml', head + objects(entry)) },
      { allowOutside },
    ).diagnostics.map(({ code }) => code);

  it('that are no text are refused', () => {
    write('binary.yaml', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 255, 254]));
    write('utf16.yaml', new Uint8Array([0xff, 0xfe, 0x61, 0x00]));
    expect(codes('binary.yaml')).toEqual(['E122']);
    expect(codes('utf16.yaml')).toEqual(['E122']);
    expect(loadExperiment({ path: path.join(folder, 'binary.yaml') }).diagnostics[0]?.code).toBe(
      'E122',
    );
  });

  it('that are too large, pipes or devices are refused without reading on', () => {
    fs.closeSync(fs.openSync(path.join(folder, 'large.yaml'), 'w'));
    fs.truncateSync(path.join(folder, 'large.yaml'), 40 * 2 ** 20);
    execFileSync('mkfifo', [path.join(folder, 'pipe.yaml')]);
    expect(codes('large.yaml')).toEqual(['E122']);
    expect(codes('pipe.yaml')).toEqual(['E122']);
    expect(codes('/dev/zero', true)).toEqual(['E122']);
    fs.rmSync(path.join(folder, 'large.yaml'));
    fs.rmSync(path.join(folder, 'pipe.yaml'));
  });

  it('outside of the folder are refused, through links too, unless allowed', () => {
    write('inside/nothing.txt', '');
    const outside = write(
      'outside/service.yaml',
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n',
    );
    const scenario = write('inside/s.yaml', head + objects('../outside/service.yaml'));
    const code = (allowOutside: boolean) =>
      loadExperiment({ path: scenario }, { allowOutside }).diagnostics.map((found) => found.code);
    expect([code(false), code(true)]).toEqual([['E123'], []]);
    fs.symlinkSync(outside, path.join(folder, 'inside/link.yaml'));
    write('inside/s.yaml', head + objects('link.yaml'));
    expect([code(false), code(true)]).toEqual([['E123'], []]);
    write('inside/s.yaml', head + objects('manifests'));
    fs.mkdirSync(path.join(folder, 'inside/manifests'));
    fs.symlinkSync(path.join(folder, 'outside'), path.join(folder, 'inside/manifests/more'));
    expect([code(false), code(true)]).toEqual([['E123'], []]);
  });

  it('in folders that contain themselves are read once', () => {
    write('loop/a.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n');
    fs.symlinkSync('.', path.join(folder, 'loop/again'));
    expect(codes('loop')).toEqual([]);
  });

  it('that are missing, empty folders, or scenarios themselves are refused', () => {
    fs.mkdirSync(path.join(folder, 'empty'));
    write('other.yaml', `${head}spec: {}\n`);
    expect([codes('missing.yaml'), codes('empty'), codes('other.yaml')]).toEqual([
      ['E124'],
      ['E125'],
      ['E109'],
    ]);
  });
});

it('a very long line is shown around the place', () => {
  const filler = 'x'.repeat(1900);
  const { diagnostics } = loadText(
    `spec: { assumptions: [{ text: ${filler} }], proxy: { mode: non } }\n`,
  );
  const { excerpt, excerptColumn, length } = diagnostics[0]!.at;
  expect(excerpt.length).toBeLessThanOrEqual(120);
  expect(excerpt.slice(excerptColumn, excerptColumn + length)).toBe('non');
});

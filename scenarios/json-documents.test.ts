import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Problems } from './diagnostic.ts';
import { readJson } from './json-documents.ts';
import { at, isContainer, type Path, type PlacedValue } from './origins.ts';
import { sourceText } from './source-text.ts';

function read(text: string): PlacedValue {
  const found = readJson(sourceText('x.json', text), new Problems());
  if (found === undefined || found === 'refused') throw new Error(`not read: ${text}`);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (!isContainer(value)) return;
  for (const [key, member] of Object.entries(value)) {
    yield* pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

it('finds every value of any JSON where it is written, and its key', () => {
  const root = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(root, fc.constantFrom(0, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const document = read(text);
      expect(document.value).toEqual(JSON.parse(text));
      for (const path of pathsOf(document.value)) {
        const { start, end } = document.place(path);
        expect(JSON.parse(text.slice(start, end))).toEqual(at(document.value, path));
        if (typeof path.at(-1) !== 'string') continue;
        const key = document.place(path, 'key');
        expect(JSON.parse(text.slice(key.start, key.end))).toBe(path.at(-1));
      }
    }),
  );
});

it('shows what is around a value that is not there', () => {
  const text = '{"a": {"b": [1, 2]}}';
  const { place } = read(text);
  const written = (path: Path) => text.slice(place(path).start, place(path).end);
  expect([written(['a', 'b', 7]), written(['a', 'x', 0]), written(['y'])]).toEqual([
    '[1, 2]',
    '{"b": [1, 2]}',
    text,
  ]);
});

it('reads values that follow each other, each with its own places', () => {
  const root = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(fc.array(root, { minLength: 2, maxLength: 4 }), (values) => {
      const text = values.map((value) => JSON.stringify(value)).join('\n');
      const found = readJson(sourceText('x.json', text), new Problems());
      if (found === undefined || found === 'refused') throw new Error(`not read: ${text}`);
      expect(found.map(({ value }) => value)).toEqual(JSON.parse(`[${text.split('\n').join()}]`));
      for (const { value, place } of found) {
        for (const path of pathsOf(value)) {
          const { start, end } = place(path);
          expect(JSON.parse(text.slice(start, end))).toEqual(at(value, path));
        }
      }
    }),
  );
});

it('leaves to YAML what only YAML reads, and keys given twice', () => {
  for (const text of [
    '{a: 1}',
    '{"a": 1,}',
    '{"a": 1, "a": 2}',
    'a: 1',
    '{"a": 1}\n---\n{}',
    '{"a": 1}\nb',
    '{"a": 1}\n{"b": 1, "b": 2}',
    '',
  ]) {
    expect(readJson(sourceText('x', text), new Problems())).toBeUndefined();
  }
});

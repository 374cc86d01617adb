/**
 * JSON as plain values, fast enough for the dump of a cluster; several values may follow each other, as
 * when a command appends to a file twice. The platform's parser keeps no places, so a place is found by
 * walking the text again, when somebody asks for it. Texts that only YAML reads, and those with a key
 * given twice, are left to the reader of YAML, which says where.
 */
import type { Problems } from './diagnostic.ts';
import { isContainer, type Path, type PlacedValue } from './origins.ts';
import type { SourceText, Span } from './source-text.ts';
import { deepest } from './yaml-tokens.ts';

/**
 * The values of a text that starts as a JSON object or list. Undefined if this is not JSON, or not
 * without doubt; `refused` after a reported error.
 */
export function readJson(
  source: SourceText,
  problems: Problems,
): readonly PlacedValue[] | 'refused' | undefined {
  if (!/^\s*[{[]/.test(source.text)) return undefined;
  const shape = shapeOf(source.text);
  if ('tooDeepAt' in shape) {
    const span = { source, start: shape.tooDeepAt, end: shape.tooDeepAt + 1 };
    problems.error('E126', span, `nested deeper than ${deepest} levels`, {
      help: 'write flatter data; Kubernetes objects need about twenty levels',
    });
    return 'refused';
  }
  const found = parsed(source.text) ?? parsedOneByOne(source.text);
  if (found === undefined) return undefined;
  if (membersOf(found.map(({ value }) => value)) !== shape.members) return undefined;
  return found.map(({ value, start }) => {
    const places = new JsonPlaces(source, start);
    return { value, place: (path, part) => places.find(path, part) };
  });
}

interface ParsedValue {
  readonly value: unknown;
  readonly start: number;
}

/** Undefined unless the text is one value. */
function parsed(text: string, start = 0): readonly [ParsedValue] | undefined {
  try {
    return [{ value: JSON.parse(text), start }];
  } catch {
    return undefined;
  }
}

/** Undefined unless the text is objects and lists, with nothing but space between them. */
function parsedOneByOne(text: string): readonly ParsedValue[] | undefined {
  const values: ParsedValue[] = [];
  for (let start = skipSpace(text, 0); start < text.length; ) {
    if (text[start] !== '{' && text[start] !== '[') return undefined;
    const end = endOfValue(text, start);
    const [value] = parsed(text.slice(start, end), start) ?? [];
    if (value === undefined) return undefined;
    values.push(value);
    start = skipSpace(text, end);
  }
  return values;
}

/** Members of all objects as they are written, for a text that is JSON. */
function shapeOf(text: string): { readonly members: number } | { readonly tooDeepAt: number } {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfText(text, at) - 1;
        break;
      case COLON:
        members++;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > deepest) return { tooDeepAt: at };
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        break;
    }
  }
  return { members };
}

/** Members of all objects that are left when of equal keys the last has won. */
function membersOf(root: unknown): number {
  let members = 0;
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (!isContainer(value)) continue;
    const inside: unknown[] = Object.values(value);
    if (!Array.isArray(value)) members += inside.length;
    for (const one of inside) if (isContainer(one)) open.push(one);
  }
  return members;
}

/** Finds what is in a value of a text that is known to be JSON. */
class JsonPlaces {
  readonly #source: SourceText;
  readonly #start: number;
  /** Of lists that were walked: where each element starts, by where the list does. */
  readonly #elements = new Map<number, readonly number[]>();

  constructor(source: SourceText, start: number) {
    this.#source = source;
    this.#start = start;
  }

  /** The value at the path, or the nearest around it; with `key`, its key if it is of an object. */
  find(path: Path, part?: 'key'): Span {
    const { text } = this.#source;
    let start = skipSpace(text, this.#start);
    let keyStart: number | undefined;
    for (const step of path) {
      const found =
        typeof step === 'number' ? this.#element(start, step) : member(text, start, step);
      if (found === undefined) break;
      start = found.value;
      keyStart = found.key;
    }
    const from = part === 'key' ? (keyStart ?? start) : start;
    return { source: this.#source, start: from, end: endOfValue(text, from) };
  }

  #element(list: number, index: number): Found | undefined {
    const { text } = this.#source;
    if (text.charCodeAt(list) !== OPEN_BRACKET) return undefined;
    let starts = this.#elements.get(list);
    if (starts === undefined) {
      starts = [...startsOf(text, list)];
      this.#elements.set(list, starts);
    }
    const value = starts[index];
    return value === undefined ? undefined : { key: undefined, value };
  }
}

interface Found {
  readonly key: number | undefined;
  readonly value: number;
}

function member(text: string, object: number, name: string): Found | undefined {
  if (text.charCodeAt(object) !== OPEN_BRACE) return undefined;
  for (const key of startsOf(text, object)) {
    const end = endOfText(text, key);
    if (JSON.parse(text.slice(key, end)) !== name) continue;
    return { key, value: skipSpace(text, skipSpace(text, end) + 1) };
  }
  return undefined;
}

/** Where the elements of a list or the keys of an object start. */
function* startsOf(text: string, container: number): Generator<number> {
  const isObject = text.charCodeAt(container) === OPEN_BRACE;
  let at = skipSpace(text, container + 1);
  while (text[at] !== '}' && text[at] !== ']' && at < text.length) {
    yield at;
    const value = isObject ? skipSpace(text, skipSpace(text, endOfText(text, at)) + 1) : at;
    at = skipSpace(text, endOfValue(text, value));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfText(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || isSpace(code))) {
      return at;
    }
  }
  return text.length;
}

/** After the closing quote of the text that opens at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * A YAML (or JSON) stream as plain values with positions. Scenario documents follow YAML 1.2,
 * Kubernetes objects YAML 1.1, as kubectl reads them. Values are data only: no tags, no merge of
 * cyclic references, bounded size and depth. Problems are reported, never thrown.
 */
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Problems } from './diagnostic.ts';
import { Origins } from './origins.ts';
import type { SourceText, Span } from './source-text.ts';
import { deepest, yamlTokens } from './yaml-tokens.ts';

export interface ReadDocument {
  readonly value: unknown;
  readonly span: Span;
  readonly origins: Origins;
}

/** Values that repetition through `*name` may add to one document. */
const mostRepeated = 100_000;

/** Ours are documents that say `kind: Scenario` or an apiVersion of this program. */
export function isScenarioDocument(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  return (
    kind === 'Scenario' || (typeof apiVersion === 'string' && apiVersion.startsWith('knetsim.dev/'))
  );
}

/** Empty documents are left out; documents with syntax errors too, after reporting the first. */
export function readDocuments(source: SourceText, problems: Problems): ReadDocument[] {
  const tokens = tokensOf(source, problems);
  if (tokens === undefined) return [];
  const own = compose(tokens, '1.2');
  const kubernetes = compose(tokens, '1.1');
  const read: ReadDocument[] = [];
  for (const [index, document] of own.entries()) {
    if (document.contents === null && document.errors.length === 0) continue;
    if (reportSyntax(source, document, problems)) continue;
    const ours = isScenarioDocument(shallow(document));
    const chosen = ours ? document : (kubernetes[index] ?? document);
    const converter = new Converter(source, chosen, problems);
    const value = converter.convert();
    if (value === undefined || value === null) continue;
    read.push({ value, span: rangeOf(source, chosen.contents), origins: converter.origins });
  }
  return read;
}

/** One value in flow style, for `--set path=value`. Undefined after a reported error. */
export function readValue(
  source: SourceText,
  text: string,
  problems: Problems,
): { value: unknown } | undefined {
  const tokens = tokensOf({ ...source, text }, problems);
  if (tokens === undefined) return undefined;
  const [document] = compose(tokens, '1.2');
  if (document === undefined || document.contents === null) return { value: null };
  if (reportSyntax(source, document, problems)) return undefined;
  const value = new Converter(source, document, problems).convert();
  return value === undefined ? undefined : { value };
}

/** Undefined after a reported error. */
function tokensOf(source: SourceText, problems: Problems): readonly CST.Token[] | undefined {
  const read = yamlTokens(source.text);
  if ('tokens' in read) return read.tokens;
  const span = { source, start: read.tooDeepAt, end: read.tooDeepAt + 1 };
  problems.error('E126', span, `nested deeper than ${deepest} levels`, {
    help: 'write flatter data; a scenario needs about ten levels',
  });
  return undefined;
}

function compose(tokens: readonly CST.Token[], version: '1.1' | '1.2'): Document.Parsed[] {
  const composer = new Composer({ version, merge: true, prettyErrors: false, logLevel: 'silent' });
  return [...composer.compose(tokens)] as Document.Parsed[];
}

/** The text of the first error, in the user's terms, and what to do about it. */
const syntaxTexts: Readonly<Record<string, readonly [message: string, help: string]>> = {
  TAB_AS_INDENT: ['a tab is used for indentation', 'indent with spaces'],
  BAD_INDENT: ['the indentation does not fit the lines above', 'align it with its siblings'],
  MISSING_CHAR: [
    'something is not closed or separated',
    'close the quote, bracket or brace; put a space after `:`',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'two `key: value` on one line',
    'put the value in quotes, or start a new line',
  ],
  BLOCK_IN_FLOW: [
    'an indented block inside `{}` or `[]`',
    'write it inside the braces, or all of it indented',
  ],
  MULTILINE_IMPLICIT_KEY: ['a key runs over several lines', 'is a `:` missing on the line above?'],
  BAD_ALIAS: [
    'a `*name` or `&name` that cannot stand here',
    'put text that starts with * or & in quotes',
  ],
  BAD_SCALAR_START: ['text that starts with a reserved character', 'put it in quotes'],
  BAD_DQ_ESCAPE: [
    'an escape that does not exist',
    'write \\\\ for a backslash, or use single quotes',
  ],
  UNEXPECTED_TOKEN: ['a character that does not belong here', 'put the value in quotes'],
  IMPOSSIBLE: ['text that cannot be read', 'put the value in quotes'],
  TAG_RESOLVE_FAILED: ['a `!tag` that has no meaning here', 'remove the tag'],
  BAD_COLLECTION_TYPE: ['a `!tag` that does not fit its value', 'remove the tag'],
};

function reportSyntax(source: SourceText, document: Document.Parsed, problems: Problems): boolean {
  const error =
    document.errors[0] ?? document.warnings.find(({ code }) => code !== 'BAD_DIRECTIVE');
  if (error === undefined) return false;
  const [start, end] = error.pos;
  const span = { source, start, end: Math.max(end, start + 1) };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[\w.-]+/.exec(source.text.slice(start))?.[0] ?? '';
    problems.error(
      'E102',
      { ...span, end: start + Math.max(1, key.length) },
      `${key || 'a key'} is given twice`,
      {
        label: 'already given above in the same map',
        help: 'keep one of the two',
      },
    );
    return true;
  }
  const [message, help] = syntaxTexts[error.code] ?? [
    'text that cannot be read',
    'put the value in quotes',
  ];
  problems.error('E101', span, message, { help });
  return true;
}

/** apiVersion and kind, without converting the rest. */
function shallow(document: Document.Parsed): unknown {
  if (!isMap(document.contents)) return undefined;
  const text = (key: string) => {
    const value: unknown = (document.contents as unknown as YAMLMap).get(key);
    return typeof value === 'string' ? value : undefined;
  };
  return { apiVersion: text('apiVersion'), kind: text('kind') };
}

function rangeOf(source: SourceText, node: unknown): Span {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return { source, start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

/** Thrown and caught in this file only, to leave the recursion after a reported error. */
class Refused extends Error {}

class Converter {
  readonly origins = new Origins();
  readonly #source: SourceText;
  readonly #document: Document.Parsed;
  readonly #problems: Problems;
  readonly #open = new Set<unknown>();
  readonly #targets = new Map<Alias, unknown>();
  #repeated = 0;

  constructor(source: SourceText, document: Document.Parsed, problems: Problems) {
    this.#source = source;
    this.#document = document;
    this.#problems = problems;
  }

  /** Undefined after a reported error. */
  convert(): unknown {
    try {
      return this.#node(this.#document.contents, 0, false);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  #node(node: unknown, depth: number, repeated: boolean): unknown {
    if (depth > deepest) {
      this.#refuse('E126', node, `nested deeper than ${deepest} levels`, 'write flatter data');
    }
    if (repeated && ++this.#repeated > mostRepeated) {
      this.#refuse(
        'E121',
        node,
        `\`*name\` repeats more than ${mostRepeated} values`,
        'write the repeated part once, or use spec.workload.services with a count',
      );
    }
    if (isAlias(node)) return this.#node(this.#resolve(node), depth, true);
    if (isScalar(node)) return scalar(node);
    if (!isMap(node) && !isSeq(node)) return null;
    if (this.#open.has(node)) {
      this.#refuse('E121', node, 'a `&name` that contains itself', 'break the circle');
    }
    this.#open.add(node);
    const value = isSeq(node)
      ? this.#list(node.items, depth, repeated)
      : this.#map(node.items as Pair[], depth, repeated);
    this.#open.delete(node);
    return value;
  }

  #list(items: readonly unknown[], depth: number, repeated: boolean): unknown[] {
    const list: unknown[] = [];
    for (const [index, item] of items.entries()) {
      list.push(this.#node(item, depth + 1, repeated));
      this.origins.record(list, index, { value: rangeOf(this.#source, item) });
    }
    return list;
  }

  #map(items: readonly Pair[], depth: number, repeated: boolean): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (const { key, value } of items) {
      const name = this.#key(key);
      if (name === '<<') continue;
      map[name] = this.#node(value, depth + 1, repeated);
      const keySpan = rangeOf(this.#source, key);
      const valueSpan = value === null ? keySpan : rangeOf(this.#source, value);
      this.origins.record(map, name, {
        key: keySpan,
        value: valueSpan.end > valueSpan.start ? valueSpan : keySpan,
      });
    }
    for (const { key, value } of items) {
      if (this.#key(key) === '<<') this.#merge(map, value, depth, repeated);
    }
    return map;
  }

  /** `<<`: what is written in the map itself wins; of several sources, the first. */
  #merge(map: Record<string, unknown>, source: unknown, depth: number, repeated: boolean): void {
    const from = isAlias(source) ? this.#resolve(source) : source;
    if (isSeq(from)) {
      for (const item of from.items) this.#merge(map, item, depth + 1, true);
      return;
    }
    const value = isMap(from)
      ? this.#node(from, depth + 1, repeated || isAlias(source))
      : undefined;
    if (typeof value !== 'object' || value === null) {
      this.#refuse('E101', source, '`<<` without a map', 'give it `*name` of a map');
    }
    for (const [name, member] of Object.entries(value as object)) {
      if (Object.hasOwn(map, name)) continue;
      map[name] = member;
      this.origins.copy(value as object, name, map, name);
    }
  }

  #resolve(alias: Alias): unknown {
    // `resolve` walks the whole document, so its answer is kept.
    const target = this.#targets.get(alias) ?? alias.resolve(this.#document);
    if (target === undefined) {
      this.#refuse(
        'E101',
        alias,
        `\`*${alias.source}\` names nothing`,
        `write \`&${alias.source}\` before it, or put the text in quotes`,
      );
    }
    this.#targets.set(alias, target);
    return target;
  }

  #key(key: unknown): string {
    if (!isScalar(key)) {
      return this.#refuse(
        'E101',
        key,
        'a key that is not text',
        'keys are plain words; put braces in quotes',
      );
    }
    if (typeof key.value === 'symbol') return '<<';
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    if (name === '__proto__') this.#refuse('E104', key, 'unknown field __proto__', 'remove it');
    return name;
  }

  #refuse(code: string, node: unknown, message: string, help: string): never {
    this.#problems.error(code, rangeOf(this.#source, node), message, { help });
    throw new Refused(message);
  }
}

/** Text, numbers, booleans and null; base-60 numbers, dates and binary stay the text they are. */
function scalar(node: Scalar): unknown {
  const { value } = node;
  const plain =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean';
  return plain && node.format !== 'TIME' ? value : (node.source ?? String(value));
}

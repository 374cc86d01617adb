/**
 * Checks a plain document against the schema and reports every violation in the user's terms: what
 * was found, what is allowed, one fix. What is wrong is then left out and the rest read with its
 * defaults, so that one mistake does not hide the next.
 */
import type { z } from 'zod';
import type { Problems } from '../diagnostic.ts';
import { without } from '../merge.ts';
import { at, isContainer, isRecord, type Origins, type Path } from '../origins.ts';
import type { Span } from '../source-text.ts';
import { isClose, suggest } from '../suggest.ts';
import { nearestField } from './nearest-field.ts';
import { unmodelledField, unmodelledValues } from './not-modelled-fields.ts';
import { type ScenarioDocument, scenarioSchema } from './scenario.ts';
import { diagnoseKind } from './value-problems.ts';
import { allowed, declaredPath, fieldsOf, kindOf, schemaAt } from './walk.ts';

type Issue = z.core.$ZodIssue;

export interface Checked {
  /** With defaults. */
  readonly document: ScenarioDocument;
  /** What was checked, without what was refused: indices and positions fit `document`. */
  readonly raw: unknown;
}

/** Violations hide one another, so what is refused is left out and the rest checked again. */
const mostRounds = 20;

/** Undefined when nothing could be read. `raw` is not changed. */
export function checkDocument(
  raw: unknown,
  origins: Origins,
  whole: Span,
  problems: Problems,
): Checked | undefined {
  let candidate = raw;
  for (let round = 0; round < mostRounds; round++) {
    const result = scenarioSchema.safeParse(candidate);
    if (result.success) return { document: result.data, raw: candidate };
    const issues = result.error.issues.flatMap((issue) => flatten(issue, candidate));
    if (round === 0) {
      const report = new Reporter(raw, origins, whole, problems);
      for (const issue of issues) report.issue(issue, issues);
    }
    const before = candidate;
    for (const path of offending(issues)) candidate = remove(candidate, path, origins);
    if (candidate === before) return undefined;
  }
  return undefined;
}

/** Replaces "no alternative fits" by the problems of the alternative that was meant. */
function flatten(issue: Issue, root: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = at(root, issue.path as Path);
  if (!isRecord(value)) return [outOfRange(issue) ?? issue];
  const branches = issue.errors.map((errors) =>
    errors.map((error) => ({ ...error, path: [...issue.path, ...error.path] }) as Issue),
  );
  const alike = branches.filter((errors) => !errors.some((error) => isOf(error, issue.path)));
  /** A word that only one alternative takes says which one was meant. */
  const named = alike.filter((errors) => !errors.some((error) => isOtherWord(error, root)));
  const fitting = named.length > 0 ? named : alike;
  const missing = fitting.map((errors) =>
    errors.filter((error) => isMissing(error, root) && !isMisspelt(error, Object.keys(value))),
  );
  const foreign = fitting.map((errors) =>
    errors.flatMap((error) => (error.code === 'unrecognized_keys' ? error.keys : [])),
  );
  const score = (i: number) =>
    10 * missing[i]!.length + 3 * foreign[i]!.length + fitting[i]!.length;
  const best = fitting.map((_, i) => i).sort((a, b) => score(a) - score(b))[0];
  if (best === undefined) return [issue];
  /** A field that one alternative has and another has not says which one was meant. */
  const decisive = Object.keys(value).some(
    (key) =>
      foreign.some((keys) => keys.includes(key)) && !foreign.every((keys) => keys.includes(key)),
  );
  const undecided = !decisive && missing.every((errors) => errors.length > 0) && fitting.length > 1;
  if (!undecided) return fitting[best]!.flatMap((error) => flatten(error, root));
  const known = new Set(foreign[0]!.filter((key) => foreign.every((keys) => keys.includes(key))));
  const oneOf = [...new Set(missing.map((errors) => String(errors[0]!.path.at(-1))))];
  return [
    { code: 'custom', path: issue.path, message: '', params: { oneOf, instead: [...known] } },
    ...(known.size === 0
      ? []
      : [{ code: 'unrecognized_keys', path: issue.path, keys: [...known], message: '' } as Issue]),
  ];
}

/** Of a plain value: it is of the kind of one alternative, and too small or too large for it. */
function outOfRange(issue: Extract<Issue, { code: 'invalid_union' }>): Issue | undefined {
  const only = issue.errors.flatMap((errors) => (errors.length === 1 ? errors : []));
  const found = only.find(({ code }) => code === 'too_small' || code === 'too_big');
  return found === undefined ? undefined : ({ ...found, path: issue.path } as Issue);
}

/** The value itself is of the wrong kind, not something in it. */
function isOf(error: Issue, path: readonly PropertyKey[]): boolean {
  return error.code === 'invalid_type' && error.path.length === path.length;
}

function isOtherWord(issue: Issue, root: unknown): boolean {
  return issue.code === 'invalid_value' && at(root, issue.path as Path) !== undefined;
}

function isMissing(issue: Issue, root: unknown): boolean {
  return (
    (issue.code === 'invalid_type' ||
      issue.code === 'invalid_value' ||
      issue.code === 'invalid_union') &&
    at(root, issue.path as Path) === undefined
  );
}

class Reporter {
  readonly #root: unknown;
  readonly #origins: Origins;
  readonly #whole: Span;
  readonly #problems: Problems;

  constructor(root: unknown, origins: Origins, whole: Span, problems: Problems) {
    this.#root = root;
    this.#origins = origins;
    this.#whole = whole;
    this.#problems = problems;
  }

  issue(issue: Issue, others: readonly Issue[]): void {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.#unknown(path, key);
      return;
    }
    if (issue.code === 'custom' && issue.params?.oneOf !== undefined) {
      this.#noneOf(path, issue.params.oneOf as string[], issue.params.instead as string[]);
      return;
    }
    if (isMissing(issue, this.#root)) {
      const unknown = others.flatMap((other) =>
        other.code === 'unrecognized_keys' && isParent(other.path, path) ? other.keys : [],
      );
      if (!isMisspelt(issue, unknown)) this.#missing(path);
      return;
    }
    this.#wrong(path, issue);
  }

  #unknown(parent: Path, key: string): void {
    const span = this.#origins.key(this.#root, [...parent, key], this.#whole);
    const place = declaredPath(parent) || 'the document';
    const unmodelled = unmodelledField(declaredPath([...parent, key]));
    if (unmodelled !== undefined) {
      this.#problems.error('E130', span, `not modelled in this release: ${unmodelled.path}`, {
        label: 'would have no effect',
        help: unmodelled.instead,
      });
      return;
    }
    const siblings = fieldsOf(schemaAt(parent) ?? scenarioSchema);
    const around = at(this.#root, parent);
    // What is already there was not meant, and of two as near, the one that has to be there was.
    const absent = [...siblings]
      .filter(([name]) => !isRecord(around) || !Object.hasOwn(around, name))
      .sort(([, a], [, b]) => Number(isRequired(b)) - Number(isRequired(a)));
    const nearest = nearestField(key, new Map(absent), declaredPath(parent));
    const help =
      nearest === undefined
        ? `${place} takes ${[...siblings.keys()].join(', ')}`
        : `did you mean \`${nearest.path}\`? It takes ${nearest.takes}`;
    this.#problems.error('E104', span, `unknown field ${key}`, {
      label: `not a field of ${place}`,
      help,
    });
  }

  #missing(path: Path): void {
    const key = String(path.at(-1));
    const parent = path.slice(0, -1);
    const span = this.#origins.key(this.#root, parent, this.#whole);
    const schema = schemaAt(path);
    this.#problems.error('E105', span, `${declaredPath(parent) || 'the document'} has no ${key}`, {
      help: `add \`${key}\`: ${schema === undefined ? 'a value' : allowed(schema)}`,
      once: key,
    });
  }

  /** Fields that exclude each other, and none is there. A field in their place says it all. */
  #noneOf(path: Path, fields: readonly string[], instead: readonly string[]): void {
    if (instead.length > 0) return;
    const span = this.#origins.value(this.#root, path, this.#whole);
    this.#problems.error('E105', span, `${declaredPath(path)} has none of ${fields.join(', ')}`, {
      help: `add one; ${explained(path, fields[0]!)}`,
    });
  }

  #wrong(path: Path, issue: Issue): void {
    const value = at(this.#root, path);
    const span = this.#origins.value(this.#root, path, this.#whole);
    const schema = schemaAt(path);
    const declared = declaredPath(path);
    const name = namedPath(this.#root, path);
    const later = unmodelledValues.find((entry) => entry.path === declared);
    if (later?.values.includes(String(value))) {
      this.#problems.error('E130', span, `not modelled in this release: ${name} ${show(value)}`, {
        help: later.instead,
      });
      return;
    }
    const takes = schema === undefined ? 'another value' : allowed(schema);
    const special = diagnoseKind(kindOf(schema), value);
    if (special !== undefined) {
      this.#problems.error(special.code, span, special.message, {
        label: special.fix === undefined ? '' : `write ${special.fix}`,
        help: `${name} takes ${takes}`,
      });
      return;
    }
    if (issue.code === 'too_small' || issue.code === 'too_big') {
      this.#problems.error('E107', span, `${name} is ${show(value)}, out of range`, {
        help: `${name} takes ${takes}`,
      });
      return;
    }
    const digits = typeof value === 'string' ? value.replace(/[_, ]/g, '') : '';
    if (/^\d+$/.test(digits) && /number/.test(takes)) {
      this.#problems.error('E106', span, `${name} is text: ${show(value)}`, {
        label: `write ${digits}`,
        help: `${name} takes ${takes}`,
      });
      return;
    }
    const options = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    const meant = typeof value === 'string' ? suggest(value, options) : undefined;
    this.#problems.error(options.length > 0 ? 'E108' : 'E106', span, `${name} is ${show(value)}`, {
      help: `${meant === undefined ? '' : `did you mean ${meant}? `}${name} takes ${takes}`,
    });
  }
}

/** `spec.traffic[web].rate`: entries of lists by their names, else by their places from 0. */
function namedPath(root: unknown, path: Path): string {
  return path.reduce<string>((text, key, depth) => {
    if (typeof key !== 'number') return text === '' ? key : `${text}.${key}`;
    const name = at(root, [...path.slice(0, depth + 1), 'name']);
    return `${text}[${typeof name === 'string' && name !== '' ? name : key}]`;
  }, '');
}

function isRequired(schema: z.ZodType): boolean {
  return !schema.safeParse(undefined).success;
}

function explained(path: Path, key: string): string {
  const schema = schemaAt([...path, key]);
  return schema === undefined ? '' : `\`${key}\` takes ${allowed(schema)}`;
}

/** A required field is missing because its name was misspelt: one mistake, reported there. */
function isMisspelt(issue: Issue, found: readonly string[]): boolean {
  const key = String(issue.path.at(-1));
  return found.some((name) => name !== key && isClose(name, key));
}

function isParent(parent: readonly PropertyKey[], path: Path): boolean {
  return parent.length === path.length - 1 && parent.every((step, index) => step === path[index]);
}

/** As the user would recognise it; long values are cut. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Paths to leave out, last elements first so that indices stay valid. */
function offending(issues: readonly Issue[]): Path[] {
  const paths = issues.flatMap((issue): Path[] => {
    const path = issue.path as Path;
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
    return [path];
  });
  const distinct = new Map(paths.map((path) => [JSON.stringify(path), path]));
  return [...distinct.values()].sort((a, b) => comparePaths(b, a));
}

function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i]!, b[i]!];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}

/** Leaves out a value, or the nearest thing around one that is missing. */
function remove(root: unknown, path: Path, origins: Origins): unknown {
  for (let length = path.length; length > 0; length--) {
    const found = path.slice(0, length);
    const container = at(root, found.slice(0, -1));
    if (isContainer(container) && Object.hasOwn(container, found.at(-1)!)) {
      return without(root, found, origins);
    }
  }
  return root;
}

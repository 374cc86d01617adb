/**
 * Reads the fields of one object and reports what is wrong with them. An unknown field is refused, as `kubectl apply` refuses it: without the field somebody meant, it says something else.
 * Absent and `null` mean the same; every problem is reported with its place, and reading goes on with
 * what is left.
 */
import type { Problems } from '../diagnostic.ts';
import { isRecord, type Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { suggest } from '../suggest.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';

const mostProblemsOfOneObject = 20;

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly label?: string;
}

export class FieldReader {
  readonly object: KubernetesObject;
  readonly problems: Problems;
  #refused = 0;

  constructor(object: KubernetesObject, problems: Problems) {
    this.object = object;
    this.problems = problems;
  }

  /** `NetworkPolicy shop/cart`. */
  get name(): string {
    return `${this.object.kind} ${qualified(this.object)}`;
  }

  /** So that nothing is made of what was refused. */
  get hasErrors(): boolean {
    return this.#refused > 0;
  }

  refuse(path: Path, refusal: Refusal, part?: 'key'): void {
    if (this.#refused++ >= mostProblemsOfOneObject) return;
    const { code, message, help, label } = refusal;
    const more = label === undefined ? { help } : { help, label };
    this.problems.error(code, this.object.place(path, part), message, more);
  }

  warn(path: Path, { code, message, help, label }: Refusal, part?: 'key'): void {
    const more = label === undefined ? { help } : { help, label };
    this.problems.warning(code, this.object.place(path, part), message, more);
  }

  /** The members that are there; undefined after a reported error. */
  map(value: unknown, path: Path): Readonly<Record<string, unknown>> | undefined {
    const map = this.record(value, path);
    return map && Object.fromEntries(Object.entries(map).filter(([, member]) => isThere(member)));
  }

  /** As `map`, with the members that are null. */
  record(value: unknown, path: Path): Readonly<Record<string, unknown>> | undefined {
    if (isRecord(value)) return value;
    this.#wrongKind(path, value, 'a map', value === null ? ': `{}` for an empty one' : '');
    return undefined;
  }

  /** As `map`, and every other field than the known ones is an error. */
  fields(
    value: unknown,
    path: Path,
    known: readonly string[],
  ): Readonly<Record<string, unknown>> | undefined {
    const map = this.map(value, path);
    for (const key of Object.keys(map ?? {})) {
      if (!known.includes(key)) this.unknownField([...path, key], known);
    }
    return map;
  }

  unknownField(path: Path, known: readonly string[]): void {
    const key = String(path.at(-1));
    const meant = suggest(key, known);
    const what = this.object.kind.endsWith('Policy') ? 'policy' : 'object';
    const refusal = {
      code: 'E143',
      message: `unknown field ${key} in ${this.name}`,
      label: `the API server drops it, and the ${what} says something else`,
      help:
        meant === undefined
          ? `known here: ${known.join(', ')}; remove it or correct it`
          : `did you mean \`${meant}\`?`,
    };
    this.refuse(path, refusal, 'key');
  }

  /** Empty when absent or after a reported error. */
  list(value: unknown, path: Path): readonly unknown[] {
    if (!isThere(value)) return [];
    if (Array.isArray(value)) return value;
    this.#wrongKind(path, value, 'a list', isRecord(value) ? ': put `-` before its first key' : '');
    return [];
  }

  /** Undefined when absent or after a reported error. */
  text(value: unknown, path: Path): string | undefined {
    if (!isThere(value) || typeof value === 'string') return value ?? undefined;
    const { source, start, end } = this.object.place(path);
    const written = source.text.slice(start, end);
    const scalar = typeof value === 'number' || typeof value === 'boolean';
    this.#wrongKind(path, value, 'text', scalar ? `; put it in quotes: "${written}"` : '');
    return undefined;
  }

  /** Undefined when absent or after a reported error. */
  integer(value: unknown, path: Path): number | undefined {
    if (!isThere(value)) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    const digits = typeof value === 'string' && /^\d{1,9}$/.test(value);
    this.#wrongKind(
      path,
      value,
      'a whole number',
      digits ? `; write it without quotes: ${value}` : '',
    );
    return undefined;
  }

  #wrongKind(path: Path, value: unknown, wanted: string, advice: string): void {
    this.refuse(path, {
      code: 'E140',
      message: `${pathText(path)} of ${this.name} is ${show(value)}`,
      help: `Kubernetes takes ${wanted} here${advice}`,
    });
  }
}

export function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** `spec.ingress[0].from`. */
export function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/**
 * Where every value of a plain document was written. Plain objects stay plain: positions live beside
 * them, by container and key, and travel with the values when variants are merged or `--set` applies.
 */
import type { Span } from './source-text.ts';

export interface Origin {
  readonly key?: Span;
  readonly value: Span;
}

export type Path = readonly (string | number)[];

/** Where the value at a path was written, or its key; else the nearest around it that was. */
export type PlaceOf = (path: Path, part?: 'key') => Span;

/** Plain data, and the place of everything in it. */
export interface PlacedValue {
  readonly value: unknown;
  readonly place: PlaceOf;
}

export class Origins {
  readonly #members = new WeakMap<object, Map<string, Origin>>();

  record(container: object, key: string | number, origin: Origin): void {
    let members = this.#members.get(container);
    if (members === undefined) {
      members = new Map();
      this.#members.set(container, members);
    }
    members.set(String(key), origin);
  }

  of(container: object, key: string | number): Origin | undefined {
    return this.#members.get(container)?.get(String(key));
  }

  /** Says that `to[toKey]` was written where `from[fromKey]` was. */
  copy(
    from: object,
    fromKey: string | number,
    to: object,
    toKey: string | number,
    fallback?: Origin,
  ): void {
    const origin = this.of(from, fromKey) ?? fallback;
    if (origin !== undefined) this.record(to, toKey, origin);
  }

  /** The value at a path, or the nearest thing around it that was written; else `whole`. */
  value(root: unknown, path: Path, whole: Span): Span {
    return this.#nearest(root, path)?.value ?? whole;
  }

  /** The key at a path; for an element of a list, the element. */
  key(root: unknown, path: Path, whole: Span): Span {
    const origin = this.#nearest(root, path);
    return origin?.key ?? origin?.value ?? whole;
  }

  /** Whether the value at exactly this path was written, and where. */
  written(root: unknown, path: Path): Span | undefined {
    const container = at(root, path.slice(0, -1));
    const key = path.at(-1);
    if (!isContainer(container) || key === undefined) return undefined;
    return this.of(container, key)?.value;
  }

  #nearest(root: unknown, path: Path): Origin | undefined {
    let best: Origin | undefined;
    let container: unknown = root;
    for (const key of path) {
      if (!isContainer(container)) break;
      const origin = this.of(container, key);
      if (origin === undefined) break;
      best = origin;
      container = (container as Record<string | number, unknown>)[key];
    }
    return best;
  }
}

/** The value at a path; undefined when there is none. Own members only. */
export function at(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (!isContainer(value) || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

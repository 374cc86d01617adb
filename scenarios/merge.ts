/**
 * Rule 7 of the format: maps merge, values and plain lists replace, lists of named things merge by
 * name, null removes. Two consequences where fields exclude each other: of a map with alternatives
 * (`rate: {perNode}` or `{total}`) only what fits beside the new fields is inherited, and an
 * inherited field of `proxy` does not survive a change to a mode that has no such field.
 */
import { z } from 'zod';
import { isContainer, isRecord, type Origin, type Origins, type Path } from './origins.ts';
import { modesOf } from './schema/proxy.ts';
import { inner, schemaAt } from './schema/walk.ts';

/** `base` and `patch` are parts of a document at `path`; neither is changed. */
export function merge(base: unknown, patch: unknown, origins: Origins, path: Path): unknown {
  if (isRecord(patch)) return mergeMaps(isRecord(base) ? base : {}, patch, origins, path);
  if (isNamedList(patch) && isNamedList(base)) return mergeNamed(base, patch, origins, path);
  return patch;
}

function mergeMaps(
  base: Record<string, unknown>,
  patch: Record<string, unknown>,
  origins: Origins,
  path: Path,
): Record<string, unknown> {
  const merged = copyOf(base, origins) as Record<string, unknown>;
  dropMisfits(merged, patch, path);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
      continue;
    }
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = merge(before, value, origins, [...path, key]);
    const inherited = before !== undefined && isRecord(value);
    if (!inherited) origins.copy(patch, key, merged, key);
  }
  return merged;
}

function mergeNamed(
  base: readonly Named[],
  patch: readonly Named[],
  origins: Origins,
  path: Path,
): Named[] {
  const merged = copyOf(base, origins) as Named[];
  for (const [from, item] of patch.entries()) {
    const found = merged.findIndex(({ name }) => name === item.name);
    const to = found >= 0 ? found : merged.length;
    merged[to] = merge(merged[to], item, origins, [...path, to]) as Named;
    origins.copy(patch, from, merged, to);
  }
  return merged;
}

type Named = { readonly name: string };

function isNamedList(value: unknown): value is Named[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isRecord(item) && typeof item.name === 'string')
  );
}

/** Deletes inherited fields that cannot stand beside those of `patch`. */
function dropMisfits(
  map: Record<string, unknown>,
  patch: Readonly<Record<string, unknown>>,
  path: Path,
): void {
  const added = Object.keys(patch);
  const alternatives = shapesAt(path).filter((shape) => added.every((key) => shape.includes(key)));
  for (const key of Object.keys(map)) {
    const fits = alternatives.length === 0 || alternatives.some((shape) => shape.includes(key));
    if (!fits && !added.includes(key)) delete map[key];
  }
  if (path.at(-1) !== 'proxy' || patch.mode === undefined || patch.mode === null) return;
  for (const key of Object.keys(map)) {
    const modes: readonly unknown[] | undefined = modesOf(key);
    if (modes !== undefined && !modes.includes(patch.mode) && !added.includes(key)) delete map[key];
  }
}

/** The fields of each alternative of the map at a path; empty for a map without alternatives. */
function shapesAt(path: Path): string[][] {
  const schema = schemaAt(path);
  const core = schema === undefined ? undefined : inner(schema);
  if (!(core instanceof z.ZodUnion)) return [];
  return core.def.options
    .map((option) => inner(option as z.ZodType))
    .filter((option) => option instanceof z.ZodObject)
    .map((option) => Object.keys(option.def.shape));
}

/** A copy of a document with a value at a path; maps on the way are made, misfits dropped. */
export function withValue(
  root: unknown,
  path: Path,
  value: unknown,
  origins: Origins,
  origin: Origin | undefined,
  around: Path = [],
): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const container = isContainer(root) ? root : {};
  const copy = copyOf(container, origins) as Record<string | number, unknown>;
  if (!Array.isArray(copy)) dropMisfits(copy, { [key]: value }, around);
  copy[key] = withValue(copy[key], rest, value, origins, origin, [...around, key]);
  const made = origins.of(container, key) === undefined;
  if (origin !== undefined && (rest.length === 0 || made)) origins.record(copy, key, origin);
  if (value === null && rest.length === 0) delete copy[key];
  return copy;
}

/** A copy of a document without a value; later elements of a list move up. */
export function without(root: unknown, path: Path, origins: Origins): unknown {
  const [key, ...rest] = path;
  if (!isContainer(root) || key === undefined || !Object.hasOwn(root, key)) return root;
  const container = root as Record<string | number, unknown>;
  if (rest.length > 0) {
    const copy = copyOf(root, origins) as Record<string | number, unknown>;
    copy[key] = without(container[key], rest, origins);
    return copy;
  }
  if (!Array.isArray(root)) {
    const copy = copyOf(root, origins) as Record<string | number, unknown>;
    delete copy[key];
    return copy;
  }
  const kept: unknown[] = [];
  for (const [index, item] of root.entries()) {
    if (index === key) continue;
    origins.copy(root, index, kept, kept.length);
    kept.push(item);
  }
  return kept;
}

/** A shallow copy that knows where its members were written. */
export function copyOf(container: object, origins: Origins): object {
  const copy = Array.isArray(container) ? [...container] : { ...container };
  for (const key of Object.keys(container)) origins.copy(container, key, copy, key);
  return copy;
}

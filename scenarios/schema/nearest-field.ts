/** Did-you-mean for field names, across the whole format: siblings first, then fields elsewhere. */
import type { z } from 'zod';
import { isClose, suggest } from '../suggest.ts';
import { allFields, allowed, type SchemaField } from './walk.ts';

export interface NearestField {
  /** A plain name for a sibling; below `spec`, the dotted path, for a field elsewhere. */
  readonly path: string;
  readonly takes: string;
}

export function nearestField(
  key: string,
  siblings: ReadonlyMap<string, z.ZodType>,
  parent: string,
): NearestField | undefined {
  const sibling = suggest(key, siblings.keys());
  if (sibling !== undefined) return { path: sibling, takes: allowed(siblings.get(sibling)!) };
  const elsewhere = (matches: (field: SchemaField) => boolean) =>
    allFields()
      .filter((field) => field.path.startsWith('spec.') && matches(field))
      .sort(
        (a, b) =>
          Number(isBelowList(a.path, parent)) - Number(isBelowList(b.path, parent)) ||
          shared(b.path, parent) - shared(a.path, parent) ||
          depth(a.path) - depth(b.path),
      )[0];
  const found =
    elsewhere(({ path }) => joined(path) === plain(key)) ??
    elsewhere(({ path }) => plain(last(path)) === plain(key)) ??
    elsewhere(({ path }) => key.length > 4 && isClose(plain(key), joined(path))) ??
    elsewhere(({ path }) => key.length > 4 && isClose(plain(key), plain(last(path))));
  if (found === undefined) return undefined;
  return { path: found.path.replace(/^spec\./, ''), takes: allowed(found.schema) };
}

/** `proxy.mode` as `proxymode`: the last two names of a path run together. */
function joined(path: string): string {
  return plain(path.split('.').slice(-2).join(''));
}

function last(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** In an entry of a list that `parent` is not in: rarely meant. */
function isBelowList(path: string, parent: string): boolean {
  const list = path.lastIndexOf('[]');
  return list >= 0 && !parent.startsWith(path.slice(0, list + 2));
}

function depth(path: string): number {
  return path.split('.').length;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function shared(path: string, parent: string): number {
  let length = 0;
  while (length < parent.length && path[length] === parent[length]) length++;
  return length;
}

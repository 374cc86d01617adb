/**
 * Canonical JSON: the one text of a plain value that hashes are taken of. Keys are sorted by code
 * units, there is no white space, absent and undefined properties are the same, and what JSON
 * cannot say (NaN, infinities, functions, class instances) is an error and not silently null.
 */

/**
 * The canonical text of `value`.
 * @throws TypeError naming the path of the first value that JSON cannot represent.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${path}: JSON has no ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, i) => write(item, `${path}[${i}]`)).join(',')}]`;
  }
  if (isPlainObject(value)) return writeObject(value, path);
  throw new TypeError(`${path}: JSON has no ${describe(value)}`);
}

function writeObject(value: Record<string, unknown>, path: string): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    members.push(`${JSON.stringify(key)}:${write(value[key], `${path}.${key}`)}`);
  }
  return `{${members.join(',')}}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? (value?.constructor?.name ?? 'such object') : typeof value;
}

/**
 * `--set path=value`: a value laid over the whole document, after variants. It is written into the
 * spec and into every variant that sets the same field, and it replaces a sweep over that field.
 */
import type { Problems } from './diagnostic.ts';
import { type FieldPath, locate, parseFieldPath } from './field-path.ts';
import { withValue } from './merge.ts';
import { at, isRecord, type Origins, type Path } from './origins.ts';
import { type Span, sourceText } from './source-text.ts';
import { readValue } from './yaml-documents.ts';

export interface Setting {
  readonly option: string;
  readonly text: string;
}

/** The document with one setting; unchanged after a reported error. */
export function applySetting(
  document: unknown,
  setting: Setting,
  origins: Origins,
  problems: Problems,
): unknown {
  const source = sourceText(setting.option, setting.text);
  const equals = setting.text.indexOf('=');
  const whole: Span = { source, start: 0, end: setting.text.length };
  const usage = 'write --set path=value, for example --set cluster.nodes=500';
  if (equals < 1) {
    problems.error('E119', whole, `no value in "${setting.text}"`, { help: usage });
    return document;
  }
  const pathSpan = { source, start: 0, end: equals };
  const valueSpan = { source, start: equals + 1, end: setting.text.length };
  const parsed = parseFieldPath(setting.text.slice(0, equals).trim());
  if (!('steps' in parsed)) {
    problems.error('E119', pathSpan, parsed.message, { help: parsed.help });
    return document;
  }
  if (setting.text.slice(equals + 1).trim() === '') {
    problems.error('E119', whole, `no value in "${setting.text}"`, {
      help: `${usage}; path=null removes the field`,
    });
    return document;
  }
  const read = readValue(source, setting.text.slice(equals + 1), problems);
  if (read === undefined) return document;
  const spec = at(document, ['spec']) ?? {};
  const located = locate(spec, parsed.steps);
  if (!('path' in located)) {
    problems.error('E119', pathSpan, located.message, { help: located.help });
    return document;
  }
  const origin = { key: pathSpan, value: valueSpan };
  const set = (root: unknown, path: Path, value: unknown) =>
    withValue(root, path, value, origins, origin);
  let changed = set(document, ['spec', ...located.path], read.value);
  for (const [index, variant] of listAt(changed, ['spec', 'variants']).entries()) {
    const own = at(variant, ['set']);
    const below = locateIn(own, parsed.steps);
    if (below !== undefined)
      changed = set(changed, ['spec', 'variants', index, 'set', ...below], read.value);
  }
  return pinSize(changed, parsed.steps, located.path, read.value, set);
}

/** A sweep over the field, or over one inside, keeps only this value; a target on it is judged there. */
function pinSize(
  document: unknown,
  steps: FieldPath,
  field: Path,
  value: unknown,
  set: (root: unknown, path: Path, value: unknown) => unknown,
): unknown {
  /** The value now set at a path: the setting's own, or one inside of it. */
  const pin = (text: unknown): unknown => {
    const parsed = parseFieldPath(typeof text === 'string' ? text : '');
    if (!('steps' in parsed)) return undefined;
    const located = locate(at(document, ['spec']), parsed.steps);
    if (!('path' in located)) {
      return JSON.stringify(parsed.steps) === JSON.stringify(steps) ? value : undefined;
    }
    const isInside = field.every((key, depth) => key === located.path[depth]);
    return isInside ? at(value, located.path.slice(field.length)) : undefined;
  };
  let changed = document;
  for (const [index, sweep] of listAt(document, ['spec', 'sweep']).entries()) {
    const pinned = pin(at(sweep, ['path']));
    if (pinned !== undefined) changed = set(changed, ['spec', 'sweep', index, 'values'], [pinned]);
  }
  const target = at(document, ['spec', 'target']);
  const pinned = isRecord(target) ? pin(target.path ?? 'cluster.nodes') : undefined;
  return typeof pinned === 'number' ? set(changed, ['spec', 'target', 'gateAt'], pinned) : changed;
}

/** Where a variant's own `set` has the field, or stands in its way; undefined where it inherits. */
function locateIn(own: unknown, steps: FieldPath): Path | undefined {
  const path: (string | number)[] = [];
  let value = own;
  for (const step of steps) {
    if ('key' in step) {
      if (!isRecord(value)) return path.length === 0 ? undefined : path;
      if (!Object.hasOwn(value, step.key)) return undefined;
      path.push(step.key);
      value = value[step.key];
    } else {
      const index = listAt(value, []).findIndex(
        (item) => isRecord(item) && item.name === step.item,
      );
      if (index < 0) return undefined;
      path.push(index);
      value = listAt(value, [])[index];
    }
  }
  return path;
}

function listAt(root: unknown, path: Path): unknown[] {
  const value = at(root, path);
  return Array.isArray(value) ? value : [];
}

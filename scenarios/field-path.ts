/**
 * Paths below `spec`, as sweeps, `--set` and messages write them: `cluster.nodes`,
 * `traffic[checkout].rate`, `events[0].at`, `constants.ID` (an id may hold dots).
 */
import { at, isRecord, type Path } from './origins.ts';
import { nearestField } from './schema/nearest-field.ts';
import { declaredPath, entryOf, fieldsOf, schemaAt } from './schema/walk.ts';
import { suggest } from './suggest.ts';

export type FieldPath = readonly Step[];
type Step = { readonly key: string } | { readonly item: string };

export interface PathProblem {
  readonly message: string;
  readonly help: string;
}

/** Steps of a path whose syntax is right and whose fields exist; otherwise what is wrong. */
export function parseFieldPath(text: string): { steps: FieldPath } | PathProblem {
  const steps: Step[] = [];
  let rest = text.startsWith('spec.') ? text.slice(5) : text;
  let path: (string | number)[] = ['spec'];
  while (rest !== '') {
    const [whole, key, item] = /^(?:\.?([A-Za-z][A-Za-z0-9]*)|\[([^\]]+)\])/.exec(rest) ?? [];
    if (whole === undefined || (steps.length === 0 && whole.startsWith('.')))
      return badSyntax(text);
    rest = rest.slice(whole.length);
    const schema = schemaAt(path)!;
    if (item !== undefined) {
      if (schemaAt([...path, 0]) === undefined) {
        return {
          message: `${declaredPath(path)} is not a list`,
          help: `write ${declaredPath(path).slice(5)}`,
        };
      }
      steps.push({ item });
      path = [...path, 0];
      continue;
    }
    const fields = fieldsOf(schema);
    if (!fields.has(key!)) {
      const nearest = nearestField(key!, fields, declaredPath(path));
      const before = text.slice(0, text.length - rest.length - key!.length);
      return {
        message: `no field ${text}: ${declaredPath(path)} has no ${key}`,
        help:
          nearest === undefined
            ? `${declaredPath(path)} takes ${[...fields.keys()].join(', ')}`
            : `did you mean \`${fields.has(nearest.path) ? before : ''}${nearest.path}\`?`,
      };
    }
    steps.push({ key: key! });
    path = [...path, key!];
    if (rest.startsWith('.') && entryOf(schemaAt(path)!) !== undefined) {
      steps.push({ key: rest.slice(1) });
      rest = '';
    }
  }
  return steps.length === 0 ? badSyntax(text) : { steps };
}

function badSyntax(text: string): PathProblem {
  return {
    message: `not a path: "${text.slice(0, 60)}"`,
    help: 'write names with dots, and names of list entries in brackets: cluster.nodes, traffic[checkout].rate',
  };
}

/** The keys and indices of a path in a given spec; the problem when a named entry is not there. */
export function locate(spec: unknown, steps: FieldPath): { path: Path } | PathProblem {
  const path: (string | number)[] = [];
  for (const step of steps) {
    if ('key' in step) {
      path.push(step.key);
      continue;
    }
    const list = at(spec, path);
    const items = Array.isArray(list) ? list : [];
    const named = items.findIndex((item) => isRecord(item) && item.name === step.item);
    const index = named >= 0 || !/^\d+$/.test(step.item) ? named : Number(step.item);
    if (index < 0 || index >= items.length) {
      const names = items.flatMap((item) =>
        isRecord(item) && typeof item.name === 'string' ? [item.name] : [],
      );
      const meant = suggest(step.item, names);
      return {
        message: `${declaredPath(path)} has no entry ${step.item}`,
        help:
          meant !== undefined
            ? `did you mean ${meant}?`
            : `it has ${names.join(', ') || `${items.length} entries`}`,
      };
    }
    path.push(index);
  }
  return { path };
}

/** Sizes of an experiment: the product of its sweeps, with the size at which gates are judged. */
import type { ExperimentTarget } from '../../core/experiment.ts';
import { locate, parseFieldPath } from '../field-path.ts';
import type { Path } from '../origins.ts';
import { at } from '../origins.ts';
import { type Context, isWritten, spanOf } from './context.ts';

export type SweptValue = number | string | boolean;

export interface SweptPath {
  /** As written. */
  readonly path: string;
  readonly field: Path;
  readonly values: readonly SweptValue[];
  /** Where each value was written, by index; the gate's own value has none. */
  readonly index: readonly (number | undefined)[];
  readonly sweep: number | undefined;
}

export interface Sizes {
  readonly swept: readonly SweptPath[];
  readonly target: ExperimentTarget | null;
  /** For each swept path the value at which gates are judged. */
  readonly gateAt: readonly SweptValue[];
}

/** Parts of a spec that are the same for every variant and size. */
export const sharedParts: readonly string[] = [
  'variants',
  'sweep',
  'slos',
  'target',
  'assumptions',
  'run.seed',
  'run.replications',
  'workload.objects',
];

const mostPoints = 10_000;

/** Problems are reported; sweeps with problems are left out. */
export function sizesOf(context: Context): Sizes {
  const { spec, problems } = context;
  const swept: SweptPath[] = [];
  for (const [index, sweep] of spec.sweep.entries()) {
    const field = fieldOf(context, sweep.path, ['sweep', index, 'path']);
    if (field === undefined) continue;
    const before = swept.find((other) => other.field.join('.') === field.join('.'));
    if (before !== undefined) {
      problems.error(
        'E202',
        spanOf(context, ['sweep', index, 'path']),
        `${sweep.path} is swept twice`,
        {
          help: 'write all its values in one entry',
        },
      );
      continue;
    }
    const values = [...new Set(sweep.values)];
    swept.push({
      path: sweep.path,
      field,
      values,
      index: values.map((value) => sweep.values.indexOf(value)),
      sweep: index,
    });
  }
  const target = withTarget(context, swept);
  const points = swept.reduce((product, { values }) => product * values.length, 1);
  if (points * Math.max(1, spec.variants.length) > mostPoints) {
    problems.error(
      'E219',
      spanOf(context, ['sweep']),
      `${points} sizes for each variant are too many`,
      {
        help: `stay under ${mostPoints} points; sweep fewer values`,
      },
    );
    return { swept: [], target: null, gateAt: [] };
  }
  const gateAt = swept.map(({ field, values }) =>
    target !== null && field.join('.') === targetField(context)?.join('.')
      ? target.gateAt
      : unsweptOrLargest(context, field, values),
  );
  return { swept, target, gateAt };
}

function targetField(context: Context): Path | undefined {
  const parsed = parseFieldPath(context.spec.target?.path ?? '');
  const located = 'steps' in parsed ? locate(context.spec, parsed.steps) : parsed;
  return 'path' in located ? located.path : undefined;
}

/** Adds the size that the target asks for. */
function withTarget(context: Context, swept: SweptPath[]): ExperimentTarget | null {
  const { target } = context.spec;
  if (target === undefined) return null;
  const field = fieldOf(context, target.path, ['target', 'path']);
  if (field === undefined) return null;
  const unswept = at(context.spec, field);
  if (typeof unswept !== 'number') {
    context.problems.error(
      'E211',
      spanOf(context, ['target', 'path']),
      `${target.path} is no number`,
      {
        help: 'a target is a size, such as cluster.nodes',
      },
    );
    return null;
  }
  const exact = target.gateAt ?? target.value * target.headroom;
  // The size is whole where the field is: more than asked for, never less.
  const gateAt = Number.isInteger(unswept) ? Math.ceil(exact - 1e-9 * exact) : exact;
  const found = swept.findIndex((other) => other.field.join('.') === field.join('.'));
  const own = found >= 0 ? swept[found]! : undefined;
  const written = isWritten(context, field) ? [unswept] : [];
  const values = own?.values ?? written;
  if (!values.includes(gateAt)) {
    const pairs = values.map((value, i) => ({ value, index: own?.index[i] }));
    pairs.push({ value: gateAt, index: undefined });
    pairs.sort((a, b) => Number(a.value) - Number(b.value));
    swept[found >= 0 ? found : swept.length] = {
      path: own?.path ?? target.path,
      field,
      values: pairs.map(({ value }) => value),
      index: pairs.map(({ index }) => index),
      sweep: own?.sweep,
    };
  } else if (own === undefined) {
    swept.push({ path: target.path, field, values, index: [undefined], sweep: undefined });
  }
  return { path: target.path, value: target.value, headroom: target.headroom, gateAt };
}

/** Without a target: the written value if it is one of the sizes, else the largest (or last). */
function unsweptOrLargest(
  context: Context,
  field: Path,
  values: readonly SweptValue[],
): SweptValue {
  const unswept = at(context.spec, field) as SweptValue;
  if (isWritten(context, field) && values.includes(unswept)) return unswept;
  return values.every((value) => typeof value === 'number')
    ? Math.max(...(values as number[]))
    : values.at(-1)!;
}

function fieldOf(context: Context, text: string, place: Path): Path | undefined {
  const parsed = parseFieldPath(text);
  const located = 'steps' in parsed ? locate(context.spec, parsed.steps) : parsed;
  if (!('path' in located)) {
    context.problems.error('E119', spanOf(context, place), located.message, { help: located.help });
    return undefined;
  }
  const shared = sharedParts.find((part) => startsWith(located.path.join('.'), part));
  if (shared !== undefined) {
    context.problems.error('E211', spanOf(context, place), `${shared} is the same at every size`, {
      help: 'sweep a field of the cluster, the control plane, the proxy or the workload',
    });
    return undefined;
  }
  return located.path;
}

export function startsWith(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}.`);
}

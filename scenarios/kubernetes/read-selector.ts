/** Label selectors and labels of Kubernetes objects, checked as the API server checks them. */
import type { LabelRequirement, LabelSelector, Labels } from '../../core/policy/objects.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { didYouMean } from '../suggest.ts';
import { type FieldReader, isThere, pathText } from './field-reader.ts';
import { labelKeyProblem, labelValueProblem } from './name-syntax.ts';

export const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

/** What is left after reported errors; an empty map selects everything. */
export function readSelector(reader: FieldReader, value: unknown, path: Path): LabelSelector {
  const fields = reader.fields(value, path, ['matchLabels', 'matchExpressions']);
  if (fields === undefined) return everything;
  const { matchLabels, matchExpressions } = fields;
  const expressionsPath = [...path, 'matchExpressions'];
  return {
    matchLabels: isThere(matchLabels)
      ? readMatchLabels(reader, matchLabels, [...path, 'matchLabels'])
      : {},
    matchExpressions: reader
      .list(matchExpressions, expressionsPath)
      .flatMap((item, index) => readRequirement(reader, item, [...expressionsPath, index])),
  };
}

function readMatchLabels(reader: FieldReader, value: unknown, path: Path): Labels {
  const map = reader.record(value, path) ?? {};
  const labels: [string, string][] = [];
  for (const [key, member] of Object.entries(map)) {
    checkKey(reader, key, [...path, key], 'key');
    if (!isThere(member)) refuseEmpty(reader, [...path, key]);
    const text = reader.text(member, [...path, key]);
    if (text === undefined) continue;
    checkValue(reader, text, [...path, key]);
    labels.push([key, text]);
  }
  return Object.fromEntries(labels);
}

function readRequirement(reader: FieldReader, item: unknown, path: Path): LabelRequirement[] {
  const fields = reader.fields(item, path, ['key', 'operator', 'values']);
  if (fields === undefined) return [];
  const key = reader.text(fields.key, [...path, 'key']) ?? '';
  const operator = readOperator(reader, fields.operator, [...path, 'operator']);
  const valuesPath = [...path, 'values'];
  const written = reader.list(fields.values, valuesPath);
  const values = written.flatMap((value, index) => {
    const text = value === null ? undefined : reader.text(value, [...valuesPath, index]);
    if (value === null) refuseEmpty(reader, [...valuesPath, index]);
    if (text !== undefined) checkValue(reader, text, [...valuesPath, index]);
    return text ?? [];
  });
  checkKey(reader, key, [...path, 'key']);
  if (operator === undefined) return [];
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues && written.length === 0) {
    reader.refuse(isThere(fields.values) ? valuesPath : path, {
      code: 'E147',
      message: `${operator} without values in ${reader.name}`,
      help: `list the values of ${key || 'the label'}, or use ${operator === 'In' ? 'Exists' : 'DoesNotExist'}`,
    });
  } else if (!takesValues && written.length > 0) {
    reader.refuse(valuesPath, {
      code: 'E147',
      message: `${operator} with values in ${reader.name}`,
      help: `remove the values, or use ${operator === 'Exists' ? 'In' : 'NotIn'}`,
    });
  }
  return [{ key, operator, values }];
}

function readOperator(
  reader: FieldReader,
  value: unknown,
  path: Path,
): LabelRequirement['operator'] | undefined {
  const found = operators.find((operator) => operator === value);
  if (found !== undefined) return found;
  reader.refuse(path, {
    code: 'E147',
    message: `${isThere(value) ? `operator ${show(value)}` : 'no operator'} in a matchExpressions entry of ${reader.name}`,
    help: `${didYouMean(value, operators)}Kubernetes takes ${operators.join(', ')}`,
  });
  return undefined;
}

function checkKey(reader: FieldReader, key: string, path: Path, part?: 'key'): void {
  const problem = labelKeyProblem(key);
  if (problem === undefined) return;
  const refusal = {
    code: 'E147',
    message:
      key === '' ? `no key of a label in ${reader.name}` : `${show(key)} is no key of a label`,
    help: `keys are ${problem}`,
  };
  reader.refuse(path, refusal, part);
}

function checkValue(reader: FieldReader, value: string, path: Path): void {
  const problem = labelValueProblem(value);
  if (problem !== undefined) refuseValue(reader, path, show(value), problem);
}

function refuseValue(reader: FieldReader, path: Path, found: string, wanted: string): void {
  reader.refuse(path, {
    code: 'E147',
    message: `${found} is no value of a label`,
    help: `values are ${wanted}`,
    label: pathText(path),
  });
}

function refuseEmpty(reader: FieldReader, path: Path): void {
  reader.refuse(path, {
    code: 'E147',
    message: 'an empty entry is no value of a label',
    help: 'write "" for the value that is empty, or the one that was meant',
    label: pathText(path),
  });
}

/** Reports what the API server would refuse among the labels of an object. */
export function checkLabels(reader: FieldReader, labels: Labels, path: Path): void {
  for (const [key, value] of Object.entries(labels)) {
    checkKey(reader, key, [...path, key], 'key');
    checkValue(reader, value, [...path, key]);
  }
}

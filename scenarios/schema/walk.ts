/** Walking the declared schema: the field at a path, all fields, and what `explain` says of them. */
import { z } from 'zod';
import type { Path } from '../origins.ts';
import { type FieldFacts, fieldFacts, type ValueKind, valueKinds } from './field.ts';
import { scenarioSchema } from './scenario.ts';

export interface SchemaField {
  /** Dotted, from the document: `spec.cluster.pools[].share`. */
  readonly path: string;
  readonly schema: z.ZodType;
  readonly facts: FieldFacts;
}

/** A schema without default and optional around it. */
export function inner(schema: z.ZodType): z.ZodType {
  let found = schema;
  for (;;) {
    if (
      found instanceof z.ZodDefault ||
      found instanceof z.ZodOptional ||
      found instanceof z.ZodPrefault
    ) {
      found = found.def.innerType as z.ZodType;
    } else return found;
  }
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  const core = inner(schema);
  return core instanceof z.ZodUnion
    ? core.def.options.flatMap((o) => alternatives(o as z.ZodType))
    : [core];
}

/** The fields of an object schema, of all alternatives of a union. */
export function fieldsOf(schema: z.ZodType): Map<string, z.ZodType> {
  const fields = new Map<string, z.ZodType>();
  for (const alternative of alternatives(schema)) {
    if (!(alternative instanceof z.ZodObject)) continue;
    for (const [key, value] of Object.entries(alternative.def.shape)) {
      if (!fields.has(key)) fields.set(key, value as z.ZodType);
    }
  }
  return fields;
}

function elementOf(schema: z.ZodType): z.ZodType | undefined {
  for (const alternative of alternatives(schema)) {
    if (alternative instanceof z.ZodArray) return alternative.def.element as z.ZodType;
  }
  return undefined;
}

/** The value schema of a map with free keys, such as `constants`. */
export function entryOf(schema: z.ZodType): z.ZodType | undefined {
  for (const alternative of alternatives(schema)) {
    if (alternative instanceof z.ZodRecord) return alternative.def.valueType as z.ZodType;
  }
  return undefined;
}

/** The schema at a path of keys and indices from the document; undefined when there is none. */
export function schemaAt(path: Path): z.ZodType | undefined {
  let schema: z.ZodType | undefined = scenarioSchema;
  for (const key of path) {
    if (schema === undefined) return undefined;
    schema =
      typeof key === 'number' ? elementOf(schema) : (fieldsOf(schema).get(key) ?? entryOf(schema));
  }
  return schema;
}

/** `['spec', 'traffic', 0, 'rate']` as `spec.traffic[].rate`. */
export function declaredPath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += '[]';
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}

export function kindOf(schema: z.ZodType | undefined): ValueKind | undefined {
  if (schema === undefined) return undefined;
  const found = valueKinds.get(schema)?.kind ?? valueKinds.get(inner(schema))?.kind;
  if (found !== undefined) return found;
  const core = inner(schema);
  if (!(core instanceof z.ZodUnion)) return undefined;
  return core.def.options.map((o) => kindOf(o as z.ZodType)).find((k) => k !== undefined);
}

let all: SchemaField[] | undefined;

/** Every field of the format, in the order of declaration. */
export function allFields(): readonly SchemaField[] {
  all ??= [...collect('', scenarioSchema)];
  return all;
}

function* collect(prefix: string, schema: z.ZodType): Generator<SchemaField> {
  const element = elementOf(schema);
  if (element !== undefined) yield* collect(`${prefix}[]`, element);
  for (const [key, value] of fieldsOf(schema)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    yield { path, schema: value, facts: fieldFacts.get(value) ?? {} };
    yield* collect(path, value);
  }
}

/** What may stand in a field, in words. */
export function allowed(schema: z.ZodType): string {
  const facts = fieldFacts.get(schema);
  if (facts?.allowed !== undefined) return facts.allowed;
  const kind = kindOf(schema);
  if (kind !== undefined) return kindTexts[kind];
  const texts = alternatives(schema).map(allowedCore);
  return [...new Set(texts)].join(', or ');
}

const kindTexts: Readonly<Record<ValueKind, string>> = {
  duration: 'a duration such as 30s, 200us or 1m30s (units: ns us ms s m h)',
  cores: 'a number of cores, or a Kubernetes quantity such as 7500m',
  memory: 'an amount of memory such as 32Gi (units: M G T, binary Mi Gi Ti)',
  rate: 'a rate such as 120/s (also /m and /h)',
  bandwidth: 'a bandwidth above 0, such as 1.25GB/s or 10Gbit/s',
  share: 'a number from 0 to 1, or a percentage such as 25%',
  cidr: 'an IPv4 range such as 10.0.0.0/8',
  name: 'up to 63 letters, digits, dots, dashes and underscores, starting and ending with a letter or digit',
  workloadReference: 'deployment/NAME, or NAMESPACE/deployment/NAME',
  limit: 'a limit in the unit of the metric',
};

function allowedCore(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return oneOf(schema.options.map(String));
  if (schema instanceof z.ZodLiteral) return oneOf([...schema.def.values].map(String));
  if (schema instanceof z.ZodNumber) {
    const whole = schema.format === 'safeint' ? 'a whole number' : 'a number';
    const { minValue, maxValue } = schema;
    const low =
      minValue !== null && Number.isFinite(minValue) && minValue > Number.MIN_SAFE_INTEGER;
    const high =
      maxValue !== null && Number.isFinite(maxValue) && maxValue < Number.MAX_SAFE_INTEGER;
    if (low && !schema.safeParse(minValue).success) {
      return `${whole} above ${minValue}${high ? `, up to ${maxValue}` : ''}`;
    }
    if (low && high) return `${whole} from ${minValue} to ${maxValue}`;
    if (low) return `${whole} of at least ${minValue}`;
    return whole;
  }
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodArray) return 'a list';
  if (schema instanceof z.ZodString) return 'text';
  return 'a map';
}

export function oneOf(values: readonly string[]): string {
  if (values.length < 2) return values[0] ?? 'nothing';
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

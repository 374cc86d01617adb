/** What a field means, what it takes, and where its default comes from: `knetsim explain spec.x`. */
import { z } from 'zod';
import { unmodelledField } from './schema/not-modelled-fields.ts';
import { allFields, allowed, entryOf, fieldsOf, inner, type SchemaField } from './schema/walk.ts';

export interface FieldExplanation {
  readonly path: string;
  readonly description: string;
  /** What may be written. */
  readonly allowed: string;
  /** As one would write it; absent for required fields. */
  readonly default?: string;
  /** Where the default comes from. */
  readonly source?: string;
  readonly required: boolean;
  /** Names of the fields below. */
  readonly fields: readonly string[];
}

/** Dotted paths of every field, `spec.traffic[].rate` style. */
export function fieldPaths(): string[] {
  return allFields().map(({ path }) => path);
}

/**
 * Takes `spec.proxy.mode`, `proxy.mode`, `spec.traffic[checkout].rate` and `spec.traffic.rate`.
 * Undefined for what is no field of this release.
 */
export function explainField(path: string): FieldExplanation | undefined {
  const wanted = plain(path);
  const field = allFields().find(
    (candidate) => plain(candidate.path) === wanted || plain(candidate.path) === `spec.${wanted}`,
  );
  return field === undefined ? unmodelled(path) : explain(field);
}

function explain({ path, schema, facts }: SchemaField): FieldExplanation {
  const value = facts.default ?? defaultOf(schema);
  return {
    path,
    description: schema.description ?? '',
    allowed: allowed(schema),
    ...(value === undefined ? {} : { default: value }),
    ...(facts.source === undefined ? {} : { source: facts.source }),
    required: !schema.safeParse(undefined).success,
    fields: [...fieldsOf(inner(schema)).keys()],
  };
}

function unmodelled(path: string): FieldExplanation | undefined {
  const name = path.replace(/\[[^\]]*\]/g, '[]');
  const found = unmodelledField(name) ?? unmodelledField(`spec.${name}`);
  if (found === undefined) return undefined;
  return {
    path: found.path,
    description: `Not modelled in this release: ${found.instead}`,
    allowed: 'nothing',
    required: false,
    fields: [],
  };
}

/** A default of a value; maps are explained field by field. */
function defaultOf(schema: z.ZodType): string | undefined {
  if (!(schema instanceof z.ZodDefault)) return undefined;
  const value: unknown = schema.def.defaultValue;
  if (Array.isArray(value) && value.length === 0) return '[] (none)';
  if (entryOf(schema) !== undefined) return '{} (none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function plain(path: string): string {
  return path.replace(/\[[^\]]*\]/g, '');
}

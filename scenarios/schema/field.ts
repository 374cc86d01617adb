/**
 * How fields are declared: once, in zod, with a line about the field and the source of its default.
 * Types, validation, the JSON Schema, `explain spec...` and error messages all read this declaration.
 */
import { z } from 'zod';
import { cidr, cidrPattern } from '../values/cidr.ts';
import { durationNs, durationPattern } from '../values/duration.ts';
import { bytesPattern, coresPattern } from '../values/quantity.ts';
import { bandwidthPattern, ratePattern } from '../values/rate.ts';
import { share as parseShare, percentPattern } from '../values/share.ts';

/** Kinds of text with a syntax of their own; each has its messages and fixes in `issue-messages`. */
export type ValueKind =
  | 'duration'
  | 'cores'
  | 'memory'
  | 'rate'
  | 'bandwidth'
  | 'share'
  | 'cidr'
  | 'name'
  | 'workloadReference'
  | 'limit';

export interface FieldFacts {
  /** What may stand here, for people; derived from the schema when absent. */
  readonly allowed?: string;
  /** The default where it is not a constant of the schema. */
  readonly default?: string;
  /** Where the default comes from. */
  readonly source?: string;
}

export const fieldFacts = z.registry<FieldFacts>();
export const valueKinds = z.registry<{ kind: ValueKind }>();

/** Adds the line about a field, and the source of its default, to a schema. */
export function field<S extends z.ZodType>(schema: S, about: string, facts: FieldFacts = {}): S {
  const described = schema.describe(about);
  fieldFacts.add(described, facts);
  return described;
}

function kind<S extends z.ZodType>(schema: S, name: ValueKind): S {
  valueKinds.add(schema, { kind: name });
  return schema;
}

export const duration = () =>
  kind(
    z
      .string()
      .regex(durationPattern)
      .refine((text) => durationNs(text) !== undefined),
    'duration',
  );
export const cores = () =>
  kind(z.union([z.number().positive().max(4096), z.string().regex(coresPattern)]), 'cores');
export const memory = () => kind(z.string().regex(bytesPattern), 'memory');
export const rate = () => kind(z.string().regex(ratePattern), 'rate');
export const bandwidth = () => kind(z.string().regex(bandwidthPattern), 'bandwidth');
export const share = () =>
  kind(
    z.union([
      z.number().min(0).max(1),
      z
        .string()
        .regex(percentPattern)
        .refine((text) => parseShare(text) !== undefined),
    ]),
    'share',
  );
export const cidrText = () =>
  kind(
    z
      .string()
      .regex(cidrPattern)
      .refine((text) => cidr(text) !== undefined),
    'cidr',
  );
/** Names of things in a scenario: `[name]` in paths and file names of results are made from them. */
export const name = () =>
  kind(z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/), 'name');
export const workloadReference = () =>
  kind(z.string().regex(/^([a-z0-9.-]+\/)?[a-zA-Z]+\/[a-z0-9.-]+$/), 'workloadReference');
/** The limit of an SLO: what fits depends on the metric's unit. */
export const limit = () => kind(z.union([z.number().min(0), z.string().min(1).max(40)]), 'limit');

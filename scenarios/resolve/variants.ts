/** Variants: each merged over the spec and checked as a whole. */

import { merge, withValue } from '../merge.ts';
import { at, isRecord } from '../origins.ts';
import { checkDocument } from '../schema/problems.ts';
import type { ScenarioDocument, Spec } from '../schema/scenario.ts';
import { checkVariant } from './checks.ts';
import type { Context } from './context.ts';
import { sharedParts } from './sizes.ts';

export interface ResolvedVariant {
  readonly name: string;
  readonly candidate: boolean;
  readonly note?: string;
  readonly context: Context;
}

export interface VariantDiff {
  readonly variant: string;
  /** Absent on a side where the field is not there. */
  readonly changes: readonly {
    readonly path: string;
    readonly from?: unknown;
    readonly to?: unknown;
  }[];
}

/** One named `default` without variants. Variants that cannot be read are reported and left out. */
export function resolveVariants(base: Context, document: ScenarioDocument): ResolvedVariant[] {
  checkVariant(base);
  if (document.spec.variants.length === 0) {
    return [{ name: 'default', candidate: true, context: base }];
  }
  return document.spec.variants.flatMap(({ name, candidate, note }, index) => {
    const set = at(base.raw, ['spec', 'variants', index, 'set']) ?? {};
    refuseSharedParts(base, set, index);
    const spec = merge(at(base.raw, ['spec']), set, base.origins, ['spec']);
    const merged = withValue(base.raw, ['spec'], spec, base.origins, undefined);
    const checked = checkDocument(merged, base.origins, base.whole, base.problems);
    if (checked === undefined) return [];
    const context = { ...base, variant: name, spec: checked.document.spec, raw: checked.raw };
    checkVariant(context);
    return [{ name, candidate, context, ...(note === undefined ? {} : { note }) }];
  });
}

function refuseSharedParts(base: Context, set: unknown, index: number): void {
  for (const part of sharedParts) {
    const path = part.split('.');
    if (at(set, path) === undefined) continue;
    const span = base.origins.key(
      base.raw,
      ['spec', 'variants', index, 'set', ...path],
      base.whole,
    );
    base.problems.error('E211', span, `${part} is the same for every variant`, {
      help: `set spec.${part} once, outside of variants`,
    });
  }
}

/** Differences of the effective specs, by dotted path. */
export function variantDiffs(base: Context, variants: readonly ResolvedVariant[]): VariantDiff[] {
  return variants.map(({ name, context }) => ({
    variant: name,
    changes: [...differences('', comparable(base.spec), comparable(context.spec))],
  }));
}

function comparable(spec: Spec): unknown {
  return JSON.parse(JSON.stringify({ ...spec, variants: [] }));
}

function* differences(
  path: string,
  from: unknown,
  to: unknown,
): Generator<{ path: string; from?: unknown; to?: unknown }> {
  if (isRecord(from) && isRecord(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      yield* differences(path === '' ? key : `${path}.${key}`, from[key], to[key]);
    }
  } else if (JSON.stringify(from) !== JSON.stringify(to)) {
    yield {
      path,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
  }
}

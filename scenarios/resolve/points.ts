/** The points of an experiment: every variant at every size, each with its plan. */
import type { ExperimentPoint } from '../../core/experiment.ts';
import type { Warning } from '../../core/results.ts';
import { withValue } from '../merge.ts';
import { checkDocument } from '../schema/problems.ts';
import { buildPlan } from './build-plan.ts';
import { checkSize } from './checks.ts';
import type { Context } from './context.ts';
import { referenceNodesOf } from './point-spec.ts';
import type { Sizes, SweptValue } from './sizes.ts';
import type { ResolvedVariant } from './variants.ts';
import { type SizedPlan, warningsOf, warnOfNoEffect } from './warnings.ts';

export interface Points {
  readonly points: readonly ExperimentPoint[];
  readonly warnings: readonly Warning[];
}

/** Variants in their order, sizes in the order of the sweeps, the last sweep fastest. */
export function pointsOf(
  variants: readonly ResolvedVariant[],
  sizes: Sizes,
  scenario: string,
): Points {
  const points: ExperimentPoint[] = [];
  const plans: SizedPlan[] = [];
  for (const { context } of variants) {
    const referenceNodes = referenceNodesOf(context);
    const sized = productOf(sizes).flatMap((values) => atSize(context, sizes, values) ?? []);
    // The largest size fails first, and says it for all.
    const descending = [...sized].sort(
      (a, b) => b.context.spec.cluster.nodes - a.context.spec.cluster.nodes,
    );
    for (const size of descending) checkSize(size.context, referenceNodes);
    for (const size of sized) {
      const at =
        sizes.swept.length > 0 ? size.at : { 'cluster.nodes': size.context.spec.cluster.nodes };
      const plan = buildPlan(size.context, { scenario, at, referenceNodes });
      points.push({
        variant: context.variant,
        at,
        plan,
        gated: size.values.every((value, index) => value === sizes.gateAt[index]),
      });
      plans.push({ context: size.context, plan });
    }
  }
  if (plans[0] === undefined || plans[0].context.problems.hasErrors) {
    return { points, warnings: [] };
  }
  warnOfNoEffect(plans);
  return { points, warnings: warningsOf(plans) };
}

function productOf(sizes: Sizes): SweptValue[][] {
  return sizes.swept.reduce<SweptValue[][]>(
    (product, { values }) => product.flatMap((before) => values.map((value) => [...before, value])),
    [[]],
  );
}

interface Sized {
  readonly context: Context;
  readonly values: readonly SweptValue[];
  readonly at: Readonly<Record<string, SweptValue>>;
}

function atSize(context: Context, sizes: Sizes, values: readonly SweptValue[]): Sized | undefined {
  let raw = context.raw;
  for (const [index, { field, sweep, values: all, index: written }] of sizes.swept.entries()) {
    const element = written[all.indexOf(values[index]!)];
    const place =
      sweep === undefined || element === undefined
        ? ['spec', 'target', 'value']
        : ['spec', 'sweep', sweep, 'values', element];
    const origin = { value: context.origins.value(context.raw, place, context.whole) };
    raw = withValue(raw, ['spec', ...field], values[index], context.origins, origin);
  }
  const checked = checkDocument(raw, context.origins, context.whole, context.problems);
  if (checked === undefined) return undefined;
  return {
    context: { ...context, spec: checked.document.spec, raw: checked.raw },
    values,
    at: Object.fromEntries(sizes.swept.map(({ path }, index) => [path, values[index]!])),
  };
}

/**
 * Shapes shared by the proxy models: evaluating a piecewise-linear cost curve, building straight
 * ones, and the ramp between a working set that fits a cache and one that does not.
 */
import type { CostCurve } from './proxy-model.ts';

/** A curve that costs nothing at any count. */
export const FREE: CostCurve = { knots: [0, 1], hotNs: [0, 0], coldNs: [0, 0] };

/** `hotNs` and `coldNs` for each unit of the count, from the first on. */
export function straight(hotNs: number, coldNs: number): CostCurve {
  return { knots: [0, 1], hotNs: [0, hotNs], coldNs: [0, coldNs] };
}

/** Value at `count` of a curve given by its knots; beyond the last knot with the last slope. */
export function interpolate(
  knots: readonly number[],
  values: readonly number[],
  count: number,
): number {
  const last = knots.length - 1;
  let i = 1;
  while (i < last && count > knots[i]!) i++;
  const from = knots[i - 1]!;
  const share = (count - from) / (knots[i]! - from);
  return values[i - 1]! + share * (values[i]! - values[i - 1]!);
}

/** Cost in nanoseconds at `count`, with a hot (`cold` 0) or a cold (1) cache, or a mix of both. */
export function curveNs(curve: CostCurve, count: number, cold: number): number {
  const hot = interpolate(curve.knots, curve.hotNs, count);
  return hot + cold * (interpolate(curve.knots, curve.coldNs, count) - hot);
}

/** 0 up to `from`, 1 from `to` on, straight between. */
export function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

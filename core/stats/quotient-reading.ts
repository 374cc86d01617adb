/**
 * Ratios, rates and gauges: the quotient of two sums, with an interval from the replications'
 * quotients. Where the numerator counts rare events the interval also holds the exact Poisson one,
 * counted in independent causes: replications without any event all agree on zero, which proves
 * less than it seems.
 */
import type { QuotientCell } from '../metrics/cell.ts';
import { scaled } from '../metrics/metric-definition.ts';
import type { Estimate } from '../results.ts';
import { CONFIDENCE, hasInterval, sectioning, widened } from './interval.ts';
import type { MeasuredQuotient } from './measured.ts';
import { poissonBounds } from './poisson.ts';
import type { Reading } from './reading.ts';
import { isZero, wideToNumber } from './wide.ts';

export function readQuotient({ definition, pooled, replications }: MeasuredQuotient): Reading {
  const { scale } = definition;
  const value = quotient(pooled, scale);
  if (value === null) return { estimate: null, reason: definition.whenEmpty, atLeast: null };
  const values = replications.map((cell) => quotient(cell, scale));
  let estimate = sectioning(
    value,
    values.filter((one) => one !== null),
  );
  if (definition.rareEvents) estimate = withPoisson(estimate, pooled, scale);
  if (definition.unit === 'ratio') estimate = { ...estimate, high: Math.min(1, estimate.high) };
  return { estimate, replications: values, resolution: 0, openAbove: false };
}

function quotient(cell: QuotientCell, scale: number): number | null {
  if (isZero(cell.denominator)) return null;
  return scaled(wideToNumber(cell.numerator) / wideToNumber(cell.denominator), scale);
}

function withPoisson(estimate: Estimate, cell: QuotientCell, scale: number): Estimate {
  const events = wideToNumber(cell.numerator);
  const causes = cell.effective > 0 ? Math.min(cell.effective, events) : events;
  const perCause = scaled(
    (causes > 0 ? events / causes : 1) / wideToNumber(cell.denominator),
    scale,
  );
  const bounds = poissonBounds(causes, CONFIDENCE);
  const low = bounds.low * perCause;
  const high = bounds.high * perCause;
  if (!hasInterval(estimate)) {
    return { ...estimate, low, high, confidence: CONFIDENCE, parts: { noise: (high - low) / 2 } };
  }
  const both = widened(estimate, low, high);
  return { ...both, parts: { noise: (both.high - both.low) / 2 } };
}

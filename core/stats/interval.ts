/**
 * Intervals from replications. Replications of a point are independent and alike, so Student's t
 * applies to what they estimate. All estimates of one kind use sectioning (Asmussen and Glynn,
 * Stochastic Simulation, 2007, III.5): the value is the estimate from all samples pooled, and the
 * spread is that of the replications' own estimates about it. A quantile of one replication is
 * biased towards the middle when its samples are few; sectioning has the small bias of the pooled
 * quantile, and the bias of the parts widens the interval instead of moving it.
 *
 * What is positive in every replication gets its interval on the log scale (delta method: the
 * standard error of ln x is that of x over x), so its ends are positive and the upper side is the
 * longer one: value / f to value x f. Where a replication has zero the log has no meaning, and the
 * interval is the symmetric one, cut at zero.
 */
import type { Estimate } from '../results.ts';
import { studentQuantile } from './student.ts';

/** Two-sided confidence of every interval in the results. */
export const CONFIDENCE = 0.95;

/** Half-width of Student's interval, or null with fewer than two replications. */
export function halfWidth(
  pooled: number,
  replications: readonly number[],
  confidence = CONFIDENCE,
): number | null {
  const n = replications.length;
  if (n < 2) return null;
  const squares = replications.reduce((sum, value) => sum + (value - pooled) ** 2, 0);
  return studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
}

/**
 * The estimate of a quantity that is never negative. With one replication there is no interval:
 * `confidence` is 0, `low` and `high` are the value, and no verdict may rest on it.
 */
export function sectioning(
  pooled: number,
  replications: readonly number[],
  confidence = CONFIDENCE,
): Estimate {
  const half = halfWidth(pooled, replications, confidence);
  if (half === null) return { value: pooled, low: pooled, high: pooled, confidence: 0, parts: {} };
  const positive = pooled > 0 && replications.every((value) => value > 0);
  const factor = Math.exp(half / pooled);
  const low = positive ? pooled / factor : Math.max(0, pooled - half);
  const high = positive ? pooled * factor : pooled + half;
  return { value: pooled, low, high, confidence, parts: { noise: (high - low) / 2 } };
}

/** The estimate with an interval that also holds [low, high]: a bucket, or another interval. */
export function widened(estimate: Estimate, low: number, high: number): Estimate {
  return {
    ...estimate,
    low: Math.min(estimate.low, low),
    high: Math.max(estimate.high, high),
  };
}

/** Whether there is an interval at all. */
export function hasInterval(estimate: Estimate): boolean {
  return estimate.confidence > 0;
}

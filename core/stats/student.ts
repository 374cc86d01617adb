/**
 * Quantiles of Student's t distribution: the tail probability is an incomplete beta function, and
 * the quantile its bisection. Relative error below 1e-10 (golden table in the test).
 */
import { crossing, incompleteBeta } from './special-functions.ts';

/**
 * The value below which Student's t with `degrees` of freedom (> 0) lies with probability `p`.
 * @throws RangeError when `p` is not inside (0, 1) or `degrees` is not positive.
 * @example studentQuantile(0.975, 4) // 2.776...
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not inside (0, 1)`);
  if (!(degrees > 0)) throw new RangeError(`${degrees} degrees of freedom: must be positive`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  return crossing((t) => upperTail(t, degrees), 1 - p);
}

/** P(T > t) for t >= 0. */
function upperTail(t: number, degrees: number): number {
  const squares = degrees + t * t;
  return incompleteBeta(degrees / 2, 0.5, degrees / squares, (t * t) / squares) / 2;
}

/**
 * The special functions behind the quantiles of Student's t and of the gamma distribution: log
 * gamma, and the regularised incomplete beta and gamma functions. Accurate to about 1e-13 relative
 * for parameters up to some thousands, which is more than any number of replications needs.
 */

/** Smallest magnitude in Lentz's algorithm, in place of a zero denominator. */
const TINY = 1e-300;
const EPSILON = 2 ** -53;

/**
 * Natural logarithm of the gamma function, x > 0: Stirling's series (Abramowitz and Stegun,
 * 6.1.41) above 15, brought there by the recurrence below.
 */
export function logGamma(x: number): number {
  let shift = 1;
  let z = x;
  while (z < 15) shift *= z++;
  const r = 1 / (z * z);
  const series =
    (1 / 12 -
      r *
        (1 / 360 -
          r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r / 156)))))) /
    z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - Math.log(shift);
}

/**
 * Regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and
 * Stegun, 26.5.8) with Lentz's method. `y` is 1 - x, passed so that neither loses digits near 1.
 */
export function incompleteBeta(a: number, b: number, x: number, y: number): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, y, x);
  const logX = x < 0.5 ? Math.log(x) : Math.log1p(-y);
  const logY = y < 0.5 ? Math.log(y) : Math.log1p(-x);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return Math.exp(a * logX + b * logY - logBeta) / (a * betaFraction(a, b, x));
}

function betaFraction(a: number, b: number, x: number): number {
  let f = 1;
  let c = 1;
  let d = 0;
  for (let step = 1; step < 100_000; step++) {
    const m = step >> 1;
    const term =
      step % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + term * d);
    c = nonZero(1 + term / c);
    f *= c * d;
    if (Math.abs(c * d - 1) <= 2 * EPSILON) return f;
  }
  throw new Error(`incomplete beta (${a}, ${b}, ${x}) does not converge`);
}

/**
 * Regularised lower incomplete gamma function P(a, x), a > 0, x >= 0: the power series left of
 * the mode, one minus the continued fraction right of it (Abramowitz and Stegun, 6.5.29, 6.5.31).
 */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** The upper tail Q(a, x) = 1 - P(a, x), without the cancellation. */
export function incompleteGammaUpper(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / nonZero(b);
  let f = d;
  for (let n = 1; n < 1_000_000; n++) {
    const term = -n * (n - a);
    b += 2;
    d = 1 / nonZero(b + term * d);
    c = nonZero(b + term / c);
    f *= c * d;
    if (Math.abs(c * d - 1) <= 2 * EPSILON) {
      return f * Math.exp(a * Math.log(x) - x - logGamma(a));
    }
  }
  throw new Error(`incomplete gamma (${a}, ${x}) does not converge`);
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/**
 * Where a decreasing function on [0, infinity) crosses `target`, to the last bit or two: doubling
 * until it is bracketed, then bisection.
 */
export function crossing(decreasing: (x: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  while (decreasing(high) > target) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (decreasing(middle) > target) low = middle;
    else high = middle;
  }
}

/**
 * The value below which a standard normal variate lies with probability `p`, 0 < p < 1: its upper
 * tail is Q(1/2, z^2 / 2) / 2 (Abramowitz and Stegun, 26.2.30 with 6.5.17).
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`probability ${p} is not inside (0, 1)`);
  if (p === 0.5) return 0;
  if (p < 0.5) return -normalQuantile(1 - p);
  return crossing((z) => incompleteGammaUpper(0.5, (z * z) / 2) / 2, 1 - p);
}

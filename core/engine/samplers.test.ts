import { describe, expect, it } from 'vitest';
import { exponential, lognormalAt, normal, normalQuantile } from './samplers.ts';
import { Streams } from './stream.ts';

const DRAWS = 400_000;

function sample(name: string, draw: (streams: Streams, stream: number) => number): Float64Array {
  const streams = new Streams();
  const stream = streams.add(name);
  return Float64Array.from({ length: DRAWS }, () => draw(streams, stream));
}

/** Standardised error of the sample's k-th moment, with the variance E X^2k - (E X^k)^2. */
function momentError(values: Float64Array, k: number, moment: number, twice: number): number {
  const mean = values.reduce((sum, x) => sum + x ** k, 0) / values.length;
  return (mean - moment) / Math.sqrt((twice - moment ** 2) / values.length);
}

/** Kolmogorov-Smirnov statistic times the root of the sample size. */
function kolmogorovSmirnov(values: Float64Array, cdf: (x: number) => number): number {
  const sorted = values.slice().sort();
  const n = sorted.length;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const p = cdf(sorted[i]!);
    worst = Math.max(worst, p - i / n, (i + 1) / n - p);
  }
  return worst * Math.sqrt(n);
}

/** Asymptotic 99.9% quantile of the Kolmogorov distribution. */
const KS_LIMIT = 1.95;
const exponentialCdf = (x: number) => -Math.expm1(-x);

/** Normal distribution function by its Taylor series (Marsaglia, J. Stat. Software 11(4), 2004). */
function normalCdf(x: number): number {
  if (x > 8) return 1;
  if (x < -8) return 0;
  let term = x;
  let sum = x;
  for (let k = 3; sum + term !== sum; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

describe('exponential', () => {
  const values = sample('exponential', exponential);

  it('has the moments 1, 2, 6', () => {
    expect(Math.abs(momentError(values, 1, 1, 2))).toBeLessThan(3.3);
    expect(Math.abs(momentError(values, 2, 2, 24))).toBeLessThan(3.3);
    expect(Math.abs(momentError(values, 3, 6, 720))).toBeLessThan(3.3);
  });

  it('follows the distribution function 1 - exp(-x)', () => {
    expect(kolmogorovSmirnov(values, exponentialCdf)).toBeLessThan(KS_LIMIT);
    expect(values.every((x) => x >= 0)).toBe(true);
  });

  it('has its tail beyond the last layer', () => {
    const edge = 7.69711747013105;
    const tail = values.filter((x) => x > edge);
    const expected = DRAWS * Math.exp(-edge);
    expect(Math.abs(tail.length - expected)).toBeLessThan(3.3 * Math.sqrt(expected));
    expect(kolmogorovSmirnov(tail, (x) => exponentialCdf(x - edge))).toBeLessThan(KS_LIMIT);
  });
});

describe('normal', () => {
  const values = sample('normal', normal);

  it('has the moments 0, 1, 0, 3', () => {
    expect(Math.abs(momentError(values, 1, 0, 1))).toBeLessThan(3.3);
    expect(Math.abs(momentError(values, 2, 1, 3))).toBeLessThan(3.3);
    expect(Math.abs(momentError(values, 3, 0, 15))).toBeLessThan(3.3);
    expect(Math.abs(momentError(values, 4, 3, 105))).toBeLessThan(3.3);
  });

  it('follows the normal distribution function', () => {
    expect(kolmogorovSmirnov(values, normalCdf)).toBeLessThan(KS_LIMIT);
  });

  it('has both tails beyond the last layer', () => {
    const edge = 3.6541528853610088;
    const expected = DRAWS * normalCdf(-edge);
    const limit = 3.3 * Math.sqrt(expected);
    expect(Math.abs(values.filter((x) => x > edge).length - expected)).toBeLessThan(limit);
    expect(Math.abs(values.filter((x) => x < -edge).length - expected)).toBeLessThan(limit);
  });
});

describe('normalQuantile', () => {
  it.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.841344746068543, 1],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.999, 3.090232306167813],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-20, -9.262340089798409],
  ])('of %d is %d', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-13 * Math.max(1, Math.abs(z)));
  });

  it('inverts the distribution function over its whole centre', () => {
    for (let p = 0.001; p < 1; p += 0.001) {
      expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(2e-15);
    }
  });
});

describe('lognormalAt', () => {
  it('is the median at u = 0.5 and the 99th percentile at u = 0.99', () => {
    expect(lognormalAt(0.5, 40, 900)).toBe(40);
    expect(lognormalAt(0.99, 40, 900)).toBeCloseTo(900, 9);
    expect(lognormalAt(0.01, 40, 900)).toBeCloseTo(1600 / 900, 12);
  });

  it('rises with u and stays finite and positive at the ends', () => {
    let last = 0;
    for (let i = 0; i <= 1000; i++) {
      const value = lognormalAt(i / 1000, 3e9, 20e9);
      expect(value).toBeGreaterThan(last);
      last = value;
    }
    expect(last).toBeLessThan(Number.POSITIVE_INFINITY);
  });

  it('is constant when median and 99th percentile are equal', () => {
    expect(lognormalAt(0.123, 7, 7)).toBe(7);
  });
});

import { describe, expect, it } from 'vitest';
import {
  incompleteBeta,
  incompleteGamma,
  incompleteGammaUpper,
  logGamma,
  normalQuantile,
} from './special-functions.ts';

describe('log gamma', () => {
  it('is the logarithm of the factorial at integers', () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
      factorial *= n;
    }
  });

  it('is half the logarithm of pi at one half', () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
  });
});

describe('incomplete functions', () => {
  it('have the closed forms of their simplest cases', () => {
    for (const x of [0.001, 0.2, 0.5, 0.9, 0.999]) {
      expect(incompleteBeta(1, 1, x, 1 - x)).toBeCloseTo(x, 13);
      expect(incompleteBeta(3, 1, x, 1 - x)).toBeCloseTo(x ** 3, 13);
      expect(incompleteGamma(1, 5 * x)).toBeCloseTo(1 - Math.exp(-5 * x), 13);
    }
  });

  it('add up with their complements', () => {
    for (const a of [0.5, 1, 7.5, 40]) {
      for (const x of [0.01, 1, 8, 39, 41, 200]) {
        expect(incompleteGamma(a, x) + incompleteGammaUpper(a, x)).toBeCloseTo(1, 13);
      }
      expect(incompleteBeta(a, 3, 0.3, 0.7) + incompleteBeta(3, a, 0.7, 0.3)).toBeCloseTo(1, 13);
    }
  });

  it('end at 0 and 1', () => {
    expect(incompleteBeta(2, 3, 0, 1)).toBe(0);
    expect(incompleteBeta(2, 3, 1, 0)).toBe(1);
    expect(incompleteGamma(2, 0)).toBe(0);
    expect(incompleteGammaUpper(2, 0)).toBe(1);
  });
});

describe('normal quantile', () => {
  // Abramowitz and Stegun, table 26.5.
  it.each([
    [0.9, 1.2815515655],
    [0.975, 1.9599639845],
    [0.99, 2.326347874],
    [0.9995, 3.2905267315],
  ])('of %f is %f', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 9);
    expect(normalQuantile(1 - p)).toBeCloseTo(-z, 9);
  });
});

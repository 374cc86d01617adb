import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { constantById } from '../../core/models/index.ts';
import { fitKernel } from './fit-kernel.ts';
import { relativeLeastSquares } from './least-squares.ts';

const fits = fitKernel(
  readFileSync(fileURLToPath(new URL('./kernel-4-prog.csv', import.meta.url)), 'utf8'),
);

test('every fitted constant is declared with the value that the fit gives', () => {
  const fitted = fits.flatMap((fit) => Object.entries(fit.constants));
  expect(fitted.length).toBeGreaterThan(20);
  for (const [id, value] of fitted) {
    const declared = constantById(id);
    expect(declared, id).toBeDefined();
    expect(Math.abs(declared!.value / value - 1), id).toBeLessThan(0.002);
  }
});

test('no fit to CPU times misses a measured point by more than a fifth', () => {
  for (const fit of fits) {
    if (fit.leaveOneOut !== null) expect(fit.maxResidual, fit.name).toBeLessThan(0.2);
  }
});

test('relative least squares finds the coefficients of exact data', () => {
  const samples = [1, 10, 100, 1000].map((x) => ({
    terms: [1, x, x * x],
    value: 5 + 3 * x + x * x,
  }));
  const [a, b, c] = relativeLeastSquares(samples);
  expect([a, b, c].map((v) => Math.round(v! * 1e6) / 1e6)).toEqual([5, 3, 1]);
});

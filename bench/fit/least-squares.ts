/**
 * Linear least squares on relative residuals, (fitted - measured) / measured, by the normal
 * equations: programming times span five orders of magnitude and all of them must fit.
 */

export interface Sample {
  /** One value per coefficient. */
  readonly terms: readonly number[];
  readonly value: number;
}

/** Coefficients c that minimise the sum of ((terms . c) / value - 1)^2. */
export function relativeLeastSquares(samples: readonly Sample[]): number[] {
  const n = samples[0]!.terms.length;
  const a = Array.from({ length: n }, () => new Array<number>(n + 1).fill(0));
  for (const { terms, value } of samples) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) a[i]![j]! += (terms[i]! * terms[j]!) / value ** 2;
      a[i]![n]! += terms[i]! / value;
    }
  }
  return solve(a);
}

/** Gauss-Jordan elimination with partial pivoting of an augmented matrix, which is used up. */
export function solve(a: number[][]): number[] {
  const n = a.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(a[row]![column]!) > Math.abs(a[pivot]![column]!)) pivot = row;
    }
    [a[column], a[pivot]] = [a[pivot]!, a[column]!];
    const head = a[column]!;
    if (head[column] === 0) throw new Error('the terms are linearly dependent');
    for (const row of a) {
      if (row === head) continue;
      const factor = row[column]! / head[column]!;
      for (let k = column; k <= n; k++) row[k]! -= factor * head[k]!;
    }
  }
  return a.map((row, i) => row[n]! / row[i]!);
}

/** Relative residual of a sample: positive when the fit is too high. */
export function residual(coefficients: readonly number[], { terms, value }: Sample): number {
  return terms.reduce((sum, term, i) => sum + term * coefficients[i]!, 0) / value - 1;
}

/** Largest residual of samples predicted by a fit to all the others. */
export function leaveOneOut(samples: readonly Sample[]): number {
  let worst = 0;
  samples.forEach((sample, i) => {
    const rest = samples.filter((_, j) => j !== i);
    worst = Math.max(worst, Math.abs(residual(relativeLeastSquares(rest), sample)));
  });
  return worst;
}

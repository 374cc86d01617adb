/**
 * How the textbook queues are tested: independent replications on the real engine, and Student's t of
 * their means. At 99.9% one test in a thousand would fail by chance on new random streams; streams
 * have fixed names, so on unchanged streams a result never changes.
 */
import { expect } from 'vitest';
import { Engine } from '../engine.ts';

export const REPLICATIONS = 20;
/** 99.95% quantile of Student's t with 19 degrees of freedom. */
const T_999 = 3.883;

/** An engine with one logical process. */
export function soloEngine(): Engine {
  return new Engine({
    groupOf: Int32Array.of(0),
    groups: 1,
    lookaheadNs: Float64Array.of(0),
  });
}

/**
 * The formula is inside the 99.9% interval of the replications' means, and that interval is no
 * wider than `precision` times the formula on either side.
 */
export function expectMean(means: readonly number[], formula: number, precision: number): void {
  expect(means.length).toBe(REPLICATIONS);
  const average = means.reduce((sum, x) => sum + x, 0) / REPLICATIONS;
  const variance = means.reduce((sum, x) => sum + (x - average) ** 2, 0) / (REPLICATIONS - 1);
  const halfWidth = T_999 * Math.sqrt(variance / REPLICATIONS);
  const said = `${average} +- ${halfWidth} against ${formula}`;
  expect(Math.abs(average - formula), said).toBeLessThan(halfWidth);
  expect(halfWidth, said).toBeLessThan(precision * formula);
}

/** The results of `run` for each replication. */
export function replicate<Result>(run: (replication: number) => Result): Result[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => run(replication));
}

/** What `npm run bench -- SUITE` can measure, and all benchmarks by themselves. */
import type { Benchmark } from './benchmark.ts';
import { ENGINE } from './engine.ts';
import { POLICY } from './policy.ts';

export const SUITES: ReadonlyMap<string, readonly Benchmark[]> = new Map([
  ['engine', ENGINE],
  ['policy', POLICY],
]);

export const BENCHMARKS: readonly Benchmark[] = [...SUITES.values()].flat();

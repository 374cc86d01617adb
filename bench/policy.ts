/**
 * The benchmarks of policies: compiling those of a full-size cluster, in the shapes that clusters
 * have, and counting the pairs that may talk. `docs/benchmarks.md` says how to read their figures.
 */
import type { Benchmark, Size } from './benchmark.ts';
import { policyCompile } from './workloads/policy-compile.ts';
import { POLICY_SHAPES } from './workloads/policy-shapes.ts';

export const POLICY: readonly Benchmark[] = [
  {
    name: 'policy-compile',
    about: '13,678 network policies of 150,000 pods made into tables: pods',
    variants: { engine: (size) => policyCompile(size) },
  },
  ...POLICY_SHAPES.map((shape) => ({
    name: `policy-compile-${shape.name}`,
    about: `the same: ${shape.about}`,
    variants: { engine: (size: Size) => policyCompile(size, shape) },
  })),
];

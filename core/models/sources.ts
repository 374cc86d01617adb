/**
 * Sources that many constants share: the measurements on a real kernel, and the fact sheet. Both are
 * described in docs/models/proxy.md; the rows behind the fits are in bench/fit/kernel-4-prog.csv.
 */
import { type Constant, type ConstantSource, constant } from '../constant.ts';

const KERNEL_SETUP =
  'Linux 6.18, HZ=250, 2 shared vCPUs with 2 MiB L2 each, iptables 1.8.9, nft 1.0.6; median of up to three runs';

/** Measured in network namespaces; `experiment` is the first column of the measurements. */
export function measured(experiment: string): ConstantSource {
  return {
    kind: 'measured',
    ref: `kernel measurements, ${experiment} (docs/models/proxy.md)`,
    setup: KERNEL_SETUP,
  };
}

/** Computed from measurements by the formula given. */
export function derived(ref: string): ConstantSource {
  return { kind: 'derived', ref, setup: KERNEL_SETUP };
}

/** No figure was found; `ref` says why this value and what bounds it. */
export function assumed(ref: string): ConstantSource {
  return { kind: 'assumed', ref };
}

export function published(ref: string, setup: string): ConstantSource {
  return { kind: 'published', ref, setup };
}

/** From a third of the value to three times it: what other CPUs and kernels may bring. */
export function withinFactor(value: number, factor = 3): readonly [number, number] {
  return [value / factor, value * factor];
}

/**
 * A coefficient of a fit to the programming measurements; `bench/fit/fit-kernel.ts` reproduces it,
 * and a test beside that script compares the two.
 */
export function fitted(id: string, value: number, unit: string, about: string): Constant {
  const source = {
    ...measured('4-prog'),
    ref: 'kernel measurements, 4-prog, fitted by bench/fit/fit-kernel.ts',
  };
  return constant({ id, value, unit, range: withinFactor(value), about, source });
}

/** A cost on the path of a packet that was measured directly or as a difference of two paths. */
export function pathCost(id: string, value: number, unit: string, about: string, how: string) {
  return constant({ id, value, unit, range: withinFactor(value, 2), about, source: derived(how) });
}

/**
 * A point with everything measured at it and the verdicts on it, and how points line up along one
 * swept path: what capacity and scaling walk over.
 */
import { canonicalJson } from '../canonical-json.ts';
import type { Experiment, ExperimentPoint } from '../experiment.ts';
import type { SloResult, VerdictWord } from '../results.ts';
import type { Measured } from './measured.ts';

type At = ExperimentPoint['at'];

export interface JudgedPoint {
  readonly point: ExperimentPoint;
  /** Numbers of the replications, in the order of every list of replications. */
  readonly replications: readonly number[];
  readonly measured: ReadonlyMap<string, Measured>;
  readonly slos: readonly SloResult[];
}

/** The points of one variant that differ in one swept path only, by ascending size. */
export interface Sweep {
  readonly variant: string;
  readonly along: string;
  /** Values of the other swept paths. */
  readonly at: At;
  readonly steps: readonly { readonly size: number; readonly judged: JudgedPoint }[];
}

/**
 * The path whose values are sizes: that of the target, else `cluster.nodes` if swept, else the
 * first swept path with several numbers. Null when nothing is swept.
 */
export function sizePath(experiment: Pick<Experiment, 'target' | 'points'>): string | null {
  if (experiment.target) return experiment.target.path;
  const values = new Map<string, Set<number>>();
  for (const { at } of experiment.points) {
    for (const [path, value] of Object.entries(at)) {
      if (typeof value === 'number') values.set(path, (values.get(path) ?? new Set()).add(value));
    }
  }
  const swept = [...values.keys()].filter((path) => values.get(path)!.size > 1).sort();
  return swept.includes('cluster.nodes') ? 'cluster.nodes' : (swept[0] ?? null);
}

/** Groups points into sweeps, in the order in which they first appear. */
export function sweepsAlong(points: readonly JudgedPoint[], along: string): Sweep[] {
  const groups = new Map<string, { size: number; judged: JudgedPoint }[]>();
  for (const judged of points) {
    const size = judged.point.at[along];
    if (typeof size !== 'number') continue;
    const key = canonicalJson([judged.point.variant, without(judged.point.at, along)]);
    groups.set(key, [...(groups.get(key) ?? []), { size, judged }]);
  }
  return [...groups.values()].map((steps) => ({
    variant: steps[0]!.judged.point.variant,
    along,
    at: without(steps[0]!.judged.point.at, along),
    steps: steps.sort((a, b) => a.size - b.size),
  }));
}

function without(at: At, path: string): At {
  return Object.fromEntries(Object.entries(at).filter(([key]) => key !== path));
}

/** The verdict on all gated SLOs together; null when none is gated. */
export function gatedVerdict(slos: readonly SloResult[]): VerdictWord | null {
  const words = slos.filter((slo) => slo.gate === 'gate').map((slo) => slo.verdict);
  if (words.length === 0) return null;
  return (['fails', 'inconclusive'] as const).find((word) => words.includes(word)) ?? 'holds';
}

/** The gated SLO with this verdict that is furthest beyond its limit, or undefined. */
export function worstOf(slos: readonly SloResult[], word: VerdictWord): SloResult | undefined {
  const excess = (slo: SloResult) => (slo.value ?? slo.low ?? 0) / slo.limit;
  return slos
    .filter((slo) => slo.gate === 'gate' && slo.verdict === word)
    .sort((a, b) => excess(b) - excess(a))[0];
}

/** Sample documents that lack something, or mean harm. */
import type { Results } from '../../core/results.ts';
import { pointOf, SHAPES } from './sample-point.ts';
import { sampleResults } from './sample-results.ts';

/** One point per variant and nothing swept. */
export function unsweptResults(): Results {
  const points = SHAPES.slice(0, 2).map((shape) => pointOf(shape, 1000, {}));
  return {
    ...sampleResults(),
    points,
    scaling: [],
    capacity: [],
    comparisons: [],
    target: null,
    variants: sampleResults().variants.slice(0, 2),
    verdict: { word: 'holds', sentence: 'Every gated SLO holds at 1,000 nodes.', exitCode: 0 },
  };
}

/** One variant along the sizes. */
export function singleVariantResults(): Results {
  const all = sampleResults();
  const only = <T extends { variant: string }>(items: T[]): T[] =>
    items.filter((item) => item.variant === 'nftables');
  return {
    ...all,
    points: only(all.points),
    scaling: only(all.scaling),
    capacity: only(all.capacity),
    comparisons: [],
    variants: all.variants.filter((v) => v.name === 'nftables'),
    warnings: [],
    verdict: { word: 'holds', sentence: 'Every gated SLO holds at 3,900 nodes.', exitCode: 0 },
  };
}

/** The first variant is halfway through an upgrade from one kind of proxy to another. */
export function mixedResults(): Results {
  const all = sampleResults();
  const points = all.points.map((point) =>
    point.variant !== all.variants[0]!.name
      ? point
      : {
          ...point,
          proxyClasses: [
            {
              kubernetesVersion: '1.33',
              proxy: 'ipvs',
              nodes: 0,
              proxyCpuCores: 12.5,
              kernelRules: null,
              kernelMemoryBytes: null,
              proxyMemoryBytes: null,
            },
            {
              kubernetesVersion: '1.35',
              proxy: 'nftables',
              nodes: point.workload.nodes,
              proxyCpuCores: 3.25,
              kernelRules: 60023,
              kernelMemoryBytes: 40e6,
              proxyMemoryBytes: 270e6,
            },
          ],
        },
  );
  return { ...all, points };
}

/** No churn: every distribution is there, without samples. */
export function quietResults(): Results {
  const all = sampleResults();
  const reason = 'no change happened in the measured window';
  const long = `${reason}: churn is off, no event is planned, and every pod outlives the run`;
  const points = all.points.map((point) => ({
    ...point,
    metrics: Object.fromEntries(
      Object.entries(point.metrics).map(([id, m]) =>
        m.kind === 'distribution' || m.exposure !== undefined
          ? [id, { unit: m.unit, kind: m.kind, samples: 0, effectiveSamples: 0, reason: long }]
          : [id, m],
      ),
    ),
    stages: {},
    histograms: {},
    series: { binSeconds: 10, columns: {} },
    slos: point.slos.map(({ value: _v, low: _l, high: _h, ...rest }) => ({
      ...rest,
      verdict: 'inconclusive' as const,
      reason,
    })),
  }));
  return {
    ...all,
    points,
    scaling: [],
    comparisons: [],
    capacity: all.capacity.map((c) => ({
      ...c,
      holdsUpTo: null,
      failsFrom: null,
      low: null,
      high: null,
      verdict: 'inconclusive',
      limitedBy: null,
    })),
    verdict: {
      word: 'inconclusive',
      sentence: 'Nothing changed, so nothing can be judged.',
      exitCode: 5,
    },
  };
}

/** A document without points, as an interrupted run leaves it. */
export function emptyResults(): Results {
  return {
    ...sampleResults(),
    points: [],
    scaling: [],
    capacity: [],
    comparisons: [],
    provenance: [],
    models: [],
    notModelled: [],
    warnings: [],
    variants: [],
    target: null,
    verdict: { word: 'none', sentence: 'No point was simulated.', exitCode: 5 },
  };
}

/** Every text a scenario's author controls tries to break out of its place. */
export function hostileResults(): Results {
  const attack = `</script></style><img src=x onerror=alert(1)>"'&\u0000\u2028`;
  const all = sampleResults();
  const rename = (name: string): string => `${attack}${name}`;
  return {
    ...all,
    scenario: { ...all.scenario, name: attack, hash: attack, document: { [attack]: attack } },
    seed: attack,
    resultHash: attack,
    points: all.points.map((p) => ({
      ...p,
      variant: rename(p.variant),
      slos: p.slos.map((s) => ({ ...s, name: rename(s.name) })),
      metrics: { ...p.metrics, [attack]: p.metrics.proxySync! },
      series: { binSeconds: 10, columns: { [attack]: [1, 2, 3] } },
    })),
    capacity: all.capacity.map((c) => ({ ...c, variant: rename(c.variant), limitedBy: attack })),
    scaling: all.scaling.map((s) => ({ ...s, variant: rename(s.variant) })),
    comparisons: all.comparisons.map((c) => ({ ...c, variant: rename(c.variant) })),
    variants: all.variants.map((v) => ({
      ...v,
      name: rename(v.name),
      title: attack,
      note: attack,
    })),
    provenance: all.provenance.map((p) => ({
      ...p,
      about: attack,
      source: { kind: attack, ref: attack },
    })),
    notModelled: [{ what: attack, why: attack }],
    warnings: [{ code: attack, text: attack, where: attack }],
    verdict: { ...all.verdict, sentence: attack },
  };
}

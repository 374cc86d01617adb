import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.ts';
import type { Experiment, PointCells } from '../experiment.ts';
import type { Cell } from '../metrics/cell.ts';
import { METRICS } from '../metrics/registry.ts';
import type { Provenance, Results } from '../results.ts';
import { assembleResults } from './assemble.ts';
import { cell, distribution, experiment, point, ramp, SECOND, wide } from './cell-fixture.ts';
import { cellsAround } from './judged-point-fixture.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const provenance = (id: string): Provenance => ({
  id,
  value: 1,
  unit: 'ns',
  range: [0, 2],
  about: 'a constant',
  source: { kind: 'assumed', ref: 'this test' },
  overridden: false,
});
const context = {
  version: '0.1.0',
  sha256,
  provenance: [provenance('b'), provenance('a')],
  models: [],
};

const SIZES = [100, 200, 400];
const POINTS = ['iptables', 'ipvs'].flatMap((variant) =>
  SIZES.map((nodes) => point(variant, { 'cluster.nodes': nodes }, { gated: nodes === 400 })),
);
/** iptables grows with size and misses 5 s at 400; ipvs does not. */
const secondsOf = (variant: string, nodes: number) => (variant === 'ipvs' ? 1 : nodes / 60);

function fill(one: Cell): Cell {
  return {
    ...one,
    quotients: {
      kernelRules: { numerator: wide(900), denominator: wide(3), max: 400, effective: 3 },
      'request.failed': { numerator: wide(0), denominator: wide(1000), effective: 0 },
    },
    exposures: {
      misdelivered: { hits: 0, trials: 1000, windows: 4, hitWindows: 0, exposedNs: wide(2e9) },
    },
    series: { binNs: 10 * SECOND, columns: { changes: [1, 2, 3] } },
    audits: [{ name: 'conservation', ok: true, detail: '' }],
    warnings: [`${one.replication + 7} writes were lost`],
  };
}

const CELLS: PointCells[] = POINTS.map((one) => ({
  point: one,
  cells: cellsAround(secondsOf(one.variant, Number(one.at['cluster.nodes']))).map(fill),
}));

const run = (cells: readonly PointCells[] = CELLS, parts: Partial<Experiment> = {}): Results =>
  assembleResults(experiment(POINTS, parts), cells, context);

describe('results document', () => {
  const results = run();

  it('holds everything that was found, from the points up to the verdict', () => {
    expect(results.points.map(({ variant, at }) => [variant, at['cluster.nodes']])).toEqual(
      POINTS.map(({ variant, at }) => [variant, at['cluster.nodes']]),
    );
    expect(results.capacity).toHaveLength(2);
    expect(results.capacity[0]).toMatchObject({ holdsUpTo: 200, failsFrom: 400, verdict: 'fails' });
    expect(results.scaling.map((one) => one.metric)).toContain('networkProgramming');
    expect(results.comparisons.map((one) => one.baseline)).toContain('iptables');
    expect(results.verdict).toMatchObject({ word: 'fails', exitCode: 4 });
    expect(results.provenance.map((one) => one.id)).toEqual(['a', 'b']);
    expect(results.variants.map((one) => one.title)).toEqual(['iptables mode', 'ipvs mode']);
  });

  it('has every metric of the catalogue at every point, with a value or a reason', () => {
    for (const { metrics } of results.points) {
      const ids = METRICS.filter((one) => !one.optional).map((one) => one.id);
      expect(Object.keys(metrics)).toEqual(ids);
      for (const [id, metric] of Object.entries(metrics)) {
        expect(metric.p99 ?? metric.value ?? metric.reason, id).toBeDefined();
        if (metric.samples === 0 && !metric.value) expect(metric.reason, id).toBeDefined();
      }
    }
  });

  it('contains nothing that JSON cannot say, and survives a round trip', () => {
    expect(JSON.parse(canonicalJson(results))).toEqual(results);
  });

  it('has an interval around every estimate', () => {
    for (const { metrics } of results.points) {
      for (const metric of Object.values(metrics)) {
        for (const key of ['mean', 'p50', 'p90', 'p99', 'p999', 'value', 'max'] as const) {
          const estimate = metric[key];
          if (!estimate) continue;
          expect(estimate.low).toBeLessThanOrEqual(estimate.value);
          expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
        }
      }
    }
  });

  it('names why p99.9 is absent while p99 is there', () => {
    const metric = results.points[0]!.metrics['networkProgramming']!;
    expect(metric.p99).toBeDefined();
    expect(metric.missing).toEqual({
      p999: 'p99.9 needs at least 1,000 independent causes, there were 600',
    });
  });

  it('does not depend on the order of points or replications', () => {
    const shuffled = CELLS.toReversed().map((one) => ({ ...one, cells: one.cells.toReversed() }));
    expect(canonicalJson(run(shuffled))).toBe(canonicalJson(results));
  });

  it('hashes itself without its own hash, and each point with its specification', () => {
    const { resultHash, ...rest } = results;
    expect(resultHash).toBe(sha256(canonicalJson(rest)));
    const first = results.points[0]!;
    const { at, metrics, stages } = first;
    const { spec } = results.variants.find(({ name }) => name === first.variant)!;
    expect(first.hash).toBe(sha256(canonicalJson({ spec, at, seed: '42', metrics, stages })));
  });

  it('describes what was simulated, per second of the measured windows', () => {
    expect(results.points[0]).toMatchObject({
      replications: 3,
      warmUpSeconds: 10,
      horizonSeconds: 60,
      events: 30,
      workload: { nodes: 5, pods: 50, podChangesPerSecond: 2, requestsPerSecond: 10 },
      series: { binSeconds: 10, columns: { changes: [3, 6, 9] } },
    });
  });

  it('shows the largest value seen', () => {
    const { kernelRules } = results.points[0]!.metrics;
    expect(kernelRules).toMatchObject({ value: { value: 300 }, max: { value: 400, high: 400 } });
  });

  it('collects warnings of the replications, those that differ in numbers once', () => {
    expect(results.warnings.filter((warning) => warning.code === 'W604')).toEqual([
      {
        code: 'W604',
        text: '7 writes were lost (and 2 alike)',
        where: 'iptables at 100 nodes; iptables at 200 nodes; iptables at 400 nodes; and 3 more',
      },
    ]);
  });
});

describe('an incomplete run', () => {
  it('keeps points with some replications and leaves out those without any', () => {
    const [first, , ...others] = CELLS;
    const partial = [{ ...first!, cells: first!.cells.slice(1) }, ...others];
    const results = run(partial);
    expect(results.points[0]!.replications).toBe(2);
    expect(results.points).toHaveLength(5);
    expect(results.warnings.filter((one) => one.code === 'W602')).toEqual([
      {
        code: 'W602',
        text: '2 of 3 replications ran',
        where: 'iptables at 100 nodes',
      },
      {
        code: 'W602',
        text: '0 of 3 replications ran',
        where: 'iptables at 200 nodes',
      },
    ]);
  });

  it('without any cell is a document that decides nothing', () => {
    const results = run([]);
    expect(results).toMatchObject({ points: [], capacity: [], verdict: { exitCode: 5 } });
  });

  it('with one replication shows values, and judges nothing on them', () => {
    const single = CELLS.map((one) => ({ ...one, cells: one.cells.slice(0, 1) }));
    const results = run(single, { replications: 1 });
    const { metrics, slos } = results.points[0]!;
    expect(metrics['networkProgramming']!.p99).toMatchObject({ confidence: 0, parts: {} });
    expect(slos[0]!.verdict).toBe('inconclusive');
    expect(results.warnings.map((one) => one.code)).toContain('W601');
  });
});

describe('a point', () => {
  const at = { 'cluster.nodes': 100 };
  const only = (cells: readonly Cell[]) => {
    const one = point('ipvs', at);
    return assembleResults(experiment([one]), [{ point: one, cells }], context).points[0]!;
  };

  it('fails an audit when one replication does, and says which', () => {
    const audits = (ok: boolean) => [{ name: 'conservation', ok, detail: 'one packet too many' }];
    const found = only([cell(0, { audits: audits(true) }), cell(4, { audits: audits(false) })]);
    expect(found.audits).toEqual([
      { name: 'conservation', ok: false, detail: 'replication 4: one packet too many' },
    ]);
  });

  it('audits that stages add up to their metric', () => {
    expect(only(cellsAround(1)).audits).toEqual([
      { name: 'stages of networkProgramming add up to it', ok: true },
    ]);
  });

  it('has a distribution of at most 200 exact points, ending below 1 with samples in flight', () => {
    const samples = ramp(20_000, 1e6, 1e12);
    const held = distribution(samples, { censored: 20_000 });
    const curve = only([cell(0, { distributions: { 'request.clusterIP': held } })]).histograms[
      'request.clusterIP'
    ]!;
    expect(curve.upTo.length).toBeLessThanOrEqual(200);
    expect(curve.upTo.length).toBeGreaterThan(150);
    expect(curve.share.at(-1)).toBe(0.5);
    curve.upTo.forEach((upTo, i) => {
      const below = samples.filter((sample) => Math.round(sample) <= Math.round(upTo * 1e9));
      expect(curve.share[i]).toBe(below.length / 40_000);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { InvariantError } from '../assert.ts';
import type { Cell } from '../metrics/cell.ts';
import { SLI_BOUNDS, SLI_BOUNDS_NS, sliBucketOf } from '../metrics/sli.ts';
import { cell, distribution, programming, ramp, SECOND, wide } from './cell-fixture.ts';
import { measure } from './measured.ts';
import type { KnownReading, UnknownReading } from './reading.ts';
import { read } from './reading.ts';

const DRAIN = 60 * SECOND;
const P99 = { quantile: 0.99 };

function known(cells: readonly Cell[], id: string, statistic: Parameters<typeof read>[1]) {
  const reading = read(measure(cells, DRAIN).get(id)!, statistic);
  expect(reading.estimate, JSON.stringify(reading)).not.toBeNull();
  return reading as KnownReading;
}

function unknown(cells: readonly Cell[], id: string, statistic: Parameters<typeof read>[1]) {
  const reading = read(measure(cells, DRAIN).get(id)!, statistic);
  expect(reading.estimate).toBeNull();
  return reading as UnknownReading;
}

const convergence = (...held: ReturnType<typeof distribution>[]) =>
  held.map((one, i) => cell(i, { distributions: { proxySync: one } }));

describe('reading of a distribution', () => {
  const samples = ramp(400, 1 * SECOND, 3 * SECOND);

  it('gives the pooled mean and quantiles in seconds', () => {
    const cells = convergence(distribution(samples), distribution(samples));
    expect(known(cells, 'proxySync', 'mean').estimate.value).toBeCloseTo(2, 6);
    const p99 = known(cells, 'proxySync', P99);
    expect(p99.estimate.value).toBeCloseTo(2.98, 1);
    expect(p99.replications).toHaveLength(2);
  });

  it('is never narrower than the bucket, however alike the replications are', () => {
    const cells = convergence(distribution(samples), distribution(samples));
    const { estimate, resolution } = known(cells, 'proxySync', P99);
    expect(resolution).toBeGreaterThan(0.007);
    expect(estimate.high - estimate.low).toBeGreaterThanOrEqual(resolution * 0.999);
  });

  it('says when causes are too few for a quantile, however many samples there are', () => {
    const few = distribution(samples, { effective: 40 });
    const reading = unknown(convergence(few, few), 'proxySync', P99);
    expect(reading.reason).toBe('p99 needs at least 100 independent causes, there were 80');
    known(convergence(few, few), 'proxySync', { quantile: 0.95 });
  });

  it('ranks samples in flight beyond all others', () => {
    const open = distribution(samples, { censored: 2 });
    const with2 = known(convergence(open, open), 'proxySync', P99);
    const without = known(
      convergence(distribution(samples), distribution(samples)),
      'proxySync',
      P99,
    );
    expect(with2.estimate.value).toBeGreaterThan(without.estimate.value);
  });

  it('has only a lower bound, the drain, when the quantile is among samples in flight', () => {
    const open = distribution(samples, { censored: 40 });
    const reading = unknown(convergence(open, open), 'proxySync', P99);
    expect(reading.reason).toContain('among the 80 samples still in flight');
    expect(reading.atLeast).toBeCloseTo(60, 6);
    known(convergence(open, open), 'proxySync', { quantile: 0.9 });
  });

  it('has no interval when the quantile is in flight in one replication only', () => {
    const open = distribution(samples, { censored: 8 });
    const cells = convergence(open, ...Array(9).fill(distribution(samples)));
    expect(unknown(cells, 'proxySync', P99).reason).toContain('in some replications');
  });

  it('knows that samples in flight could raise the mean', () => {
    const cells = convergence(distribution(samples), distribution(samples, { censored: 1 }));
    expect(known(cells, 'proxySync', 'mean').openAbove).toBe(true);
  });

  it('gives the reason of the catalogue when nothing was recorded', () => {
    const reading = unknown([cell(0), cell(1)], 'nodeNetworkReady', P99);
    expect(reading).toEqual({
      estimate: null,
      reason: 'no node joined in the measured window',
      atLeast: null,
    });
  });
});

describe('reading of the Kubernetes SLI', () => {
  const slices = (samples: readonly number[]) => {
    const counts = Array<number>(SLI_BOUNDS_NS.length).fill(0);
    for (const ns of samples) counts[sliBucketOf(ns)]! += 1;
    return { bounds: SLI_BOUNDS, counts };
  };
  const cellsOf = (samples: readonly number[]) =>
    [0, 1].map((i) =>
      cell(i, {
        distributions: { networkProgramming: programming(samples) },
        buckets: { 'networkProgramming.sli': slices(samples) },
      }),
    );

  it('is the quantile that Prometheus would show', () => {
    // 1..2 s holds everything: p99 is 1.99 s by interpolation, wherever the samples lie in it.
    const reading = known(cellsOf(ramp(200, 1.1e9, 1.2e9)), 'networkProgramming.sli', P99);
    expect(reading.estimate.value).toBeCloseTo(1.99, 9);
    expect(reading.estimate).toMatchObject({ low: 1, high: 2 });
  });

  it('has a lower bound only beyond 300 seconds, where Prometheus would print 300', () => {
    const reading = unknown(cellsOf(ramp(200, 290e9, 400e9)), 'networkProgramming.sli', P99);
    expect(reading.reason).toBe('p99 lies beyond the last bucket: it is at least 300 s');
    expect(reading.atLeast).toBe(300);
  });

  it('has no mean', () => {
    const reading = unknown(cellsOf([SECOND]), 'networkProgramming.sli', 'mean');
    expect(reading.reason).toContain('networkProgramming.sli has quantiles only');
  });
});

describe('reading of a quotient', () => {
  const failed = (hits: number, requests = 1000) => ({
    quotients: {
      'request.failed': { numerator: wide(hits), denominator: wide(requests), effective: hits },
    },
  });

  it('scales a rate to one second', () => {
    const writes = { numerator: wide(1200), denominator: wide(60e9), effective: 1200 };
    const cells = [0, 1].map((i) => cell(i, { quotients: { 'etcd.writes': writes } }));
    expect(known(cells, 'etcd.writes', 'value').estimate).toMatchObject({
      value: 20,
      low: 20,
      high: 20,
    });
  });

  it('weighs replications by their denominators', () => {
    const cells = [cell(0, failed(1, 100)), cell(1, failed(1, 900))];
    expect(known(cells, 'request.failed', 'value').estimate.value).toBe(0.002);
  });

  it('bounds zero failures by the rule of three over all requests', () => {
    const cells = [cell(0, failed(0)), cell(1, failed(0))];
    const { estimate } = known(cells, 'request.failed', 'value');
    expect(estimate).toMatchObject({ value: 0, low: 0 });
    expect(estimate.high).toBeCloseTo(2.9957 / 2000, 6);
  });

  it('counts failures of one cause as one event', () => {
    const clustered = (effective: number) => {
      const held = { numerator: wide(50), denominator: wide(1000), effective };
      return [0, 1].map((i) => cell(i, { quotients: { 'request.failed': held } }));
    };
    const single = known(clustered(50), 'request.failed', 'value').estimate;
    const burst = known(clustered(2), 'request.failed', 'value').estimate;
    expect(burst.high - burst.low).toBeGreaterThan(2 * (single.high - single.low));
  });

  it('shows a cause only when a cell holds it', () => {
    const cause = { 'request.failed.noEndpoints': failed(3).quotients['request.failed'] };
    expect(measure([cell(0)], DRAIN).has('request.failed.noEndpoints')).toBe(false);
    expect(measure([cell(0, { quotients: cause })], DRAIN).has('request.failed.noEndpoints')).toBe(
      true,
    );
  });
});

describe('reading of an exposure', () => {
  const exposed = (hits: number, hitWindows: number, trials = 1e6, windows = 200) => ({
    exposures: { misdelivered: { hits, trials, windows, hitWindows, exposedNs: wide(1) } },
  });

  it('has the exact interval of the windows with a hit, not of the hits', () => {
    const { estimate } = known([cell(0, exposed(40, 4))], 'misdelivered', 'value');
    expect(estimate.value).toBe(40 / 1e6);
    // Garwood's bounds of 4 events at 95%: 1.0899 and 10.2416; ten hits each.
    expect(estimate.low).toBeCloseTo((1.0899 * 10) / 1e6, 9);
    expect(estimate.high).toBeCloseTo((10.2416 * 10) / 1e6, 9);
  });

  it('is zero with an upper bound when nothing was hit', () => {
    const { estimate } = known([cell(0, exposed(0, 0))], 'misdelivered', 'value');
    expect(estimate).toMatchObject({ value: 0, low: 0, confidence: 0.95 });
    expect(estimate.high).toBeCloseTo(2.9957e-6, 9);
  });

  it('has no value when no request was sent', () => {
    const reading = unknown([cell(0, exposed(0, 0, 0, 10))], 'misdelivered', 'value');
    expect(reading.reason).toMatch(/^nothing was at/);
  });

  it('is bounded but proves nothing when no window was open', () => {
    const reading = known([cell(0, exposed(0, 0, 1000, 0))], 'misdelivered', 'value');
    expect(reading.estimate.high).toBeCloseTo(2.9957e-3, 6);
    expect(reading.untested).toMatch(/^nothing was at/);
  });

  it('takes hits of windows that were not counted for one accident', () => {
    for (const windows of [0, 3]) {
      const { estimate } = known([cell(0, exposed(2, 0, 1e6, windows))], 'misdelivered', 'value');
      // Garwood's upper bound of one event at 95%: 5.5716.
      expect(estimate.high).toBeCloseTo((5.5716 * 2) / 1e6, 9);
    }
  });
});

describe('cells that contradict the catalogue', () => {
  it.each<[string, Partial<Cell>]>([
    ['an unknown metric', { distributions: { unheardOf: distribution([1]) } }],
    ['a metric of another kind', { distributions: { misdelivered: distribution([1]) } }],
    ['other stages', { distributions: { networkProgramming: distribution([1]) } }],
  ])('are a bug: %s', (_, parts) => {
    expect(() => measure([cell(0, parts)], DRAIN)).toThrow(InvariantError);
  });
});

it('says so when a statistic does not fit the metric', () => {
  const cells = convergence(distribution([1]));
  expect(unknown(cells, 'proxySync', 'value').reason).toContain('is a distribution');
  expect(unknown(cells, 'misdelivered', P99).reason).toContain('is one value');
});

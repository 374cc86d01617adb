import { describe, expect, it } from 'vitest';
import { InvariantError } from '../assert.ts';
import type { SloSpec } from '../experiment.ts';
import type { Cell } from '../metrics/cell.ts';
import {
  cell,
  distribution,
  PROGRAMMING_SLO,
  programming,
  ramp,
  SECOND,
  wide,
} from './cell-fixture.ts';
import { measure } from './measured.ts';
import { judge } from './slo.ts';

/** Three replications around `seconds`, `spread` apart. */
function replications(seconds: number, spread: number, censored = 0): Cell[] {
  return [-1, 0, 1].map((side, i) => {
    const centre = (seconds + side * spread) * SECOND;
    const samples = ramp(200, centre * 0.9, centre);
    return cell(i, { distributions: { networkProgramming: programming(samples, { censored }) } });
  });
}

const verdictOf = (cells: readonly Cell[], slo: Partial<SloSpec> = {}) =>
  judge({ ...PROGRAMMING_SLO, ...slo }, measure(cells, 60 * SECOND));

describe('verdict on an SLO', () => {
  it('holds when the whole interval is within the limit', () => {
    const result = verdictOf(replications(3, 0.1));
    expect(result).toMatchObject({ verdict: 'holds', basis: ['noise'], unit: 's' });
    expect(result.high).toBeLessThan(5);
  });

  it('fails when the whole interval is beyond the limit', () => {
    expect(verdictOf(replications(8, 0.1)).verdict).toBe('fails');
  });

  it('is inconclusive when the interval straddles the limit, on either side of it', () => {
    for (const seconds of [4.9, 5.1]) {
      const result = verdictOf(replications(seconds, 0.3));
      expect(result.verdict).toBe('inconclusive');
      expect(result.reason).toContain('straddles');
    }
  });

  it('is inconclusive, never holds, without samples', () => {
    const result = verdictOf([cell(0), cell(1)]);
    expect(result).toMatchObject({ verdict: 'inconclusive', basis: [] });
    expect(result.reason).toBe('no EndpointSlice was written in the measured window');
  });

  it('is inconclusive with one replication, however far the value is from the limit', () => {
    const result = verdictOf(replications(0.01, 0).slice(0, 1));
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain('one replication');
    expect(result.value).toBeGreaterThan(0);
  });

  it('fails when the quantile is in flight and the drain alone is beyond the limit', () => {
    const result = verdictOf(replications(3, 0.1, 50));
    expect(result).toMatchObject({ verdict: 'fails', low: 60 });
    expect(result.value).toBeUndefined();
    expect(result.reason).toContain('still in flight');
  });

  it('is inconclusive when the quantile is in flight and the drain is within the limit', () => {
    expect(verdictOf(replications(3, 0.1, 50), { limit: 90 }).verdict).toBe('inconclusive');
  });

  it('mentions samples in flight when it holds in spite of them', () => {
    const result = verdictOf(replications(3, 0.1, 1));
    expect(result.verdict).toBe('holds');
    expect(result.reason).toContain('3 samples were still in flight');
  });

  it('cannot hold on a mean that samples in flight could raise', () => {
    const cells = replications(3, 0.1, 1);
    const { quantile: _, ...onMean } = PROGRAMMING_SLO;
    const result = judge(onMean, measure(cells, 60 * SECOND));
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain('could raise the mean');
    expect(judge({ ...onMean, limit: 1 }, measure(cells, 60 * SECOND)).verdict).toBe('fails');
  });

  it('rests on the upper bound of zero for an exposure', () => {
    const exposures = {
      misdelivered: { hits: 0, trials: 1e6, windows: 50, hitWindows: 0, exposedNs: wide(1) },
    };
    const slo = { name: 'wrong', metric: 'misdelivered', gate: 'gate' } as const;
    const point = measure([cell(0, { exposures })], 0);
    expect(judge({ ...slo, limit: 1e-5 }, point).verdict).toBe('holds');
    expect(judge({ ...slo, limit: 1e-6 }, point).verdict).toBe('inconclusive');
  });

  it('is inconclusive for an exposure without a window, however low its bound', () => {
    const nothing = { hits: 0, trials: 1e9, windows: 0, hitWindows: 0, exposedNs: wide(0) };
    const slo = { name: 'wrong', metric: 'misdelivered', limit: 1e-5, gate: 'gate' } as const;
    const result = judge(slo, measure([cell(0, { exposures: { misdelivered: nothing } })], 0));
    expect(result.high).toBeGreaterThan(0);
    expect(result.high).toBeLessThan(slo.limit / 1000);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain('nothing was at risk');
    const tested = { ...nothing, windows: 1 };
    const one = measure([cell(0, { exposures: { misdelivered: tested } })], 0);
    expect(judge(slo, one).verdict).toBe('holds');
  });

  it('judges any quantile, not only the ones that are printed', () => {
    const cells = [0, 1].map((i) =>
      cell(i, { distributions: { podStartup: distribution(ramp(40, 1e9, 2e9)) } }),
    );
    expect(verdictOf(cells, { metric: 'podStartup', quantile: 0.95 })).toMatchObject({
      quantile: 0.95,
      verdict: 'holds',
    });
  });

  it('on an unknown metric is a bug', () => {
    expect(() => verdictOf([cell(0)], { metric: 'unheardOf' })).toThrow(InvariantError);
  });
});

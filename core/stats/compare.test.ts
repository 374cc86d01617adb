import { describe, expect, it } from 'vitest';
import { cell, wide } from './cell-fixture.ts';
import { compareVariants } from './compare.ts';
import { cellsAround, judgedAt, judgedFrom } from './judged-point-fixture.ts';

describe('comparison of variants', () => {
  it('sees a small difference through luck that both variants share', () => {
    const points = [judgedAt('iptables', 500, 4), judgedAt('ipvs', 500, 3.8)];
    const [found] = compareVariants(points, 'iptables');
    expect(found).toMatchObject({ baseline: 'iptables', variant: 'ipvs', statistic: 'p99' });
    expect(found!.significant).toBe(true);
    expect(found!.difference.value).toBeCloseTo(-0.2, 1);
    // Each p99 alone is known to a third of a second: unpaired, nothing could be said.
    expect(found!.detectable).toBeLessThan(0.1);
  });

  it('finds no difference between equals, and says what it could have seen', () => {
    const points = [judgedAt('iptables', 500, 4), judgedAt('ipvs', 500, 4)];
    const [found] = compareVariants(points, 'iptables');
    expect(found).toMatchObject({ significant: false, difference: { value: 0 } });
    expect(found!.detectable).toBeGreaterThan(0.01);
  });

  it('is blind to a difference that changes from replication to replication', () => {
    const other = judgedFrom('ipvs', 500, cellsAround(4, [1.2, 0.9, 1]));
    const [found] = compareVariants([judgedAt('iptables', 500, 4), other], 'iptables');
    expect(found!.significant).toBe(false);
  });

  it('pairs by the number of the replication, not by its place', () => {
    const other = judgedFrom('ipvs', 500, cellsAround(3.8).reverse());
    const [found] = compareVariants([judgedAt('iptables', 500, 4), other], 'iptables');
    expect(found!.detectable).toBeLessThan(0.1);
  });

  it('compares the same point only', () => {
    const points = [judgedAt('iptables', 500, 4), judgedAt('ipvs', 1000, 1)];
    expect(compareVariants(points, 'iptables')).toEqual([]);
  });

  it('says nothing with one replication', () => {
    const one = (variant: string) => judgedFrom(variant, 500, cellsAround(4).slice(0, 1));
    expect(compareVariants([one('iptables'), one('ipvs')], 'iptables')).toEqual([]);
  });

  it('does not take two zeros for equal', () => {
    const clean = { hits: 0, trials: 1e6, windows: 9, hitWindows: 0, exposedNs: wide(1) };
    const cells = [0, 1, 2].map((i) => cell(i, { exposures: { misdelivered: clean } }));
    const points = ['iptables', 'ipvs'].map((variant) => judgedFrom(variant, 500, cells));
    const [found] = compareVariants(points, 'iptables');
    expect(found).toMatchObject({ metric: 'misdelivered', significant: false, statistic: 'value' });
    expect(found!.detectable).toBeCloseTo(2.9957 / 3e6, 9);
  });
});

import { describe, expect, test } from 'vitest';
import { iptablesRules } from './iptables.ts';
import { iptablesLegacy } from './iptables-legacy.ts';
import { iptablesNft } from './iptables-nft.ts';
import { counts, eraFor, off, programming, work } from './testing.ts';

describe('rules of plain ClusterIP Services', () => {
  test('agree with the counts of the upstream test of the 1.26 era', () => {
    const rules = (services: number, each: number, empty = 0) => {
      const { filter, nat } = iptablesRules(counts(services, each, empty), eraFor('1.26'));
      return [filter.rules, nat.rules];
    };
    expect(rules(0, 0)).toEqual([3, 5]);
    expect(rules(1, 0, 1)).toEqual([4, 5]);
    expect(rules(1, 1)).toEqual([3, 10]);
    expect(rules(1, 10)).toEqual([3, 37]);
    expect(rules(10, 10)).toEqual([3, 325]);
  });

  test('agree with the totals of the upstream test of partial syncs (1.33 era)', () => {
    const rules = (services: number, empty: number) => {
      const { filter, nat } = iptablesRules(counts(services, 1, empty), eraFor('1.33'));
      return [filter.rules, nat.rules];
    };
    expect(rules(2, 0)).toEqual([4, 15]);
    expect(rules(3, 0)).toEqual([4, 20]);
    expect(rules(3, 1)).toEqual([5, 15]);
    expect(iptablesNft.kernelRules(eraFor('1.33'), counts(3, 1, 1))).toBe(20);
  });

  test('have one chain per Service and per endpoint', () => {
    const { filter, nat } = iptablesRules(counts(10, 3, 2), eraFor('1.34'));
    expect([filter.chains, nat.chains]).toEqual([6, 4 + 8 + 24]);
  });
});

describe('syncs', () => {
  const small = counts(100, 2);
  const large = counts(1000, 2);
  const HOUR = 3600e9;

  test('are full every time before 1.27 and by age after', () => {
    expect(iptablesNft.fullSyncAfterNs(eraFor('1.26'), small)).toBe(0);
    expect(iptablesNft.fullSyncAfterNs(eraFor('1.34'), large)).toBe(HOUR);
  });

  test('are never full by age in large clusters from 1.35 on', () => {
    expect(iptablesNft.fullSyncAfterNs(eraFor('1.35'), large)).toBe(Infinity);
    expect(iptablesNft.fullSyncAfterNs(eraFor('1.35'), small)).toBe(HOUR);
  });

  test('list the kernel each time up to 1,000 endpoints, then once per syncPeriod', () => {
    const listsAfterNs = (size: typeof small) =>
      iptablesNft.listsAfterNs(eraFor('1.34'), size, 30e9);
    expect(listsAfterNs(counts(500, 2))).toBe(0);
    expect(listsAfterNs(large)).toBe(30e9);
  });

  test('cost more when they list, are full, or carry more changes', () => {
    for (const model of [iptablesLegacy, iptablesNft]) {
      const plain = programming(model, work(large));
      expect(programming(model, work(large, { lists: true })).buildNs).toBeGreaterThan(
        plain.buildNs,
      );
      expect(programming(model, work(large, { full: true })).cpuNs).toBeGreaterThan(plain.cpuNs);
      const ten = work(large, { changedServicePorts: 10, changedEndpoints: 20 });
      expect(programming(model, ten).kernelNs).toBeGreaterThan(plain.kernelNs);
      expect(programming(model, ten).buildNs).toBe(plain.buildNs);
    }
  });

  test('build their input at 9.3 us an endpoint', () => {
    expect(programming(iptablesNft, work(large)).buildNs).toBe(2000 * 9300);
  });
});

/** Measured wall milliseconds by S and E. */
type Row = readonly [services: number, each: number, ms: number];

function expectKernelTimes(
  model: typeof iptablesNft,
  change: { initial?: boolean; full?: boolean },
  rows: readonly Row[],
  tolerance: number,
): void {
  for (const [services, each, ms] of rows) {
    const { kernelNs } = programming(
      model,
      work(counts(services, each), { ...change, changedEndpoints: each }),
    );
    expect(Math.abs(off(kernelNs, ms * 1e6)), `${services} x ${each}: ${ms} ms`).toBeLessThan(
      tolerance,
    );
  }
}

describe('programming reproduces the measured wall-clock times', () => {
  test('iptables-legacy, first load', () => {
    expectKernelTimes(
      iptablesLegacy,
      { initial: true },
      [
        [1, 2, 5],
        [100, 2, 8.8],
        [1000, 2, 43.1],
        [5000, 2, 291],
        [20000, 2, 1962],
        [100, 10, 22.4],
        [1000, 10, 206],
        [5000, 10, 1835],
        [20000, 10, 27148],
      ],
      0.16,
    );
  });

  test('iptables-legacy, full and partial restores', () => {
    expectKernelTimes(
      iptablesLegacy,
      { full: true },
      [
        [100, 2, 7.3],
        [1000, 2, 64.5],
        [5000, 2, 412],
        [20000, 2, 2184],
        [1000, 10, 278],
        [5000, 10, 2068],
        [20000, 10, 18798],
      ],
      0.15,
    );
    expectKernelTimes(
      iptablesLegacy,
      {},
      [
        [1, 2, 3.3],
        [100, 2, 5.6],
        [1000, 2, 41.1],
        [5000, 2, 217],
        [20000, 2, 967],
        [100, 10, 10],
        [1000, 10, 149],
        [5000, 10, 813],
        [20000, 10, 3712],
      ],
      0.17,
    );
  });

  test('iptables-nft, first load, beyond the cliff of its chains too', () => {
    expectKernelTimes(
      iptablesNft,
      { initial: true },
      [
        [1, 2, 4.2],
        [100, 2, 15.4],
        [1000, 2, 285],
        [5000, 2, 7508],
        [100, 10, 63.7],
        [1000, 10, 3687],
        [2000, 10, 45000],
        [10000, 2, 92000],
      ],
      0.2,
    );
  });

  test('iptables-nft, full and partial restores, asleep included', () => {
    expectKernelTimes(
      iptablesNft,
      { full: true },
      [
        [1, 2, 27.3],
        [100, 2, 39.8],
        [1000, 2, 314],
        [5000, 2, 7249],
        [100, 10, 83],
        [1000, 10, 3630],
      ],
      0.15,
    );
    expectKernelTimes(
      iptablesNft,
      {},
      [
        [1, 2, 35.5],
        [100, 2, 34.5],
        [1000, 2, 55.6],
        [5000, 2, 204],
        [1, 10, 31.7],
        [100, 10, 31],
        [1000, 10, 59.5],
      ],
      0.2,
    );
  });
});

import { describe, expect, test } from 'vitest';
import { nftables, nftablesObjects } from './nftables.ts';
import { counts, eraFor, off, programming, work } from './testing.ts';

describe('objects of plain ClusterIP Services', () => {
  test('are 1 + E chains, 2 + 2E rules and 2 elements each, up to 1.35', () => {
    expect(nftablesObjects(counts(10, 3), eraFor('1.35'))).toEqual({
      chains: 16 + 40,
      rules: 23 + 80,
      elements: 20,
      anonymousElements: 30,
    });
  });

  test('have no endpoint chains in the later layout', () => {
    const { chains, rules } = nftablesObjects(counts(10, 3), eraFor('1.37'));
    expect([chains, rules]).toEqual([16 + 10, 23 + 20]);
  });

  test('are elements only for a Service without endpoints, as kernelRules says', () => {
    expect(nftables.kernelRules(eraFor('1.34'), counts(5, 0, 5))).toBe(23);
  });
});

test('full syncs happen each time before partial sync, then hourly', () => {
  expect(nftables.fullSyncAfterNs(eraFor('1.32'), counts(1, 1))).toBe(0);
  expect(nftables.fullSyncAfterNs(eraFor('1.34'), counts(1, 1))).toBe(3600e9);
});

/** Measured wall milliseconds by S and E: first load, add, delete, change one. */
const MEASURED: readonly (readonly number[])[] = [
  [1, 2, 4.8, 4, 15, 15.5],
  [100, 2, 15.6, 5.2, 14.6, 15.5],
  [1000, 2, 196, 10.3, 16.2, 18.7],
  [5000, 2, 4905, 47.6, 47.7, 56.7],
  [20000, 2, 90118, 370, 283, 360],
  [1, 10, 5, 4.3, 16.1, 15.5],
  [100, 10, 42.6, 5.4, 14.1, 15.6],
  [1000, 10, 811, 23.9, 27.2, 38.7],
  [5000, 10, 15163, 265, 202, 271],
];

describe('programming reproduces the measured wall-clock times', () => {
  const tolerance = 0.2;
  const near = (kernelNs: number, ms: number, what: string) =>
    expect(Math.abs(off(kernelNs, ms * 1e6)), what).toBeLessThan(tolerance);

  test('within a fifth, from 1 to 20,000 Services', () => {
    for (const [services, each, load, add, remove, change] of MEASURED) {
      const size = counts(services!, each!);
      const what = `${services} x ${each}`;
      const one = { changedServicePorts: 1, changedEndpoints: each! };
      near(programming(nftables, work(size, { initial: true })).kernelNs, load!, `${what} load`);
      near(programming(nftables, work(size, one)).kernelNs, add!, `${what} add`);
      near(
        programming(nftables, work(size, { ...one, deletes: true })).kernelNs,
        change!,
        `${what} change`,
      );
      near(
        programming(nftables, work(size, { ...one, changedEndpoints: 0, deletes: true })).kernelNs,
        remove!,
        `${what} delete`,
      );
    }
  });

  test('for 500 Services at once into a table that holds thousands', () => {
    const chunk = { changedServicePorts: 500, changedEndpoints: 1000 };
    near(programming(nftables, work(counts(5000, 2), chunk)).cpuNs, 407, '5,000');
    near(programming(nftables, work(counts(20000, 2), chunk)).cpuNs, 1780, '20,000');
  });

  test('to a factor of two for a full sync of 44,125 Services (issue #139513: 16 m 44 s)', () => {
    const size = { ...counts(44125, 1), endpoints: 44152 };
    const minutes = programming(nftables, work(size, { full: true }), '1.35').kernelNs / 60e9;
    expect(minutes).toBeGreaterThan(16.7 / 2);
    expect(minutes).toBeLessThan(16.7 * 2);
  });
});

test('sleeping costs no CPU time', () => {
  const size = counts(100, 2);
  const asleep = programming(nftables, work(size, { deletes: true }));
  const awake = programming(nftables, work(size));
  expect(asleep.cpuNs).toBe(awake.cpuNs);
  expect(asleep.kernelNs - asleep.cpuNs).toBeGreaterThan(10e6);
});

import { describe, expect, test } from 'vitest';
import { ebpf, ebpfEntries } from './ebpf.ts';
import { ipvs, ipvsEntries } from './ipvs.ts';
import { counts, eraFor, programming, work } from './testing.ts';

describe('ipvs', () => {
  test('has one virtual server per service port and one real server per endpoint', () => {
    expect(ipvsEntries(counts(10, 3, 2))).toEqual({
      virtualServers: 10,
      realServers: 24,
      ipsetEntries: 10,
      dummyAddresses: 10,
    });
    expect(ipvs.kernelRules(eraFor('1.34'), counts(10, 3, 2))).toBe(34);
  });

  test('walks all Services in every sync, changed or not', () => {
    const idle = { changedServicePorts: 0, changedEndpoints: 0 };
    const ten = programming(ipvs, work(counts(1000, 2), idle)).kernelNs;
    const hundred = programming(ipvs, work(counts(10000, 2), idle)).kernelNs;
    expect(hundred / ten).toBeCloseTo(10, 5);
    expect(ipvs.forcedSyncNs(eraFor('1.34'), 30e9)).toBe(30e9);
  });
});

describe('ebpf', () => {
  test('has 1 + E entries per service port besides the backends', () => {
    expect(ebpfEntries(counts(10, 3))).toEqual({ services: 40, backends: 30 });
    expect(ebpf.kernelRules(eraFor('1.34'), counts(10, 3))).toBe(70);
  });

  test('programs a change at a cost that does not depend on the other Services', () => {
    expect(programming(ebpf, work(counts(20000, 2)))).toEqual(
      programming(ebpf, work(counts(1, 2))),
    );
    expect(ebpf.forcedSyncNs(eraFor('1.34'), 30e9)).toBe(0);
  });
});

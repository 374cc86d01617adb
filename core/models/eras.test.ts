import { expect, test } from 'vitest';
import { ERAS, eraOf, knownVersions } from './eras.ts';

test('knows the releases from 1.25 to 1.37 and no other', () => {
  expect(knownVersions[0]).toBe('1.25');
  expect(knownVersions.at(-1)).toBe('1.37');
  expect(eraOf('1.24')).toBeUndefined();
  expect(eraOf('toString')).toBeUndefined();
  for (const version of knownVersions) expect(eraOf(version)?.version).toBe(version);
});

const since = (holds: (version: string) => boolean) => knownVersions.find(holds);

test('switches behaviour at the releases of the fact sheet', () => {
  expect(since((v) => ERAS[v]!.iptablesPartialSync)).toBe('1.27');
  expect(since((v) => ERAS[v]!.runner === 'gap')).toBe('1.34');
  expect(since((v) => ERAS[v]!.nftables === 'alpha')).toBe('1.29');
  expect(since((v) => ERAS[v]!.nftables === 'beta')).toBe('1.31');
  expect(since((v) => ERAS[v]!.nftables === 'stable')).toBe('1.33');
  expect(since((v) => ERAS[v]!.nftablesPartialSync)).toBe('1.33');
  expect(since((v) => ERAS[v]!.terminatingEndpoints)).toBe('1.26');
  expect(since((v) => ERAS[v]!.iptablesFirewallClosingRule)).toBe('1.27');
  expect(since((v) => ERAS[v]!.iptablesLocalhostNodePortRules === 2)).toBe('1.33');
  expect(since((v) => ERAS[v]!.trafficDistributions.includes('PreferClose'))).toBe('1.31');
  expect(since((v) => ERAS[v]!.trafficDistributions.includes('PreferSameNode'))).toBe('1.34');
  expect(since((v) => !ERAS[v]!.nftablesEndpointChains)).toBe('1.36');
  expect(since((v) => !ERAS[v]!.iptablesHourlyFullSyncInLargeClusters)).toBe('1.35');
});

/** Memory of the models against what was measured (4-mem) and published. */
import { describe, expect, test } from 'vitest';
import { ipvs } from './ipvs.ts';
import { proxyModel, proxyModelIds } from './registry.ts';
import { counts, eraFor, off, read } from './testing.ts';

const MiB = 2 ** 20;

/** Bytes a Service port more takes, of `each` endpoints, on the two CPUs of the measurements. */
function ofService(id: string, each: number): number {
  const model = proxyModel(id);
  const bytes = (services: number) =>
    model.kernelMemory(read, eraFor('1.34'), counts(services, each), 2);
  return (bytes(2000) - bytes(1000)) / 1000;
}

describe('kernel memory of a Service', () => {
  test.each([
    ['iptables-legacy', 2, 98568 + 3184 + 6968, 20000],
    ['iptables-legacy', 10, 405252 + 19344 + 31752, 20000],
    ['iptables-nft', 2, 39480, 5000],
    ['iptables-nft', 10, 31612, 1000],
    ['nftables', 2, 78112, 20000],
    ['nftables', 10, 57388, 5000],
  ])('%s with %i endpoints is as measured, within a tenth', (id, each, kib, services) => {
    expect(Math.abs(off(ofService(id, each), (kib * 1024) / services))).toBeLessThan(0.1);
  });

  test('grows with the cores in iptables-legacy, by the counters of each rule', () => {
    const { kernelMemory } = proxyModel('iptables-legacy');
    const bytes = (cores: number) => kernelMemory(read, eraFor('1.34'), counts(1000, 2), cores);
    expect(bytes(64) / bytes(2)).toBeGreaterThan(2);
  });

  test('is room for all there may ever be in ebpf, and a matter of servers in ipvs', () => {
    const { kernelMemory } = proxyModel('ebpf');
    expect(kernelMemory(read, eraFor('1.34'), counts(1, 1), 4)).toBe(
      kernelMemory(read, eraFor('1.34'), counts(10000, 5), 4),
    );
    expect(ipvs.kernelMemory(read, eraFor('1.34'), counts(0, 0), 4)).toBe(0);
    expect(ofService('ipvs', 2)).toBeGreaterThan(ofService('ipvs', 1));
  });
});

describe('memory of the proxy', () => {
  test('in nftables mode is as published for 10,000 Services with 2 endpoints (PR #126013)', () => {
    const { proxyMemory } = proxyModel('nftables');
    const size = counts(10000, 2);
    expect(Math.abs(off(proxyMemory(read, eraFor('1.33'), size), 260 * MiB))).toBeLessThan(0.05);
    expect(Math.abs(off(proxyMemory(read, eraFor('1.32'), size), 650 * MiB))).toBeLessThan(0.05);
  });

  test.each(proxyModelIds)('of %s grows with Services and with endpoints', (id) => {
    const bytes = (services: number, each: number) =>
      proxyModel(id).proxyMemory(read, eraFor('1.34'), counts(services, each));
    expect(bytes(2000, 1)).toBeGreaterThan(bytes(1000, 1));
    expect(bytes(1000, 2)).toBeGreaterThan(bytes(1000, 1));
  });
});

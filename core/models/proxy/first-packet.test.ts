import { describe, expect, test } from 'vitest';
import { ebpf } from './ebpf.ts';
import { iptablesLegacy } from './iptables-legacy.ts';
import { iptablesNft } from './iptables-nft.ts';
import { nftables } from './nftables.ts';
import type { ProxyModel } from './proxy-model.ts';
import { counts, establishedNs, firstPacketNs, off } from './testing.ts';

const HOT = 0.15;
const COLD = 0.2;

/** Measured microseconds by services S and rules walked, E = 2. */
type Row = readonly [services: number, walked: number, us: number];

function expectFirstPackets(model: ProxyModel, rows: readonly Row[], cold: 0 | 1): void {
  for (const [services, walked, us] of rows) {
    const ns = firstPacketNs(model, counts(services, 2), walked, 2, cold);
    expect(Math.abs(off(ns, us * 1000)), `S=${services} at ${walked}, ${us} us`).toBeLessThan(
      cold ? COLD : HOT,
    );
  }
}

describe('first packets reproduce the measured tables', () => {
  test('iptables-legacy, first, middle and last of S Services', () => {
    expectFirstPackets(
      iptablesLegacy,
      [
        [1, 1, 2.77],
        [100, 1, 2.69],
        [100, 50, 2.92],
        [100, 100, 3.15],
        [1000, 1, 2.75],
        [1000, 500, 4.85],
        [1000, 1000, 6.82],
        [5000, 1, 2.83],
        [5000, 2500, 13.2],
        [5000, 5000, 23.6],
        [20000, 20000, 411],
      ],
      0,
    );
    expectFirstPackets(
      iptablesLegacy,
      [
        [1, 1, 9.84],
        [100, 100, 12.3],
        [1000, 1000, 30.5],
        [5000, 5000, 114],
        [20000, 20000, 417],
      ],
      1,
    );
  });

  test('iptables-legacy, a cliff between 8,000 and 12,000 rules when hot and none when cold', () => {
    expectFirstPackets(
      iptablesLegacy,
      [
        [20000, 1, 2.94],
        [20000, 1001, 6.93],
        [20000, 2001, 11],
        [20000, 4001, 19.2],
        [20000, 8001, 42.2],
        [20000, 10001, 154],
        [20000, 16001, 331],
        [20000, 20000, 422],
      ],
      0,
    );
    expectFirstPackets(
      iptablesLegacy,
      [
        [20000, 1, 9.27],
        [20000, 1001, 28.8],
        [20000, 4001, 89],
        [20000, 8001, 152],
        [20000, 10001, 212],
        [20000, 16001, 335],
        [20000, 20000, 416],
      ],
      1,
    );
  });

  test('iptables-nft, a walk over rules of the same protocol', () => {
    expectFirstPackets(
      iptablesNft,
      [
        [1, 1, 3.15],
        [100, 1, 3.25],
        [100, 100, 4.05],
        [20000, 1, 3.61],
        [20000, 1001, 12.5],
        [20000, 2001, 21.5],
        [20000, 4001, 39.2],
        [20000, 8001, 77.6],
        [20000, 10001, 101],
        [20000, 16001, 168],
        [20000, 20000, 211],
      ],
      0,
    );
    expectFirstPackets(
      iptablesNft,
      [
        [1, 1, 11.8],
        [100, 100, 14.4],
        [1000, 1000, 29.1],
        [5000, 5000, 79.8],
        [20000, 1001, 23.1],
        [20000, 2001, 33.5],
        [20000, 4001, 50.3],
        [20000, 8001, 92.4],
        [20000, 10001, 114],
        [20000, 16001, 174],
        [20000, 20000, 216],
      ],
      1,
    );
  });

  test('iptables-nft, TCP connects by S grow as the walk does', () => {
    const connectUs = { 1: 9.34, 1000: 19.1, 5000: 55.6 };
    const first = firstPacketNs(iptablesNft, counts(1, 2), 1, 2, 0);
    for (const services of [1000, 5000] as const) {
      const walk = firstPacketNs(iptablesNft, counts(services, 2), services, 2, 0) - first;
      expect(Math.abs(off(walk, 1000 * (connectUs[services] - connectUs[1])))).toBeLessThan(HOT);
    }
  });

  test('nftables and eBPF do not depend on the number of Services', () => {
    const hot = { nftables: [2.69, 2.69, 2.69, 2.48, 2.39], ebpf: [2.36, 2.21, 2.25, 2.02, 2.08] };
    const cold = { nftables: [9.66, 9.78, 10.2, 11.5, 9.05], ebpf: [7.7, 7.94, 8.49, 8.06, 8.93] };
    [1, 100, 1000, 5000, 20000].forEach((services, i) => {
      expectFirstPackets(nftables, [[services, services, hot.nftables[i]!]], 0);
      expectFirstPackets(nftables, [[services, services, cold.nftables[i]!]], 1);
      expectFirstPackets(ebpf, [[services, services, hot.ebpf[i]!]], 0);
      expectFirstPackets(ebpf, [[services, services, cold.ebpf[i]!]], 1);
    });
  });

  test('endpoint selection is linear in iptables and nearly free in nftables', () => {
    const measured: [ProxyModel, number[]][] = [
      [iptablesLegacy, [2.81, 2.74, 3.01, 8.65, 24.1]],
      [iptablesNft, [3.23, 3.33, 3.67, 14.5, 46.3]],
      [nftables, [2.66, 2.7, 2.66, 2.88, 3.17]],
    ];
    for (const [model, row] of measured) {
      [1, 2, 10, 250, 1000].forEach((each, i) => {
        const ns = firstPacketNs(model, counts(1, each), 1, each, 0);
        expect(Math.abs(off(ns, row[i]! * 1000)), `${model.title} E=${each}`).toBeLessThan(HOT);
      });
    }
  });
});

test('established packets reproduce the measured table', () => {
  const measured: [ProxyModel, number[], number][] = [
    [iptablesLegacy, [1.63, 1.66, 1.63, 1.68], 6],
    [iptablesNft, [1.69, 1.81, 1.75, 1.66], 6.7],
    [nftables, [1.5, 1.54, 1.54, 1.35, 1.39], 5.5],
    [ebpf, [1.11, 1.15, 1.22, 1.21, 1.25], 4.8],
  ];
  for (const [model, row, coldUs] of measured) {
    row.forEach((us, i) => {
      const ns = establishedNs(model, counts([1, 100, 1000, 5000, 20000][i]!, 2), 0);
      expect(Math.abs(off(ns, us * 1000)), `${model.title} #${i}`).toBeLessThan(HOT);
    });
    const cold = establishedNs(model, counts(100, 2), 1);
    expect(Math.abs(off(cold, coldUs * 1000)), `${model.title} cold`).toBeLessThan(COLD);
  }
});

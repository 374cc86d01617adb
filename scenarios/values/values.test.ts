import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidr, cidrFix, formatCidr, overlap } from './cidr.ts';
import { durationFix, durationNs, formatDuration } from './duration.ts';
import { quantity } from './quantity.ts';
import { bandwidthFix, bytesPerSecond, rateFix, ratePerSecond } from './rate.ts';
import { share } from './share.ts';

describe('durations', () => {
  it.each([
    ['0s', 0],
    ['200us', 200_000],
    ['1m30s', 90e9],
    ['1.5h', 5400e9],
    ['1h2m3.5s', 3_723_500_000_000],
    ['1µs', 1000],
  ])('reads %s as Go does', (text, ns) => {
    expect(durationNs(text)).toBe(ns);
  });

  it.each(['', '5', '30 sec', '1d', '-1s', '1s ', '.5s', '1e3s', '1 s', 's', '99999999999h'])(
    'refuses %j',
    (text) => {
      expect(durationNs(text)).toBeUndefined();
    },
  );

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (ns) => {
        expect(durationNs(formatDuration(ns))).toBe(ns);
      }),
    );
  });

  it.each([
    [30, '30s'],
    ['30 sec', '30s'],
    ['5 minutes', '5m'],
    ['2d', '48h'],
    ['10msec', '10ms'],
    ['soon', '30s'],
  ])('knows what %j was meant to be', (found, fix) => {
    expect(durationFix(found)).toBe(fix);
  });

  it('offers only fixes that are durations', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer({ min: 0, max: 10_000 })), (found) => {
        expect(durationNs(durationFix(found))).toBeTypeOf('number');
      }),
    );
  });
});

describe('quantities', () => {
  it.each([
    ['500m', 0.5],
    ['10Gi', 10 * 2 ** 30],
    ['10G', 1e10],
    ['1e3', 1000],
    ['1.5Ki', 1536],
    [8, 8],
  ])('reads %j as Kubernetes does', (found, value) => {
    expect(quantity(found)).toBe(value);
  });

  it.each(['10GB', '10 Gi', 'Gi', '', '-1', '1gi'])('refuses %j', (text) => {
    expect(quantity(text)).toBeUndefined();
  });
});

describe('rates and bandwidths', () => {
  it.each([
    ['120/s', 120],
    ['0.2/s', 0.2],
    ['30/m', 0.5],
    ['7200/h', 2],
  ])('reads the rate %s', (text, perSecond) => {
    expect(ratePerSecond(text)).toBeCloseTo(perSecond, 12);
  });

  it.each([
    ['1.25GB/s', 1.25e9],
    ['10Gbit/s', 1.25e9],
    ['800bit/s', 100],
  ])('reads the bandwidth %s', (text, bytes) => {
    expect(bytesPerSecond(text)).toBe(bytes);
  });

  it('refuses what has no unit', () => {
    expect([ratePerSecond('120'), bytesPerSecond('10Gbps'), bytesPerSecond('1.25GB')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([rateFix('120 rps'), bandwidthFix('10 Gbps'), bandwidthFix(1)]).toEqual([
      '120/s',
      '10Gbit/s',
      '1GB/s',
    ]);
  });

  it('reads shares as numbers or percentages', () => {
    expect([share(0.25), share('25%'), share('120%'), share('x')]).toEqual([
      0.25,
      0.25,
      undefined,
      undefined,
    ]);
  });
});

describe('address ranges', () => {
  it('reads a range', () => {
    expect(cidr('10.0.0.0/11')).toEqual({ base: 10 * 2 ** 24, bits: 11, size: 2 ** 21 });
    expect(cidr('255.255.255.255/32')?.base).toBe(2 ** 32 - 1);
  });

  it.each(['10.0.0.1/8', '10.0.0.0/33', '300.0.0.0/8', '010.0.0.0/8', 'fd00::/8', '10.0.0.0'])(
    'refuses %s',
    (text) => {
      expect(cidr(text)).toBeUndefined();
    },
  );

  it('writes what it reads, and removes host bits as a fix', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 32 }), (address, bits) => {
        const fixed = cidrFix(formatCidr(address, bits));
        const range = cidr(fixed)!;
        expect(formatCidr(range.base, range.bits)).toBe(fixed);
        expect(range.base <= address && address < range.base + range.size).toBe(true);
      }),
    );
  });

  it('says whether two ranges share an address', () => {
    expect(overlap(cidr('10.0.0.0/8')!, cidr('10.96.0.0/12')!)).toBe(true);
    expect(overlap(cidr('10.0.0.0/9')!, cidr('10.128.0.0/9')!)).toBe(false);
  });
});

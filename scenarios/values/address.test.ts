import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, isStrictlyInside, parseAddress, parseRange } from './address.ts';

describe('addresses', () => {
  it('are numbers of 32 or 128 bits, and texts again', () => {
    expect(parseAddress('10.0.1.2')).toEqual({ family: 4, value: 0x0a000102n });
    expect(parseAddress('fd00::1')).toEqual({ family: 6, value: (0xfd00n << 112n) + 1n });
    const any = fc.oneof(
      fc.ipV4(),
      fc
        .bigInt({ min: 1n << 64n, max: (1n << 128n) - 1n })
        .map((value) => addressText({ family: 6, value })),
    );
    fc.assert(
      fc.property(any, (text) => {
        expect(addressText(parseAddress(text)!)).toBe(text);
      }),
    );
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1.',
    '10.0.0.1.1',
    ' 10.0.0.1',
    '0x0a.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    'g::1',
    '::1::',
    '10.0.0.0/8',
  ])('are not %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('ranges', () => {
  it('begin where their prefix does, whatever host bits are written', () => {
    expect(parseRange('10.10.1.12/24')).toMatchObject({ first: 0x0a0a0100n, last: 0x0a0a01ffn });
    expect(parseRange('0.0.0.0/0')).toMatchObject({ first: 0n, last: (1n << 32n) - 1n });
    expect(parseRange('::/0')).toMatchObject({ family: 6, first: 0n, last: (1n << 128n) - 1n });
    expect(parseRange('10.0.0.1/32')).toMatchObject({ first: 0x0a000001n, last: 0x0a000001n });
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '/8',
  ])('are not %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('lie strictly inside another of the same family only', () => {
    const inside = (a: string, b: string) => isStrictlyInside(parseRange(a)!, parseRange(b)!);
    expect(inside('10.1.0.0/16', '10.0.0.0/8')).toBe(true);
    expect(inside('10.0.0.0/8', '10.0.0.0/8')).toBe(false);
    expect(inside('10.0.0.0/7', '10.0.0.0/8')).toBe(false);
    expect(inside('11.0.0.0/16', '10.0.0.0/8')).toBe(false);
    expect(inside('::/8', '0.0.0.0/0')).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts keys at every depth and writes no white space', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: 'x', B: true })).toBe(
      '{"B":true,"a":"x","b":[{"a":null,"z":1}]}',
    );
  });

  it('sorts keys by code units and not as numbers or by locale', () => {
    expect(canonicalJson({ 10: 0, 9: 0, é: 0, f: 0 })).toBe('{"10":0,"9":0,"f":0,"é":0}');
  });

  it('treats an undefined property as absent', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it('writes negative zero as zero', () => {
    expect(canonicalJson(-0)).toBe('0');
  });

  it.each([
    [{ a: [1, Number.NaN] }, '$.a[1]: JSON has no NaN'],
    [{ a: Number.POSITIVE_INFINITY }, '$.a: JSON has no Infinity'],
    [[undefined], '$[0]: JSON has no undefined'],
    [new Array(1), '$[0]: JSON has no undefined'],
    [{ when: new Date(0) }, '$.when: JSON has no Date'],
    [new Float64Array(1), '$: JSON has no Float64Array'],
    [new Map(), '$: JSON has no Map'],
    [{ f: () => 1 }, '$.f: JSON has no function'],
    [1n, '$: JSON has no bigint'],
  ])('rejects what JSON cannot say: %o', (value, message) => {
    expect(() => canonicalJson(value)).toThrow(new TypeError(message));
  });

  it('is JSON, and a function of the value alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const parsed: unknown = JSON.parse(text);
        expect(parsed).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(parsed)).toBe(text);
      }),
    );
  });
});

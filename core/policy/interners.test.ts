/** Interners against what they are: one number for each distinct thing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListInterner, PairInterner, TextInterner } from './interners.ts';

/** Dense numbers in the order of first sight. */
function numbered(texts: readonly string[], first = 0): number[] {
  const distinct = [...new Set(texts)];
  return texts.map((text) => first + distinct.indexOf(text));
}

describe('pairs', () => {
  it('have dense numbers in the order of first sight, and are found by them', () => {
    const pair = fc.tuple(fc.nat(5), fc.nat(5));
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const interner = new PairInterner();
        const ids = pairs.map(([first, second]) => interner.intern(first, second));
        expect(ids).toEqual(numbered(pairs.map((one) => one.join())));
        expect(interner.size).toBe(new Set(ids).size);
        expect(ids.map((id) => [interner.first(id), interner.second(id)])).toEqual(pairs);
      }),
    );
  });
});

describe('lists', () => {
  it('are one whatever their order and repetitions, and come back sorted', () => {
    const interner = new ListInterner();
    const id = interner.intern([10, 9, 1]);
    expect(interner.intern([1, 9, 10, 9])).toBe(id);
    expect([...interner.get(id)]).toEqual([1, 9, 10]);
    expect(interner.intern([1, 9])).not.toBe(id);
    // Digits that join to the same text are not the same list.
    expect(interner.intern([1, 910])).not.toBe(interner.intern([19, 10]));
  });

  it('begin with the empty one as 0', () => {
    const interner = new ListInterner();
    expect(interner.intern([7])).toBe(1);
    expect(interner.intern([])).toBe(0);
    expect([...interner.get(0)]).toEqual([]);
    expect(interner.size).toBe(2);
  });
});

describe('texts', () => {
  it('have dense numbers in the order of first sight, from 0 again once cleared', () => {
    const interner = new TextInterner();
    const texts = ['', 'constructor', '', '__proto__', 'constructor'];
    const ids = () => texts.map((text) => interner.intern(text));
    expect(ids()).toEqual(numbered(texts));
    expect(interner.size).toBe(3);
    interner.clear();
    expect(interner.size).toBe(0);
    expect([interner.intern('__proto__'), interner.intern('')]).toEqual([0, 1]);
  });
});

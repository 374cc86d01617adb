/** The index against testing every selector. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LabelSelector, Labels } from './objects.ts';
import { SelectorIndex } from './selector-index.ts';

const key = fc.constantFrom('a', 'b', 'constructor');
const value = fc.constantFrom('', '1', '2');
const labels: fc.Arbitrary<Labels> = fc.dictionary(key, value);
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(
    fc.record({
      key,
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.array(value),
    }),
    { maxLength: 2 },
  ),
});

function selects({ matchLabels, matchExpressions }: LabelSelector, own: Labels): boolean {
  const has = new Map(Object.entries(own));
  return (
    Object.entries(matchLabels).every(([at, wanted]) => has.get(at) === wanted) &&
    matchExpressions.every(({ key: at, operator, values }) => {
      if (operator === 'Exists') return has.has(at);
      if (operator === 'DoesNotExist') return !has.has(at);
      const isIn = has.has(at) && values.includes(has.get(at)!);
      return operator === 'In' ? isIn : !isIn;
    })
  );
}

it('finds each distinct selector that selects the labels, once', () => {
  fc.assert(
    fc.property(fc.array(selector), fc.array(labels), (list, objects) => {
      const index = new SelectorIndex();
      const byId = new Map<number, LabelSelector>();
      for (const one of list) {
        byId.set(index.intern(one), one);
        for (const own of objects) {
          const expected = [...byId].filter(([, each]) => selects(each, own)).map(([id]) => id);
          expect(index.find(own).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        }
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selects } from '../../core/policy/selector.ts';
import { LabelIndex, matches } from './label-selector.ts';

it('the index finds what a look at every item finds', () => {
  const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'a"b'), fc.constantFrom('x', 'y'));
  const item = fc.record({ namespace: fc.constantFrom('one', 'two'), labels });
  fc.assert(
    fc.property(fc.array(item), labels, (items, selector) => {
      const index = new LabelIndex(items);
      const all = items.flatMap((each, i) =>
        each.namespace === 'one' && matches(selector, each.labels) ? [i] : [],
      );
      expect(index.matching('one', selector)).toEqual(all);
    }),
  );
});

it('the index finds what a policy selects in one namespace, and in several', () => {
  const key = fc.constantFrom('app', 'tier', 'constructor');
  const value = fc.constantFrom('x', 'y', '');
  const labels = fc.dictionary(key, value);
  const namespace = fc.constantFrom('one', 'two', 'three');
  const selector = fc.record({
    matchLabels: labels,
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key,
          operator: fc.constantFrom('In' as const, 'NotIn' as const),
          values: fc.array(value, { minLength: 1, maxLength: 3 }),
        }),
        fc.record({
          key,
          operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
          values: fc.constant([]),
        }),
      ),
      { maxLength: 2 },
    ),
  });
  fc.assert(
    fc.property(
      fc.array(fc.record({ namespace, labels })),
      fc.oneof(namespace, fc.uniqueArray(namespace)),
      selector,
      (items, where, asked) => {
        const index = new LabelIndex(items);
        const all = items.flatMap((each, i) =>
          [where].flat().includes(each.namespace) && selects(asked, each.labels) ? [i] : [],
        );
        const chosen = typeof where === 'string' ? where : new Set(where);
        expect([...index.selected(chosen, asked)].sort((a, b) => a - b)).toEqual(all);
      },
    ),
    { numRuns: 500 },
  );
});

it('a key that members of objects have is a label like any other', () => {
  const wanted = { constructor: 'x' };
  const selector = { matchLabels: wanted, matchExpressions: [] };
  expect([matches(wanted, {}), selects(selector, {})]).toEqual([false, false]);
  expect([matches(wanted, wanted), selects(selector, wanted)]).toEqual([true, true]);
});

it.each([
  ['a label', { matchLabels: { app: 'a' }, matchExpressions: [] }],
  [
    'a value',
    { matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'In' as const, values: ['a'] }] },
  ],
  [
    'a key',
    {
      matchLabels: {},
      matchExpressions: [{ key: 'app', operator: 'Exists' as const, values: [] }],
    },
  ],
])('the index passes over items without %s that is required', (_what, selector) => {
  const untouchable = () => {
    throw new Error('looked at');
  };
  const items = Array.from({ length: 100 }, (_, i) => ({
    namespace: 'a',
    labels: i === 7 ? { app: 'a' } : { tier: `t${i}` },
  }));
  const index = new LabelIndex(items);
  for (const item of items)
    if (item !== items[7]) Object.defineProperty(item, 'labels', { get: untouchable });
  expect([...index.selected('a', selector)]).toEqual([7]);
  expect([...index.selected(new Set(['a', 'b']), selector)]).toEqual([7]);
});

it('the index looks at the items of one label only', () => {
  let reads = 0;
  const items = Array.from({ length: 1000 }, (_, i) => ({
    namespace: 'a',
    labels: { app: `a${i}` },
  }));
  const index = new LabelIndex(items);
  for (const item of items) {
    const { app } = item.labels;
    Object.defineProperty(item.labels, 'app', {
      get: () => {
        reads++;
        return app;
      },
    });
  }
  for (let i = 0; i < 1000; i++) expect(index.matching('a', { app: `a${i}` })).toEqual([i]);
  expect(reads).toBe(1000);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
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

/** The batch against a list. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExceptionBatch } from './exception-batch.ts';

it('gives out the exceptions of each class in the order in which they came, and is empty again', () => {
  const entry = fc.tuple(fc.nat(9), fc.nat(), fc.nat());
  const batch = new ExceptionBatch(10);
  fc.assert(
    fc.property(fc.array(entry, { size: 'max', maxLength: 3000 }), (entries) => {
      expect(batch.isEmpty).toBe(true);
      for (const [peerClass, content, answer] of entries) batch.add(peerClass, content, answer);
      expect(batch.isEmpty).toBe(entries.length === 0);
      const exceptionsOf = batch.take();
      for (let peerClass = 0; peerClass < 10; peerClass++) {
        const found: number[][] = [];
        exceptionsOf(peerClass, (content, answer) => found.push([content, answer]));
        expect(found).toEqual(
          entries.filter(([of]) => of === peerClass).map((one) => one.slice(1)),
        );
      }
    }),
    { numRuns: 50 },
  );
});

/** The table against a Map. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { PairTable } from './pair-table.ts';

it('holds what was set last through growth, and nothing after it was cleared', () => {
  const id = fc.oneof(fc.nat(60), fc.nat(2 ** 31 - 1));
  fc.assert(
    fc.property(fc.array(fc.tuple(id, id, fc.nat()), { size: 'max', maxLength: 3000 }), (sets) => {
      const table = new PairTable();
      const map = new Map<string, number>();
      for (const [a, b, value] of sets) {
        table.set(a, b, value);
        map.set(`${a} ${b}`, value);
      }
      expect(table.size).toBe(map.size);
      for (const [a, b] of sets) {
        expect(table.get(a, b)).toBe(map.get(`${a} ${b}`));
        expect(table.get(b, a)).toBe(map.get(`${b} ${a}`) ?? -1);
      }
      table.clear();
      for (const [a, b] of sets) expect(table.get(a, b)).toBe(-1);
    }),
    { numRuns: 30 },
  );
});

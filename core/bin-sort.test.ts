import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinSort } from './bin-sort.ts';

const sortedBy = (sorter: BinSort, times: readonly number[]) => {
  sorter.sort(Float64Array.from(times), times.length);
  return {
    sorted: [...sorter.sorted.subarray(0, times.length)],
    order: [...sorter.order.subarray(0, times.length)],
  };
};

describe('BinSort', () => {
  it('sorts as a comparison sort does, whatever was sorted before', () => {
    const sorter = new BinSort(200);
    const time = fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: -(2 ** 34), max: 2 ** 34 }),
      fc.constant(7e12),
    );
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), (times) => {
        const { sorted, order } = sortedBy(sorter, times);
        expect(sorted).toEqual([...times].sort((a, b) => a - b));
        expect(order.map((from) => times[from])).toEqual(sorted);
        expect(new Set(order).size).toBe(times.length);
      }),
    );
  });

  it('knows how many times are before any time', () => {
    const sorter = new BinSort(100);
    const time = fc.integer({ min: -50, max: 2000 });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 100 }), time, (times, asked) => {
        sorter.sort(Float64Array.from(times), times.length);
        expect(sorter.before(asked)).toBe(times.filter((each) => each < asked).length);
      }),
    );
  });

  it('keeps equal times in the order in which they came', () => {
    const { order } = sortedBy(new BinSort(8), [5, 3, 5, 3, 5]);
    expect(order).toEqual([1, 3, 0, 2, 4]);
  });
});

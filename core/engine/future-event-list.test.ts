import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FutureEventList } from './future-event-list.ts';

interface Entry {
  readonly time: number;
  readonly source: number;
  readonly sequence: number;
  readonly process: number;
  readonly kind: number;
  readonly a: number;
  readonly b: number;
}

const byKey = (x: Entry, y: Entry) =>
  x.time - y.time || x.source - y.source || x.sequence - y.sequence;

function popped(list: FutureEventList): Omit<Entry, 'source' | 'sequence'> {
  return { time: list.timeNs, process: list.process, kind: list.kind, a: list.a, b: list.b };
}

/** Few distinct times and sources, so that most entries tie. `null` is a pop. */
const operations = fc.array(
  fc.option(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 })), {
    freq: 3,
    nil: null,
  }),
  { maxLength: 300 },
);

describe('FutureEventList', () => {
  it('pops what a sorted array would, with heavy ties and growing from any capacity', () => {
    fc.assert(
      fc.property(operations, fc.integer({ min: 1, max: 4 }), (schedule, capacity) => {
        const list = new FutureEventList(capacity);
        const model: Entry[] = [];
        const sequences = [0, 0, 0, 0];
        let count = 0;
        const check = () => {
          const wanted = model.sort(byKey).shift();
          expect(list.nextNs).toBe(wanted === undefined ? Number.POSITIVE_INFINITY : wanted.time);
          expect(list.pop()).toBe(wanted !== undefined);
          if (wanted === undefined) return;
          const { source: _s, sequence: _q, ...event } = wanted;
          expect(popped(list)).toEqual(event);
        };
        for (const operation of schedule) {
          if (operation === null) {
            check();
          } else {
            const [time, source] = operation;
            // Sequences of eight run backwards: the order of insertion must not matter.
            const sequence = (sequences[source]!++ ^ 7) >>> 0;
            const entry = { time, source, sequence, process: count % 5, kind: 1, a: count, b: -1 };
            model.push(entry);
            list.push(time, source, sequence, entry.process, entry.kind, entry.a, entry.b);
            count++;
          }
          expect(list.size).toBe(model.length);
        }
        while (model.length > 0) check();
        expect(list.pop()).toBe(false);
      }),
      { seed: 20_011, numRuns: 300 },
    );
  });

  it('keeps whole nanoseconds of times far beyond 2^32', () => {
    const list = new FutureEventList();
    const late = 2 ** 50;
    for (let i = 99; i >= 0; i--) list.push(late + i, 0, i, 0, 0, i, 0);
    for (let i = 0; i < 100; i++) {
      list.pop();
      expect(list.timeNs).toBe(late + i);
      expect(list.a).toBe(i);
    }
  });
});

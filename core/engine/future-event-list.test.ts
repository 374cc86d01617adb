import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FutureEventList } from './future-event-list.ts';
import { Streams } from './stream.ts';

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

type Key = readonly [timeNs: number, source: number, sequence: number];

const compareKeys = (x: Key, y: Key) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2];

describe('FutureEventList', () => {
  it('pops what a sorted array would, with heavy ties', () => {
    fc.assert(
      fc.property(operations, (schedule) => {
        const list = new FutureEventList();
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

  it.each<[string, (u: number, v: number) => number]>([
    ['one instant', () => 777],
    ['few instants', (u) => Math.floor(u * 3)],
    ['microseconds to an hour', (u) => Math.floor(10 ** (u * 12.5))],
    ['a flood at one instant among others', (u, v) => (u < 0.9 ? 1e6 : Math.floor(v * 2e6))],
    ['a grid of milliseconds', (u) => Math.floor(u * 1000) * 1e6],
    ['uniform', (u) => Math.floor(u * 1e9)],
  ])('keeps the order of 20,000 events while more are scheduled: %s', (_, delayOf) => {
    const streams = new Streams();
    const stream = streams.add('future event list');
    const list = new FutureEventList();
    const sequences = new Float64Array(7);
    // Sorted backwards, so that the next event is popped from the end.
    const model: Key[] = [];
    const push = (nowNs: number, insert: (key: Key) => void) => {
      const source = streams.below(stream, 7);
      const sequence = sequences[source]!++;
      const timeNs = nowNs + delayOf(streams.uniform(stream), streams.uniform(stream));
      insert([timeNs, source, sequence]);
      list.push(timeNs, source, sequence, source, 1, sequence, 0);
    };
    for (let i = 0; i < 20_000; i++) push(0, (key) => model.push(key));
    model.sort((x, y) => -compareKeys(x, y));
    const wrong: Key[] = [];
    for (let popped = 0; model.length > 0; popped++) {
      const wanted = model.pop()!;
      list.pop();
      const got: Key = [list.timeNs, list.process, list.a];
      if (compareKeys(got, wanted) !== 0 || list.size !== model.length) wrong.push(got);
      if (popped < 20_000 && streams.uniform(stream) < 0.5) {
        push(list.timeNs, (key) => {
          let low = 0;
          let high = model.length;
          while (low < high) {
            const middle = (low + high) >> 1;
            if (compareKeys(model[middle]!, key) > 0) low = middle + 1;
            else high = middle;
          }
          model.splice(low, 0, key);
        });
      }
    }
    expect(wrong).toEqual([]);
    expect(list.pop()).toBe(false);
    expect(list.nextNs).toBe(Number.POSITIVE_INFINITY);
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

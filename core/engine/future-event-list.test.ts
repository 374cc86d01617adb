import { hrtime } from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FutureEventList } from './future-event-list.ts';
import { exponential } from './samplers.ts';
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

/** A sorted array to compare with; backwards, so that the next event is popped from the end. */
class SortedKeys {
  private readonly keys: Key[] = [];

  get size(): number {
    return this.keys.length;
  }

  get next(): Key | undefined {
    return this.keys.at(-1);
  }

  pop(): Key {
    return this.keys.pop()!;
  }

  add(key: Key): void {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareKeys(this.keys[middle]!, key) > 0) low = middle + 1;
      else high = middle;
    }
    this.keys.splice(low, 0, key);
  }
}

/** Delays of very different kinds, of two uniforms in [0, 1). */
const DELAYS: readonly [string, (u: number, v: number) => number][] = [
  ['one instant', () => 777],
  ['few instants', (u) => Math.floor(u * 3)],
  ['the present and the next nanosecond', (u) => (u < 0.95 ? 0 : 1)],
  ['microseconds to an hour', (u) => Math.floor(10 ** (u * 12.5))],
  ['a flood at one instant among others', (u, v) => (u < 0.9 ? 1e6 : Math.floor(v * 2e6))],
  ['a grid of milliseconds', (u) => Math.floor(u * 1000) * 1e6],
  ['uniform', (u) => Math.floor(u * 1e9)],
  ['dense for a microsecond, then hours', (u, v) => Math.floor(u < 0.99 ? v * 1000 : v * 1e13)],
  ['powers of two and their neighbours', (u, v) => 2 ** Math.floor(u * 40) - Math.round(v)],
  ['fractions of nanoseconds', (u) => u * 100],
];

interface Options {
  readonly name: string;
  readonly pending: number;
  readonly events: number;
  /** Probability of one more event scheduled by one that has been popped, when so many have been. */
  readonly branching: (added: number) => number;
}

/** Pops what the reference pops; returns what differed. */
function differences(delayOf: (u: number, v: number) => number, options: Options): unknown[] {
  const { branching } = options;
  const streams = new Streams();
  const stream = streams.add(options.name);
  const list = new FutureEventList();
  const reference = new SortedKeys();
  const sequences = new Float64Array(7);
  const wrong: unknown[] = [];
  let nowNs = 0;
  let added = 0;
  const push = () => {
    const source = streams.below(stream, 7);
    const sequence = sequences[source]!++;
    const timeNs = nowNs + delayOf(streams.uniform(stream), streams.uniform(stream));
    reference.add([timeNs, source, sequence]);
    list.push(timeNs, source, sequence, source, 1, sequence, 0);
    added++;
  };
  while (added < options.pending) push();
  while (reference.size > 0 || added < options.events) {
    if (reference.size === 0) push();
    const looksAhead = streams.uniform(stream) < 0.3;
    if (looksAhead && list.nextNs !== reference.next![0]) wrong.push(['next', list.nextNs]);
    const wanted = reference.pop();
    const limitNs = wanted[0];
    if (looksAhead && list.popBefore(limitNs)) wrong.push(['popped before', limitNs]);
    const found = list.pop();
    const got: Key = [list.timeNs, list.process, list.a];
    if (!found || compareKeys(got, wanted) !== 0) wrong.push([found, got, wanted]);
    if (list.size !== reference.size) wrong.push(['size', list.size]);
    if (wrong.length > 3) break;
    nowNs = wanted[0];
    while (added < options.events && streams.uniform(stream) < branching(added)) push();
  }
  if (list.pop() || list.nextNs !== Number.POSITIVE_INFINITY) wrong.push('not empty');
  return wrong;
}

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

  it.each(DELAYS)(
    'keeps the order of 10,000 events and as many scheduled by them: %s',
    (name, delayOf) => {
      const options = { name, pending: 10_000, events: 20_000, branching: () => 0.5 };
      expect(differences(delayOf, options)).toEqual([]);
    },
  );

  it.each(DELAYS)(
    'keeps the order while a handful of events grow to hundreds and back: %s',
    (name, delayOf) => {
      const growing = (added: number) => (added % 2000 < 1000 ? 0.6 : 0.4);
      const bursts = { name: `${name} in bursts`, pending: 5, events: 20_000, branching: growing };
      expect(differences(delayOf, bursts)).toEqual([]);
    },
  );

  it('keeps the order when delays change their scale by the event', () => {
    const mixed = (u: number, v: number) => DELAYS[Math.floor(u * 9)]![1](v, (u * 9) % 1);
    const options = { name: 'mixed', pending: 3000, events: 20_000, branching: () => 0.5 };
    expect(differences(mixed, options)).toEqual([]);
  });

  it('does not depend on the order of insertion', () => {
    const key = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5 }));
    const shuffled = fc
      .array(key, { minLength: 30, maxLength: 400 })
      .map((keys) => keys.map(([time, source], sequence): Key => [time, source, sequence]))
      .chain((keys) =>
        fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length })),
      );
    const order = (keys: readonly Key[]) => {
      const list = new FutureEventList();
      for (const [time, source, sequence] of keys)
        list.push(time, source, sequence, 0, 0, sequence, 0);
      return keys.map(() => {
        list.pop();
        return list.a;
      });
    };
    fc.assert(
      fc.property(shuffled, ([keys, others]) => {
        expect(order(others)).toEqual(order(keys));
        expect(order(keys)).toEqual(keys.toSorted(compareKeys).map(([, , sequence]) => sequence));
      }),
      { seed: 20_011, numRuns: 100 },
    );
  });

  it('lets entities cancel by generation: only the events of a last generation take effect', () => {
    const streams = new Streams();
    const stream = streams.add('cancellations');
    const list = new FutureEventList();
    const entities = 200;
    const generations = new Int32Array(entities);
    // The reference removes what is cancelled: one timer an entity.
    const timers = new Float64Array(entities).fill(Number.POSITIVE_INFINITY);
    let sequence = 0;
    let stale = 0;
    const setTimer = (entity: number, nowNs: number) => {
      const timeNs = nowNs + Math.floor(10 ** (streams.uniform(stream) * 6));
      timers[entity] = timeNs;
      generations[entity]!++;
      list.push(timeNs, entity, sequence++, entity, 0, generations[entity]!, 0);
    };
    for (let entity = 0; entity < entities; entity++) setTimer(entity, 0);
    for (let fired = 0; fired < 20_000; ) {
      expect(list.pop()).toBe(true);
      const { timeNs, process, a } = list;
      if (a !== generations[process]) {
        stale++;
        continue;
      }
      fired++;
      const firstNs = timers.reduce((first, time) => Math.min(first, time));
      expect([timeNs, process]).toEqual([firstNs, timers.indexOf(firstNs)]);
      setTimer(process, timeNs);
      // Cancels another one's timer and sets it again.
      if (streams.uniform(stream) < 0.5) setTimer(streams.below(stream, entities), timeNs);
    }
    expect(stale).toBeGreaterThan(5000);
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

  it('keeps the order where time and origin together need more than 53 bits', () => {
    const streams = new Streams();
    const stream = streams.add('wide');
    const origins = [0, 1, 2 ** 31 - 3, 2 ** 31 - 2];
    const keys = Array.from({ length: 5000 }, (_, sequence): Key => {
      const timeNs = 2 ** 45 * (1 + streams.below(stream, 64)) - 1 - streams.below(stream, 5);
      return [sequence === 0 ? 0 : timeNs, origins[streams.below(stream, 4)]!, sequence];
    });
    const list = new FutureEventList();
    for (const [time, source, sequence] of keys)
      list.push(time, source, sequence, 0, 0, sequence, 0);
    const order = keys.map(() => {
      list.pop();
      return list.a;
    });
    expect(order).toEqual(keys.toSorted(compareKeys).map(([, , sequence]) => sequence));
  });

  it('refuses times without whole nanoseconds, and never', () => {
    const list = new FutureEventList();
    const push = (timeNs: number) => list.push(timeNs, 0, 0, 0, 0, 0, 0);
    expect(() => push(Number.POSITIVE_INFINITY)).toThrow('never');
    for (let i = 0; i < 100; i++) push(2 ** 54);
    expect(() => list.pop()).toThrow('2^53');
  });

  it.each<[string, (i: number, events: number) => readonly [source: number, sequence: number]]>([
    ['of many origins', (i) => [Math.imul(i, 40_503) & 1023, i]],
    ['of one origin, backwards', (i, events) => [0, events - i]],
    ['of one origin, shuffled', (i) => [0, Math.imul(i, 2_654_435) & 0x3fffff]],
  ])(
    'sorts a flood at one instant at about the same cost an event for ten times the events: %s',
    (_, keyOf) => {
      const secondsPerEvent = (events: number) => {
        const list = new FutureEventList();
        const began = hrtime.bigint();
        for (let i = 0; i < events; i++) {
          const [source, sequence] = keyOf(i, events);
          list.push(1e6, source, sequence, 0, 0, 0, 0);
        }
        while (list.pop());
        return Number(hrtime.bigint() - began) / events;
      };
      const least = (events: number) =>
        Math.min(...Array.from({ length: 5 }, () => secondsPerEvent(events)));
      least(10_000);
      // Quadratic would be ten times; n log n is 1.25 times, the rest is for caches.
      expect(least(100_000) / least(10_000)).toBeLessThan(5);
    },
  );

  it('takes at most 48 bytes for each of a million pending events, and no more as they go by', () => {
    const streams = new Streams();
    const stream = streams.add('memory');
    const list = new FutureEventList();
    const pending = 1e6;
    const sequences = new Int32Array(65_536);
    const push = (nowNs: number) => {
      const source = streams.below(stream, sequences.length);
      const timeNs = nowNs + 100 + Math.round(exponential(streams, stream) * 900);
      list.push(timeNs, source, sequences[source]!++, source, 0, 0, 0);
    };
    for (let i = 0; i < pending; i++) push(0);
    const hold = (events: number) => {
      for (let i = 0; i < events; i++) {
        list.pop();
        push(list.timeNs);
      }
      return list.bytes / pending;
    };
    const bytes = hold(1e6);
    expect(bytes).toBeGreaterThan(32);
    expect(bytes).toBeLessThan(48);
    expect(hold(1e6)).toBe(bytes);
  });

  it('uses the memory of crowds again', () => {
    const list = new FutureEventList();
    const crowd = (nowNs: number) => {
      for (let i = 0; i < 200; i++) list.push(nowNs + (i % 7), i, nowNs, i, 0, 0, 0);
      for (let i = 0; i < 200; i++) {
        list.pop();
        if (i % 2 === 0) list.push(list.timeNs, i, nowNs + 1, i, 0, 0, 0);
      }
      while (list.pop());
      return list.bytes;
    };
    crowd(0);
    const bytes = crowd(10);
    for (let round = 2; round < 1000; round++) expect(crowd(10 * round)).toBe(bytes);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryRings } from './entry-rings.ts';

const SECOND = 1e9;
const DAY = 86400 * SECOND;
const TIMEOUTS = [10, 30, 60, 120, 3600, 86400].map((seconds) => seconds * SECOND);

test('counts are those of a list of expiry times, for any flows and time-outs up to a day', () => {
  const step = fc.record({
    waitNs: fc.oneof(
      fc.integer({ min: 0, max: 5 * SECOND }),
      fc.integer({ min: 0, max: 400 * SECOND }),
      fc.integer({ min: 0, max: 2 * DAY }),
    ),
    state: fc.integer({ min: 0, max: TIMEOUTS.length - 1 }),
    entries: fc.integer({ min: 0, max: 5 }),
    takesOut: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rings = new EntryRings(2, TIMEOUTS.length);
      TIMEOUTS.forEach((timeoutNs, state) => {
        rings.changeTimeout(1, state, timeoutNs, 0);
      });
      let flows: { state: number; sinceNs: number }[] = [];
      let nowNs = 0;
      for (const { waitNs, state, entries, takesOut } of steps) {
        nowNs += waitNs;
        // The first edge of a 64th of the time-out at which a time-out is over.
        const leavesNs = (flow: { state: number; sinceNs: number }) => {
          const partNs = TIMEOUTS[flow.state]! / 64;
          return (Math.floor(flow.sinceNs / partNs) + 65) * partNs;
        };
        flows = flows.filter((flow) => leavesNs(flow) > nowNs);
        for (const [ring, timeoutNs] of TIMEOUTS.entries()) {
          rings.expire(1, ring, nowNs);
          const of = flows.filter((flow) => flow.state === ring);
          expect(rings.count(1, ring)).toBe(of.length);
          const alive = of.filter(({ sinceNs }) => nowNs - sinceNs < timeoutNs).length;
          const late = of.filter(({ sinceNs }) => nowNs - sinceNs < timeoutNs * (65 / 64)).length;
          expect(of.length).toBeGreaterThanOrEqual(alive);
          expect(of.length).toBe(late);
          expect(rings.quietUntilNs(1, ring)).toBeGreaterThan(nowNs);
        }
        const first = flows.findIndex((flow) => flow.state === state);
        if (takesOut && first >= 0) {
          const [flow] = flows.splice(first, 1);
          expect(rings.remove(1, state, flow!.sinceNs)).toBe(true);
        }
        for (let i = 0; i < entries; i++) {
          flows.push({ state, sinceNs: nowNs });
          rings.add(1, state);
        }
      }
    }),
  );
});

test('taking out of an empty ring says so, and so does one whose entries have expired', () => {
  const rings = new EntryRings(1, 1);
  rings.changeTimeout(0, 0, SECOND, 0);
  expect(rings.remove(0, 0, 0)).toBe(false);
  rings.add(0, 0);
  expect(rings.expire(0, 0, 2 * SECOND)).toBe(1);
  expect(rings.remove(0, 0, 0)).toBe(false);
});

test('an entry of unknown age is the nearest one before, or else after', () => {
  const rings = new EntryRings(1, 1);
  rings.changeTimeout(0, 0, 64 * SECOND, 0);
  rings.expire(0, 0, 10 * SECOND);
  rings.add(0, 0);
  rings.expire(0, 0, 20 * SECOND);
  rings.add(0, 0);
  expect(rings.remove(0, 0, 15 * SECOND)).toBe(true);
  expect(rings.expire(0, 0, 80 * SECOND)).toBe(0);
  expect(rings.remove(0, 0, 15 * SECOND)).toBe(true);
  expect(rings.count(0, 0)).toBe(0);
});

test('another time-out holds for entries that are there, by their age', () => {
  const rings = new EntryRings(1, 1);
  rings.changeTimeout(0, 0, 120 * SECOND, 0);
  for (const second of [0, 50, 90, 100]) {
    rings.expire(0, 0, second * SECOND);
    rings.add(0, 0);
  }
  expect(rings.changeTimeout(0, 0, 30 * SECOND, 100 * SECOND)).toBe(2);
  expect(rings.count(0, 0)).toBe(2);
  expect(rings.expire(0, 0, 125 * SECOND)).toBe(1);
  expect(rings.expire(0, 0, 131 * SECOND)).toBe(1);
  expect(rings.changeTimeout(0, 0, DAY, 131 * SECOND)).toBe(0);
});

test('a flow takes no memory: millions of entries leave the arrays as they were made', () => {
  const rings = new EntryRings(1, 1);
  rings.changeTimeout(0, 0, 120 * SECOND, 0);
  const columns = () =>
    Object.values(rings)
      .filter((value) => ArrayBuffer.isView(value))
      .map((column) => column.byteLength);
  const before = columns();
  expect(before.length).toBe(6);
  for (let i = 0; i < 2e6; i++) {
    rings.expire(0, 0, i * 1e6);
    rings.add(0, 0);
  }
  expect(columns()).toEqual(before);
  expect(rings.count(0, 0)).toBeGreaterThan(120e3);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receiver } from '../../core/engine/partition.ts';
import { Mailboxes, mailboxBytes, mailboxCapacity } from './mailboxes.ts';

type Post = Parameters<Receiver['receive']>;

function pair(capacity: number): [Mailboxes, Mailboxes] {
  const buffer = new SharedArrayBuffer(mailboxBytes(2, capacity));
  return [new Mailboxes(buffer, 2, 0, capacity), new Mailboxes(buffer, 2, 1, capacity)];
}

/** Ends a window of `sender` and returns what `reader` finds. */
function turn(sender: Mailboxes, reader: Mailboxes): Post[] {
  const got: Post[] = [];
  sender.close();
  reader.close();
  reader.read({ receive: (...event) => got.push(event), published: () => {} });
  sender.open();
  reader.open();
  return got;
}

function post(mailboxes: Mailboxes, ...[timeNs, source, sequence, process, kind, a, b]: Post) {
  mailboxes.post(1, timeNs, source, sequence, process, kind, a, b);
}

const never = Number.POSITIVE_INFINITY;

describe('mailboxes', () => {
  it('deliver a message whole, once, in the window in which it was posted', () => {
    const [sender, reader] = pair(4);
    const message: Post = [2 ** 52 + 1, 3, 2 ** 31 - 1, 4, -5, 2 ** 31 - 1, -(2 ** 31)];
    post(sender, ...message);
    expect(sender.postedNs).toBe(2 ** 52 + 1);
    expect(turn(sender, reader)).toEqual([message]);
    expect(sender.postedNs).toBe(never);
    expect(turn(sender, reader)).toEqual([]);
  });

  it('hold back what does not fit, and say from when on that matters', () => {
    const [sender, reader] = pair(2);
    for (const timeNs of [50, 60, 40, 30, 70]) post(sender, timeNs, 0, timeNs, 0, 0, 0, 0);
    expect([sender.postedNs, sender.heldNs]).toEqual([30, 30]);
    expect(turn(sender, reader).map(([timeNs]) => timeNs)).toEqual([50, 60]);
    expect([sender.postedNs, sender.heldNs]).toEqual([30, 70]);
    expect(turn(sender, reader).map(([timeNs]) => timeNs)).toEqual([40, 30]);
    expect([sender.postedNs, sender.heldNs]).toEqual([70, never]);
    expect(turn(sender, reader).map(([timeNs]) => timeNs)).toEqual([70]);
    expect([sender.postedNs, sender.heldNs]).toEqual([never, never]);
  });

  it('lose nothing, double nothing and hold nothing back from before heldNs, at any capacity', () => {
    const windows = fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), windows, (capacity, posts) => {
        const [sender, reader] = pair(capacity);
        const waiting = new Map<number, number>();
        let sequence = 0;
        const endWindow = () => {
          const { postedNs, heldNs } = sender;
          expect(postedNs).toBe(Math.min(never, ...waiting.values()));
          for (const [timeNs, , of] of turn(sender, reader)) {
            expect(waiting.get(of)).toBe(timeNs);
            waiting.delete(of);
          }
          expect(Math.min(never, ...waiting.values())).toBe(heldNs);
        };
        for (const times of posts) {
          for (const timeNs of times) {
            post(sender, timeNs, 0, sequence, 0, 0, 0, 0);
            waiting.set(sequence++, timeNs);
          }
          endWindow();
        }
        for (let left = waiting.size; left > 0; left -= capacity) endWindow();
        expect(waiting.size).toBe(0);
      }),
    );
  });

  it('grow what is held back beyond any capacity', () => {
    const [sender, reader] = pair(1);
    for (let i = 0; i < 5000; i++) post(sender, i, 0, i, 0, 0, 0, 0);
    const seen: number[] = [];
    for (let i = 0; i < 5000; i++) seen.push(...turn(sender, reader).map(([timeNs]) => timeNs));
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('refuse a sequence that does not fit', () => {
    expect(() => post(pair(1)[0], 0, 0, 2 ** 31, 0, 0, 0, 0)).toThrow('sequence');
  });

  it('take address space that any gang can have', () => {
    for (const partitions of [1, 2, 4, 16, 64]) {
      expect(mailboxCapacity(partitions)).toBeGreaterThan(200);
      expect(mailboxBytes(partitions, mailboxCapacity(partitions))).toBeLessThan(2 ** 27);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROPPED } from '../station.ts';
import { PacketBuffers } from './packet-buffers.ts';

/** Arrivals in order, with crowds of one nanosecond; services of 0 among them. */
const customers = fc.array(
  fc.record({ gap: fc.constantFrom(0, 0, 1, 3, 20), serviceNs: fc.nat(9) }),
  { maxLength: 80 },
);

/** A server before a queue of real customers, each with the service it still needs, one ns at a time. */
class NaiveQueue {
  readonly departures: number[] = [];
  private readonly queue: { customer: number; leftNs: number }[] = [];
  private nowNs = 0;
  private readonly places: number;

  constructor(places: number) {
    this.places = places;
  }

  get length(): number {
    return this.queue.length;
  }

  advance(untilNs: number): void {
    this.leave();
    while (this.nowNs < untilNs && this.queue.length > 0) {
      this.nowNs++;
      this.queue[0]!.leftNs--;
      this.leave();
    }
    this.nowNs = Math.max(this.nowNs, untilNs);
  }

  enter(leftNs: number): void {
    const customer = this.departures.length;
    this.departures.push(DROPPED);
    if (this.queue.length < this.places) this.queue.push({ customer, leftNs });
    this.leave();
  }

  private leave(): void {
    while (this.queue.length > 0 && this.queue[0]!.leftNs === 0) {
      this.departures[this.queue.shift()!.customer] = this.nowNs;
    }
  }
}

describe('PacketBuffers', () => {
  it('drop whom a naive queue drops, and let the others leave when it does', () => {
    fc.assert(
      fc.property(customers, fc.integer({ min: 1, max: 6 }), (all, places) => {
        const buffers = new PacketBuffers(Int32Array.of(2, places, 1));
        const naive = new NaiveQueue(places);
        let nowNs = 0;
        const departures = all.map(({ gap, serviceNs }) => {
          nowNs += gap;
          naive.advance(nowNs);
          naive.enter(serviceNs);
          buffers.visit(0, nowNs, 5);
          const departureNs = buffers.visit(1, nowNs, serviceNs);
          expect(buffers.inSystem(1, nowNs)).toBe(naive.length);
          return departureNs;
        });
        naive.advance(nowNs + 1000);
        expect(departures).toEqual(naive.departures);
        expect(buffers.dropped[1]).toBe(departures.filter((leaves) => leaves === DROPPED).length);
      }),
      { seed: 40_005, numRuns: 500 },
    );
  });

  it('admit at the nanosecond at which a customer leaves, and not one before', () => {
    const buffers = new PacketBuffers(Int32Array.of(2));
    expect(buffers.visit(0, 0, 10)).toBe(10);
    expect(buffers.visit(0, 0, 10)).toBe(20);
    expect(buffers.visit(0, 9, 10)).toBe(DROPPED);
    expect(buffers.visit(0, 10, 10)).toBe(30);
    expect([buffers.inSystem(0, 10), buffers.inSystem(0, 29), buffers.inSystem(0, 30)]).toEqual([
      2, 1, 0,
    ]);
    expect([...buffers.dropped]).toEqual([1]);
  });

  it('are empty after a failure, and others are not', () => {
    const buffers = new PacketBuffers(Int32Array.of(2, 2));
    for (const at of [0, 1]) {
      buffers.visit(at, 0, 100);
      buffers.visit(at, 0, 100);
    }
    buffers.voidStation(0, 30);
    expect(buffers.inSystem(0, 30)).toBe(0);
    expect(buffers.visit(0, 30, 7)).toBe(37);
    expect(buffers.visit(0, 30, 7)).toBe(44);
    expect(buffers.visit(0, 30, 7)).toBe(DROPPED);
    expect(buffers.visit(1, 30, 7)).toBe(DROPPED);
  });

  it('refuse to be without a place', () => {
    expect(() => new PacketBuffers(Int32Array.of(3, 0))).toThrow('without a server or a place');
  });
});

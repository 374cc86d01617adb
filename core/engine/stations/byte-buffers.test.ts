import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROPPED } from '../station.ts';
import { ByteBuffers } from './byte-buffers.ts';

const BITS_NS = 8_000_000n;

/**
 * A link whose time is a rational number of nanoseconds, in units of 1 / kbit/s: packets wait in an
 * explicit queue and leave one after the other; bytes are counted as they come and go.
 */
class NaiveLink {
  private readonly rate: bigint;
  private readonly capacityBytes: bigint;
  /** Work still to be done for each packet in the queue, its head partly sent. */
  private readonly queue: { packet: number; left: bigint }[] = [];
  private now = 0n;
  readonly departures: number[] = [];

  constructor(rateKbps: number, capacityBytes: number) {
    this.rate = BigInt(rateKbps);
    this.capacityBytes = BigInt(capacityBytes);
  }

  get backlog(): bigint {
    return this.queue.reduce((sum, { left }) => sum + left, 0n);
  }

  advance(untilNs: number): void {
    const until = BigInt(untilNs) * this.rate;
    while (this.queue.length > 0 && this.now + this.queue[0]!.left <= until) {
      const { packet, left } = this.queue.shift()!;
      this.now += left;
      this.departures[packet] = Number((this.now + this.rate - 1n) / this.rate);
    }
    if (this.queue.length > 0) this.queue[0]!.left -= until - this.now;
    this.now = until;
  }

  enter(bytes: number): void {
    const packet = this.departures.length;
    const left = BigInt(bytes) * BITS_NS;
    this.departures.push(DROPPED);
    if (this.backlog + left <= this.capacityBytes * BITS_NS) this.queue.push({ packet, left });
  }
}

const link = fc.record({
  // 1 kbit/s to 400 Gbit/s; the middle ones divide nothing evenly.
  rateKbps: fc.constantFrom(
    1,
    999_983,
    3_700_001,
    10_000_000,
    25_000_000,
    100_000_000,
    400_000_000,
  ),
  capacityBytes: fc.integer({ min: 0, max: 20_000 }),
});
/** Gaps are a share of the time that 1,500 bytes take. */
const packets = fc.array(
  fc.record({
    share: fc.constantFrom(0, 0, 0.1, 0.7, 1, 2.5),
    bytes: fc.integer({ min: 1, max: 9000 }),
  }),
  { maxLength: 60 },
);
function gapNs(share: number, rateKbps: number): number {
  return Math.round((share * 1500 * 8e6) / rateKbps);
}

describe('ByteBuffers', () => {
  it('have the departures, the drops and the backlog of a queue in rational time', () => {
    fc.assert(
      fc.property(link, packets, ({ rateKbps, capacityBytes }, all) => {
        const buffers = new ByteBuffers(
          Float64Array.of(1e6, rateKbps),
          Float64Array.of(5000, capacityBytes),
        );
        const naive = new NaiveLink(rateKbps, capacityBytes);
        let nowNs = 0;
        const departures = all.map(({ share, bytes }) => {
          nowNs += gapNs(share, rateKbps);
          naive.advance(nowNs);
          naive.enter(bytes);
          buffers.visit(0, nowNs, bytes);
          const departureNs = buffers.visit(1, nowNs, bytes);
          expect(buffers.backlogBytes(1, nowNs)).toBeCloseTo(Number(naive.backlog) / 8e6, 6);
          return departureNs;
        });
        naive.advance(nowNs + 1e12);
        expect(departures).toEqual(naive.departures);
        const dropped = all.filter((_, i) => departures[i] === DROPPED);
        expect(buffers.dropped[1]).toBe(dropped.length);
        expect(buffers.droppedBytes[1]).toBe(dropped.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
      { seed: 40_006, numRuns: 500 },
    );
  });

  it('never hold more than their size, and always take what fits', () => {
    fc.assert(
      fc.property(link, packets, ({ rateKbps, capacityBytes }, all) => {
        const buffers = new ByteBuffers(Float64Array.of(rateKbps), Float64Array.of(capacityBytes));
        let nowNs = 0;
        for (const { share, bytes } of all) {
          nowNs += gapNs(share, rateKbps);
          const before = buffers.backlogBytes(0, nowNs);
          const taken = buffers.visit(0, nowNs, bytes) !== DROPPED;
          const after = buffers.backlogBytes(0, nowNs);
          expect(after).toBeLessThanOrEqual(capacityBytes);
          expect(after).toBeCloseTo(taken ? before + bytes : before, 6);
          if (!taken) expect(before + bytes).toBeGreaterThan(capacityBytes);
        }
      }),
      { seed: 40_007, numRuns: 200 },
    );
  });

  it('do not add up the rounding of packets', () => {
    const buffers = new ByteBuffers(Float64Array.of(100e6), Float64Array.of(1e6));
    const departures = Array.from({ length: 100 }, () => buffers.visit(0, 1000, 64));
    expect(departures.slice(0, 4)).toEqual([1006, 1011, 1016, 1021]);
    expect(departures[99]).toBe(1512);
  });

  it('are exact with the largest buffer at the lowest rate', () => {
    const buffers = new ByteBuffers(Float64Array.of(1), Float64Array.of(1e9));
    expect(buffers.visit(0, 0, 1e9 - 1)).toBe(8e15 - 8e6);
    expect(buffers.visit(0, 8e6 - 1, 2)).toBe(DROPPED);
    expect(buffers.visit(0, 8e6, 2)).toBe(8e15 + 8e6);
  });

  it('are empty after a failure, and others are not', () => {
    const buffers = new ByteBuffers(Float64Array.of(8e6, 8e6), Float64Array.of(100, 100));
    for (const at of [0, 1]) buffers.visit(at, 0, 100);
    buffers.voidStation(0, 30);
    expect(buffers.backlogBytes(0, 30)).toBe(0);
    expect(buffers.visit(0, 30, 100)).toBe(130);
    expect(buffers.visit(1, 30, 100)).toBe(DROPPED);
    expect(buffers.visit(1, 30, 30)).toBe(130);
  });

  it('refuse what they would not be exact for', () => {
    const one = Float64Array.of(1);
    expect(() => new ByteBuffers(Float64Array.of(0.5), one)).toThrow('whole number of kbit/s');
    expect(() => new ByteBuffers(one, Float64Array.of(1.1e9))).toThrow('at most 1 GB');
  });
});

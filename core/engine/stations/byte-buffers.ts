/**
 * Links of constant rate behind buffers counted in bytes. The backlog is what the link has still to
 * send, the rest of the packet on the wire included: (last departure - now) x rate. A packet that
 * would take it beyond the buffer's size is dropped whole (tail drop), and counted. FIFO; a departure
 * is when the last bit has left, without the latency of the link.
 *
 * A byte takes 8e6 / rate nanoseconds at a rate in kbit/s. The time at which a link is free is kept
 * as whole nanoseconds and a count of (1 / rate)ths of one, so nothing is rounded but the departure
 * that is returned, up to the next nanosecond: at 100 Gbit/s 64 bytes are 5.12 ns, and a hundred of
 * them are 512. Exact while buffers are below 1 GB, which the constructor asserts.
 */
import { assert } from '../../assert.ts';
import { DROPPED } from '../station.ts';

/** A byte in (1 / rate)ths of a nanosecond: 8 bits x 1e9 ns/s / (1000 bits/s). */
const PARTS_PER_BYTE = 8e6;
const LARGEST_BYTES = 1e9;

export class ByteBuffers {
  /** Packets and bytes dropped so far, by link. */
  readonly dropped: Float64Array;
  readonly droppedBytes: Float64Array;

  private readonly rateKbps: Float64Array;
  private readonly capacityParts: Float64Array;
  /** The link is free at `freeNs + freeParts / rate`, with freeParts in [0, rate). */
  private readonly freeNs: Float64Array;
  private readonly freeParts: Float64Array;

  /** By link: its rate in kbit/s (1000 bits a second; a whole number), the buffer's size in bytes. */
  constructor(rateKbps: Float64Array, capacityBytes: Float64Array) {
    assert(
      rateKbps.every((rate) => rate >= 1 && Number.isInteger(rate)),
      'the rate of a link is a whole number of kbit/s',
    );
    assert(
      capacityBytes.every((bytes) => bytes >= 0 && bytes <= LARGEST_BYTES),
      'a buffer has at most 1 GB',
    );
    this.rateKbps = rateKbps;
    this.capacityParts = capacityBytes.map((bytes) => bytes * PARTS_PER_BYTE);
    this.freeNs = new Float64Array(rateKbps.length);
    this.freeParts = new Float64Array(rateKbps.length);
    this.dropped = new Float64Array(rateKbps.length);
    this.droppedBytes = new Float64Array(rateKbps.length);
  }

  /** Departure of a packet of `bytes` that arrives at link `at`, or DROPPED. Whole nanoseconds. */
  visit(at: number, arrivalNs: number, bytes: number): number {
    const rate = this.rateKbps[at]!;
    const backlog = this.backlogParts(at, arrivalNs);
    const parts = bytes * PARTS_PER_BYTE;
    if (backlog + parts > this.capacityParts[at]!) {
      this.dropped[at]!++;
      this.droppedBytes[at]! += bytes;
      return DROPPED;
    }
    const laterNs = Math.floor((backlog + parts) / rate);
    const rest = backlog + parts - laterNs * rate;
    this.freeNs[at] = arrivalNs + laterNs;
    this.freeParts[at] = rest;
    return arrivalNs + laterNs + (rest > 0 ? 1 : 0);
  }

  /** Bytes that link `at` has still to send, at or after its last visit; a fraction of one counts. */
  backlogBytes(at: number, nowNs: number): number {
    return this.backlogParts(at, nowNs) / PARTS_PER_BYTE;
  }

  /** Link `at` is free from `nowNs` on; departures after that are void (see `Generations`). */
  voidStation(at: number, nowNs: number): void {
    this.freeNs[at] = nowNs;
    this.freeParts[at] = 0;
  }

  private backlogParts(at: number, nowNs: number): number {
    const aheadNs = this.freeNs[at]! - nowNs;
    return aheadNs < 0 ? 0 : aheadNs * this.rateKbps[at]! + this.freeParts[at]!;
  }
}

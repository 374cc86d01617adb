/**
 * FIFO stations with one server and room for K customers, the one in service included (the K of
 * M/M/1/K; a queue of q places before the server is K = q + 1). A customer that finds K is dropped,
 * and counted. Who leaves at the nanosecond of an arrival has left before it.
 *
 * The state is a ring of the departures of the last K customers admitted. Departures are in order,
 * so there is room exactly when the oldest of them is over: a visit costs O(1), whatever K is, and
 * nothing is ever taken out. 8 bytes a place.
 */
import { DROPPED } from '../station.ts';
import { firstPlaces } from './first-places.ts';

export class PacketBuffers {
  /** Customers dropped so far, by station. */
  readonly dropped: Float64Array;

  private readonly first: Int32Array;
  private readonly departureNs: Float64Array;
  /** Place of each station's oldest departure, which the next one replaces. */
  private readonly oldest: Int32Array;

  /** `places`: K of each station, at least 1. */
  constructor(places: Int32Array) {
    this.first = firstPlaces(places);
    this.departureNs = new Float64Array(this.first[places.length]!);
    this.oldest = this.first.slice(0, places.length);
    this.dropped = new Float64Array(places.length);
  }

  /** Departure of a visit to station `at`, or DROPPED. Whole nanoseconds in and out. */
  visit(at: number, arrivalNs: number, serviceNs: number): number {
    const { departureNs } = this;
    const place = this.oldest[at]!;
    if (departureNs[place]! > arrivalNs) {
      this.dropped[at]!++;
      return DROPPED;
    }
    const first = this.first[at]!;
    const end = this.first[at + 1]!;
    const lastNs = departureNs[(place === first ? end : place) - 1]!;
    const leavesNs = (arrivalNs > lastNs ? arrivalNs : lastNs) + serviceNs;
    departureNs[place] = leavesNs;
    this.oldest[at] = place + 1 === end ? first : place + 1;
    return leavesNs;
  }

  /** Customers at station `at`, at or after its last visit: O(their number). */
  inSystem(at: number, nowNs: number): number {
    const first = this.first[at]!;
    const places = this.first[at + 1]! - first;
    const newest = this.oldest[at]! - first + places - 1;
    let count = 0;
    while (count < places && this.departureNs[first + ((newest - count) % places)]! > nowNs) {
      count++;
    }
    return count;
  }

  /** Station `at` is empty from `nowNs` on; departures after that are void (see `Generations`). */
  voidStation(at: number, nowNs: number): void {
    this.departureNs.fill(nowNs, this.first[at]!, this.first[at + 1]!);
  }
}

/**
 * Stations with one FIFO queue before c servers: the vector of the times at which servers become
 * free (Kiefer and Wolfowitz, Transactions of the AMS 78, 1955). A customer gets the server that is
 * free first, of several the lowest: `departure = max(arrival, least free time) + service`, valid
 * when visited in order of arrival. Departures are exact; they need not be in order of arrival.
 *
 * A station's free times are a binary heap, so a visit costs O(log c) and allocates nothing.
 */
import { firstPlaces } from './first-places.ts';

export class SharedQueues {
  /** Server of the visit made last, from 0 at each station. */
  server = 0;

  private readonly first: Int32Array;
  /** A heap a station, ordered by (free time, server). */
  private readonly freeNs: Float64Array;
  private readonly servers: Int32Array;

  /** `serversOf`: servers of each station, at least 1. */
  constructor(serversOf: Int32Array) {
    this.first = firstPlaces(serversOf);
    const servers = this.first[serversOf.length]!;
    this.freeNs = new Float64Array(servers);
    this.servers = new Int32Array(servers);
    for (let at = 0; at < serversOf.length; at++) this.voidStation(at, 0);
  }

  /** Departure of a visit to station `at`. Whole nanoseconds in and out. */
  visit(at: number, arrivalNs: number, serviceNs: number): number {
    const top = this.first[at]!;
    const leastNs = this.freeNs[top]!;
    const departureNs = (arrivalNs > leastNs ? arrivalNs : leastNs) + serviceNs;
    this.server = this.servers[top]!;
    this.replaceTop(top, this.first[at + 1]!, departureNs, this.server);
    return departureNs;
  }

  /** Station `at` is empty from `nowNs` on; departures after that are void (see `Generations`). */
  voidStation(at: number, nowNs: number): void {
    const top = this.first[at]!;
    const end = this.first[at + 1]!;
    this.freeNs.fill(nowNs, top, end);
    for (let place = top; place < end; place++) this.servers[place] = place - top;
  }

  /** The heap in [top, end) gets (timeNs, server) instead of its least element. */
  private replaceTop(top: number, end: number, timeNs: number, server: number): void {
    const { freeNs, servers } = this;
    let hole = top;
    for (;;) {
      let child = 2 * hole - top + 1;
      if (child >= end) break;
      if (child + 1 < end && this.isBefore(child + 1, freeNs[child]!, servers[child]!)) child++;
      if (!this.isBefore(child, timeNs, server)) break;
      freeNs[hole] = freeNs[child]!;
      servers[hole] = servers[child]!;
      hole = child;
    }
    freeNs[hole] = timeNs;
    servers[hole] = server;
  }

  private isBefore(place: number, timeNs: number, server: number): boolean {
    const placeNs = this.freeNs[place]!;
    return placeNs < timeNs || (placeNs === timeNs && this.servers[place]! < server);
  }
}

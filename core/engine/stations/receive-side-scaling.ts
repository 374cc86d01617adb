/**
 * Receive-side scaling: a station of several servers, each with a queue of its own, and a customer's
 * flow says which. Servers of all stations are numbered through, so they are places in the arrays of
 * any other kind of station: `visit(lastDepartureNs, cores.serverOf(node, flow), now, service)`.
 * A flow stays on its server, so its packets stay in order; nothing moves work from a busy server to
 * an idle one. Spreading is even if `flow` is a counter or a uniform hash: it is not hashed again.
 */
import { firstPlaces } from './first-places.ts';

export class ReceiveSideScaling {
  /** Servers of all stations. */
  readonly servers: number;

  private readonly serversOf: Int32Array;
  private readonly first: Int32Array;

  /** `serversOf`: servers of each station, at least 1. */
  constructor(serversOf: Int32Array) {
    this.serversOf = serversOf;
    this.first = firstPlaces(serversOf);
    this.servers = this.first[serversOf.length]!;
  }

  /** The server of `flow`, an integer >= 0, at a station: in [0, servers). */
  serverOf(station: number, flow: number): number {
    return this.first[station]! + (flow % this.serversOf[station]!);
  }
}

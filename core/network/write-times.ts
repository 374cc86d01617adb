/**
 * When each EndpointSlice write passed the control plane and when apiservers send it: what (write,
 * node) samples need and is the same for every node. One row a write, a cache line long.
 */
import type { Emission } from './fanout.ts';
import type { NodeProxy } from './node-proxy.ts';

/** Instants of a write up to its commit, in the order in which they pass. */
export interface WriteInstants {
  readonly triggerNs: number;
  /** The controller knew of the oldest change. */
  readonly knownNs: number;
  readonly syncStartNs: number;
  readonly requestNs: number;
  readonly commitNs: number;
}

/** Columns of a row. */
export const WRITE = {
  triggerNs: 0,
  /** Stages up to the commit, as durations. */
  kubeletNs: 1,
  controllerQueueNs: 2,
  controllerWriteNs: 3,
  apiserverNs: 4,
  commitNs: 5,
  /** What sending it to one watcher takes; not rounded. */
  unitNs: 6,
  /** The trigger if it lies in the measured window, else -Infinity. */
  countedNs: 7,
  /** Columns there are. */
  stride: 8,
} as const;

const INITIAL = 1024;
const { unitNs: UNIT, stride: STRIDE } = WRITE;

export class WriteTimes {
  rows = new Float64Array(INITIAL * STRIDE);
  /** By apiserver, by write: when it starts to send. */
  readonly startNs: Float64Array[];

  constructor(apiservers: number) {
    this.startNs = Array.from({ length: apiservers }, () => new Float64Array(INITIAL));
  }

  /** Enters a committed write, and how it goes out to the nodes. */
  enter(write: number, at: WriteInstants, measured: boolean, emission: Emission): void {
    const row = write * STRIDE;
    if (row === this.rows.length) this.grow();
    const { rows } = this;
    rows[row + WRITE.triggerNs] = at.triggerNs;
    rows[row + WRITE.kubeletNs] = at.knownNs - at.triggerNs;
    rows[row + WRITE.controllerQueueNs] = at.syncStartNs - at.knownNs;
    rows[row + WRITE.controllerWriteNs] = at.requestNs - at.syncStartNs;
    rows[row + WRITE.apiserverNs] = at.commitNs - at.requestNs;
    rows[row + WRITE.commitNs] = at.commitNs;
    rows[row + WRITE.unitNs] = emission.unitNs;
    rows[row + WRITE.countedNs] = measured ? at.triggerNs : Number.NEGATIVE_INFINITY;
    this.startNs.forEach((startNs, apiserver) => {
      startNs[write] = emission.startNs[apiserver]!;
    });
  }

  /** Whether the trigger of a write, which has been entered, lies in the measured window. */
  isMeasured(write: number): boolean {
    return this.rows[write * STRIDE + WRITE.countedNs] !== Number.NEGATIVE_INFINITY;
  }

  /** When the node at place `place` of apiserver `apiserver`, `latencyNs` away, receives a write. */
  receivedNs(write: number, apiserver: number, place: number, latencyNs: number): number {
    const startNs = this.startNs[apiserver]![write]!;
    return startNs + wholeNs((place + 1) * this.rows[write * STRIDE + UNIT]!) + latencyNs;
  }

  /** The newest of the writes up to `newest` that a node has received when its sync starts. */
  receivedBy(at: NodeProxy, newest: number): number {
    const { rows } = this;
    const { position } = at;
    const sendingNs = this.startNs[at.apiserver]!;
    const served = at.place + 1;
    const sentNs = at.startNs - at.latencyNs;
    // Writes are received in their order. Either a sync covers one, or nearly all that there are.
    const second = position + 2;
    const several =
      second <= newest &&
      sendingNs[second]! + wholeNs(served * rows[second * STRIDE + UNIT]!) <= sentNs;
    let received = several ? newest : Math.min(position + 1, newest);
    while (
      received > position &&
      sendingNs[received]! + wholeNs(served * rows[received * STRIDE + UNIT]!) > sentNs
    ) {
      received--;
    }
    return received;
  }

  private grow(): void {
    this.rows = twiceAsLong(this.rows);
    this.startNs.forEach((startNs, apiserver) => {
      this.startNs[apiserver] = twiceAsLong(startNs);
    });
  }
}

/** The nearest whole number, `ns` >= 0; `Math.round` takes several times as long. */
export function wholeNs(ns: number): number {
  return Math.floor(ns + 0.5);
}

function twiceAsLong(column: Float64Array): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * column.length);
  longer.set(column);
  return longer;
}

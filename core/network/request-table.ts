/**
 * Requests under way, a row each, by slot. A row belongs to the node where the Service is translated:
 * the client's, or for an outside client the one that takes its packets. Other nodes know a request by
 * its slot and by what `towards` packs into a message.
 */
import { longer, NodeSlots } from './node-slots.ts';

/** Bits of `RequestTable.flags`. */
export const RequestFlag = {
  /** The client's address has been replaced by the node's. */
  Masqueraded: 1,
  /** Replies go from the endpoint's node straight to the outside client. */
  Direct: 2,
  /** The client has its first reply and keeps the connection. */
  Open: 4,
  /** It has failed; the row is kept until the connection would have closed. */
  Over: 8,
  /** It has a source port of the node. */
  HasPort: 16,
  /** Its client is outside the cluster. */
  External: 32,
  /** Its endpoint's process has ended, and its client goes on (`stale-flows.ts`). */
  Stale: 64,
  /** Stale: a packet's fate is not known yet; its client's next use is scheduled. */
  Pending: 128,
  Using: 256,
  /** Its lifetime ended while a packet was under way. */
  Closing: 512,
  /** Its entry is in use and does not expire. */
  Held: 1024,
} as const;

const INTS = ['entry', 'place', 'message', 'backend', 'flow', 'connection', 'flags'] as const;
const BYTES = ['attempts', 'cause'] as const;
const TIMES = ['startNs', 'sinceNs'] as const;

export class RequestTable {
  readonly slots: NodeSlots;
  /** When the client sent the first packet. */
  startNs = new Float64Array(0);
  /** Since when its entry of the connection tracking is in the state it is in. */
  sinceNs = new Float64Array(0);
  /** Traffic entry, and the Service's place in it. */
  entry = new Int32Array(0);
  place = new Int32Array(0);
  /** What messages to the pod it was translated to say (`towards`), or -1; and that pod's node. */
  message = new Int32Array(0);
  backend = new Int32Array(0);
  flow = new Int32Array(0);
  /** Number of the open connection at the endpoint's node; -1 before there is one. */
  connection = new Int32Array(0);
  flags = new Int32Array(0);
  /** First packets sent again. */
  attempts = new Uint8Array(0);
  /** `FailureCause` of a connection that is over. */
  cause = new Uint8Array(0);

  constructor(nodes: number) {
    this.slots = new NodeSlots(nodes, 'requests in flight');
  }

  take(node: number): number {
    const slot = this.slots.take(node);
    if (slot >= this.startNs.length) this.grow();
    this.connection[slot] = -1;
    this.flags[slot] = 0;
    this.attempts[slot] = 0;
    return slot;
  }

  private grow(): void {
    const { end } = this.slots;
    for (const name of INTS) this[name] = longer(this[name], end);
    for (const name of BYTES) this[name] = longer(this[name], end);
    for (const name of TIMES) this[name] = longer(this[name], end);
  }
}

const DIRECT = 1;
const STAYS = 2;
const UDP = 4;
const HELD = 8;
const BITS = 16;

/** What a message to an endpoint's node says besides the slot: the pod and how to answer. */
export function towards(pod: number, direct: boolean, stays: boolean, udp: boolean): number {
  return pod * BITS + (direct ? DIRECT : 0) + (stays ? STAYS : 0) + (udp ? UDP : 0);
}

/** The same of a connection whose client uses it so often that its entries never expire. */
export function held(message: number): number {
  return message | HELD;
}

export function podOf(message: number): number {
  return message >> 4;
}

export function isDirect(message: number): boolean {
  return (message & DIRECT) !== 0;
}

export function isUdp(message: number): boolean {
  return (message & UDP) !== 0;
}

export function isHeld(message: number): boolean {
  return (message & HELD) !== 0;
}

export function staysOpen(message: number): boolean {
  return (message & STAYS) !== 0;
}

/** Number that chooses a flow's core on the backend's node. */
export function backendFlow(slot: number, pod: number): number {
  return (Math.imul(slot, 0x9e3779b1) ^ Math.imul(pod, 0x85ebca6b)) >>> 1;
}

/**
 * Connections that stay open, as the endpoint's node has them: the sockets of each pod's process. When
 * the process ends, the kernel resets all of them. A connection's number is the endpoint's; the client
 * learns it with the first reply and gives it back when it closes.
 */
import { longer, NodeSlots } from './node-slots.ts';
import { podOf } from './request-table.ts';

const NONE = -1;

export class OpenConnections {
  private readonly numbers: NodeSlots;
  /** By number, until it is given to another: what the client's messages say, and when it was opened. */
  message = new Int32Array(0);
  sinceNs = new Float64Array(0);
  private slot = new Int32Array(0);
  private next = new Int32Array(0);
  private previous = new Int32Array(0);
  /** By pod: its newest connection. */
  private readonly newest = new Map<number, number>();

  constructor(nodes: number) {
    this.numbers = new NodeSlots(nodes, 'connections open');
  }

  /** The client's request `slot` goes on as a connection to a pod on `node`. */
  open(node: number, slot: number, message: number, nowNs: number): number {
    const number = this.numbers.take(node);
    if (number >= this.slot.length) this.grow();
    const pod = podOf(message);
    const newest = this.newest.get(pod) ?? NONE;
    if (newest !== NONE) this.previous[newest] = number;
    this.slot[number] = slot;
    this.message[number] = message;
    this.next[number] = newest;
    this.previous[number] = NONE;
    this.sinceNs[number] = nowNs;
    this.newest.set(pod, number);
    return number;
  }

  /** The client has closed it. False: it was reset meanwhile. */
  close(number: number, slot: number): boolean {
    if (this.slot[number] !== slot) return false;
    const next = this.next[number]!;
    const previous = this.previous[number]!;
    if (next !== NONE) this.previous[next] = previous;
    if (previous !== NONE) this.next[previous] = next;
    else if (next !== NONE) this.newest.set(podOf(this.message[number]!), next);
    else this.newest.delete(podOf(this.message[number]!));
    this.forget(number);
    return true;
  }

  /** Ends all connections of a pod, newest first. */
  endAll(pod: number, each: (slot: number, number: number) => void): void {
    let number = this.newest.get(pod) ?? NONE;
    this.newest.delete(pod);
    while (number !== NONE) {
      const next = this.next[number]!;
      const slot = this.slot[number]!;
      this.forget(number);
      each(slot, number);
      number = next;
    }
  }

  private forget(number: number): void {
    this.slot[number] = NONE;
    this.numbers.release(number);
  }

  private grow(): void {
    const { end } = this.numbers;
    for (const name of ['message', 'slot', 'next', 'previous'] as const) {
      this[name] = longer(this[name], end);
    }
    this.sinceNs = longer(this.sinceNs, end);
  }
}

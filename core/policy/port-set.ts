/**
 * Sets of ports of all protocols. A port of a protocol is one integer (`portCode`), a set is the
 * sorted boundaries of half-open intervals of them: a port is inside if the number of boundaries at
 * or below it is odd. Equal sets have equal boundaries, so sets are interned by their text.
 */
import type { Protocol } from './objects.ts';

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];
const PORTS_PER_PROTOCOL = 65_536;
const CODES = 3 * PORTS_PER_PROTOCOL;

/** Strictly ascending, of even length. */
export type PortSet = readonly number[];

export const NO_PORTS: PortSet = [];
/** Ports 1 to 65,535 of each protocol; 0 is none. */
export const EVERY_PORT: PortSet = [0, 1, 2].flatMap((protocol) => [
  protocol * PORTS_PER_PROTOCOL + 1,
  (protocol + 1) * PORTS_PER_PROTOCOL,
]);

/** @param port 1 to 65,535 */
export function portCode(protocol: Protocol, port: number): number {
  return protocol === 'TCP'
    ? port
    : (protocol === 'UDP' ? PORTS_PER_PROTOCOL : 2 * PORTS_PER_PROTOCOL) + port;
}

/** What a code stands for. */
export function portOf(code: number): { protocol: Protocol; port: number } {
  const protocol = PROTOCOLS[Math.floor(code / PORTS_PER_PROTOCOL)]!;
  return { protocol, port: code % PORTS_PER_PROTOCOL };
}

/** The ports `first` to `last`, inclusive; empty if there are none. */
export function portRange(protocol: Protocol, first: number, last: number): PortSet {
  return first > last ? NO_PORTS : [portCode(protocol, first), portCode(protocol, last) + 1];
}

export function everyPortOf(protocol: Protocol): PortSet {
  return portRange(protocol, 1, PORTS_PER_PROTOCOL - 1);
}

export function contains(set: PortSet, code: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (set[middle]! <= code) low = middle + 1;
    else high = middle;
  }
  return (low & 1) === 1;
}

export function union(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0) return b;
  return b.length === 0 ? a : combine(a, b, (inA, inB) => inA || inB);
}

export function intersection(a: PortSet, b: PortSet): PortSet {
  return a.length === 0 || b.length === 0 ? NO_PORTS : combine(a, b, (inA, inB) => inA && inB);
}

export function difference(a: PortSet, b: PortSet): PortSet {
  return a.length === 0 || b.length === 0 ? a : combine(a, b, (inA, inB) => inA && !inB);
}

/** @param keep must be false outside both */
function combine(a: PortSet, b: PortSet, keep: (inA: boolean, inB: boolean) => boolean): PortSet {
  const boundaries: number[] = [];
  let isInside = false;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? CODES, b[j] ?? CODES);
    if (a[i] === at) i++;
    if (b[j] === at) j++;
    if (keep((i & 1) === 1, (j & 1) === 1) === isInside) continue;
    boundaries.push(at);
    isInside = !isInside;
  }
  return boundaries;
}

/** Each distinct set once, by a small integer: 0 is no port, 1 is every port. */
export class PortSets {
  private readonly sets: PortSet[] = [];
  private readonly ids = new Map<string, number>();

  constructor() {
    this.intern(NO_PORTS);
    this.intern(EVERY_PORT);
  }

  get size(): number {
    return this.sets.length;
  }

  intern(set: PortSet): number {
    const text = set.join();
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.sets.length;
    this.sets.push(set);
    this.ids.set(text, id);
    return id;
  }

  get(id: number): PortSet {
    return this.sets[id]!;
  }

  contains(id: number, code: number): boolean {
    return id < 2 ? id === 1 : contains(this.sets[id]!, code);
  }
}

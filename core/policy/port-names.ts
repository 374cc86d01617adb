/**
 * Named ports as destinations have them: a pod's ports, reduced to the names that policies mention,
 * interned. A name means something on a destination alone, so the id is part of its class.
 */
import { TextInterner } from './interners.ts';
import type { ContainerPort, Protocol } from './objects.ts';
import { NO_PORTS, type PortSet, portRange, union } from './port-set.ts';

/** Id of a destination on which no name that a policy mentions means anything. */
export const NO_NAMES = 0;

export interface NamedPort {
  readonly name: string;
  /** Undefined: whatever the container port has. */
  readonly protocol: Protocol | undefined;
}

export class PortNames {
  private readonly mentioned = new Set<string>();
  private readonly ids = new TextInterner();
  private readonly ports: (readonly ContainerPort[])[] = [[]];

  constructor() {
    this.ids.intern('');
  }

  /** Returns whether the name is new, and ids of destinations have to be asked for again. */
  mention(name: string): boolean {
    if (this.mentioned.has(name)) return false;
    this.mentioned.add(name);
    return true;
  }

  intern(ports: readonly ContainerPort[]): number {
    if (this.mentioned.size === 0) return NO_NAMES;
    const named = ports.filter(({ name }) => name !== undefined && this.mentioned.has(name));
    const texts = named.map(({ name, protocol, port }) => JSON.stringify([name, protocol, port]));
    const id = this.ids.intern(texts.sort().join());
    this.ports[id] ??= named;
    return id;
  }

  resolve(id: number, { name, protocol }: NamedPort): PortSet {
    let set = NO_PORTS;
    for (const port of this.ports[id]!) {
      if (port.name !== name || (protocol !== undefined && port.protocol !== protocol)) continue;
      set = union(set, portRange(port.protocol, port.port, port.port));
    }
    return set;
  }
}

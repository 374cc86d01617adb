/**
 * Which connections are asked about: every chosen source to every chosen destination, at the ports
 * given or else at the ports the destination's containers declare. A node and an outside address
 * declare none, so they are asked at every port that any container of the input declares.
 */
import type { Entity } from '../../core/policy/objects.ts';
import { byCodeUnits, entityName, type Port } from './names.ts';

/** A destination with one of its ports. */
export interface Target extends Port {
  /** Index into the entities of the world. */
  readonly to: number;
}

export interface Destination {
  readonly to: number;
  /** Undefined: those it declares. */
  readonly ports: readonly Port[] | undefined;
}

export interface Probes {
  /** Indices into the entities of the world. */
  readonly sources: readonly number[];
  readonly targets: readonly Target[];
  /** Chosen destinations that declare no port, and were given none. */
  readonly withoutPorts: readonly number[];
}

export function probesOf(
  entities: readonly Entity[],
  sources: readonly number[],
  destinations: readonly Destination[],
): Probes {
  const declared = distinct(
    entities.flatMap((entity) => (entity.kind === 'pod' ? entity.ports : [])),
  );
  const targets = destinations.flatMap(({ to, ports }) => {
    const entity = entities[to]!;
    const own = entity.kind === 'pod' ? distinct(entity.ports) : declared;
    return (ports ?? own).map(({ port, protocol }) => ({ to, port, protocol }));
  });
  const asked = new Set(targets.map(({ to }) => to));
  const withoutPorts = destinations.map(({ to }) => to).filter((to) => !asked.has(to));
  return { sources, targets, withoutPorts };
}

/** Each port once, by number, then protocol. */
export function distinct(ports: readonly Port[]): Port[] {
  const byName = new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port]));
  return [...byName.values()]
    .map(({ port, protocol }) => ({ port, protocol }))
    .sort((a, b) => a.port - b.port || byCodeUnits(a.protocol, b.protocol));
}

const kinds: readonly Entity['kind'][] = ['pod', 'node', 'ip'];

/** Pods, then nodes, then outside addresses; each by name. */
export function inOrder(entities: readonly Entity[], indices: readonly number[]): number[] {
  return indices
    .map((index) => {
      const entity = entities[index]!;
      return { index, kind: kinds.indexOf(entity.kind), name: entityName(entity) };
    })
    .sort((a, b) => a.kind - b.kind || byCodeUnits(a.name, b.name) || a.index - b.index)
    .map(({ index }) => index);
}

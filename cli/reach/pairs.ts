/**
 * How many ordered pairs of entities may talk, by the regions (namespaces) of both: groups that
 * policies treat alike count as one question, the exceptions as one each.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import { type Ask, alike, eachOwnNodePair, groupOf, targetsByEntity, withTwins } from './alike.ts';
import type { Port } from './names.ts';
import type { Probes, Target } from './probes.ts';

export interface Pairs {
  /** Pairs of different entities of which the second is reached on at least one of its probed ports. */
  readonly allowed: number;
  /** Pairs of different entities of which the second has a probed port. */
  readonly of: number;
}

/** By index of an entity, the index of its region; undefined: not counted. */
export type RegionOf = (index: number) => number | undefined;

interface Destination {
  readonly to: number;
  readonly ports: readonly Port[];
}

/** Groups that are asked about, and their members. */
interface Grouped {
  readonly sources: readonly number[];
  readonly destinations: readonly Destination[];
  readonly sourceGroups: readonly (readonly number[])[];
  readonly destinationGroups: readonly (readonly number[])[];
}

/**
 * A matrix of regions, sources as rows; undefined if it takes more than `most` questions.
 * @param regions how many
 */
export function pairsByRegion(
  entities: readonly Entity[],
  policies: CompiledPolicies,
  probes: Pick<Probes, 'sources' | 'targets'>,
  { regions, regionOf, most }: { regions: number; regionOf: RegionOf; most: number },
): readonly (readonly Pairs[])[] | undefined {
  const grouped = group(policies, probes, regionOf);
  const { sources, destinations, sourceGroups, destinationGroups } = grouped;
  const ports = destinationGroups.map(([first]) => destinations[first!]!.ports.length);
  if (sourceGroups.length * ports.reduce((sum, one) => sum + one, 0) > most) return undefined;
  const counts = Array.from({ length: regions }, () =>
    Array.from({ length: regions }, () => ({ allowed: 0, of: 0 })),
  );
  const countOf = (from: number, to: number) => counts[regionOf(from)!]![regionOf(to)!]!;
  const representatives = destinationGroups.map(([first]) => destinations[first!]!);
  const asked = sourceGroups.map(([first]) => sources[first!]!);
  const indices = representatives.map(({ to }) => to);
  withTwins(entities, policies, asked, indices, (ask) => {
    for (const [row, from] of asked.entries()) {
      for (const [column, destination] of representatives.entries()) {
        const count = countOf(from, destination.to);
        const pairs = sourceGroups[row]!.length * destinationGroups[column]!.length;
        count.of += pairs;
        if (reaches(ask, from, destination)) count.allowed += pairs;
      }
    }
    const asCounted = twinsAnswer(grouped, asked, representatives, ask);
    setRight(entities, grouped, (source, destination, isPair) => {
      const from = sources[source]!;
      const { to } = destinations[destination]!;
      const count = countOf(from, to);
      const truth =
        isPair &&
        reaches((a, b, port) => policies.connects(a, b, port.protocol, port.port), from, {
          to,
          ports: destinations[destination]!.ports,
        });
      count.allowed += Number(truth) - Number(asCounted(source, destination));
      if (!isPair) count.of--;
    });
  });
  return counts;
}

function group(
  policies: CompiledPolicies,
  probes: Pick<Probes, 'sources' | 'targets'>,
  regionOf: RegionOf,
): Grouped {
  const isCounted = (index: number) => regionOf(index) !== undefined;
  const sources = probes.sources.filter(isCounted);
  const destinations = [...targetsByEntity(probes.targets)].flatMap(([to, places]) =>
    isCounted(to) ? [{ to, ports: places.map((at): Target => probes.targets[at]!) }] : [],
  );
  const key = (index: number) => `${regionOf(index)} ${policies.likeness(index)}`;
  return {
    sources,
    destinations,
    sourceGroups: alike(sources.length, (at) => key(sources[at]!)),
    destinationGroups: alike(destinations.length, (at) => {
      const { to, ports } = destinations[at]!;
      const names = ports.map(({ port, protocol }) => `${port}/${protocol}`);
      return `${key(to)} ${names.join()}`;
    }),
  };
}

function reaches(ask: Ask, from: number, { to, ports }: Destination): boolean {
  return ports.some((port) => ask(from, to, port));
}

/** The answer of the groups of a source and a destination, by their places. */
function twinsAnswer(
  { sources, destinations, sourceGroups, destinationGroups }: Grouped,
  asked: readonly number[],
  representatives: readonly Destination[],
  ask: Ask,
): (source: number, destination: number) => boolean {
  const sourceGroup = groupOf(sourceGroups, sources.length);
  const destinationGroup = groupOf(destinationGroups, destinations.length);
  return (source, destination) =>
    reaches(ask, asked[sourceGroup[source]!]!, representatives[destinationGroup[destination]!]!);
}

/** Hands over what groups do not know: an entity and itself, which is no pair, and own nodes. */
function setRight(
  entities: readonly Entity[],
  { sources, destinations }: Grouped,
  correct: (source: number, destination: number, isPair: boolean) => void,
): void {
  const placeOf = new Map(destinations.map(({ to }, at) => [to, at]));
  for (const [source, from] of sources.entries()) {
    const at = placeOf.get(from);
    if (at !== undefined) correct(source, at, false);
  }
  const targets = destinations.map(({ to }) => ({ to, port: 1, protocol: 'TCP' as const }));
  eachOwnNodePair(entities, { sources, targets }, (source, at) => correct(source, at, true));
}

/** 0 to 1; null if there is no pair. */
export function shareOf({ allowed, of }: Pairs): number | null {
  return of === 0 ? null : allowed / of;
}

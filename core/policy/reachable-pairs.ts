/**
 * How many ordered pairs of pods may talk. Sources are grouped by (content of the egress profile, class
 * on ingress), destinations by (content of the ingress profile, class on egress, own ports); what
 * tables do not know, loopback and the own node, is set right pair by pair. Exact. The time grows with
 * the exceptions, one for each content and class that it tells from most others; the memory does not.
 */
import { AskedPorts } from './asked-ports.ts';
import type { DirectionTable } from './direction-table.ts';
import { PairInterner } from './interners.ts';
import type { ContainerPort, Direction } from './objects.ts';
import { type DestinationGroup, PairCount, type SourceGroup } from './pair-count.ts';
import type { PortSets } from './port-set.ts';
import { UsualAnswers } from './usual-answers.ts';

export interface CountedPod {
  readonly index: number;
  readonly ports: readonly ContainerPort[];
}

type Visit = (from: number, to: number, direction: Direction) => void;

/** Id of the set of every port. */
const EVERY = 1;

/**
 * @param code undefined: on at least one of the destination's own ports
 * @param ownNodePairs hands over each pair that is admitted in a direction whatever the tables say
 */
export function countReachablePairs(
  pods: readonly CountedPod[],
  egress: DirectionTable,
  ingress: DirectionTable,
  portSets: PortSets,
  code: number | undefined,
  ownNodePairs: (visit: Visit) => void,
): number {
  const asked = new AskedPorts(portSets, code);
  const portsByPod = new Map(pods.map(({ index, ports }) => [index, asked.intern(ports)]));
  asked.close();
  let pairs = countByGroups(portsByPod, egress, ingress, asked);

  // Tables know neither loopback, which is no pair here, nor a pod's own node.
  const inTables = (from: number, to: number) =>
    [
      asked.reduce(egress.portSet(egress.profiles[from]!, egress.classes[to]!)),
      asked.reduce(ingress.portSet(ingress.profiles[to]!, ingress.classes[from]!)),
    ] as const;
  for (const [index, ports] of portsByPod) pairs -= asked.may(...inTables(index, index), ports);
  const every = asked.reduce(EVERY);
  ownNodePairs((from, to, direction) => {
    const [out, into] = inTables(from, to);
    const ports = portsByPod.get(to)!;
    const truth =
      direction === 'egress' ? asked.may(every, into, ports) : asked.may(out, every, ports);
    pairs += truth - asked.may(out, into, ports);
  });
  return pairs;
}

/** Every pod with every one, itself included, as the tables have it. */
function countByGroups(
  portsByPod: ReadonlyMap<number, number>,
  egress: DirectionTable,
  ingress: DirectionTable,
  asked: AskedPorts,
): number {
  const pods = [...portsByPod.keys()];
  const outward = new UsualAnswers(
    egress,
    pods.map((index) => egress.classes[index]!),
    asked,
  );
  const inward = new UsualAnswers(
    ingress,
    pods.map((index) => ingress.classes[index]!),
    asked,
  );
  const sources = new Map<number, SourceGroup>();
  const destinations = new Map<number, DestinationGroup>();
  const ids = { from: new PairInterner(), to: new PairInterner(), toPorts: new PairInterner() };
  for (const [index, ports] of portsByPod) {
    const source = {
      content: outward.contents.of(egress.profiles[index]!),
      asPeer: ingress.classes[index]!,
    };
    const destination = {
      content: inward.contents.of(ingress.profiles[index]!),
      asPeer: egress.classes[index]!,
      ports,
    };
    const to = ids.to.intern(destination.content, destination.asPeer);
    count(sources, ids.from.intern(source.content, source.asPeer), source);
    count(destinations, ids.toPorts.intern(to, ports), destination);
  }
  const groups = [[...sources.values()], [...destinations.values()]] as const;
  return new PairCount(asked, outward, inward, ...groups).count();
}

function count<G extends object>(groups: Map<number, G & { pods: number }>, id: number, group: G) {
  const known = groups.get(id);
  if (known === undefined) groups.set(id, { ...group, pods: 1 });
  else known.pods++;
}

/**
 * How many ordered pairs of pods may talk, counted by classes. Sources are grouped by (egress profile,
 * class on ingress), destinations by (ingress profile, class on egress, own ports). A profile gives
 * most classes one answer, its usual one, and differs only for classes that satisfy its predicates
 * unlike most others do: pairs are counted as if all answers were usual, then corrected where egress
 * differs, then where ingress does. Exact; the cost is that of the exceptions, not of the pairs.
 */
import type { DirectionTable } from './direction-table.ts';
import { ListInterner, PairInterner } from './interners.ts';
import type { ContainerPort, Direction } from './objects.ts';
import { type PortSets, portCode } from './port-set.ts';
import { UsualAnswers } from './usual-answers.ts';

export interface CountedPod {
  readonly index: number;
  readonly ports: readonly ContainerPort[];
}

interface SourceGroup {
  readonly profile: number;
  readonly ingressClass: number;
  pods: number;
}

interface DestinationGroup {
  readonly profile: number;
  readonly egressClass: number;
  readonly ports: number;
  pods: number;
}

type Visit = (from: number, to: number, direction: Direction) => void;

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
  const ownPorts = new OwnPorts(code);
  const may = (out: number, into: number, ports: number): number =>
    ownPorts.get(ports).some((at) => portSets.contains(out, at) && portSets.contains(into, at))
      ? 1
      : 0;
  const sources = new Map<number, SourceGroup>();
  const destinations = new Map<number, DestinationGroup>();
  const portsByPod = new Map<number, number>();
  const ids = { from: new PairInterner(), to: new PairInterner(), toPorts: new PairInterner() };
  for (const { index, ports } of pods) {
    const own = ownPorts.intern(ports);
    portsByPod.set(index, own);
    const [out, outClass] = [egress.profiles[index]!, egress.classes[index]!];
    const [into, intoClass] = [ingress.profiles[index]!, ingress.classes[index]!];
    const source = ids.from.intern(out, intoClass);
    const destination = ids.toPorts.intern(ids.to.intern(into, outClass), own);
    count(sources, source, { profile: out, ingressClass: intoClass, pods: 0 });
    count(destinations, destination, { profile: into, egressClass: outClass, ports: own, pods: 0 });
  }
  let pairs = countGroups([...sources.values()], [...destinations.values()], egress, ingress, may);

  // Tables know neither loopback, which is no pair here, nor a pod's own node.
  const inTables = (from: number, to: number) =>
    [
      egress.portSet(egress.profiles[from]!, egress.classes[to]!),
      ingress.portSet(ingress.profiles[to]!, ingress.classes[from]!),
    ] as const;
  for (const { index } of pods) pairs -= may(...inTables(index, index), portsByPod.get(index)!);
  ownNodePairs((from, to, direction) => {
    const [out, into] = inTables(from, to);
    const ports = portsByPod.get(to)!;
    const truth = direction === 'egress' ? may(EVERY, into, ports) : may(out, EVERY, ports);
    pairs += truth - may(out, into, ports);
  });
  return pairs;
}

/** Id of the set of every port. */
const EVERY = 1;

function countGroups(
  sources: readonly SourceGroup[],
  destinations: readonly DestinationGroup[],
  egress: DirectionTable,
  ingress: DirectionTable,
  may: (out: number, into: number, ports: number) => number,
): number {
  const outward = new UsualAnswers(
    egress,
    destinations.map(({ egressClass }) => egressClass),
  );
  const inward = new UsualAnswers(
    ingress,
    sources.map(({ ingressClass }) => ingressClass),
  );
  const usualInto = new PairInterner();
  const from = sumBy(sources, ({ profile }) => outward.usual(profile));
  const to = sumBy(destinations, ({ profile, ports }) =>
    usualInto.intern(inward.usual(profile), ports),
  );
  let pairs = 0;
  for (const [out, some] of from) {
    for (const [id, others] of to) {
      pairs += some * others * may(out, usualInto.first(id), usualInto.second(id));
    }
  }
  const byEgressClass = groupBy(destinations, ({ egressClass }) => egressClass);
  for (const [profile, some] of sumBy(sources, ({ profile }) => profile)) {
    for (const [egressClass, out] of outward.exceptions(profile)) {
      for (const { profile: to, ports, pods } of byEgressClass.get(egressClass)!) {
        const into = inward.usual(to);
        const change = may(out, into, ports) - may(outward.usual(profile), into, ports);
        pairs += some * pods * change;
      }
    }
  }
  const byIngressClass = groupBy(sources, ({ ingressClass }) => ingressClass);
  for (const [profile, group] of groupBy(destinations, ({ profile }) => profile)) {
    const usual = inward.usual(profile);
    for (const [ingressClass, into] of inward.exceptions(profile)) {
      for (const source of byIngressClass.get(ingressClass)!) {
        const unusual = outward.exceptions(source.profile);
        for (const { egressClass, ports, pods } of group) {
          const out = unusual.get(egressClass) ?? outward.usual(source.profile);
          pairs += source.pods * pods * (may(out, into, ports) - may(out, usual, ports));
        }
      }
    }
  }
  return pairs;
}

/** Ports to ask of a destination, interned: its own, or the one asked for. */
class OwnPorts {
  private readonly lists = new ListInterner();
  private readonly code: number | undefined;

  constructor(code: number | undefined) {
    this.code = code;
  }

  intern(ports: readonly ContainerPort[]): number {
    return this.lists.intern(
      this.code === undefined
        ? ports.map(({ protocol, port }) => portCode(protocol, port))
        : [this.code],
    );
  }

  get(id: number): Int32Array {
    return this.lists.get(id);
  }
}

function count<G extends { pods: number }>(groups: Map<number, G>, id: number, empty: G): void {
  const known = groups.get(id);
  if (known === undefined) groups.set(id, { ...empty, pods: 1 });
  else known.pods++;
}

function sumBy<G extends { readonly pods: number }>(
  groups: readonly G[],
  keyOf: (group: G) => number,
): Map<number, number> {
  const sums = new Map<number, number>();
  for (const group of groups) {
    const key = keyOf(group);
    sums.set(key, (sums.get(key) ?? 0) + group.pods);
  }
  return sums;
}

function groupBy<G>(groups: readonly G[], keyOf: (group: G) => number): Map<number, G[]> {
  const byKey = new Map<number, G[]>();
  for (const group of groups) {
    const key = keyOf(group);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [group]);
    else others.push(group);
  }
  return byKey;
}

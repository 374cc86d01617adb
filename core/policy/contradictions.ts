/**
 * Cluster policies whose order the API leaves undefined although it matters: of one tier and one
 * priority, and with different answers to one connection of this world. Each policy is asked by
 * itself: its first rule that matches accepts, denies or passes; matching nothing is no answer and
 * contradicts nobody. A pair is found whether or not a policy before it decides the connection. Exact
 * on the entities given; connections that no policy is asked about (loopback, own node) do not count.
 */
import { type CompiledPolicy, type CompiledRule, compilePolicy } from './compiled-policy.ts';
import type { Action, ClusterPolicy, Direction, PolicyWorld, Protocol } from './objects.ts';
import { EVERY_PORT, intersection, NO_PORTS, type PortSet, portOf, union } from './port-set.ts';
import { firstMatches, matchesPort } from './profile.ts';
import type { PeerView } from './rule-list.ts';
import { literalText, type PolicySwitches } from './switches.ts';
import { EntityTraits, type Traits } from './traits.ts';

/** Two policies, and one connection on which they differ. */
export interface Contradiction {
  readonly direction: Direction;
  /** In the order in which they are asked here: by name. */
  readonly first: Answer;
  readonly second: Answer;
  /** Indices of entities: the pod whose policies these are, and the other end. */
  readonly subject: number;
  readonly peer: number;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface Answer {
  readonly policy: ClusterPolicy;
  /** Index of the rule in the policy's list of that direction. */
  readonly rule: number;
  readonly action: Action;
}

/** Entities that have the same traits. */
interface Group {
  readonly traits: Traits;
  readonly satisfied: ReadonlySet<number>;
  readonly members: number[];
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
const ACTIONS: readonly Action[] = ['Accept', 'Deny', 'Pass'];

/** At most one for each pair of policies and direction. */
export function contradictions(
  world: PolicyWorld,
  switches: PolicySwitches = literalText,
): Contradiction[] {
  const pairs = equalRanks(world.clusterPolicies);
  if (!switches.enforces || pairs.length === 0) return [];
  const traits = new EntityTraits(switches);
  const compiled = new Map<ClusterPolicy, CompiledPolicy>();
  for (const policy of new Set(pairs.flat())) {
    const { subject, rules } = compilePolicy(policy, traits.predicates, switches);
    compiled.set(policy, { policy, subject, rules });
    for (const { names } of [...(rules.ingress ?? []), ...(rules.egress ?? [])]) {
      for (const { name } of names) traits.portNames.mention(name);
    }
  }
  const groups = groupsOf(world, traits);
  const found: Contradiction[] = [];
  for (const [first, second] of pairs) {
    for (const direction of DIRECTIONS) {
      const pair = [compiled.get(first)!, compiled.get(second)!] as const;
      const one = witnessOf(pair, direction, groups, traits, switches);
      if (one !== undefined) found.push(one);
    }
  }
  return found;
}

/** Pairs of one tier and priority, each by name. */
function equalRanks(policies: readonly ClusterPolicy[]): [ClusterPolicy, ClusterPolicy][] {
  const sorted = [...policies].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return sorted.flatMap((first, at) =>
    sorted
      .slice(at + 1)
      .filter(({ tier, priority }) => tier === first.tier && priority === first.priority)
      .map((second): [ClusterPolicy, ClusterPolicy] => [first, second]),
  );
}

function groupsOf({ namespaces, entities }: PolicyWorld, traits: EntityTraits): Group[] {
  traits.nodes.reserve(entities.length);
  for (const { name, labels } of namespaces) traits.setNamespace(name, labels);
  for (const [index, entity] of entities.entries()) {
    if (entity.kind === 'node') traits.nodes.setLabels(entity.name, entity.labels);
    traits.nodes.place(index, entity);
  }
  const groups = new Map<string, Group>();
  for (const [index, entity] of entities.entries()) {
    const of = traits.of(entity);
    const key = `${of.selected} ${of.addressed} ${of.names}`;
    const known = groups.get(key);
    if (known !== undefined) known.members.push(index);
    else {
      const lists = [of.selected, of.addressed].map((id) => [...traits.predicates.list(id)]);
      groups.set(key, { traits: of, satisfied: new Set(lists.flat()), members: [index] });
    }
  }
  return [...groups.values()];
}

function witnessOf(
  [first, second]: readonly [CompiledPolicy, CompiledPolicy],
  direction: Direction,
  groups: readonly Group[],
  { portNames, nodes }: EntityTraits,
  switches: PolicySwitches,
): Contradiction | undefined {
  const rules = [first.rules[direction], second.rules[direction]];
  if (rules[0] === undefined || rules[1] === undefined) return undefined;
  const [one, two] = [rules[0], rules[1]];
  const isExempt = direction === 'ingress' ? switches.ownNodeAdmitted : switches.ownNodeReachable;
  const subjects = groups.filter(
    ({ satisfied }) => satisfied.has(first.subject) && satisfied.has(second.subject),
  );
  for (const { peerMembers, view, members } of questions(subjects, groups, direction)) {
    const ports = conflict(
      firstMatches(one, EVERY_PORT, view, portNames),
      firstMatches(two, EVERY_PORT, view, portNames),
    );
    if (ports.length === 0) continue;
    for (const subject of members) {
      for (const peer of peerMembers) {
        if (subject === peer || (isExempt && nodes.isOwnNode(subject, peer))) continue;
        const code = ports[0]!;
        const answer = (list: readonly CompiledRule[]): Answer => {
          const rule = list.find((each) => matchesPort(each, view, portNames, code))!;
          return { policy: rule.policy as ClusterPolicy, rule: rule.index, action: rule.action };
        };
        return {
          direction,
          first: answer(one),
          second: answer(two),
          subject,
          peer,
          ...portOf(code),
        };
      }
    }
  }
  return undefined;
}

/** Each distinct question once: subjects matter by the names of their ports alone, on ingress. */
function* questions(
  subjects: readonly Group[],
  peers: readonly Group[],
  direction: Direction,
): Generator<{ view: PeerView; members: number[]; peerMembers: readonly number[] }> {
  const byNames = new Map<number, number[]>();
  for (const { traits, members } of subjects) {
    const names = direction === 'ingress' ? traits.names : 0;
    byNames.set(names, (byNames.get(names) ?? []).concat(members));
  }
  for (const [ofSubject, members] of byNames) {
    for (const { traits, satisfied, members: peerMembers } of peers) {
      const names = direction === 'ingress' ? ofSubject : traits.names;
      yield { view: { holds: (one) => satisfied.has(one), names }, members, peerMembers };
    }
  }
}

function conflict(a: Record<Action, PortSet>, b: Record<Action, PortSet>): PortSet {
  let ports = NO_PORTS;
  for (const mine of ACTIONS) {
    for (const theirs of ACTIONS) {
      if (mine !== theirs) ports = union(ports, intersection(a[mine], b[theirs]));
    }
  }
  return ports;
}

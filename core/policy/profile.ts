/**
 * What applies to a subject in one direction: the policies' rules in the order in which they are
 * asked. Admin tier, first match; NetworkPolicies, whose union is final for a pod they isolate;
 * Baseline tier, first match; then allowed. Two readings of the same lists: all ports admitted at
 * once, for tables, and the decision on one port with the rules that made it.
 */
import type { CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import type { Action, ClusterPolicy, Direction } from './objects.ts';
import type { PortNames } from './port-names.ts';
import {
  contains,
  difference,
  EVERY_PORT,
  intersection,
  NO_PORTS,
  type PortSet,
  union,
} from './port-set.ts';
import {
  type ListedPeer,
  matchesPeer,
  type PeerView,
  type RuleList,
  type RuleLists,
} from './rule-list.ts';
import type { Decision, DirectionVerdict } from './verdict.ts';

export interface Profile {
  readonly admin: RuleList;
  /** Those that isolate the subject; empty if none does. */
  readonly isolating: readonly CompiledPolicy[];
  /** Of the isolating policies, all of them. */
  readonly admitting: RuleList;
  readonly baseline: RuleList;
}

/** @param policies that select the subject, in the order of the world; others are left out */
export function profileOf(
  policies: readonly CompiledPolicy[],
  direction: Direction,
  lists: RuleLists,
): Profile {
  const isolating = policies.filter(
    ({ policy, rules }) => policy.kind === 'NetworkPolicy' && rules[direction] !== undefined,
  );
  return {
    admin: lists.of(inOrder(policies, 'Admin')),
    isolating,
    admitting: lists.of(isolating),
    baseline: lists.of(inOrder(policies, 'Baseline')),
  };
}

/** By priority, then by name; a stable sort leaves equals as they were. */
function inOrder(
  policies: readonly CompiledPolicy[],
  tier: ClusterPolicy['tier'],
): CompiledPolicy[] {
  const keyed = policies.flatMap((compiled) =>
    compiled.policy.kind !== 'NetworkPolicy' && compiled.policy.tier === tier
      ? [{ compiled, priority: compiled.policy.priority, name: compiled.policy.name }]
      : [],
  );
  keyed.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return keyed.map(({ compiled }) => compiled);
}

/** The ports of a rule on a destination with these names. */
export function portsOf({ ports, names }: CompiledRule, at: number, portNames: PortNames): PortSet {
  return names.reduce((set, name) => union(set, portNames.resolve(at, name)), ports);
}

export function matchesPort(
  rule: CompiledRule,
  peer: PeerView,
  portNames: PortNames,
  code: number,
): boolean {
  return matchesPeer(rule, peer) && contains(portsOf(rule, peer.names, portNames), code);
}

/** What a list of rules says of a peer. */
export interface Outcome {
  readonly Accept: PortSet;
  readonly Deny: PortSet;
}

/** The list that is asked after the Admin tier. */
export function lastList({ isolating, admitting, baseline }: Profile): RuleList {
  return isolating.length > 0 ? admitting : baseline;
}

export function outcomeOf(list: RuleList, peer: ListedPeer, portNames: PortNames): Outcome {
  return firstMatches(list.matching(peer), EVERY_PORT, peer, portNames);
}

/** Every port that is admitted by what the Admin tier and `lastList` say. */
export function admittedBy(admin: Outcome, last: Outcome, isIsolated: boolean): PortSet {
  const left = difference(difference(EVERY_PORT, admin.Accept), admin.Deny);
  const later = isIsolated ? intersection(left, last.Accept) : difference(left, last.Deny);
  return union(admin.Accept, later);
}

/** Every port the profile admits to, or from, the peer. */
export function admittedPorts(profile: Profile, peer: ListedPeer, portNames: PortNames): PortSet {
  const admin = outcomeOf(profile.admin, peer, portNames);
  const last = outcomeOf(lastList(profile), peer, portNames);
  return admittedBy(admin, last, profile.isolating.length > 0);
}

/** Ports by the action of the first rule that matches, and those that none does. */
export function firstMatches(
  rules: readonly CompiledRule[],
  asked: PortSet,
  peer: PeerView,
  portNames: PortNames,
): Record<Action | 'unmatched', PortSet> {
  const found = { Accept: NO_PORTS, Deny: NO_PORTS, Pass: NO_PORTS, unmatched: asked };
  for (const rule of rules) {
    if (found.unmatched.length === 0) break;
    if (!matchesPeer(rule, peer)) continue;
    const ports = portsOf(rule, peer.names, portNames);
    found[rule.action] = union(found[rule.action], intersection(found.unmatched, ports));
    found.unmatched = difference(found.unmatched, ports);
  }
  return found;
}

/** The decision on one port. */
export function decide(
  profile: Profile,
  peer: ListedPeer,
  portNames: PortNames,
  code: number,
): Omit<DirectionVerdict, 'direction'> {
  const matches = (rule: CompiledRule) => contains(portsOf(rule, peer.names, portNames), code);
  const { admin, isolating, admitting, baseline } = profile;
  const passed: Decision[] = [];
  const first = admin.matching(peer).find(matches);
  if (first?.action === 'Pass') passed.push(decisionOf(first));
  else if (first !== undefined) return tierVerdict('admin', first, passed);
  if (isolating.length > 0) {
    const by = admitting.matching(peer).filter(matches).map(decisionOf);
    if (by.length > 0) return { allowed: true, reason: 'rule', by, passed };
    const all = isolating.map(({ policy }) => ({ policy, rule: undefined }));
    return { allowed: false, reason: 'isolated', by: all, passed };
  }
  const last = baseline.matching(peer).find(matches);
  if (last?.action === 'Pass') passed.push(decisionOf(last));
  else if (last !== undefined) return tierVerdict('baseline', last, passed);
  return { allowed: true, reason: 'notIsolated', by: [], passed };
}

function tierVerdict(
  reason: 'admin' | 'baseline',
  rule: CompiledRule,
  passed: readonly Decision[],
): Omit<DirectionVerdict, 'direction'> {
  return { allowed: rule.action === 'Accept', reason, by: [decisionOf(rule)], passed };
}

function decisionOf({ policy, index }: CompiledRule): Decision {
  return { policy, rule: index };
}

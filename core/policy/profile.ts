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
import type { DirectionVerdict } from './verdict.ts';

export interface Profile {
  readonly admin: readonly CompiledRule[];
  /** Those that isolate the subject; empty if none does. */
  readonly isolating: readonly CompiledPolicy[];
  /** Of the isolating policies, all of them. */
  readonly admitting: readonly CompiledRule[];
  readonly baseline: readonly CompiledRule[];
}

/** A peer as a profile sees it: the predicates it satisfies, and the names of the destination's ports. */
export interface PeerView {
  holds(predicate: number): boolean;
  readonly names: number;
}

/** @param policies that select the subject, in the order of the world; others are left out */
export function profileOf(policies: readonly CompiledPolicy[], direction: Direction): Profile {
  const isolating = policies.filter(
    ({ policy, rules }) => policy.kind === 'NetworkPolicy' && rules[direction] !== undefined,
  );
  const tier = (name: ClusterPolicy['tier']) =>
    inOrder(policies, name).flatMap(({ rules }) => rules[direction] ?? []);
  return {
    admin: tier('Admin'),
    isolating,
    admitting: isolating.flatMap(({ rules }) => rules[direction]!),
    baseline: tier('Baseline'),
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

export function matchesPeer({ peers }: CompiledRule, peer: PeerView): boolean {
  return peers === undefined || peers.some((predicate) => peer.holds(predicate));
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

/** Every port the profile admits to, or from, the peer. */
export function admittedPorts(profile: Profile, peer: PeerView, portNames: PortNames): PortSet {
  const admin = firstMatches(profile.admin, EVERY_PORT, peer, portNames);
  const left = union(admin.unmatched, admin.Pass);
  if (profile.isolating.length > 0) {
    let admitted = NO_PORTS;
    for (const rule of profile.admitting) {
      if (matchesPeer(rule, peer)) admitted = union(admitted, portsOf(rule, peer.names, portNames));
    }
    return union(admin.Accept, intersection(left, admitted));
  }
  const baseline = firstMatches(profile.baseline, left, peer, portNames);
  return union(admin.Accept, difference(left, baseline.Deny));
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
  peer: PeerView,
  portNames: PortNames,
  code: number,
): Pick<DirectionVerdict, 'allowed' | 'reason' | 'by'> {
  const matches = (rule: CompiledRule) => matchesPort(rule, peer, portNames, code);
  const { admin, isolating, admitting, baseline } = profile;
  const first = admin.find(matches);
  if (first !== undefined && first.action !== 'Pass') {
    return { allowed: first.action === 'Accept', reason: 'admin', by: [decisionOf(first)] };
  }
  if (isolating.length > 0) {
    const by = admitting.filter(matches).map(decisionOf);
    if (by.length > 0) return { allowed: true, reason: 'rule', by };
    const all = isolating.map(({ policy }) => ({ policy, rule: undefined }));
    return { allowed: false, reason: 'isolated', by: all };
  }
  const last = baseline.find(matches);
  if (last !== undefined && last.action !== 'Pass') {
    return { allowed: last.action === 'Accept', reason: 'baseline', by: [decisionOf(last)] };
  }
  return { allowed: true, reason: 'notIsolated', by: [] };
}

function decisionOf({ policy, index }: CompiledRule) {
  return { policy, rule: index };
}

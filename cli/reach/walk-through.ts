/**
 * The walk-through of one connection: allowed or denied, and for each direction which rules decided,
 * what in them matched, where they stand and, for a denial, what the nearest rules lack. Written
 * for a reader who has not seen the policies.
 */
import type { Direction, Entity, Policy, PolicyWorld, Probe } from '../../core/policy/objects.ts';
import type { PolicySwitches } from '../../core/policy/switches.ts';
import type { Decision, DirectionVerdict, Verdict } from '../../core/policy/verdict.ts';
import { addressText } from '../../scenarios/index.ts';
import { width } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { entityName, fullTargetName, policyName, ruleName } from './names.ts';
import { FitFinder, type RuleFit } from './rule-fit.ts';
import { labelsText, peersOf, portsOf, rulesOf } from './words.ts';

/** Where a policy, or a rule of it, stands: `file:line`; undefined if nobody knows. */
export type PlaceOf = (decision: Decision, direction: Direction) => string | undefined;

export interface WalkThrough {
  readonly world: PolicyWorld;
  readonly switches: PolicySwitches;
  readonly engine: string;
  readonly probe: Probe;
  readonly verdict: Verdict;
  readonly placeOf: PlaceOf;
}

type Look = Pick<Terminal, 'style' | 'columns'>;

/** Rules shown for a denial; the nearest first. */
const MOST_NEAR_MISSES = 8;

export function headline({ probe, verdict }: Pick<WalkThrough, 'probe' | 'verdict'>, look: Look) {
  const word = verdict.allowed
    ? look.style(['bold', 'green'], 'ALLOWED')
    : look.style(['bold', 'red'], 'DENIED');
  return ` ${word}  ${entityName(probe.from)} -> ${fullTargetName(probe.to, probe)}`;
}

export function walkThrough(walk: WalkThrough, look: Look): string[] {
  const { probe, verdict } = walk;
  const names = [entityName(probe.from), entityName(probe.to)];
  const pad = Math.max(...names.map(width));
  const lines = [verdict.egress, verdict.ingress].flatMap((one, at) => {
    const lead = `  ${one.direction.padEnd(7)}  ${names[at]!.padEnd(pad)}   `;
    return [...directionLines(walk, one), ...passedLines(walk, one)].flatMap(
      ({ text, place }, index) =>
        placed(index === 0 ? lead : ' '.repeat(11), text, place, look.columns),
    );
  });
  return [headline(walk, look), ...lines];
}

/** A line and where what it speaks of stands. */
interface Line {
  readonly text: string;
  readonly place?: string | undefined;
}

/**
 * The place at the end of the line or, where that is too long, below it: never broken, so that a
 * terminal can open it. The text is broken between words where it meets the border.
 */
function placed(lead: string, text: string, place: string | undefined, columns: number): string[] {
  const line = place === undefined ? `${lead}${text}` : `${lead}${text}   ${place}`;
  if (width(line) <= columns) return [line];
  const deeper = ' '.repeat(15);
  const lines: string[] = [];
  let current = lead;
  let start = lead;
  for (const word of wordsOf(text)) {
    if (current !== start && width(current) + width(word.trimEnd()) > columns) {
      lines.push(current.trimEnd());
      start = deeper;
      current = deeper;
    }
    current += word;
  }
  lines.push(current.trimEnd());
  return place === undefined ? lines : [...lines, `${deeper}${place}`];
}

/** Words, each with the space after it. */
function wordsOf(text: string): string[] {
  return text.match(/^\s*\S+\s*|\S+\s*/g) ?? [];
}

function directionLines(walk: WalkThrough, verdict: DirectionVerdict): Line[] {
  const { probe, engine } = walk;
  const subject = verdict.direction === 'egress' ? probe.from : probe.to;
  switch (verdict.reason) {
    case 'unpoliced':
      return [{ text: unpolicedText(subject, engine) }];
    case 'loopback':
      return [{ text: 'allowed: a pod always reaches itself' }];
    case 'ownNode':
      return [
        {
          text:
            verdict.direction === 'ingress'
              ? 'allowed: traffic from a pod’s own node is always admitted'
              : 'allowed: a pod always reaches its own node',
        },
      ];
    case 'notIsolated':
      return [{ text: `allowed: no policy selects it for ${verdict.direction}` }];
    case 'rule':
      return admittedLines(walk, verdict);
    case 'isolated':
      return isolatedLines(walk, verdict);
    case 'admin':
    case 'baseline':
      return tierLines(walk, verdict);
  }
}

function unpolicedText(subject: Entity, engine: string): string {
  if (subject.kind === 'node') return 'allowed: no policy applies to a node';
  if (subject.kind === 'ip') return 'allowed: outside the cluster, where no policy applies';
  if (subject.hostNetwork) return 'allowed: host network, it acts as its node: no policy applies';
  return `allowed: ${engine} enforces no policy`;
}

function admittedLines(walk: WalkThrough, { by, direction }: DirectionVerdict): Line[] {
  return by.map((decision, at) =>
    ruleLine(walk, at === 0 ? 'allowed' : 'and', decision, direction),
  );
}

function tierLines(walk: WalkThrough, verdict: DirectionVerdict): Line[] {
  const { by, direction, allowed, reason } = verdict;
  const decision = by[0]!;
  const { policy } = decision;
  const hasPriority =
    policy.kind === 'ClusterNetworkPolicy' || policy.kind === 'AdminNetworkPolicy';
  const tier = `tier ${reason === 'admin' ? 'Admin' : 'Baseline'}`;
  const why =
    reason === 'admin'
      ? 'decides before any NetworkPolicy'
      : `decides because no NetworkPolicy selects the pod for ${direction}`;
  return [
    ruleLine(walk, allowed ? 'allowed' : 'denied', decision, direction),
    { text: `  ${hasPriority ? `${tier}, priority ${policy.priority}` : tier}: ${why}` },
  ];
}

/** Rules of a tier that left it to the next. */
function passedLines(walk: WalkThrough, { passed, direction }: DirectionVerdict): Line[] {
  return passed.map((decision) => ruleLine(walk, '  passed on', decision, direction));
}

/** `allowed by NetworkPolicy shop/cart   ingress[0] (podSelector app=web, TCP 80)`. */
function ruleLine(walk: WalkThrough, word: string, decision: Decision, direction: Direction): Line {
  const { policy, rule } = decision;
  const matched = rule === undefined ? '' : ` (${matchedText(walk, policy, direction, rule)})`;
  return {
    text: `${word} by ${policyName(policy)}   ${ruleName(direction, rule)}${matched}`,
    place: walk.placeOf(decision, direction),
  };
}

/** What in a rule matched; of several peers the first that did. */
function matchedText(walk: WalkThrough, policy: Policy, direction: Direction, index: number) {
  const rule = rulesOf(policy, direction)[index]!;
  const { peers, ports } = new FitFinder(walk.world, walk.switches, walk.probe) //
    .fit(policy, direction, index);
  const peer = peersOf(policy, rule)[peers[0] ?? 0] ?? 'any peer';
  const port = portsOf(rule)[ports[0] ?? 0] ?? 'any port';
  const name = 'name' in rule && rule.name !== '' ? `"${rule.name}": ` : '';
  return `${name}${peer}, ${port}`;
}

interface NearMiss {
  readonly decision: Decision;
  readonly fit: RuleFit | undefined;
}

function isolatedLines(walk: WalkThrough, { by, direction }: DirectionVerdict): Line[] {
  const policies = by.length === 1 ? '1 policy isolates' : `${by.length} policies isolate`;
  const finder = new FitFinder(walk.world, walk.switches, walk.probe);
  const misses = by
    .flatMap(({ policy }) => missesOf(policy, direction, finder))
    .sort((a, b) => nearness(b) - nearness(a));
  const shown = misses.slice(0, MOST_NEAR_MISSES).map((miss) => missLine(walk, miss, direction));
  const more = misses.length - shown.length;
  const whose = by.length === 1 ? 'its rules admits' : 'their rules admits';
  return [
    { text: `denied: ${policies} it for ${direction}, and none of ${whose} this` },
    ...shown,
    ...(more > 0 ? [{ text: `  and ${more} more rules, none of them nearer` }] : []),
    { text: `  ${peerFacts(walk, direction)}` },
  ];
}

function missesOf(policy: Policy, direction: Direction, finder: FitFinder): NearMiss[] {
  const rules = rulesOf(policy, direction);
  if (rules.length === 0) return [{ decision: { policy, rule: undefined }, fit: undefined }];
  return rules.map((_, rule) => ({
    decision: { policy, rule },
    fit: finder.fit(policy, direction, rule),
  }));
}

/** A rule that lacks the port is nearer than one that lacks the peer; no rule at all is farthest. */
function nearness({ fit }: NearMiss): number {
  if (!fit) return 0;
  return 1 + (fit.portFits ? 1 : 0) + (fit.peerFits ? 2 : 0);
}

function missLine(walk: WalkThrough, { decision, fit }: NearMiss, direction: Direction): Line {
  const { policy, rule } = decision;
  const place = walk.placeOf(decision, direction);
  if (rule === undefined || !fit) {
    return { text: `  ${policyName(policy)}   has no ${direction} rule`, place };
  }
  const listed = rulesOf(policy, direction)[rule]!;
  const peers = peersOf(policy, listed).join(' or ') || 'any peer';
  const ports = portsOf(listed).join(' or ') || 'any port';
  const words = `${ruleName(direction, rule)} (${peers}, ${ports})`;
  return { text: `  ${policyName(policy)}   ${words}: ${lacks(fit)}`, place };
}

function lacks({ peerFits, portFits }: RuleFit): string {
  if (peerFits) return 'peer matches, port does not';
  return portFits ? 'port matches, peer does not' : 'neither peer nor port matches';
}

/** What the peers of the rules were compared with. */
function peerFacts({ world, probe }: WalkThrough, direction: Direction): string {
  const peer = direction === 'ingress' ? probe.from : probe.to;
  if (peer.kind === 'ip') return `the peer is ${peer.name}, which only an ipBlock can match`;
  if (peer.kind === 'node') {
    return `the peer is node ${peer.name}, which only an ipBlock can match by its address`;
  }
  if (peer.hostNetwork) {
    return `the peer ${entityName(peer)} is on the host network: no selector finds it, only an ipBlock with its node’s address`;
  }
  const own = world.namespaces.find(({ name }) => name === peer.namespace);
  const labels = `${entityName(peer)} has ${labelsText(peer.labels)}`;
  const addresses = peer.addresses.map(addressText).join(', ');
  const at = addresses === '' ? '' : `, at ${addresses}`;
  return `${labels}${at}; its namespace has ${labelsText(own?.labels ?? {})}`;
}

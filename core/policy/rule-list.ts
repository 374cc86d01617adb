/**
 * Rules in the order in which they are asked. Of few, each is asked whether it matches a peer; of many
 * (a cluster policy may have 25 rules of 25 peers), those that can are found by what the peer satisfies.
 */
import type { CompiledPolicy, CompiledRule } from './compiled-policy.ts';
import type { Direction } from './objects.ts';

/** A peer as rules see it: the predicates it satisfies, and the names of the destination's ports. */
export interface PeerView {
  holds(predicate: number): boolean;
  readonly names: number;
}

export interface ListedPeer extends PeerView {
  /** All that it satisfies, of what rules of the direction ask. */
  readonly satisfied: readonly number[];
}

/** Peers of rules up to which each is asked. */
const FEW = 64;

export function matchesPeer({ peers }: CompiledRule, peer: PeerView): boolean {
  return peers === undefined || peers.some((predicate) => peer.holds(predicate));
}

export class RuleList {
  readonly rules: readonly CompiledRule[];
  /** Every predicate that a rule asks. */
  readonly predicates: ReadonlySet<number>;
  readonly asksNames: boolean;
  /** By predicate: places of the rules that ask it; undefined of few. */
  private readonly places: ReadonlyMap<number, readonly number[]> | undefined;
  /** Places of the rules that match every peer. */
  private readonly open: readonly number[];

  constructor(rules: readonly CompiledRule[]) {
    this.rules = rules;
    const peers = rules.reduce((sum, rule) => sum + (rule.peers?.length ?? 0), 0);
    const places = new Map<number, number[]>();
    for (const [place, rule] of rules.entries()) {
      for (const predicate of rule.peers ?? []) {
        const others = places.get(predicate);
        if (others === undefined) places.set(predicate, [place]);
        else others.push(place);
      }
    }
    this.predicates = new Set(places.keys());
    this.asksNames = rules.some(({ names }) => names.length > 0);
    this.places = peers > FEW ? places : undefined;
    this.open = rules.flatMap((rule, place) => (rule.peers === undefined ? [place] : []));
  }

  /** Those that match the peer, whatever the port, in order. */
  matching(peer: ListedPeer): readonly CompiledRule[] {
    if (this.places === undefined) return this.rules.filter((rule) => matchesPeer(rule, peer));
    const found = new Set(this.open);
    for (const predicate of peer.satisfied) {
      for (const place of this.places.get(predicate) ?? []) found.add(place);
    }
    return [...found].sort((a, b) => a - b).map((place) => this.rules[place]!);
  }
}

/** Lists of the rules of policies in order, each once: profiles of many subjects share a tier. */
export class RuleLists {
  private readonly direction: Direction;
  private readonly ids = new Map<CompiledPolicy, number>();
  private readonly lists = new Map<string, RuleList>();

  constructor(direction: Direction) {
    this.direction = direction;
  }

  of(policies: readonly CompiledPolicy[]): RuleList {
    const text = policies.map((policy) => this.id(policy)).join();
    const known = this.lists.get(text);
    if (known !== undefined) return known;
    const list = new RuleList(policies.flatMap(({ rules }) => rules[this.direction] ?? []));
    this.lists.set(text, list);
    return list;
  }

  private id(policy: CompiledPolicy): number {
    const known = this.ids.get(policy);
    if (known !== undefined) return known;
    this.ids.set(policy, this.ids.size);
    return this.ids.size - 1;
  }
}

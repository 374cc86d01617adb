/**
 * One direction of all verdicts. As a subject an entity has a profile (the policies that select it),
 * as a peer it has a class (the predicates it satisfies, of those that rules of this direction ask);
 * the names of the destination's ports belong to the class on egress and to the profile on ingress.
 * (profile, class) -> set of ports is a table, filled when first asked. Ids keep their meaning when
 * policies come and go, so an entry once right stays right; the table is emptied only for room.
 */
import type { CompiledPolicy } from './compiled-policy.ts';
import { ListInterner, PairInterner } from './interners.ts';
import type { Direction } from './objects.ts';
import { PairTable } from './pair-table.ts';
import { NO_NAMES, type PortNames } from './port-names.ts';
import type { PortSets } from './port-set.ts';
import type { Predicates } from './predicates.ts';
import { admittedPorts, type Outcome, outcomeOf, type Profile, profileOf } from './profile.ts';
import { type ListedPeer, type RuleList, RuleLists } from './rule-list.ts';
import type { EntityTraits, Traits } from './traits.ts';

/** Profile of a subject that no policy selects, or that none can. */
export const UNPOLICED = 0;

/** Entries before the table starts anew: 96 MiB at 12 bytes a slot and two to four slots an entry. */
const MOST_ENTRIES = 1 << 21;

/** The lists of a signature that matter to this direction. */
interface Roles {
  readonly asPeer: number;
  readonly asSubject: number;
}

export class DirectionTable {
  readonly direction: Direction;
  /** By entity. */
  profiles = new Int32Array(0);
  /** By entity. */
  classes = new Int32Array(0);

  private readonly predicates: Predicates;
  private readonly portNames: PortNames;
  private readonly portSets: PortSets;
  private readonly policies: readonly (CompiledPolicy | undefined)[];

  /** Policies by the predicate that is their subject. */
  private readonly subjects = new Map<number, Set<number>>();
  /** Predicates that some rule asks of a peer. */
  private readonly asked = new Set<number>();
  private roles: (Roles | undefined)[] = [];

  private readonly policyLists = new ListInterner();
  private readonly peerLists = new ListInterner();
  /** (policy list, names), by profile. */
  private readonly profileIds = new PairInterner();
  /** (selected, addressed), and these with names, by class. */
  private readonly peerPairs = new PairInterner();
  private readonly classIds = new PairInterner();
  /** By policy list. */
  private readonly lists: (Profile | undefined)[] = [];
  private readonly ruleLists: RuleLists;
  private readonly table = new PairTable();
  /** By predicate: the last question in which it was marked. */
  private marks = new Int32Array(64);
  private question = 0;

  constructor(
    direction: Direction,
    { predicates, portNames }: EntityTraits,
    portSets: PortSets,
    policies: readonly (CompiledPolicy | undefined)[],
  ) {
    this.direction = direction;
    this.ruleLists = new RuleLists(direction);
    this.predicates = predicates;
    this.portNames = portNames;
    this.portSets = portSets;
    this.policies = policies;
    this.profileIds.intern(0, NO_NAMES);
    this.classIds.intern(this.peerPairs.intern(0, 0), NO_NAMES);
  }

  get entries(): number {
    return this.table.size;
  }

  /** Ids of profiles ever seen; those of no entity included. */
  get profileCount(): number {
    return this.profileIds.size;
  }

  get classCount(): number {
    return this.classIds.size;
  }

  /** Hot: two reads by entity, one look-up, no allocation once the entry is there. */
  admits(subject: number, peer: number, code: number): boolean {
    const profile = this.profiles[subject]!;
    if (profile === UNPOLICED) return true;
    return this.portSets.contains(this.portSet(profile, this.classes[peer]!), code);
  }

  /** Id of the set of ports that the profile admits to, or from, the class. */
  portSet(profile: number, peerClass: number): number {
    if (profile === UNPOLICED) return 1;
    const known = this.table.get(profile, peerClass);
    if (known >= 0) return known;
    const set = this.ask(profile, this.view(profile, peerClass));
    if (this.table.size >= MOST_ENTRIES) this.table.clear();
    this.table.set(profile, peerClass, set);
    return set;
  }

  /** The same by evaluating the rules, past the table. */
  ask(profile: number, peer: ListedPeer): number {
    return this.portSets.intern(admittedPorts(this.profile(profile), peer, this.portNames));
  }

  /** Of rules of this direction. */
  outcome(list: RuleList, peer: ListedPeer): Outcome {
    return outcomeOf(list, peer, this.portNames);
  }

  profile(id: number): Profile {
    const list = this.profileIds.first(id);
    const known = this.lists[list];
    if (known !== undefined) return known;
    const policies = Array.from(this.policyLists.get(list), (policy) => this.policies[policy]!);
    const profile = profileOf(policies, this.direction, this.ruleLists);
    this.lists[list] = profile;
    return profile;
  }

  /** The peer as the profile sees it; good until the next view or table look-up. */
  view(profile: number, peerClass: number): ListedPeer {
    const names = this.profileIds.second(profile) + this.classIds.second(peerClass);
    return this.viewOf(this.predicatesOf(peerClass), names);
  }

  /** A peer that satisfies these predicates and no other. */
  viewOf(satisfied: readonly number[], names: number): ListedPeer {
    if (this.marks.length < this.predicates.size) {
      this.marks = new Int32Array(2 * this.predicates.size);
      this.question = 0;
    }
    const question = ++this.question;
    for (const predicate of satisfied) this.marks[predicate] = question;
    return { holds: (predicate) => this.marks[predicate] === question, satisfied, names };
  }

  /** Of those that rules of this direction ask. */
  predicatesOf(peerClass: number): number[] {
    const pair = this.classIds.first(peerClass);
    const satisfied = Array.from(this.peerLists.get(this.peerPairs.first(pair)));
    for (const predicate of this.peerLists.get(this.peerPairs.second(pair))) {
      satisfied.push(predicate);
    }
    return satisfied;
  }

  /** Names of the destination's ports as far as the profile, or the class, has them. */
  namesOfProfile(id: number): number {
    return this.profileIds.second(id);
  }

  namesOfClass(id: number): number {
    return this.classIds.second(id);
  }

  /** Room for entities below this number. */
  reserve(entities: number): void {
    if (entities <= this.profiles.length) return;
    const grown = (old: Int32Array) => {
      const array = new Int32Array(Math.max(entities, 2 * old.length));
      array.set(old);
      return array;
    };
    this.profiles = grown(this.profiles);
    this.classes = grown(this.classes);
  }

  /** @param isSubject whether policies can select the entity at all */
  classify(entity: number, traits: Traits, isSubject: boolean): void {
    const names = this.direction === 'egress' ? traits.names : NO_NAMES;
    const { asPeer, asSubject } = this.rolesOf(traits.selected);
    const pair = this.peerPairs.intern(asPeer, this.rolesOf(traits.addressed).asPeer);
    this.classes[entity] = this.classIds.intern(pair, names);
    const namesAsSubject = this.direction === 'ingress' ? traits.names : NO_NAMES;
    this.profiles[entity] =
      isSubject && asSubject !== 0 ? this.profileIds.intern(asSubject, namesAsSubject) : UNPOLICED;
  }

  /** Returns the predicates that no rule of this direction asked before. */
  addPolicy(id: number, { subject, rules }: CompiledPolicy): number[] {
    const ofDirection = rules[this.direction];
    if (ofDirection === undefined) return [];
    const others = this.subjects.get(subject);
    if (others === undefined) this.subjects.set(subject, new Set([id]));
    else others.add(id);
    const fresh = ofDirection
      .flatMap(({ peers }) => peers ?? [])
      .filter((predicate) => !this.asked.has(predicate));
    for (const predicate of fresh) this.asked.add(predicate);
    this.roles = [];
    return fresh;
  }

  removePolicy(id: number, { subject }: CompiledPolicy): void {
    this.subjects.get(subject)?.delete(id);
    this.roles = [];
  }

  private rolesOf(list: number): Roles {
    const known = this.roles[list];
    if (known !== undefined) return known;
    const satisfied = this.predicates.list(list);
    const asSubject: number[] = [];
    for (const predicate of satisfied) asSubject.push(...(this.subjects.get(predicate) ?? []));
    const roles = {
      asPeer: this.peerLists.intern(
        Array.from(satisfied).filter((predicate) => this.asked.has(predicate)),
      ),
      asSubject: this.policyLists.intern(asSubject),
    };
    this.roles[list] = roles;
    return roles;
  }
}

/**
 * What a list of rules says of most classes, and the classes of which it says something else. Each
 * predicate is satisfied by most of the classes in question or by few: the usual class satisfies what
 * most do. Only classes unlike it in a predicate that is asked can have another outcome; they are found
 * by predicate, told apart by what they satisfy of what is asked, and the rules are read once for each
 * such difference, not for each class.
 */
import type { DirectionTable } from './direction-table.ts';
import { groupBy } from './grouping.ts';
import { PairInterner, TextInterner } from './interners.ts';
import { NO_NAMES } from './port-names.ts';
import type { Outcome } from './profile.ts';
import type { RuleList } from './rule-list.ts';

/** Outcomes by their id, equal ones by one. */
export interface Outcomes {
  readonly usual: number;
  /** Classes with another one, each once. */
  readonly classes: readonly number[];
  /** Side by side with the classes. */
  readonly outcomes: readonly number[];
}

/** Like the usual class in all that is asked. */
const USUAL = 0;
/** Classes kept in all with the outcomes of tiers; what is beyond is found anew each time. */
const MOST_KEPT = 1 << 22;

export class ListOutcomes {
  private readonly table: DirectionTable;
  private readonly classes: readonly number[];
  /** By predicate: classes that satisfy it. */
  private readonly holders = new Map<number, number[]>();
  /** By predicate: classes that are not as most are. */
  private readonly deviants = new Map<number, readonly number[]>();
  /** By names of a destination's ports, those that most classes have first. */
  private readonly byNames: readonly (readonly [names: number, classes: readonly number[]])[];
  private readonly ids = new TextInterner();
  /** By id. */
  private readonly outcomes: Outcome[] = [];
  /** Of tiers, by list and names. */
  private readonly tiers = new Map<RuleList, Map<number, Outcomes>>();
  private kept = 0;
  /** By class: how it differs from the usual one, while a list is looked at. */
  private readonly differences: Int32Array;

  /** @param classes of the peers in question, in any order, repetitions allowed */
  constructor(table: DirectionTable, classes: Iterable<number>) {
    this.table = table;
    this.classes = [...new Set(classes)];
    this.differences = new Int32Array(table.classCount);
    for (const peerClass of this.classes) {
      for (const predicate of table.predicatesOf(peerClass)) {
        const others = this.holders.get(predicate);
        if (others === undefined) this.holders.set(predicate, [peerClass]);
        else others.push(peerClass);
      }
    }
    const byNames = groupBy(this.classes, (peerClass) => table.namesOfClass(peerClass));
    this.byNames = [...byNames].sort(([, a], [, b]) => b.length - a.length);
  }

  get(id: number): Outcome {
    return this.outcomes[id]!;
  }

  /** The same of a list that many profiles have. */
  ofTier(list: RuleList, namesOfProfile: number): Outcomes {
    const names = list.asksNames ? namesOfProfile : NO_NAMES;
    const known = this.tiers.get(list)?.get(names);
    if (known !== undefined) return known;
    const found = this.of(list, names);
    if (this.kept + found.classes.length > MOST_KEPT) return found;
    this.kept += found.classes.length;
    const others = this.tiers.get(list);
    if (others === undefined) this.tiers.set(list, new Map([[names, found]]));
    else others.set(names, found);
    return found;
  }

  /** @param namesOfProfile of the destination's ports, as far as the profile has them */
  of(list: RuleList, namesOfProfile: number): Outcomes {
    const { table, differences } = this;
    const common = [...list.predicates].filter((predicate) => this.isCommon(predicate));
    const reading = new Reading(common, (satisfied, names) => {
      const view = table.viewOf(satisfied, namesOfProfile + names);
      return this.intern(table.outcome(list, view));
    });
    const byNames = list.asksNames ? this.byNames : this.byNames.slice(0, 1);
    const [usualNames = NO_NAMES] = byNames[0] ?? [];
    const namesOf = (peerClass: number) =>
      list.asksNames ? table.namesOfClass(peerClass) : usualNames;
    const usual = reading.outcome(USUAL, usualNames);
    const found = { usual, classes: [] as number[], outcomes: [] as number[] };
    const add = (peerClass: number, outcome: number) => {
      if (outcome === usual) return;
      found.classes.push(peerClass);
      found.outcomes.push(outcome);
    };
    const different: number[] = [];
    for (const predicate of list.predicates) {
      for (const peerClass of this.unlikeMost(predicate)) {
        const before = differences[peerClass]!;
        if (before === USUAL) different.push(peerClass);
        differences[peerClass] = reading.differing(before, predicate);
      }
    }
    for (const peerClass of different) {
      add(peerClass, reading.outcome(differences[peerClass]!, namesOf(peerClass)));
    }
    for (const [names, classes] of byNames) {
      const outcome = reading.outcome(USUAL, names);
      if (outcome === usual) continue;
      for (const peerClass of classes) {
        if (differences[peerClass] === USUAL) add(peerClass, outcome);
      }
    }
    for (const peerClass of different) differences[peerClass] = USUAL;
    return found;
  }

  private intern({ Accept, Deny }: Outcome): number {
    const id = this.ids.intern(`${Accept.join()} ${Deny.join()}`);
    this.outcomes[id] ??= { Accept, Deny };
    return id;
  }

  private isCommon(predicate: number): boolean {
    return 2 * (this.holders.get(predicate)?.length ?? 0) > this.classes.length;
  }

  private unlikeMost(predicate: number): readonly number[] {
    const holders = this.holders.get(predicate) ?? [];
    if (!this.isCommon(predicate)) return holders;
    const known = this.deviants.get(predicate);
    if (known !== undefined) return known;
    const inside = new Set(holders);
    const others = this.classes.filter((peerClass) => !inside.has(peerClass));
    this.deviants.set(predicate, others);
    return others;
  }
}

/** Outcomes of one list by how a class differs from the usual one: a difference is one before and a predicate more. */
class Reading {
  private readonly common: readonly number[];
  private readonly read: (satisfied: readonly number[], names: number) => number;
  /** From 1 on. */
  private readonly differences = new PairInterner();
  /** By names, then by difference. */
  private readonly outcomes = new Map<number, number[]>();

  constructor(
    common: readonly number[],
    read: (satisfied: readonly number[], names: number) => number,
  ) {
    this.common = common;
    this.read = read;
  }

  differing(before: number, predicate: number): number {
    return 1 + this.differences.intern(before, predicate);
  }

  outcome(difference: number, names: number): number {
    const byDifference = this.outcomes.get(names) ?? [];
    const known = byDifference[difference];
    if (known !== undefined) return known;
    const outcome = this.read(this.satisfied(difference), names);
    byDifference[difference] = outcome;
    this.outcomes.set(names, byDifference);
    return outcome;
  }

  private satisfied(difference: number): number[] {
    const satisfied = new Set(this.common);
    for (let left = difference; left !== USUAL; left = this.differences.first(left - 1)) {
      const predicate = this.differences.second(left - 1);
      if (!satisfied.delete(predicate)) satisfied.add(predicate);
    }
    return [...satisfied];
  }
}

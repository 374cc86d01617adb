/**
 * What a profile answers to most classes, and the classes to which it answers otherwise. Each
 * predicate is satisfied by most of the classes in question or by few: the usual class is one that
 * satisfies what most do. Only classes unlike it in a predicate that the profile asks can be given
 * another answer, and these are found by predicate, not by trying all.
 */
import type { DirectionTable } from './direction-table.ts';
import { NO_NAMES } from './port-names.ts';

interface Answers {
  readonly usual: number;
  /** Set of ports by class, where it is not the usual one. */
  readonly exceptions: ReadonlyMap<number, number>;
}

export class UsualAnswers {
  private readonly table: DirectionTable;
  private readonly classes: readonly number[];
  /** By predicate: classes that satisfy it. */
  private readonly holders = new Map<number, number[]>();
  /** By predicate: classes that are not as most are. */
  private readonly deviants = new Map<number, readonly number[]>();
  /** Classes for which a port's name may mean something. */
  private readonly named: readonly number[];
  private readonly answers = new Map<number, Answers>();

  /** @param classes of the peers in question, in any order, repetitions allowed */
  constructor(table: DirectionTable, classes: readonly number[]) {
    this.table = table;
    this.classes = [...new Set(classes)];
    this.named = this.classes.filter((peerClass) => table.namesOfClass(peerClass) !== NO_NAMES);
    for (const peerClass of this.classes) {
      for (const predicate of table.predicatesOf(peerClass)) {
        const others = this.holders.get(predicate);
        if (others === undefined) this.holders.set(predicate, [peerClass]);
        else others.push(peerClass);
      }
    }
  }

  /** Id of the set of ports. */
  usual(profile: number): number {
    return this.of(profile).usual;
  }

  exceptions(profile: number): ReadonlyMap<number, number> {
    return this.of(profile).exceptions;
  }

  private of(profile: number): Answers {
    const known = this.answers.get(profile);
    if (known !== undefined) return known;
    const answers = this.find(profile);
    this.answers.set(profile, answers);
    return answers;
  }

  private find(profile: number): Answers {
    const { table } = this;
    const { admin, admitting, baseline } = table.profile(profile);
    const rules = [...admin, ...admitting, ...baseline];
    const asked = new Set(rules.flatMap(({ peers }) => peers ?? []));
    const common = [...asked].filter((predicate) => this.isCommon(predicate));
    const usual = table.ask(profile, table.viewOf(common, table.namesOfProfile(profile)));
    const candidates = new Set<number>();
    for (const predicate of asked) {
      for (const peerClass of this.unlikeMost(predicate)) candidates.add(peerClass);
    }
    if (rules.some(({ names }) => names.length > 0)) {
      for (const peerClass of this.named) candidates.add(peerClass);
    }
    const exceptions = new Map<number, number>();
    for (const peerClass of candidates) {
      const answer = table.ask(profile, table.view(profile, peerClass));
      if (answer !== usual) exceptions.set(peerClass, answer);
    }
    return { usual, exceptions };
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

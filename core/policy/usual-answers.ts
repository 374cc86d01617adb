/**
 * What a content of profiles answers to most classes, and the classes to which it answers otherwise:
 * put together of what its two lists of rules say, the Admin tier and what is asked after it. A tier
 * that many contents share is looked at once for all of them.
 */
import type { AskedPorts } from './asked-ports.ts';
import type { DirectionTable } from './direction-table.ts';
import { PairInterner } from './interners.ts';
import { ListOutcomes, type Outcomes } from './list-outcomes.ts';
import { admittedBy, lastList } from './profile.ts';
import { ProfileContents } from './profile-contents.ts';

/** Side by side. */
export interface Exceptions {
  readonly classes: readonly number[];
  /** Reduced sets of ports. */
  readonly answers: readonly number[];
}

/** Of a class that was not met. */
const NONE = -1;

export class UsualAnswers {
  readonly contents: ProfileContents;
  private readonly table: DirectionTable;
  private readonly asked: AskedPorts;
  private readonly outcomes: ListOutcomes;
  /** Answers by pair of outcomes, for profiles that isolate and for others. */
  private readonly pairs = new PairInterner();
  private readonly answers: Readonly<Record<'isolated' | 'open', (number | undefined)[]>> = {
    isolated: [],
    open: [],
  };
  /** By class: what the first list says, while a content is looked at. */
  private readonly first: Int32Array;

  /** @param classes of the peers in question, in any order, repetitions allowed */
  constructor(table: DirectionTable, classes: Iterable<number>, asked: AskedPorts) {
    this.table = table;
    this.asked = asked;
    this.contents = new ProfileContents(table);
    this.outcomes = new ListOutcomes(table, classes);
    this.first = new Int32Array(table.classCount).fill(NONE);
  }

  /** Numbers of classes are below this. */
  get classBound(): number {
    return this.first.length;
  }

  /** The reduced set of ports. */
  usual(content: number): number {
    const { admin, last, isIsolated } = this.lists(content);
    return this.answer(admin.usual, last.usual, isIsolated);
  }

  /** Classes to which the content gives another answer, each once. */
  exceptions(content: number): Exceptions {
    const { admin, last, isIsolated } = this.lists(content);
    const usual = this.answer(admin.usual, last.usual, isIsolated);
    const found = { classes: [] as number[], answers: [] as number[] };
    const add = (peerClass: number, ofAdmin: number, ofLast: number) => {
      const answer = this.answer(ofAdmin, ofLast, isIsolated);
      if (answer === usual) return;
      found.classes.push(peerClass);
      found.answers.push(answer);
    };
    const { first } = this;
    for (const [place, peerClass] of admin.classes.entries()) {
      first[peerClass] = admin.outcomes[place]!;
    }
    for (const [place, peerClass] of last.classes.entries()) {
      const ofAdmin = first[peerClass]!;
      first[peerClass] = NONE;
      add(peerClass, ofAdmin === NONE ? admin.usual : ofAdmin, last.outcomes[place]!);
    }
    for (const peerClass of admin.classes) {
      if (first[peerClass] !== NONE) add(peerClass, first[peerClass]!, last.usual);
      first[peerClass] = NONE;
    }
    return found;
  }

  private lists(content: number): { admin: Outcomes; last: Outcomes; isIsolated: boolean } {
    const id = this.contents.profile(content);
    const profile = this.table.profile(id);
    const names = this.table.namesOfProfile(id);
    const isIsolated = profile.isolating.length > 0;
    const admin = this.outcomes.ofTier(profile.admin, names);
    const last = isIsolated
      ? this.outcomes.of(profile.admitting, names)
      : this.outcomes.ofTier(lastList(profile), names);
    return { admin, last, isIsolated };
  }

  private answer(ofAdmin: number, ofLast: number, isIsolated: boolean): number {
    const answers = this.answers[isIsolated ? 'isolated' : 'open'];
    const pair = this.pairs.intern(ofAdmin, ofLast);
    const known = answers[pair];
    if (known !== undefined) return known;
    const { outcomes, asked } = this;
    const ports = admittedBy(outcomes.get(ofAdmin), outcomes.get(ofLast), isIsolated);
    const answer = asked.reduceSet(ports);
    answers[pair] = answer;
    return answer;
  }
}

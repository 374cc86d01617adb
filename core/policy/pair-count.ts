/**
 * Pairs of a source and a destination that may talk, by groups: every answer taken as the usual one of
 * its content, then corrected where egress is an exception, where ingress is, and where both are.
 */
import type { AskedPorts } from './asked-ports.ts';
import { ExceptionBatch } from './exception-batch.ts';
import { groupBy } from './grouping.ts';
import { PairInterner } from './interners.ts';
import type { UsualAnswers } from './usual-answers.ts';

export interface SourceGroup {
  /** Of its egress profile. */
  readonly content: number;
  /** On ingress. */
  readonly asPeer: number;
  pods: number;
}

export interface DestinationGroup {
  /** Of its ingress profile. */
  readonly content: number;
  /** On egress. */
  readonly asPeer: number;
  /** Of `AskedPorts`. */
  readonly ports: number;
  pods: number;
}

/** What an answer of ingress other than the usual one is given to. */
interface Unusual {
  readonly answer: number;
  pods: number;
}

export class PairCount {
  private readonly asked: AskedPorts;
  /** Answers of sources, by classes of destinations. */
  private readonly egress: UsualAnswers;
  private readonly ingress: UsualAnswers;
  private readonly sources: readonly SourceGroup[];
  private readonly destinations: readonly DestinationGroup[];
  private readonly byClass: ByClass;
  /** By content of egress. */
  private readonly usualOut: Int32Array;
  /** By content of ingress. */
  private readonly usualInto: Int32Array;
  /** Contents of egress that have exceptions. */
  private readonly selective = new Set<number>();

  constructor(
    asked: AskedPorts,
    egress: UsualAnswers,
    ingress: UsualAnswers,
    sources: readonly SourceGroup[],
    destinations: readonly DestinationGroup[],
  ) {
    this.asked = asked;
    this.egress = egress;
    this.ingress = ingress;
    this.sources = sources;
    this.destinations = destinations;
    this.byClass = new ByClass(destinations, egress.classBound);
    this.usualOut = usualAnswers(egress, sources);
    this.usualInto = usualAnswers(ingress, destinations);
  }

  count(): number {
    return this.asUsual() + this.unusualOnEgress() + this.unusualOnIngress();
  }

  private asUsual(): number {
    const { asked, usualOut, usualInto } = this;
    const into = new PairInterner();
    const from = sumBy(this.sources, ({ content }) => usualOut[content]!);
    const to = sumBy(this.destinations, ({ content, ports }) =>
      into.intern(usualInto[content]!, ports),
    );
    let pairs = 0;
    for (const [out, some] of from) {
      for (const [id, others] of to) {
        pairs += some * others * asked.may(out, into.first(id), into.second(id));
      }
    }
    return pairs;
  }

  private unusualOnEgress(): number {
    const { asked, egress, usualOut, usualInto, selective, byClass } = this;
    let pairs = 0;
    for (const [content, some] of sumBy(this.sources, (source) => source.content)) {
      const usual = usualOut[content]!;
      const { classes, answers } = egress.exceptions(content);
      if (classes.length > 0) selective.add(content);
      for (const [place, asPeer] of classes.entries()) {
        const out = answers[place]!;
        for (let at = byClass.starts[asPeer]!; at < byClass.starts[asPeer + 1]!; at++) {
          const into = usualInto[byClass.contents[at]!]!;
          const ports = byClass.ports[at]!;
          const change = asked.may(out, into, ports) - asked.may(usual, into, ports);
          pairs += some * byClass.pods[at]! * change;
        }
      }
    }
    return pairs;
  }

  /** Where egress is as usual, and where it is not. */
  private unusualOnIngress(): number {
    const { asked, ingress, usualOut, usualInto } = this;
    const from = new ByClass(this.sources, ingress.classBound);
    const isSelective = from.contents.map((content) => Number(this.selective.has(content)));
    const batch = new ExceptionBatch(ingress.classBound);
    let pairs = 0;
    for (const [content, group] of groupBy(this.destinations, (one) => one.content)) {
      const usual = usualInto[content]!;
      const byPorts = [...sumBy(group, ({ ports }) => ports)];
      const { classes, answers } = ingress.exceptions(content);
      for (const [place, asPeer] of classes.entries()) {
        const into = answers[place]!;
        let isOnBoth = 0;
        for (let at = from.starts[asPeer]!; at < from.starts[asPeer + 1]!; at++) {
          const out = usualOut[from.contents[at]!]!;
          isOnBoth |= isSelective[at]!;
          for (const [ports, pods] of byPorts) {
            const change = asked.may(out, into, ports) - asked.may(out, usual, ports);
            pairs += from.pods[at]! * pods * change;
          }
        }
        if (isOnBoth === 1) batch.add(asPeer, content, into);
      }
      if (batch.isFull) pairs += this.unusualOnBoth(batch);
    }
    return batch.isEmpty ? pairs : pairs + this.unusualOnBoth(batch);
  }

  /** Of the exceptions of ingress in the batch. */
  private unusualOnBoth(batch: ExceptionBatch): number {
    const exceptionsOf = batch.take();
    const selective = this.sources.filter(({ content }) => this.selective.has(content));
    let pairs = 0;
    for (const [content, group] of groupBy(selective, (source) => source.content)) {
      const unusual = new Map<number, Unusual[]>();
      for (const { asPeer, pods } of group) {
        exceptionsOf(asPeer, (to, answer) => addUnusual(unusual, to, answer, pods));
      }
      if (unusual.size > 0) pairs += this.unusualFrom(content, unusual);
    }
    return pairs;
  }

  /** @param unusual by content of ingress: its answers to sources of this content of egress */
  private unusualFrom(content: number, unusual: ReadonlyMap<number, readonly Unusual[]>): number {
    const { asked, egress, usualOut, usualInto, byClass } = this;
    const usual = usualOut[content]!;
    const { classes, answers } = egress.exceptions(content);
    let pairs = 0;
    for (const [place, asPeer] of classes.entries()) {
      const out = answers[place]!;
      for (let at = byClass.starts[asPeer]!; at < byClass.starts[asPeer + 1]!; at++) {
        const to = byClass.contents[at]!;
        const list = unusual.get(to);
        if (list === undefined) continue;
        const ports = byClass.ports[at]!;
        const into = usualInto[to]!;
        const counted = asked.may(out, into, ports) - asked.may(usual, into, ports);
        for (const { answer, pods } of list) {
          const change = asked.may(out, answer, ports) - asked.may(usual, answer, ports);
          pairs += byClass.pods[at]! * pods * (change - counted);
        }
      }
    }
    return pairs;
  }
}

/** Groups in the order of their classes: their fields in arrays of integers, which are read fast. */
class ByClass {
  /** By class: its first place; its last is before the first of the next. */
  readonly starts: Int32Array;
  readonly contents: Int32Array;
  readonly ports: Int32Array;
  readonly pods: Int32Array;

  constructor(groups: readonly (SourceGroup & { readonly ports?: number })[], classBound: number) {
    const sorted = [...groups].sort((a, b) => a.asPeer - b.asPeer);
    this.contents = Int32Array.from(sorted, ({ content }) => content);
    this.ports = Int32Array.from(sorted, ({ ports = 0 }) => ports);
    this.pods = Int32Array.from(sorted, ({ pods }) => pods);
    this.starts = new Int32Array(classBound + 1);
    for (const { asPeer } of sorted) this.starts[asPeer + 1]!++;
    for (let at = 0; at < classBound; at++) this.starts[at + 1]! += this.starts[at]!;
  }
}

/** By content, those that no group has left out. */
function usualAnswers(of: UsualAnswers, groups: readonly { readonly content: number }[]) {
  const usual = new Int32Array(of.contents.size);
  for (const content of new Set(groups.map((group) => group.content))) {
    usual[content] = of.usual(content);
  }
  return usual;
}

function addUnusual(
  unusual: Map<number, Unusual[]>,
  content: number,
  answer: number,
  pods: number,
): void {
  const list = unusual.get(content);
  if (list === undefined) {
    unusual.set(content, [{ answer, pods }]);
    return;
  }
  const same = list.find((one) => one.answer === answer);
  if (same === undefined) list.push({ answer, pods });
  else same.pods += pods;
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

/**
 * What a change of policies opens and closes: the connections between entities that both inputs
 * have, at the ports either declares. Entities that come or go are named, not compared. What both sides
 * treat alike is compared once, and changes are handed over one by one, so that a cluster of any size
 * and a change of any extent pass through.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import { type Ask, alike, eachOwnNodePair, groupOf, targetsByEntity, withTwins } from './alike.ts';
import { type EntityDocument, entityDocument, explained, type ProbeDocument } from './document.ts';
import { type Port, targetName } from './names.ts';
import { distinct, inOrder, type Target } from './probes.ts';

export interface Side {
  readonly entities: readonly Entity[];
  readonly policies: CompiledPolicies;
  /** Indices of the entities that are asked about. */
  readonly chosen: readonly number[];
}

/** A connection whose verdict changed: as the new policies decide it. */
export interface Change {
  readonly before: { readonly from: number; readonly to: number };
  readonly from: number;
  readonly target: Target;
}

/** In the order of sources, then of targets. */
export interface Changes extends Iterable<Change> {
  readonly count: number;
}

export interface Comparison {
  readonly opens: Changes;
  readonly closes: Changes;
  readonly onlyBefore: readonly EntityDocument[];
  readonly onlyAfter: readonly EntityDocument[];
}

/** An entity of both sides. */
interface Both {
  readonly index: number;
  readonly was: number;
}

type BothTarget = Target & { readonly was: number };

export function compare(
  before: Side,
  after: Side,
  kindsOf: (side: Side) => (index: number) => string,
  ports: readonly Port[] | undefined,
): Comparison {
  const key = (side: Side) => {
    const kind = kindsOf(side);
    return (index: number) => {
      const entity = side.entities[index]!;
      return `${kind(index)} ${entity.kind === 'pod' ? entity.namespace : ''}/${entity.name}`;
    };
  };
  const keyBefore = key(before);
  const keyAfter = key(after);
  const old = new Map(before.chosen.map((index) => [keyBefore(index), index]));
  const names = new Set(after.chosen.map(keyAfter));
  const both = inOrder(after.entities, after.chosen).flatMap((index): Both[] => {
    const was = old.get(keyAfter(index));
    return was === undefined ? [] : [{ index, was }];
  });
  const declared = distinct([...portsIn(before.entities), ...portsIn(after.entities)]);
  const targets = both.flatMap(({ index, was }) => {
    const [then, now] = [before.entities[was]!, after.entities[index]!];
    const own = now.kind === 'pod' ? distinct(portsIn([then, now])) : declared;
    return (ports ?? own).map((port): BothTarget => ({ ...port, to: index, was }));
  });
  const only = (side: Side, indices: readonly number[]) =>
    inOrder(side.entities, indices).map((index) => entityDocument(side.entities[index]!));
  return {
    ...changesOf(before, after, both, targets),
    onlyBefore: only(
      before,
      before.chosen.filter((index) => !names.has(keyBefore(index))),
    ),
    onlyAfter: only(
      after,
      after.chosen.filter((index) => !old.has(keyAfter(index))),
    ),
  };
}

function portsIn(entities: readonly Entity[]): Port[] {
  return entities.flatMap((entity) => (entity.kind === 'pod' ? entity.ports : []));
}

const CLOSED = -1;
const SAME = 0;
const OPENED = 1;
type Turn = typeof CLOSED | typeof SAME | typeof OPENED;

function changesOf(
  before: Side,
  after: Side,
  both: readonly Both[],
  targets: readonly BothTarget[],
): Pick<Comparison, 'opens' | 'closes'> {
  const key = ({ index, was }: Both) =>
    `${before.policies.likeness(was)} ${after.policies.likeness(index)}`;
  const sourceGroups = alike(both.length, (at) => key(both[at]!));
  const targetGroups = alike(targets.length, (at) => {
    const { to, was, port, protocol } = targets[at]!;
    return `${key({ index: to, was })} ${port} ${protocol}`;
  });
  const turns = turnsOf(
    before,
    after,
    sourceGroups.map(([first]) => both[first!]!),
    targetGroups.map(([first]) => targets[first!]!),
  );
  const sourceGroup = groupOf(sourceGroups, both.length);
  const targetGroup = groupOf(targetGroups, targets.length);
  /** Where an entity meets itself or its own node: by source, then target. */
  const exceptions = new Map<number, Map<number, Turn>>();
  const counts = { [CLOSED]: 0, [SAME]: 0, [OPENED]: 0 };
  for (const [row, group] of sourceGroups.entries()) {
    for (const [column, others] of targetGroups.entries()) {
      counts[turns[row]![column] as Turn] += group.length * others.length;
    }
  }
  eachException(before, after, both, targets, (source, target) => {
    const from = both[source]!;
    const to = targets[target]!;
    const { protocol, port } = to;
    const turn = turned(
      before.policies.connects(from.was, to.was, protocol, port),
      after.policies.connects(from.index, to.to, protocol, port),
    );
    const told = turns[sourceGroup[source]!]![targetGroup[target]!] as Turn;
    const row = exceptions.get(source) ?? new Map<number, Turn>();
    if (turn === told || row.has(target)) return;
    exceptions.set(source, row.set(target, turn));
    counts[told]--;
    counts[turn]++;
  });
  const all = (wanted: Turn): Changes => ({
    count: counts[wanted],
    *[Symbol.iterator]() {
      for (const [source, { index, was }] of both.entries()) {
        const row = turns[sourceGroup[source]!]!;
        const places = targetGroups.flatMap((group, at) => (row[at] === wanted ? group : []));
        const apart = exceptions.get(source) ?? new Map<number, Turn>();
        const extra = [...apart].flatMap(([at, turn]) => (turn === wanted ? [at] : []));
        const found = [...places.filter((at) => !apart.has(at)), ...extra].sort((x, y) => x - y);
        for (const at of found) {
          const target = targets[at]!;
          yield { before: { from: was, to: target.was }, from: index, target };
        }
      }
    },
  });
  return { opens: all(OPENED), closes: all(CLOSED) };
}

/** For each source, what becomes of each target. */
function turnsOf(
  before: Side,
  after: Side,
  sources: readonly Both[],
  targets: readonly BothTarget[],
): Int8Array[] {
  const old = sources.map(({ was }) => was);
  const oldTargets = targets.map(({ was }) => was);
  const now = sources.map(({ index }) => index);
  const nowTargets = targets.map(({ to }) => to);
  const rows = (askOld: Ask, askNow: Ask) =>
    sources.map(({ index, was }) =>
      Int8Array.from(targets, (target) =>
        turned(askOld(was, target.was, target), askNow(index, target.to, target)),
      ),
    );
  return withTwins(before.entities, before.policies, old, oldTargets, (askOld) =>
    withTwins(after.entities, after.policies, now, nowTargets, (askNow) => rows(askOld, askNow)),
  );
}

function turned(was: boolean, is: boolean): Turn {
  return was === is ? SAME : is ? OPENED : CLOSED;
}

/** Hands over places in `both` and `targets`; some twice. */
function eachException(
  before: Side,
  after: Side,
  both: readonly Both[],
  targets: readonly BothTarget[],
  visit: (source: number, target: number) => void,
): void {
  const ownTargets = targetsByEntity(targets);
  for (const [source, { index }] of both.entries()) {
    for (const target of ownTargets.get(index) ?? []) visit(source, target);
  }
  const old = {
    sources: both.map(({ was }) => was),
    targets: targets.map(({ was, port, protocol }) => ({ to: was, port, protocol })),
  };
  eachOwnNodePair(before.entities, old, visit);
  eachOwnNodePair(after.entities, { sources: both.map(({ index }) => index), targets }, visit);
}

/** With the decision of the new policies, and of the old ones as `before`. */
export function changeDocument(change: Change, before: Side, after: Side) {
  const { from, target } = change;
  const was: ProbeDocument = explained(
    before.entities,
    before.policies,
    change.before.from,
    change.before.to,
    target,
  );
  const now = explained(after.entities, after.policies, from, target.to, target);
  return { ...now, before: { verdict: was.verdict, egress: was.egress, ingress: was.ingress } };
}

export interface ChangeGroup {
  /** Names of destination ports. */
  readonly targets: readonly string[];
  readonly sources: readonly number[];
  /** What decides now. */
  readonly because: string;
}

/** Changes that the same rules decide, from the same sources, as one. */
export function grouped(
  changes: Iterable<Change>,
  entities: readonly Entity[],
  because: (change: Change) => string,
): ChangeGroup[] {
  const byTarget = new Map<string, { target: string; because: string; sources: number[] }>();
  for (const change of changes) {
    const target = targetName(entities[change.target.to]!, change.target);
    const why = because(change);
    const key = `${change.target.to} ${target} ${why}`;
    const group = byTarget.get(key) ?? { target, because: why, sources: [] };
    group.sources.push(change.from);
    byTarget.set(key, group);
  }
  const bySources = new Map<string, ChangeGroup & { targets: string[] }>();
  for (const { target, because: why, sources } of byTarget.values()) {
    const key = `${sources.join(' ')} ${why}`;
    const group = bySources.get(key);
    if (group) group.targets.push(target);
    else bySources.set(key, { targets: [target], sources, because: why });
  }
  return [...bySources.values()];
}

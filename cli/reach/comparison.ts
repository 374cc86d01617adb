/**
 * What a change of policies opens and closes: the connections between entities that both inputs
 * have, at the ports either declares. Entities that come or go are named, not compared.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
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

export interface Comparison {
  readonly opens: readonly Change[];
  readonly closes: readonly Change[];
  readonly onlyBefore: readonly EntityDocument[];
  readonly onlyAfter: readonly EntityDocument[];
}

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
  const both = inOrder(after.entities, after.chosen).flatMap((index) => {
    const was = old.get(keyAfter(index));
    return was === undefined ? [] : [{ index, was }];
  });
  const targets = both.flatMap(({ index, was }) =>
    (ports ?? declaredBy(before, was, after, index)).map((port) => ({ ...port, to: index, was })),
  );
  const opens: Change[] = [];
  const closes: Change[] = [];
  for (const { index, was } of both) {
    for (const { to, was: toWas, port, protocol } of targets) {
      const isOpen = after.policies.connects(index, to, protocol, port);
      if (before.policies.connects(was, toWas, protocol, port) === isOpen) continue;
      (isOpen ? opens : closes).push({
        before: { from: was, to: toWas },
        from: index,
        target: { to, port, protocol },
      });
    }
  }
  const only = (side: Side, indices: readonly number[]) =>
    inOrder(side.entities, indices).map((index) => entityDocument(side.entities[index]!));
  return {
    opens,
    closes,
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

/** The ports of either side; for what declares none, those of the whole input. */
function declaredBy(before: Side, was: number, after: Side, index: number): Port[] {
  const of = (entities: readonly Entity[]) =>
    entities.flatMap((entity) => (entity.kind === 'pod' ? entity.ports : []));
  const [old, now] = [before.entities[was]!, after.entities[index]!];
  return now.kind === 'pod'
    ? distinct(of([old, now]))
    : distinct([...of(before.entities), ...of(after.entities)]);
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
  changes: readonly Change[],
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

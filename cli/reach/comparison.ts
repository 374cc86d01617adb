/**
 * What a change of policies opens and closes: the connections between entities that both inputs
 * have, at the ports either declares. Entities that come or go are named, not compared. Changes are handed
 * over one by one, so that a change of any extent passes through.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity, PolicyWorld } from '../../core/policy/objects.ts';
import type { EntitySource } from '../../scenarios/index.ts';
import { type EntityDocument, entityDocument, explained, type ProbeDocument } from './document.ts';
import { type Port, targetName } from './names.ts';
import { distinct, inOrder, type Target } from './probes.ts';
import { changesOf } from './turns.ts';

export interface Side {
  /** With the outside addresses that are asked about. */
  readonly world: PolicyWorld;
  /** Of all entities but outside addresses. */
  readonly sources: readonly EntitySource[];
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
  /** Sources that were left out, because they would have taken too many questions. */
  readonly sourcesLeft: number;
  readonly onlyBefore: readonly EntityDocument[];
  readonly onlyAfter: readonly EntityDocument[];
}

/** An entity of both sides. */
export interface Both {
  readonly index: number;
  readonly was: number;
}

export type BothTarget = Target & { readonly was: number };

/** @param most questions; what is touched is asked about by groups that both sides treat alike */
export function compare(
  before: Side,
  after: Side,
  ports: readonly Port[] | undefined,
  most = Number.POSITIVE_INFINITY,
): Comparison {
  const key = (side: Side) => {
    return (index: number) => {
      const entity = side.world.entities[index]!;
      return `${side.sources[index]?.kind ?? 'ip'} ${entity.kind === 'pod' ? entity.namespace : ''}/${entity.name}`;
    };
  };
  const keyBefore = key(before);
  const keyAfter = key(after);
  const old = new Map(before.chosen.map((index) => [keyBefore(index), index]));
  const names = new Set(after.chosen.map(keyAfter));
  const both = inOrder(after.world.entities, after.chosen).flatMap((index): Both[] => {
    const was = old.get(keyAfter(index));
    return was === undefined ? [] : [{ index, was }];
  });
  const declared = distinct([...portsIn(before.world.entities), ...portsIn(after.world.entities)]);
  const targets = both.flatMap(({ index, was }) => {
    const [then, now] = [before.world.entities[was]!, after.world.entities[index]!];
    const own = now.kind === 'pod' ? distinct(portsIn([then, now])) : declared;
    return (ports ?? own).map((port): BothTarget => ({ ...port, to: index, was }));
  });
  const only = (side: Side, indices: readonly number[]) =>
    inOrder(side.world.entities, indices).map((index) =>
      entityDocument(side.world.entities[index]!, side.sources[index]),
    );
  return {
    ...changesOf(before, after, both, targets, most),
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

/** With the decision of the new policies, and of the old ones as `before`. */
export function changeDocument(change: Change, before: Side, after: Side) {
  const { from, target } = change;
  const was: ProbeDocument = explained(
    { entities: before.world.entities, sources: before.sources },
    before.policies,
    change.before.from,
    change.before.to,
    target,
  );
  const now = explained(
    { entities: after.world.entities, sources: after.sources },
    after.policies,
    from,
    target.to,
    target,
  );
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

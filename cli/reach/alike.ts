/**
 * Entities that policies treat alike, so that one of them answers for all. Two exceptions must not keep
 * them apart: an entity always reaches itself, and a pod and its own node. So alike entities are asked
 * about as a twin, which is nobody else and on no node, and the exceptions are asked about apart.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import type { Port } from './names.ts';
import type { Probes, Target } from './probes.ts';

/** Members of a list that have the same key, by their place in it; in the order of the first of each. */
export function alike(count: number, key: (at: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (let at = 0; at < count; at++) {
    const text = key(at);
    const group = groups.get(text);
    if (group) group.push(at);
    else groups.set(text, [at]);
  }
  return [...groups.values()];
}

/** By member, the index of its group. */
export function groupOf(groups: readonly (readonly number[])[], members: number): Int32Array {
  const of = new Int32Array(members);
  for (const [index, group] of groups.entries()) for (const member of group) of[member] = index;
  return of;
}

/** What twins answer; indices are those of the entities they stand for. */
export type Ask = (from: number, to: number, port: Port) => boolean;

/**
 * Calls `use` while the entities have twins among those of `policies`.
 * @param policies those of the entities, to which they are as before afterwards
 */
export function withTwins<T>(
  entities: readonly Entity[],
  policies: CompiledPolicies,
  sources: Iterable<number>,
  destinations: Iterable<number>,
  use: (ask: Ask) => T,
): T {
  const added: number[] = [];
  const twinsOf = (indices: Iterable<number>) => {
    const twins = new Map<number, number>();
    for (const index of indices) {
      if (twins.has(index)) continue;
      const entity = entities[index]!;
      // No policy applies to others, whose end of a connection is open to themselves too.
      if (entity.kind !== 'pod' || entity.hostNetwork) continue;
      const twin = policies.addEntity({ ...entity, node: null });
      added.push(twin);
      twins.set(index, twin);
    }
    return twins;
  };
  const from = twinsOf(sources);
  const to = twinsOf(destinations);
  try {
    return use((source, target, { protocol, port }) =>
      policies.connects(from.get(source) ?? source, to.get(target) ?? target, protocol, port),
    );
  } finally {
    for (const twin of added) policies.removeEntity(twin);
  }
}

/** Hands over each source and target, by their places, that are a pod and what acts as its own node. */
export function eachOwnNodePair(
  entities: readonly Entity[],
  { sources, targets }: Pick<Probes, 'sources' | 'targets'>,
  visit: (source: number, target: number) => void,
): void {
  const targetsOn = new Map<string, { readonly pods: number[]; readonly hosts: number[] }>();
  for (const [at, { to }] of targets.entries()) {
    const { pod, host } = placeOf(entities[to]!);
    const node = pod ?? host;
    if (node === null) continue;
    const on = targetsOn.get(node) ?? { pods: [], hosts: [] };
    targetsOn.set(node, on);
    (pod === null ? on.hosts : on.pods).push(at);
  }
  for (const [source, from] of sources.entries()) {
    const { pod, host } = placeOf(entities[from]!);
    const on = targetsOn.get(pod ?? host ?? '');
    for (const target of (pod === null ? on?.pods : on?.hosts) ?? []) visit(source, target);
  }
}

/** The node that it runs on, or that it acts as. */
function placeOf(entity: Entity): { readonly pod: string | null; readonly host: string | null } {
  if (entity.kind === 'node') return { pod: null, host: entity.name };
  if (entity.kind === 'ip') return { pod: null, host: null };
  return entity.hostNetwork ? { pod: null, host: entity.node } : { pod: entity.node, host: null };
}

/** Places of the targets of each destination. */
export function targetsByEntity(targets: readonly Target[]): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [at, { to }] of targets.entries()) {
    const own = places.get(to);
    if (own) own.push(at);
    else places.set(to, [at]);
  }
  return places;
}

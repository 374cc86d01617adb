/**
 * Every source against every destination port, with sources that reach the same and ports that are
 * reached by the same drawn together. Two exceptions must not keep apart what policies treat alike:
 * an entity always reaches itself, and a pod admits its own node. So destinations are asked about as
 * twins of themselves, equal in all but identity and node, and the exceptions are marked afterwards.
 */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity, PolicyWorld } from '../../core/policy/objects.ts';
import type { Probes, Target } from './probes.ts';

/**
 * `self`: row and column hold nothing but one entity and its own port. `ownNode`: denied, except for
 * those that run on the node they are asked from.
 */
export type Cell = 'allowed' | 'denied' | 'self' | 'ownNode';

export interface Matrix {
  readonly entities: readonly Entity[];
  /** Sources alike, by index of the entity; groups in the order of their first. */
  readonly rows: readonly (readonly number[])[];
  /** Destination ports alike. */
  readonly columns: readonly (readonly Target[])[];
  /** What holds for the whole row and column, entities to themselves excepted. */
  cell(row: number, column: number): Cell;
}

/** Classes of sources times classes of targets that a table is made of: a few seconds. */
const MOST_QUESTIONS = 2e7;

/**
 * Undefined if even classes are too many to ask about.
 * @param policies those of the world, compiled
 */
export function matrixOf(
  world: PolicyWorld,
  policies: CompiledPolicies,
  probes: Probes,
): Matrix | undefined {
  const { entities } = world;
  const { sources, targets } = probes;
  const sourceClasses = alike(sources.length, (at) => policies.likeness(sources[at]!));
  const targetClasses = alike(targets.length, (at) => {
    const { to, port, protocol } = targets[at]!;
    return `${policies.likeness(to)} ${port} ${protocol}`;
  });
  if (sourceClasses.length * targetClasses.length > MOST_QUESTIONS) return undefined;
  const admitted = askTwins(world, policies, {
    sources: sourceClasses.map(([first]) => sources[first!]!),
    targets: targetClasses.map(([first]) => targets[first!]!),
  });
  const rows = alike(admitted.length, (row) => textOf(admitted[row]!));
  // Rows alike need to be read once.
  const read = rows.map(([row]) => admitted[row!]!);
  const columns = alike(targetClasses.length, (column) =>
    textOf(Uint8Array.from(read, (row) => row[column]!)),
  );
  const rowMembers = rows.map((group) => merged(group, sourceClasses));
  const columnMembers = columns.map((group) => merged(group, targetClasses));
  const cellId = (row: number, column: number) => row * columns.length + column;
  const rowOf = groupOf(rowMembers, sources.length);
  const columnOf = groupOf(columnMembers, targets.length);
  const exceptions = new Set(
    ownNodePairs(entities, probes, policies).map(([source, target]) =>
      cellId(rowOf[source]!, columnOf[target]!),
    ),
  );
  const cell = (row: number, column: number): Cell => {
    const [first, ...others] = rowMembers[row]!;
    const from = sources[first!];
    const alone =
      others.length === 0 && columnMembers[column]!.every((at) => targets[at]!.to === from);
    if (alone) return 'self';
    if (read[row]![columns[column]![0]!] === 1) return 'allowed';
    return exceptions.has(cellId(row, column)) ? 'ownNode' : 'denied';
  };
  return {
    entities,
    rows: rowMembers.map((group) => group.map((at) => sources[at]!)),
    columns: columnMembers.map((group) => group.map((at) => targets[at]!)),
    cell,
  };
}

/** A row a source, 1 for each target whose twin it reaches. */
function askTwins(
  world: PolicyWorld,
  { switches }: CompiledPolicies,
  { sources, targets }: Pick<Probes, 'sources' | 'targets'>,
): Uint8Array[] {
  const { entities } = world;
  const twinOf = new Map<number, number>();
  for (const { to } of targets) {
    if (!twinOf.has(to)) twinOf.set(to, entities.length + twinOf.size);
  }
  const twins = [...twinOf.keys()].map((to): Entity => {
    const entity = entities[to]!;
    // A host-network pod is found by what its node is.
    return entity.kind === 'pod' && !entity.hostNetwork ? { ...entity, node: null } : { ...entity };
  });
  const policies = new CompiledPolicies({ ...world, entities: [...entities, ...twins] }, switches);
  return sources.map((from) =>
    Uint8Array.from(targets, ({ to, protocol, port }) =>
      policies.connects(from, twinOf.get(to)!, protocol, port) ? 1 : 0,
    ),
  );
}

/** Indices of sources that act as a node and of targets on it which they do reach. */
function ownNodePairs(
  entities: readonly Entity[],
  { sources, targets }: Probes,
  policies: CompiledPolicies,
): [source: number, target: number][] {
  const targetsOn = new Map<string, number[]>();
  for (const [index, { to }] of targets.entries()) {
    const entity = entities[to]!;
    if (entity.kind !== 'pod' || entity.node === null) continue;
    const on = targetsOn.get(entity.node);
    if (on) on.push(index);
    else targetsOn.set(entity.node, [index]);
  }
  return sources.flatMap((from, source) => {
    const node = actsAs(entities[from]!);
    return (targetsOn.get(node ?? '') ?? [])
      .filter((index) => {
        const { to, protocol, port } = targets[index]!;
        return to !== from && policies.connects(from, to, protocol, port);
      })
      .map((target): [number, number] => [source, target]);
  });
}

function actsAs(entity: Entity): string | null {
  if (entity.kind === 'node') return entity.name;
  return entity.kind === 'pod' && entity.hostNetwork ? entity.node : null;
}

/** The members of several classes, in their order. */
function merged(group: readonly number[], classes: readonly (readonly number[])[]): number[] {
  return group.flatMap((one) => classes[one]!).sort((a, b) => a - b);
}

/** By member, the index of its group. */
function groupOf(groups: readonly (readonly number[])[], members: number): Int32Array {
  const of = new Int32Array(members);
  for (const [index, group] of groups.entries()) for (const member of group) of[member] = index;
  return of;
}

/** Indices below `count` with the same key, in the order of the first of each. */
function alike(count: number, key: (index: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (let index = 0; index < count; index++) {
    const text = key(index);
    const group = groups.get(text);
    if (group) group.push(index);
    else groups.set(text, [index]);
  }
  return [...groups.values()];
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

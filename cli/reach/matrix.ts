/**
 * Every source against every destination port, with sources that reach the same and ports that are
 * reached by the same drawn together. That an entity reaches itself, and a pod its own node, does not
 * keep them apart, and is marked afterwards.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import { alike, eachOwnNodePair, groupOf, withTwins } from './alike.ts';
import type { Probes, Target } from './probes.ts';

/**
 * `self`: row and column hold nothing but one entity and its own port. `ownNode`: denied, except
 * between a pod and its own node.
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
 * @param policies those of the entities, compiled
 */
export function matrixOf(
  entities: readonly Entity[],
  policies: CompiledPolicies,
  probes: Probes,
): Matrix | undefined {
  const { sources, targets } = probes;
  const sourceClasses = alike(sources.length, (at) => policies.likeness(sources[at]!));
  const targetClasses = alike(targets.length, (at) => {
    const { to, port, protocol } = targets[at]!;
    return `${policies.likeness(to)} ${port} ${protocol}`;
  });
  if (sourceClasses.length * targetClasses.length > MOST_QUESTIONS) return undefined;
  const askedSources = sourceClasses.map(([first]) => sources[first!]!);
  const askedTargets = targetClasses.map(([first]) => targets[first!]!);
  const destinations = askedTargets.map(({ to }) => to);
  const admitted = withTwins(entities, policies, askedSources, destinations, (ask) =>
    askedSources.map((from) =>
      Uint8Array.from(askedTargets, (target) => (ask(from, target.to, target) ? 1 : 0)),
    ),
  );
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
  const exceptions = new Set<number>();
  eachOwnNodePair(entities, probes, (source, target) => {
    const { to, protocol, port } = targets[target]!;
    if (policies.connects(sources[source]!, to, protocol, port)) {
      exceptions.add(cellId(rowOf[source]!, columnOf[target]!));
    }
  });
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

/** The members of several classes, in their order. */
function merged(group: readonly number[], classes: readonly (readonly number[])[]): number[] {
  return group.flatMap((one) => classes[one]!).sort((a, b) => a - b);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

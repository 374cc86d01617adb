/**
 * Clusters too large for a matrix of pods: the share of pairs that may talk, namespace by namespace.
 * Nodes and outside addresses, if asked about, are a region each.
 */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import { counted } from '../numbers.ts';
import { table } from '../table.ts';
import { byCodeUnits } from './names.ts';
import { type Pairs, pairsByRegion } from './pairs.ts';
import type { Probes } from './probes.ts';
import { TEXT_COLUMNS } from './wrapped.ts';

interface Region {
  readonly name: string;
  readonly members: number;
}

const MOST_REGIONS = 20;
/** A few seconds. */
const MOST_QUESTIONS = 2e7;
/** Of a cell with its gap, and at most of a name with its number and size. */
const CELL = 7;
const LEAD = 40;

export function namespaceTable(
  entities: readonly Entity[],
  policies: CompiledPolicies,
  probes: Probes,
  width: number,
): string[] {
  const columns = Number.isFinite(width) ? width : TEXT_COLUMNS;
  const all = regionsOf(entities, probes);
  const fitting = Math.max(3, Math.floor((columns - LEAD) / CELL));
  for (let shown = Math.min(all.length, fitting, MOST_REGIONS); shown > 0; shown >>= 1) {
    const counts = countBetween(all.slice(0, shown), entities, policies, probes);
    if (counts !== undefined) return drawn(all, counts);
  }
  return [];
}

/** Namespaces by size, nodes and outside addresses, as far as sources or destinations are in them. */
function regionsOf(entities: readonly Entity[], { sources, targets }: Probes): Region[] {
  const members = new Map<string, number>();
  for (const index of new Set([...sources, ...targets.map(({ to }) => to)])) {
    const name = regionName(entities[index]!);
    members.set(name, (members.get(name) ?? 0) + 1);
  }
  return Array.from(members, ([name, count]) => ({ name, members: count })).sort(
    (a, b) => b.members - a.members || byCodeUnits(a.name, b.name),
  );
}

function regionName(entity: Entity): string {
  if (entity.kind === 'pod') return entity.namespace;
  return entity.kind === 'node' ? '(nodes)' : '(outside)';
}

function countBetween(
  regions: readonly Region[],
  entities: readonly Entity[],
  policies: CompiledPolicies,
  probes: Probes,
) {
  const places = new Map(regions.map(({ name }, at) => [name, at]));
  return pairsByRegion(entities, policies, probes, {
    regions: regions.length,
    regionOf: (index) => places.get(regionName(entities[index]!)),
    most: MOST_QUESTIONS,
  });
}

function drawn(all: readonly Region[], counts: readonly (readonly Pairs[])[]): string[] {
  const shown = counts.length;
  const rows = counts.map((row, at) => [
    `${at + 1}  ${all[at]!.name} (${all[at]!.members})`,
    ...row.map(percentText),
  ]);
  const header = Array.from({ length: shown }, (_, at) => String(at + 1));
  const lines = table(
    [
      { header: '% from \\ to' },
      ...header.map((text) => ({ header: text, align: 'right' as const })),
    ],
    rows,
    ' ',
  );
  const rest = all.length - shown;
  return [
    ...lines,
    ...(rest > 0 ? [` and ${counted(rest, 'smaller namespace')}`] : []),
    '',
    ' Each cell: percent of the pairs of different pods that may talk on at least one port.',
    ' Finer: --from NAMESPACE/NAME or --to NAMESPACE/NAME draws one pod, --json prints all.',
    '',
  ];
}

/** Whole percents; never 0 or 100 unless it is exactly that. */
function percentText({ allowed, of }: Pairs): string {
  if (of === 0) return '·';
  const percent = Math.round((100 * allowed) / of);
  if (percent === 0 && allowed > 0) return '<1';
  return percent === 100 && allowed < of ? '>99' : String(percent);
}

/**
 * Reads the inputs of `reach`: problems are printed as everywhere, what is not used is counted in
 * one line, and outside addresses join the entities.
 */
import { readFileSync } from 'node:fs';
import type { Address, Entity, PolicyWorld } from '../../core/policy/objects.ts';
import {
  addressText,
  MissingFileError,
  type NotUsed,
  type PolicyInput,
  readPolicyWorld,
  renderDiagnostics,
} from '../../scenarios/index.ts';
import { UsageError } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { byCodeUnits } from './names.ts';

export interface ReachInput extends PolicyInput {
  readonly notUsed: readonly NotUsed[];
}

/** Undefined if the input has errors; all of its problems are on `stderr`. */
export function readInput(
  paths: readonly string[],
  format: 'text' | 'github' | 'json',
  stderr: Terminal,
): ReachInput | undefined {
  const { diagnostics, notUsed, input } = read(paths);
  if (diagnostics.length > 0) {
    stderr.print(renderDiagnostics(diagnostics, { format, color: stderr.color }));
  }
  return input && { ...input, notUsed };
}

function read(paths: readonly string[]) {
  try {
    return readPolicyWorld(
      paths.map((path) =>
        path === '-' ? { name: '<stdin>', text: readFileSync(0, 'utf8') } : path,
      ),
    );
  } catch (error) {
    if (error instanceof MissingFileError) throw new UsageError(error.message);
    throw error;
  }
}

/** `not used: 11 ServiceAccount (why)`, and what may create pods on a line of its own. */
export function notUsedLines(notUsed: readonly NotUsed[]): string[] {
  const reasons = new Map<string, NotUsed[]>();
  for (const one of notUsed.filter(({ known }) => known)) {
    reasons.set(one.why, [...(reasons.get(one.why) ?? []), one]);
  }
  const parts = [...reasons].map(([why, kinds]) => `${countsText(kinds)} (${why})`);
  const unknown = notUsed.filter(({ known }) => !known);
  return [
    ...(parts.length > 0 ? [`not used: ${parts.join('; ')}`] : []),
    ...(unknown.length > 0
      ? [`not read: ${countsText(unknown)}; if they create pods, give the Pods too`]
      : []),
  ];
}

function countsText(kinds: readonly NotUsed[]): string {
  return [...kinds]
    .sort((a, b) => b.count - a.count || byCodeUnits(a.kind, b.kind))
    .map(({ kind, count }) => `${count} ${kind}`)
    .join(', ');
}

/** The world with outside addresses after its own entities, each once. */
export function withOutside(world: PolicyWorld, addresses: readonly Address[]): PolicyWorld {
  const byName = new Map<string, Entity>();
  for (const address of addresses) {
    const name = addressText(address);
    byName.set(name, { kind: 'ip', name, addresses: [address] });
  }
  return { ...world, entities: [...world.entities, ...byName.values()] };
}

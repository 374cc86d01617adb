/** What is asked: the flags of `reach`, and the entities that they choose. */
import type { PolicyEngine } from '../../core/models/policy/policy-engine.ts';
import type { Address, Entity } from '../../core/policy/objects.ts';
import type { PolicySwitches } from '../../core/policy/switches.ts';
import type { Terminal } from '../terminal.ts';
import { entityName, type Port } from './names.ts';
import { inOrder } from './probes.ts';
import { ownersOf } from './targets.ts';

export interface ReachFlags {
  readonly from?: string;
  readonly to?: string;
  readonly ports?: readonly Port[];
  readonly nodes?: true;
  readonly external?: readonly Address[];
  readonly engine: string;
  readonly with?: readonly string[];
  readonly json?: true;
  readonly quiet?: true;
  readonly format: 'text' | 'github' | 'json';
  readonly color?: boolean;
  readonly ascii?: true;
}

/** What every answer needs. */
export interface Asked {
  readonly flags: ReachFlags;
  readonly engine: PolicyEngine;
  readonly switches: PolicySwitches;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** Pods, nodes if asked for, and outside addresses, in the order in which they are shown. */
export function chosenEntities(entities: readonly Entity[], { nodes }: ReachFlags): number[] {
  const indices = entities.flatMap(({ kind }, index) => (kind === 'node' && !nodes ? [] : [index]));
  return inOrder(entities, indices);
}

/** A line for each outside address that somebody inside has: as an address, no selector finds it. */
export function insiders(entities: readonly Entity[]): string[] {
  return entities.flatMap((entity) => {
    if (entity.kind !== 'ip') return [];
    const owner = ownersOf(entity.addresses[0]!, entities)
      .map((index) => entities[index]!)
      .find(({ kind }) => kind !== 'ip');
    return owner === undefined
      ? []
      : [
          `${entity.name} is an address of ${entityName(owner)}; as --external, no selector finds it`,
        ];
  });
}

/**
 * The compiled form against the literal reading of the API after changes of random worlds: labels,
 * addresses, policies and entities come, go and change, and nothing is compiled anew.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Policy } from './objects.ts';
import {
  type Change,
  change,
  policySwitches,
  policyWorld,
  service,
} from './testing/arbitraries.ts';
import { Compiled, Literal } from './testing/contenders.ts';
import { expectSameVerdicts } from './testing/same-verdicts.ts';

/** One of those there are, whatever the number drawn. */
function pick<T>(among: readonly T[], draw: number): T | undefined {
  return among[draw % among.length];
}

function apply(compiled: Compiled, literal: Literal, { kind, draw, ...drawn }: Change): void {
  const index = pick(literal.indices(), draw);
  switch (kind) {
    case 'add policy': {
      const policy: Policy = { ...drawn.policy, name: `added-${draw}` };
      compiled.addPolicy(policy);
      return literal.addPolicy(policy);
    }
    case 'remove policy': {
      const policy = pick(literal.policies(), draw);
      if (policy === undefined) return;
      compiled.removePolicy(policy);
      return literal.removePolicy(policy);
    }
    case 'relabel namespace': {
      const name = 'xyz'[draw % 3]!;
      compiled.setNamespaceLabels(name, drawn.labels);
      return literal.setNamespaceLabels(name, drawn.labels);
    }
    case 'add entity': {
      return literal.putEntity(compiled.addEntity(drawn.entity), drawn.entity);
    }
    case 'remove entity':
      if (index === undefined) return;
      compiled.removeEntity(index);
      return literal.putEntity(index, undefined);
    case 'relabel':
      if (index === undefined || literal.entity(index).kind === 'ip') return;
      compiled.setLabels(index, drawn.labels);
      return literal.setLabels(index, drawn.labels);
    case 'readdress':
      if (index === undefined) return;
      compiled.setAddresses(index, drawn.addresses);
      return literal.setAddresses(index, drawn.addresses);
  }
}

describe('compiled policies', () => {
  it('decide as the API text says after every one of several changes', () => {
    fc.assert(
      fc.property(
        policyWorld,
        policySwitches,
        service,
        fc.array(change, { minLength: 1, maxLength: 8, size: 'max' }),
        (world, switches, asked, changes) => {
          const compiled = new Compiled(world, switches);
          const literal = new Literal(world, switches);
          // Asked before, so that answers that are kept have the chance to be out of date.
          expectSameVerdicts(compiled, literal, asked);
          for (const [step, one] of changes.entries()) {
            apply(compiled, literal, { ...one, draw: one.draw * 16 + step });
            expectSameVerdicts(compiled, literal, asked);
          }
        },
      ),
      { seed: 5, numRuns: 2500 },
    );
  });
});

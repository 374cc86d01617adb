/** Holds the compiled form to the literal reading of the API, for every pair of entities. */
import { expect } from 'vitest';
import type { Decision, DirectionVerdict } from '../verdict.ts';
import type { Compiled, Literal } from './contenders.ts';
import type { Service } from './truth-table.ts';

function isSame(one: DirectionVerdict, other: DirectionVerdict): boolean {
  return (
    one.direction === other.direction &&
    one.allowed === other.allowed &&
    one.reason === other.reason &&
    areSame(one.by, other.by) &&
    areSame(one.passed, other.passed)
  );
}

function areSame(some: readonly Decision[], others: readonly Decision[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ policy, rule }, index) => {
      const other = others[index]!;
      return policy === other.policy && rule === other.rule;
    })
  );
}

/** The verdict of each direction, the reason and the rules named. */
export function expectSameVerdicts(compiled: Compiled, literal: Literal, asked: Service): void {
  const indices = literal.indices();
  for (const from of indices) {
    for (const to of indices) {
      const verdict = compiled.verdict(from, to, asked);
      const reference = literal.verdict(from, to, asked);
      const same =
        verdict.allowed === reference.allowed &&
        isSame(verdict.egress, reference.egress) &&
        isSame(verdict.ingress, reference.ingress);
      if (same) continue;
      expect({ from, to, verdict }).toEqual({ from, to, verdict: reference });
      expect.fail(`entity ${from} to ${to}: equal policies, but not the same ones`);
    }
  }
}

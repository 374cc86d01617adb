/**
 * The compiled form against the literal reading of the API, on random worlds: every pair of entities,
 * the verdict of each direction, the reason and the rules named.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { policySwitches, policyWorld, service } from './testing/arbitraries.ts';
import { Compiled, Literal } from './testing/contenders.ts';
import { expectSameVerdicts } from './testing/same-verdicts.ts';

describe('compiled policies', () => {
  // 20,000 worlds, in parts so that a failure is found and shrunk within one of them.
  it.each([1, 2, 3, 4])('decide as the API text says, and for the same rules (part %i)', (seed) => {
    fc.assert(
      fc.property(policyWorld, policySwitches, service, (world, switches, asked) => {
        expectSameVerdicts(new Compiled(world, switches), new Literal(world, switches), asked);
      }),
      { seed, numRuns: 5000 },
    );
  });
});

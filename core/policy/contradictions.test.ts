/** Contradictions against the literal reading, one policy at a time. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contradictions } from './contradictions.ts';
import type { Action, ClusterPolicy, Direction, PolicyWorld, Protocol } from './objects.ts';
import type { PolicySwitches } from './switches.ts';
import { policySwitches, policyWorld } from './testing/arbitraries.ts';
import { decide } from './testing/literal-evaluator.ts';

interface Asked {
  readonly direction: Direction;
  readonly subject: number;
  readonly peer: number;
  readonly protocol: Protocol;
  readonly port: number;
}

/** What the policy alone says; a Pass is asked as a Deny, which a verdict shows. */
function answerOf(policy: ClusterPolicy, world: PolicyWorld, how: PolicySwitches, asked: Asked) {
  const shown = (rules: ClusterPolicy['ingress']) =>
    rules.map((rule) => (rule.action === 'Pass' ? { ...rule, action: 'Deny' as const } : rule));
  const alone = { ...policy, ingress: shown(policy.ingress), egress: shown(policy.egress) };
  const [subject, peer] = [world.entities[asked.subject]!, world.entities[asked.peer]!];
  const ends =
    asked.direction === 'ingress' ? { from: peer, to: subject } : { from: subject, to: peer };
  const { protocol, port, direction } = asked;
  const only = { ...world, networkPolicies: [], clusterPolicies: [alone] };
  const rule = decide(only, how, { ...ends, protocol, port })[direction].by[0]?.rule;
  if (rule === undefined) return undefined;
  // An unknown peer turns Pass into Deny.
  const { action, peers } = policy[direction][rule]!;
  const said: Action =
    peers.some(({ kind }) => kind === 'unsupported') && action === 'Pass' ? 'Deny' : action;
  return { policy, rule, action: said };
}

it('are real, and none is missed that shows on a common port', () => {
  let found = 0;
  fc.assert(
    fc.property(policyWorld, policySwitches, (drawn, how) => {
      const world = {
        ...drawn,
        clusterPolicies: drawn.clusterPolicies.map((policy) => ({ ...policy, priority: 1 })),
      };
      const flagged = contradictions(world, how);
      found += flagged.length;
      for (const one of flagged) {
        for (const side of [one.first, one.second]) {
          expect(answerOf(side.policy, world, how, one)).toEqual(side);
        }
        expect(one.first.action).not.toBe(one.second.action);
      }
      const keys = flagged.map(({ direction, first, second }) =>
        [
          direction,
          ...[first, second].map(({ policy }) => `${policy.kind} ${policy.name}`).sort(),
        ].join(),
      );
      for (const direction of ['ingress', 'egress'] as const) {
        for (const subject of world.entities.keys()) {
          for (const peer of world.entities.keys()) {
            const asked = { direction, subject, peer, protocol: 'TCP' as const, port: 80 };
            const said = world.clusterPolicies.map((policy) => answerOf(policy, world, how, asked));
            for (const [at, mine] of said.entries()) {
              for (const theirs of said.slice(at + 1)) {
                if (mine === undefined || theirs === undefined) continue;
                if (mine.action === theirs.action || mine.policy.tier !== theirs.policy.tier)
                  continue;
                const names = [mine, theirs].map(({ policy }) => `${policy.kind} ${policy.name}`);
                expect(keys).toContain([direction, ...names.sort()].join());
              }
            }
          }
        }
      }
    }),
    { numRuns: 1000 },
  );
  expect(found).toBeGreaterThan(20);
});

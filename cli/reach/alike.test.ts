/** What is counted and compared by groups, against every connection asked about one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity, PolicyWorld } from '../../core/policy/objects.ts';
import { policySwitches, policyWorld } from '../../core/policy/testing/arbitraries.ts';
import { type Change, compare, type Side } from './comparison.ts';
import { matrixOf } from './matrix.ts';
import { pairsByRegion } from './pairs.ts';
import { podPairs } from './pod-pairs.ts';
import { probesOf } from './probes.ts';

const runs = { numRuns: 1500, seed: 4 };
const ports = [
  { port: 80, protocol: 'TCP' },
  { port: 81, protocol: 'TCP' },
  { port: 80, protocol: 'UDP' },
] as const;

function everything({ entities }: PolicyWorld) {
  const all = [...entities.keys()];
  return probesOf(
    entities,
    all,
    all.map((to) => ({ to, ports })),
  );
}

describe('groups of entities that policies treat alike', () => {
  it('are counted as their pairs one by one', () => {
    fc.assert(
      fc.property(policyWorld, policySwitches, (world, switches) => {
        const { entities } = world;
        const policies = new CompiledPolicies(world, switches);
        const counts = pairsByRegion(entities, policies, everything(world), {
          ...{ regions: 2, most: Number.POSITIVE_INFINITY },
          regionOf: (index) => (index % 3 === 2 ? undefined : index % 3),
        })!;
        const expected = [0, 1].map((from) => [0, 1].map((to) => oneByOne(from, to)));
        expect(counts).toEqual(expected);

        function oneByOne(rowRegion: number, columnRegion: number) {
          const pairs = [...entities.keys()]
            .flatMap((from) => [...entities.keys()].map((to) => ({ from, to })))
            .filter(
              ({ from, to }) => from !== to && from % 3 === rowRegion && to % 3 === columnRegion,
            );
          const allowed = pairs.filter(({ from, to }) =>
            ports.some(({ port, protocol }) => policies.connects(from, to, protocol, port)),
          );
          return { allowed: allowed.length, of: pairs.length };
        }
      }),
      runs,
    );
  });

  it('count pods alike by class and by port', () => {
    fc.assert(
      fc.property(policyWorld, policySwitches, (world, switches) => {
        const policies = new CompiledPolicies(world, switches);
        const one = [ports[0]];
        const twice = podPairs(world.entities, policies, [ports[0], ports[0]]);
        expect(twice).toEqual(podPairs(world.entities, policies, one));
      }),
      runs,
    );
  });

  it('are drawn with the verdict of every connection, itself and its own node excepted', () => {
    fc.assert(
      fc.property(policyWorld, policySwitches, (world, switches) => {
        const { entities } = world;
        const policies = new CompiledPolicies(world, switches);
        const matrix = matrixOf(entities, policies, everything(world))!;
        for (const [row, sources] of matrix.rows.entries()) {
          for (const [column, targets] of matrix.columns.entries()) {
            const cell = matrix.cell(row, column);
            if (cell === 'self') continue;
            const unlike = sources
              .flatMap((from) => targets.map((target) => ({ from, ...target })))
              .filter(({ from, to }) => from !== to)
              .filter(
                ({ from, to, protocol, port }) =>
                  policies.connects(from, to, protocol, port) !== (cell === 'allowed'),
              );
            if (cell === 'ownNode') {
              expect(unlike.every(({ from, to }) => share(entities[from]!, entities[to]!))).toBe(
                true,
              );
            } else expect(unlike).toEqual([]);
          }
        }
      }),
      runs,
    );
  });

  it('are compared as their connections one by one', () => {
    fc.assert(
      fc.property(policyWorld, policyWorld, policySwitches, (first, second, switches) => {
        // The policies of one over the pods of the other.
        const other = { ...second, entities: first.entities, namespaces: first.namespaces };
        const [before, after] = [first, other].map((world): Side => {
          const chosen = [...world.entities.keys()];
          return {
            entities: world.entities,
            policies: new CompiledPolicies(world, switches),
            chosen,
          };
        }) as [Side, Side];
        const { opens, closes } = compare(before, after, () => String, ports);
        for (const [changes, isOpen] of [
          [opens, true],
          [closes, false],
        ] as const) {
          const expected = first.entities.flatMap((_, from) =>
            first.entities.flatMap((_, to) =>
              ports.flatMap(({ port, protocol }) => {
                const was = before.policies.connects(from, to, protocol, port);
                const is = after.policies.connects(from, to, protocol, port);
                return was !== is && is === isOpen ? [`${from} ${to} ${port} ${protocol}`] : [];
              }),
            ),
          );
          const found = Array.from(changes, ({ from, target }: Change) => {
            return `${from} ${target.to} ${target.port} ${target.protocol}`;
          });
          expect(found.toSorted()).toEqual(expected.toSorted());
          expect(changes.count).toBe(expected.length);
        }
      }),
      runs,
    );
  });
});

/** Whether one is a pod and the other acts as its node. */
function share(a: Entity, b: Entity): boolean {
  return nodeOf(a) !== undefined && nodeOf(a) === nodeOf(b);
}

function nodeOf(entity: Entity): string | undefined {
  if (entity.kind === 'node') return entity.name;
  return entity.kind === 'pod' ? (entity.node ?? undefined) : undefined;
}

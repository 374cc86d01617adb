/** What is counted and compared by groups, against every connection asked about one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity, PolicyWorld } from '../../core/policy/objects.ts';
import { literalText, type PolicySwitches } from '../../core/policy/switches.ts';
import { policySwitches, policyWorld } from '../../core/policy/testing/arbitraries.ts';
import { type Change, compare, type Side } from './comparison.ts';
import { matrixOf } from './matrix.ts';
import { pairsByRegion } from './pairs.ts';
import { podPairs } from './pod-pairs.ts';
import { probesOf } from './probes.ts';

const runs = { numRuns: 1000, seed: 4 };
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

  it('are compared as their connections one by one, after a change of everything', () => {
    fc.assert(
      fc.property(policyWorld, policyWorld, policySwitches, (first, second, switches) => {
        // The policies of one over the pods of the other.
        const other = { ...second, entities: first.entities, namespaces: first.namespaces };
        expectTrueComparison(first, other, switches);
      }),
      runs,
    );
  });

  it('are compared as their connections one by one, after a change of little', () => {
    const parts = fc.record({ at: fc.nat(20), what: fc.constantFrom(...changeable) });
    fc.assert(
      fc.property(
        policyWorld,
        policyWorld,
        policySwitches,
        fc.array(parts, { maxLength: 3 }),
        (first, second, switches, changes) => {
          const other = changes.reduce(
            (world, { at, what }) => changed(world, second, at, what),
            first,
          );
          expectTrueComparison(first, other, switches);
        },
      ),
      runs,
    );
  });
});

describe('a comparison that would take too many questions', () => {
  it('lists the first sources, and counts those it leaves out', () => {
    fc.assert(
      fc.property(policyWorld, policyWorld, fc.nat(40), (first, second, most) => {
        const other = { ...second, entities: first.entities, namespaces: first.namespaces };
        const [whole, part] = [Number.POSITIVE_INFINITY, most].map((limit) =>
          compare(sideOf(first, literalText), sideOf(other, literalText), ports, limit),
        );
        const textOf = ({ before, from, target }: Change) =>
          `${before.from} ${from} ${target.to} ${target.port} ${target.protocol}`;
        const all = new Set(Array.from(whole!.closes, textOf));
        const found = Array.from(part!.closes, textOf);
        expect(found.every((one) => all.has(one))).toBe(true);
        expect(part!.closes.count).toBe(found.length);
        if (part!.sourcesLeft === 0) expect(found.length).toBe(all.size);
        expect(whole!.sourcesLeft).toBe(0);
      }),
      { ...runs, numRuns: 300 },
    );
  });
});

const podParts = ['labels', 'addresses', 'ports', 'node', 'hostNetwork'] as const;
const worldParts = ['namespaces', 'networkPolicies', 'clusterPolicies', 'removed'] as const;
const changeable = [...podParts, ...worldParts] as const;

/** The first world with one thing as the second has it. */
function changed(
  world: PolicyWorld,
  other: PolicyWorld,
  at: number,
  what: (typeof changeable)[number],
): PolicyWorld {
  switch (what) {
    case 'namespaces': {
      const labels = new Map(other.namespaces.map((one) => [one.name, one.labels]));
      const namespaces = world.namespaces.map((one, index) =>
        index === at ? { ...one, labels: labels.get(one.name) ?? one.labels } : one,
      );
      return { ...world, namespaces };
    }
    case 'networkPolicies': {
      const rules = other.networkPolicies[at];
      const networkPolicies = world.networkPolicies.map((one, index) =>
        index === at && rules ? { ...rules, name: one.name, namespace: one.namespace } : one,
      );
      return { ...world, networkPolicies };
    }
    case 'clusterPolicies': {
      const rules = other.clusterPolicies[at];
      const clusterPolicies = world.clusterPolicies.map((one, index) =>
        index === at && rules?.kind === one.kind ? { ...rules, name: one.name } : one,
      );
      return { ...world, clusterPolicies };
    }
    case 'removed':
      return {
        ...world,
        networkPolicies: world.networkPolicies.filter((_, index) => index !== at),
      };
    default: {
      const like = other.entities[at];
      const entities = world.entities.map((one, index) => {
        if (index !== at || like === undefined || like.kind === 'ip' || one.kind === 'ip')
          return one;
        if (what === 'labels' || what === 'addresses') return { ...one, [what]: like[what] };
        return one.kind === 'pod' && like.kind === 'pod' ? { ...one, [what]: like[what] } : one;
      });
      return { ...world, entities };
    }
  }
}

function sideOf(world: PolicyWorld, switches: PolicySwitches): Side {
  // Names may repeat.
  const sources = world.entities.map((_, at) => ({ kind: String(at), controller: undefined }));
  const policies = new CompiledPolicies(world, switches);
  return { world, sources, policies, chosen: [...world.entities.keys()] };
}

/** Every connection asked about on both sides. The worlds have entities of the same names. */
function expectTrueComparison(first: PolicyWorld, second: PolicyWorld, switches: PolicySwitches) {
  const before = sideOf(first, switches);
  const after = sideOf(second, switches);
  const { opens, closes } = compare(before, after, ports);
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
}

/** Whether one is a pod and the other acts as its node. */
function share(a: Entity, b: Entity): boolean {
  return nodeOf(a) !== undefined && nodeOf(a) === nodeOf(b);
}

function nodeOf(entity: Entity): string | undefined {
  if (entity.kind === 'node') return entity.name;
  return entity.kind === 'pod' ? (entity.node ?? undefined) : undefined;
}

/** Changes one by one against a fresh compile, and what a change may touch. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompiledPolicies } from './compile.ts';
import {
  type Entity,
  namespaceLabels,
  type Policy,
  type PolicyNamespace,
  type PolicyWorld,
  type Protocol,
} from './objects.ts';
import { literalText, type PolicySwitches } from './switches.ts';
import { policySwitches, policyWorld } from './testing/arbitraries.ts';

const PROBES: readonly (readonly [Protocol, number])[] = [
  ['TCP', 80],
  ['TCP', 81],
  ['UDP', 80],
  ['SCTP', 82],
];

type Change =
  | { readonly kind: 'add' | 'remove' | 'relabel' | 'readdress'; readonly at: number }
  | { readonly kind: 'namespace' | 'dropPolicy' | 'takePolicy'; readonly at: number };

const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'add' as const,
      'remove' as const,
      'relabel' as const,
      'readdress' as const,
      'namespace' as const,
      'dropPolicy' as const,
      'takePolicy' as const,
    ),
    at: fc.nat(1000),
  }),
  { maxLength: 12 },
);

/** The world as it should be, with its entities by index; undefined: removed. */
class Mirror {
  readonly entities: (Entity | undefined)[];
  readonly namespaces: PolicyNamespace[];
  policies: Policy[];
  private readonly spare: PolicyWorld;
  private readonly compiled: CompiledPolicies;

  constructor(world: PolicyWorld, spare: PolicyWorld, compiled: CompiledPolicies) {
    this.entities = [...world.entities];
    this.namespaces = [...world.namespaces];
    this.policies = [...world.networkPolicies, ...world.clusterPolicies];
    this.spare = spare;
    this.compiled = compiled;
  }

  /** Entities in the order of their indices, which follow them. */
  world(): { world: PolicyWorld; indices: number[] } {
    const indices = [...this.entities.keys()].filter((at) => this.entities[at] !== undefined);
    const world = {
      namespaces: this.namespaces,
      entities: indices.map((at) => this.entities[at]!),
      networkPolicies: this.policies.filter((policy) => policy.kind === 'NetworkPolicy'),
      clusterPolicies: this.policies.filter((policy) => policy.kind !== 'NetworkPolicy'),
    };
    return { world, indices };
  }

  apply({ kind, at }: Change): void {
    const { compiled } = this;
    const { entities, namespaces, networkPolicies, clusterPolicies } = this.spare;
    const other = entities[at % Math.max(1, entities.length)];
    const index = at % Math.max(1, this.entities.length);
    const own = this.entities[index];
    if (kind === 'add' && other !== undefined && !this.isTaken(other)) {
      this.entities[compiled.addEntity(other)] = other;
    } else if (kind === 'remove' && own !== undefined) {
      compiled.removeEntity(index);
      this.entities[index] = undefined;
    } else if (kind === 'relabel' && own !== undefined && own.kind !== 'ip') {
      const labels = other !== undefined && other.kind !== 'ip' ? other.labels : {};
      compiled.setLabels(index, labels);
      this.entities[index] = { ...own, labels };
    } else if (kind === 'readdress' && own !== undefined) {
      const addresses = other?.addresses ?? [];
      compiled.setAddresses(index, addresses);
      this.entities[index] = { ...own, addresses };
    } else if (kind === 'namespace') {
      const place = at % namespaces.length;
      const { name } = this.namespaces[place]!;
      const labels = namespaceLabels(name, namespaces[place]!.labels);
      compiled.setNamespaceLabels(name, labels);
      this.namespaces[place] = { name, labels };
    } else if (kind === 'dropPolicy' && this.policies.length > 0) {
      const [policy] = this.policies.splice(at % this.policies.length, 1);
      compiled.removePolicy(policy!);
    } else if (kind === 'takePolicy') {
      const all: Policy[] = [...networkPolicies, ...clusterPolicies];
      if (all.length === 0) return;
      const policy = all[at % all.length]!;
      compiled.removePolicy(policy);
      this.policies = this.policies.filter((one) => nameOf(one) !== nameOf(policy));
      compiled.addPolicy(policy);
      this.policies.push(policy);
    }
  }

  /** A node is one entity of its name. */
  private isTaken(entity: Entity): boolean {
    return (
      entity.kind === 'node' &&
      this.entities.some((one) => one?.kind === 'node' && one.name === entity.name)
    );
  }
}

function nameOf(policy: Policy): string {
  return policy.kind === 'NetworkPolicy'
    ? `${policy.kind} ${policy.namespace}/${policy.name}`
    : `${policy.kind} ${policy.name}`;
}

function bruteForce(
  world: PolicyWorld,
  switches: PolicySwitches,
  service: readonly [Protocol, number] | undefined,
): number {
  const compiled = new CompiledPolicies(world, switches);
  let pairs = 0;
  for (const [from, source] of world.entities.entries()) {
    for (const [to, entity] of world.entities.entries()) {
      if (from === to || source.kind !== 'pod' || entity.kind !== 'pod') continue;
      const asked =
        service === undefined
          ? entity.ports.map(({ protocol, port }) => [protocol, port] as const)
          : [service];
      if (asked.some(([protocol, port]) => compiled.connects(from, to, protocol, port))) pairs++;
    }
  }
  return pairs;
}

describe('compiled policies', () => {
  it('after any changes are those of a fresh compile, with the same explanations', () => {
    fc.assert(
      fc.property(policyWorld, policyWorld, policySwitches, changes, (world, spare, how, list) => {
        const compiled = new CompiledPolicies(world, how);
        const mirror = new Mirror(world, spare, compiled);
        // Tables are filled before, so that an entry that outlives its meaning shows.
        for (const from of world.entities.keys()) {
          for (const to of world.entities.keys()) compiled.connects(from, to, 'TCP', 80);
        }
        for (const change of list) mirror.apply(change);
        const { world: now, indices } = mirror.world();
        const fresh = new CompiledPolicies(now, how);
        for (const [from, fromIndex] of indices.entries()) {
          for (const [to, toIndex] of indices.entries()) {
            for (const [protocol, port] of PROBES) {
              const expected = fresh.explain(from, to, protocol, port);
              expect(compiled.explain(fromIndex, toIndex, protocol, port)).toEqual(expected);
              expect(compiled.connects(fromIndex, toIndex, protocol, port)).toBe(expected.allowed);
            }
          }
        }
        expect(compiled.reachablePairs('TCP', 80)).toBe(fresh.reachablePairs('TCP', 80));
        expect(compiled.podPairs()).toBe(fresh.podPairs());
      }),
      { numRuns: 300 },
    );
  });

  it('count by classes the pairs that may talk, as one by one', () => {
    fc.assert(
      fc.property(policyWorld, policySwitches, (world, switches) => {
        const compiled = new CompiledPolicies(world, switches);
        for (const service of PROBES) {
          expect(compiled.reachablePairs(...service)).toBe(bruteForce(world, switches, service));
        }
        expect(compiled.reachablePairsOnOwnPorts()).toBe(bruteForce(world, switches, undefined));
      }),
      { numRuns: 600 },
    );
  });
});

const EVERYTHING = { matchLabels: {}, matchExpressions: [] };

function pod(name: string, labels: Record<string, string>, namespace = 'shop'): Entity {
  const own = { addresses: [], node: null, hostNetwork: false, ports: [] };
  return { kind: 'pod', namespace, name, labels, ...own };
}

function onlyFrom(app: string): Policy {
  return {
    kind: 'NetworkPolicy',
    namespace: 'shop',
    name: `only-from-${app}`,
    podSelector: EVERYTHING,
    policyTypes: [],
    ingress: [
      {
        peers: [
          {
            podSelector: { matchLabels: { app }, matchExpressions: [] },
            namespaceSelector: undefined,
            ipBlock: undefined,
          },
        ],
        ports: [],
      },
    ],
    egress: [],
  };
}

describe('classes', () => {
  const world: PolicyWorld = {
    namespaces: [{ name: 'shop', labels: namespaceLabels('shop', {}) }],
    entities: [
      pod('a', { app: 'web', hash: '1' }),
      pod('b', { app: 'web', hash: '2' }),
      pod('c', { app: 'db', hash: '3' }),
    ],
    networkPolicies: [onlyFrom('web')] as PolicyWorld['networkPolicies'],
    clusterPolicies: [],
  };

  it('are not split by labels that no policy mentions', () => {
    const compiled = new CompiledPolicies(world);
    const { classes } = compiled.counts();
    compiled.setLabels(0, { app: 'web', hash: 'new' });
    compiled.addEntity(pod('d', { app: 'web', hash: '4' }));
    expect(compiled.counts().classes).toEqual(classes);
  });

  it('share an entry of the table', () => {
    const compiled = new CompiledPolicies(world);
    expect(compiled.connects(0, 2, 'TCP', 80)).toBe(true);
    const { tableEntries } = compiled.counts();
    expect(tableEntries).toEqual({ egress: 0, ingress: 1 });
    expect(compiled.connects(1, 2, 'UDP', 9)).toBe(true);
    expect(compiled.counts().tableEntries).toEqual(tableEntries);
    expect(compiled.connects(2, 0, 'TCP', 80)).toBe(false);
    expect(compiled.counts().tableEntries.ingress).toBe(2);
  });

  it('come back when a policy does', () => {
    const compiled = new CompiledPolicies(world);
    const before = compiled.counts();
    compiled.addPolicy(onlyFrom('db'));
    expect(compiled.connects(2, 0, 'TCP', 80)).toBe(true);
    compiled.removePolicy(onlyFrom('db'));
    expect(compiled.connects(2, 0, 'TCP', 80)).toBe(false);
    const once = compiled.counts();
    for (let again = 0; again < 3; again++) {
      compiled.addPolicy(onlyFrom('db'));
      compiled.removePolicy(onlyFrom('db'));
    }
    expect(compiled.counts().classes).toEqual(once.classes);
    expect(once.entities).toBe(before.entities);
  });

  it('give an index out again after its entity was removed, and refuse to explain it until then', () => {
    const compiled = new CompiledPolicies(world, literalText);
    compiled.removeEntity(1);
    expect(() => compiled.explain(0, 1, 'TCP', 80)).toThrow('no entity 1');
    expect(compiled.addEntity(pod('e', { app: 'db' }))).toBe(1);
    expect(compiled.connects(1, 0, 'TCP', 80)).toBe(false);
  });
});

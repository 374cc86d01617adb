/** The clusters of the benchmarks in small: what a change touches, and how counting and time grow. */
import { describe, expect, it } from 'vitest';
import { assert } from '../../core/assert.ts';
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { PodEntity, PolicyWorld } from '../../core/policy/objects.ts';
import { POLICY_SHAPES } from './policy-shapes.ts';
import { policyWorldOf } from './policy-world.ts';

const SMALL = { pods: 300, policies: 60, namespaces: 12, nodes: 10 };
const shapes: readonly (readonly [string, PolicyWorld])[] = [
  ['plain', policyWorldOf(SMALL)],
  ...POLICY_SHAPES.map(({ name, of }) => [name, of(policyWorldOf(SMALL), 0.02)] as const),
];

function countOneByOne(compiled: CompiledPolicies, { entities }: PolicyWorld): number {
  let pairs = 0;
  for (const [from, source] of entities.entries()) {
    for (const [to, entity] of entities.entries()) {
      if (source.kind !== 'pod' || entity.kind !== 'pod' || from === to) continue;
      const reaches = entity.ports.some(({ protocol, port }) =>
        compiled.connects(from, to, protocol, port),
      );
      if (reaches) pairs++;
    }
  }
  return pairs;
}

describe('pairs that may talk', () => {
  it.each(shapes)('are as many by classes as one by one: %s', (_, world) => {
    const compiled = new CompiledPolicies(world);
    const pairs = compiled.reachablePairsOnOwnPorts();
    expect(pairs).toBe(countOneByOne(compiled, world));
    expect(pairs).toBeGreaterThan(0);
    expect(pairs).toBeLessThan(compiled.podPairs());
  });
});

describe('a change of labels', () => {
  const world = policyWorldOf(SMALL);

  function podAt(index: number): PodEntity {
    const entity = world.entities[index]!;
    assert(entity.kind === 'pod', 'pods come first');
    return entity;
  }

  function askAll(compiled: CompiledPolicies): boolean[] {
    return world.entities.flatMap((_, from) =>
      world.entities.map((__, to) => compiled.connects(from, to, 'TCP', 8080)),
    );
  }

  it('is a change of class of the pod alone: no other, and no entry of the tables, is touched', () => {
    const compiled = new CompiledPolicies(world);
    const likeness = () => world.entities.map((_, index) => compiled.likeness(index));
    const before = askAll(compiled);
    const classes = likeness();
    const counts = compiled.counts();
    const mine = 1;
    const own = podAt(mine);
    const [other] = world.entities.filter(
      (one, at): one is PodEntity =>
        one.kind === 'pod' &&
        one.namespace === own.namespace &&
        one.labels.app !== own.labels.app &&
        classes[at] !== classes[mine],
    );
    compiled.setLabels(mine, { ...other!.labels, 'pod-template-hash': 'new' });
    const changed = likeness();
    expect(changed[mine]).not.toBe(classes[mine]);
    expect(changed.filter((_, at) => at !== mine)).toEqual(classes.filter((_, at) => at !== mine));
    expect(compiled.counts().tableEntries).toEqual(counts.tableEntries);
    compiled.setLabels(mine, own.labels);
    expect(likeness()).toEqual(classes);
    expect(askAll(compiled)).toEqual(before);
    expect(compiled.counts().tableEntries).toEqual(counts.tableEntries);
  });

  it('that no policy asks for is no change of class', () => {
    const compiled = new CompiledPolicies(world);
    const { labels } = podAt(1);
    const counts = compiled.counts();
    const before = compiled.likeness(1);
    compiled.setLabels(1, { ...labels, 'pod-template-hash': 'new', 'never-asked': 'x' });
    expect(compiled.likeness(1)).toBe(before);
    expect(compiled.counts()).toEqual(counts);
  });
});

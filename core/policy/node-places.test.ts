import { beforeEach, describe, expect, it } from 'vitest';
import { NodePlaces } from './node-places.ts';
import { node, outside, pod } from './testing/builders.ts';

const [POD, HOST_POD, NODE, OTHER_NODE, LOST, ADDRESS] = [0, 1, 2, 3, 4, 5];
const entities = [
  pod('pod', { node: 'n1' }),
  pod('host-pod', { node: 'n1', hostNetwork: true }),
  node('n1', '172.16.0.1'),
  node('n2', '172.16.0.2'),
  pod('lost'),
  outside('192.0.2.1'),
];

describe('places on nodes', () => {
  let places: NodePlaces;
  beforeEach(() => {
    places = new NodePlaces();
    for (const [index, entity] of entities.entries()) {
      places.reserve(index + 1);
      places.place(index, entity);
    }
  });

  it("know a pod's own node and the pods on its network, and nothing else, as that node", () => {
    const own = [...entities.keys()].filter((peer) => places.isOwnNode(POD, peer));
    expect(own).toEqual([HOST_POD, NODE]);
  });

  it('take two unknown nodes for none', () => {
    for (const peer of entities.keys()) expect(places.isOwnNode(LOST, peer)).toBe(false);
    for (const subject of [HOST_POD, NODE, ADDRESS]) {
      for (const peer of entities.keys()) expect(places.isOwnNode(subject, peer)).toBe(false);
    }
  });

  it('forget what was removed and what its place was before', () => {
    expect([...places.hostPodsOf('n1')]).toEqual([HOST_POD]);
    places.remove(HOST_POD, entities[HOST_POD]!);
    expect([...places.hostPodsOf('n1')]).toEqual([]);
    expect(places.isOwnNode(POD, HOST_POD)).toBe(false);
    places.place(POD, pod('pod', { node: 'n2' }));
    expect(places.isOwnNode(POD, NODE)).toBe(false);
    expect(places.isOwnNode(POD, OTHER_NODE)).toBe(true);
  });

  it('keep the labels of nodes by name, until there are none', () => {
    places.setLabels('n1', { zone: 'a' });
    expect(places.labelsOf('n1')).toEqual({ zone: 'a' });
    expect(places.labelsOf('n2')).toBeUndefined();
    expect(places.labelsOf(null)).toBeUndefined();
    places.setLabels('n1', undefined);
    expect(places.labelsOf('n1')).toBeUndefined();
  });
});

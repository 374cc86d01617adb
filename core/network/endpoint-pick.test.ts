import { describe, expect, it } from 'vitest';
import { EndpointPick, type PickRequest } from './endpoint-pick.ts';
import { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';
import { VisibleEndpoints } from './visible-endpoints.ts';

const NODES = 3;

/** One Service of `count` pods, pod i on node i mod 3, of which every node sees all at once. */
function kernel(count: number) {
  const node = Int32Array.from({ length: 20 }, (_, pod) => pod % NODES);
  const log = new SliceLog(Int32Array.of(1), 1, [Array.from({ length: count }, (_, i) => i)]);
  const sees = (_: number, write: number) => write <= log.length;
  const pick = new EndpointPick(
    new VisibleEndpoints(log, { sees }, { node }),
    log,
    { node },
    NODES,
  );
  const ask = (of: Partial<PickRequest>) =>
    pick.pick({
      node: 0,
      service: 0,
      nowNs: 0,
      u: 0,
      isLocal: false,
      takesTurns: false,
      server: 0,
      affinityNs: 0,
      ...of,
    });
  const write = (pod: number, state: EndpointState) => log.append(0, [{ pod, state }]);
  return { pick, ask, write };
}

const times = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));

describe('a random pick', () => {
  it('is each endpoint for an equal share of the uniform numbers', () => {
    const { ask } = kernel(7);
    const picked = times(700, (i) => ask({ u: (i + 0.5) / 700 }));
    for (let pod = 0; pod < 7; pod++) expect(picked.filter((one) => one === pod)).toHaveLength(100);
  });
});

describe('round robin', () => {
  it('takes every endpoint once before any twice, by node and virtual server', () => {
    const { ask } = kernel(5);
    const round = () => times(5, () => ask({ takesTurns: true }));
    const first = round();
    expect([...first].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(ask({ takesTurns: true, node: 1 })).toBe(first[0]);
    expect(ask({ takesTurns: true, server: 1 })).toBe(first[0]);
    expect(round()).toEqual(first);
  });

  it('goes on behind an endpoint that has gone, and comes to new ones last', () => {
    const { ask, write } = kernel(4);
    while (ask({ takesTurns: true }) !== 1);
    write(1, EndpointState.Absent);
    write(9, EndpointState.Ready);
    expect(times(5, () => ask({ takesTurns: true }))).toEqual([2, 3, 9, 0, 2]);
  });
});

describe('ClientIP affinity', () => {
  const affinityNs = 100;

  it('keeps the endpoint of a client until it has not come for the time-out', () => {
    const { ask, pick } = kernel(4);
    expect(ask({ affinityNs, nowNs: 0, u: 0.5 })).toBe(2);
    expect([pick.keptByAffinity, pick.affinityChecks]).toEqual([false, 4]);
    expect(ask({ affinityNs, nowNs: 99 })).toBe(2);
    expect([pick.keptByAffinity, pick.affinityChecks]).toEqual([true, 3]);
    expect(ask({ affinityNs, nowNs: 198 })).toBe(2);
    expect(ask({ affinityNs, nowNs: 298 })).toBe(0);
    expect(ask({ affinityNs, nowNs: 298, node: 1, u: 0.9 })).toBe(3);
  });

  it('ends with the endpoint', () => {
    const { ask, write } = kernel(4);
    expect(ask({ affinityNs, u: 0.5 })).toBe(2);
    write(2, EndpointState.Terminating);
    expect(ask({ affinityNs, nowNs: 1 })).toBe(0);
  });
});

describe('the Local policy', () => {
  it('uses endpoints of the node, and its terminating ones where it has no other', () => {
    const { ask, pick, write } = kernel(6);
    const picks = () => new Set(times(10, (i) => ask({ isLocal: true, node: 1, u: i / 10 })));
    expect(picks()).toEqual(new Set([1, 4]));
    write(1, EndpointState.Terminating);
    expect(picks()).toEqual(new Set([4]));
    expect(pick.isHealthy(1, 0, 0)).toBe(true);
    write(4, EndpointState.Terminating);
    expect(picks()).toEqual(new Set([1, 4]));
    expect(pick.isHealthy(1, 0, 0)).toBe(false);
    write(1, EndpointState.Absent);
    write(4, EndpointState.Absent);
    expect(picks()).toEqual(new Set([-1]));
    expect(pick.hasEndpoint(1, 0, 0)).toBe(true);
  });

  it('has a load balancer choose among nodes with an endpoint, not among endpoints', () => {
    const { pick, write } = kernel(6);
    for (const pod of [1, 2, 5]) write(pod, EndpointState.Absent);
    const nodes = times(100, (i) => pick.nodeWithEndpoint(2, 0, 0, i / 100));
    expect(nodes.filter((node) => node === 0)).toHaveLength(50);
    expect(nodes.filter((node) => node === 1)).toHaveLength(50);
  });
});

import { describe, expect, test } from 'vitest';
import { ERAS } from '../../eras.ts';
import { chooseEndpoints } from './endpoint-choice.ts';
import type { Endpoint, ServicePort } from './service-port.ts';
import { endpoint, servicePort, testNode } from './testing/service-ports.ts';
import { endpointHints } from './traffic-distribution.ts';

const era = ERAS['1.34']!;
const node = { ...testNode, zone: 'a' };
const here = { node: 'test-node' };
const leaving = { ready: false, serving: true, terminating: true };
const gone = { ready: false, serving: false, terminating: true };
const external = { nodePort: 30001, externalPolicy: 'Local' } as const;

function choose(endpoints: Endpoint[], over: Partial<ServicePort> = {}, of = era) {
  const choice = chooseEndpoints(of, servicePort('svc1', { ...over, endpoints }), node);
  const places = (chosen: readonly Endpoint[]) => chosen.map((one) => endpoints.indexOf(one));
  return {
    cluster: places(choice.cluster),
    local: places(choice.local),
    reachable: places(choice.reachable),
    any: choice.any,
  };
}

describe('terminating endpoints', () => {
  test('take over when none is ready, if they still serve', () => {
    expect(choose([endpoint(1, leaving), endpoint(2, gone)])).toMatchObject({
      cluster: [0],
      any: true,
    });
    expect(choose([endpoint(1, leaving), endpoint(2)]).cluster).toEqual([1]);
    expect(choose([endpoint(1, gone)]).any).toBe(false);
    expect(choose([endpoint(1, { ready: false })]).any).toBe(false);
  });

  test('take over on the node while others are ready elsewhere', () => {
    expect(choose([endpoint(1), endpoint(2, { ...here, ...leaving })], external)).toEqual({
      cluster: [0],
      local: [1],
      reachable: [0, 1],
      any: true,
    });
  });

  test('are not used before 1.26', () => {
    expect(choose([endpoint(1, leaving)], {}, ERAS['1.25']!)).toMatchObject({ any: false });
  });
});

describe('policies', () => {
  const two = [endpoint(1, here), endpoint(2)];

  test('a Local policy for internal traffic alone leaves no Cluster choice', () => {
    expect(choose(two, { internalPolicy: 'Local' })).toMatchObject({ cluster: [], local: [0] });
    expect(choose([endpoint(2)], { internalPolicy: 'Local' })).toMatchObject({
      reachable: [],
      any: true,
    });
  });

  test('a Local policy for external traffic counts only where there is any', () => {
    expect(choose(two, { externalPolicy: 'Local' }).local).toEqual([]);
    expect(choose(two, external)).toMatchObject({ cluster: [0, 1], local: [0] });
  });
});

describe('hints', () => {
  const zone = (i: number, ...zoneHints: string[]) => endpoint(i, { zoneHints });

  test('narrow the choice to the zone if every ready endpoint has one', () => {
    expect(choose([zone(1, 'a'), zone(2, 'b'), zone(3, 'b', 'a')]).cluster).toEqual([0, 2]);
    expect(choose([zone(1, 'a'), zone(2)]).cluster).toEqual([0, 1]);
    expect(choose([zone(1, 'a'), zone(2, 'b'), { ...zone(3), ...leaving }]).cluster).toEqual([0]);
  });

  test('do nothing if none is for this zone', () => {
    expect(choose([zone(1, 'b'), zone(2, 'c')]).cluster).toEqual([0, 1]);
  });

  test('for the node go before those for the zone, from 1.34', () => {
    const endpoints = [
      endpoint(1, { zoneHints: ['a'], nodeHints: ['test-node'] }),
      endpoint(2, { zoneHints: ['a'], nodeHints: ['other'] }),
      endpoint(3, { zoneHints: ['b'], nodeHints: ['far'] }),
    ];
    expect(choose(endpoints).cluster).toEqual([0]);
    expect(choose(endpoints.slice(1)).cluster).toEqual([0]);
    expect(choose(endpoints, {}, ERAS['1.33']!).cluster).toEqual([0, 1]);
  });

  test('do not narrow the Local choice, so either may hold what the other lacks', () => {
    const endpoints = [zone(1, 'a'), { ...zone(2, 'b'), ...here }];
    expect(choose(endpoints, external)).toMatchObject({
      cluster: [0],
      local: [1],
      reachable: [0, 1],
    });
  });

  test('come from trafficDistribution where the release acts on it', () => {
    const place = { ready: true, node: 'n1', zone: 'a' };
    const close = { zoneHints: ['a'], nodeHints: [] };
    const none = { zoneHints: [], nodeHints: [] };
    expect(endpointHints(era, 'PreferClose', place)).toEqual(close);
    expect(endpointHints(ERAS['1.30']!, 'PreferClose', place)).toEqual(none);
    expect(endpointHints(ERAS['1.33']!, 'PreferSameZone', place)).toEqual(none);
    expect(endpointHints(era, 'PreferSameNode', place).nodeHints).toEqual(['n1']);
    expect(endpointHints(era, 'PreferClose', { ...place, ready: false })).toEqual(none);
    expect(endpointHints(era, null, place)).toEqual(none);
  });
});

test('an endpoint that two slices list counts once, as the local one', () => {
  const endpoints = [endpoint(1), endpoint(1, here)];
  expect(choose(endpoints, external)).toMatchObject({ cluster: [1], local: [1], reachable: [1] });
});

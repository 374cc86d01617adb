import { describe, expect, test } from 'vitest';
import { ERAS } from '../../eras.ts';
import { nftablesObjects } from '../nftables.ts';
import { counts } from '../testing.ts';
import { nftablesKernel } from './nftables.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';
import {
  endpoint,
  endpoints,
  overallServices,
  servicePort,
  testNode,
} from './testing/service-ports.ts';

const era = ERAS['1.34']!;
const later = ERAS['1.37']!;
const node: ProxyNode = { ...testNode, nodePortAddresses: 'primary' };

const table = (ports: readonly ServicePort[], of = era, on = node) =>
  nftablesKernel.objects(of, ports, on).tables['kube-proxy']!;
const split = (port: ServicePort, of = era) =>
  nftablesKernel.objects(of, [port], node).ports[0]!.tables['kube-proxy']!.split;
const operations = (port: ServicePort, of = era) =>
  nftablesKernel.change(of, [port], node, 'ns/svc1').written['kube-proxy']!.operations;

test('worked example: six Services of every kind', () => {
  expect(table(overallServices)).toEqual({ chains: 32, rules: 57, elements: 24, sets: 1 });
});

test('worked example, Service by Service', () => {
  const { ports } = nftablesKernel.objects(era, overallServices, node);
  expect(ports.map(({ tables }) => tables['kube-proxy']!.split)).toEqual([
    { service: 2, endpoint: 2, 'service-ips': 1, 'cluster-ips': 1 },
    {
      service: 2,
      external: 3,
      endpoint: 2,
      'service-ips': 3,
      'service-nodeports': 1,
      'no-endpoint-services': 2,
      'no-endpoint-nodeports': 1,
      'cluster-ips': 1,
    },
    {
      service: 2,
      external: 2,
      endpoint: 2,
      'service-ips': 1,
      'service-nodeports': 1,
      'cluster-ips': 1,
    },
    { service: 2, external: 2, endpoint: 4, 'service-ips': 2, 'cluster-ips': 1 },
    {
      service: 3,
      external: 2,
      firewall: 1,
      endpoint: 3,
      'service-ips': 2,
      'service-nodeports': 1,
      'firewall-ips': 1,
      'cluster-ips': 1,
    },
    { 'no-endpoint-services': 1, 'cluster-ips': 1 },
  ]);
});

test('the set of node addresses is in use only where node ports are restricted', () => {
  expect(table([], era, testNode).elements).toBe(0);
  expect(table([], era, { ...node, addresses: ['192.168.0.2', '192.168.0.3'] }).elements).toBe(2);
});

describe('operations of a transaction', () => {
  const empty = servicePort('svc1');
  const filled = servicePort('svc1', { endpoints: endpoints(1) });

  test('replacing the only endpoint takes 9', () => {
    expect(operations(filled)).toBe(9);
  });

  test('elements and chains add up to the published sizes of the other changes', () => {
    const elements = (port: ServicePort) => table([port]).elements! - table([]).elements!;
    const { chains, rules } = nftablesKernel.change(era, [filled], node, 'ns/svc1').written[
      'kube-proxy'
    ]!;
    expect(elements(empty)).toBe(2);
    // No longer in no-endpoint-services, now in service-ips.
    expect(2 + 2 * chains! + rules!).toBe(10);
    expect(elements(filled) + chains!).toBe(4);
  });

  test('a Service that did not change takes none, and one without endpoints has nothing to replace', () => {
    expect(operations(empty)).toBe(0);
    const untouched = nftablesKernel.change(era, [filled], node, 'ns/other').written['kube-proxy'];
    expect(untouched!.operations).toBe(0);
  });

  test('a release before partial syncs writes everything', () => {
    const { written } = nftablesKernel.change(ERAS['1.32']!, overallServices, node, 'ns/svc41');
    expect(written['kube-proxy']).toMatchObject({ chains: 32, rules: 57, elements: 24 });
  });
});

describe('the layout without endpoint chains', () => {
  test('has one chain of two rules for a Service of any size', () => {
    expect(split(servicePort('svc1', { endpoints: endpoints(50) }), later)).toEqual({
      service: 2,
      'service-ips': 1,
      'cluster-ips': 1,
    });
  });

  test('keeps endpoint chains under session affinity, without the rule for hairpin traffic', () => {
    const port = servicePort('svc1', { affinity: true, endpoints: endpoints(2) });
    expect(split(port)).toMatchObject({ service: 4, endpoint: 6 });
    expect(split(port, later)).toMatchObject({ service: 4, endpoint: 4 });
    expect(table([port], later)).toMatchObject({ chains: 16 + 3, sets: 2 });
  });

  test('lists each local endpoint address once for hairpin traffic', () => {
    const local = [1, 2].map((i) => endpoint(i, { node: 'test-node' }));
    const ports = ['svc1', 'svc2'].map((name) => servicePort(name, { endpoints: local }));
    const elements = (of: typeof era) => table(ports, of).elements!;
    expect(elements(later) - elements(era)).toBe(2);
  });
});

test('ports of one Service share the element of its cluster IP', () => {
  const ports = [80, 443].map((number) =>
    servicePort('svc1', { port: `p${number}`, number, endpoints: endpoints(1) }),
  );
  expect(table(ports).elements).toBe(1 + 2 + 1);
});

test('internalTrafficPolicy Local masquerades in the chain of the Local policy', () => {
  const local = {
    internalPolicy: 'Local',
    endpoints: [endpoint(1, { node: 'test-node' })],
  } as const;
  expect(split(servicePort('svc1', local))).toMatchObject({ local: 2, endpoint: 2 });
  expect(split(servicePort('svc1', { ...local, nodePort: 30001 }))).toMatchObject({
    service: 1,
    local: 2,
    external: 2,
  });
});

test.each(['1.34', '1.37'])(
  'agrees with the sizes that the programming model works with in %s',
  (v) => {
    const of = ERAS[v]!;
    const ports = [1, 2, 3, 4].map((i) =>
      servicePort(`svc${i}`, { endpoints: i === 4 ? [] : endpoints(i) }),
    );
    const { chains, rules, elements } = nftablesObjects({ ...counts(4, 2, 1), endpoints: 6 }, of);
    expect(table(ports, of, testNode)).toEqual({ chains, rules, elements, sets: 0 });
  },
);

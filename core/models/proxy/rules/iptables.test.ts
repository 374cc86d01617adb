import { describe, expect, test } from 'vitest';
import { ERAS, type Era } from '../../eras.ts';
import { iptablesRules } from '../iptables.ts';
import { counts } from '../testing.ts';
import { iptablesKernel } from './iptables.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';
import {
  endpoint,
  endpoints,
  overallServices,
  servicePort,
  testNode,
} from './testing/service-ports.ts';

const early = ERAS['1.26']!;
const era = ERAS['1.34']!;

function objects(ports: readonly ServicePort[], node: ProxyNode = testNode, of: Era = era) {
  return iptablesKernel.objects(of, ports, node);
}

function rules(ports: readonly ServicePort[], node: ProxyNode = testNode, of: Era = era) {
  const { filter, nat } = objects(ports, node, of).tables;
  return { filter: filter!.rules, nat: nat!.rules };
}

const splits = (ports: readonly ServicePort[], node: ProxyNode = testNode) =>
  objects(ports, node).ports.map(({ tables }) => ({
    filter: tables.filter!.split,
    nat: tables.nat!.split,
  }));

const services = (count: number, size: number, over: Partial<ServicePort> = {}) =>
  Array.from({ length: count }, (_, i) =>
    servicePort(`svc${i + 1}`, { ...over, endpoints: endpoints(size) }),
  );

describe('worked examples', () => {
  test.each([
    [0, 0, 3, 5],
    [1, 0, 4, 5],
    [1, 1, 3, 10],
    [1, 10, 3, 37],
    [10, 10, 3, 325],
  ])('A: %i ClusterIP Services x %i endpoints in 1.26', (count, size, filter, nat) => {
    expect(rules(services(count, size), testNode, early)).toEqual({ filter, nat });
  });

  const balanced = {
    externalIPs: ['198.51.100.1'],
    loadBalancerIPs: ['198.51.100.2'],
    sourceRanges: [' 1.2.3.4/28'],
    nodePort: 30001,
  };

  test('B: a LoadBalancer Service in 1.26 has one rule fewer in KUBE-FW than in 1.34', () => {
    expect(rules(services(1, 0, balanced), testNode, early)).toEqual({ filter: 7, nat: 5 });
    expect(rules(services(1, 1, balanced), testNode, early)).toEqual({ filter: 4, nat: 16 });
    expect(splits(services(1, 1, balanced))[0]!.nat['KUBE-FW']).toBe(2);
  });

  test('C: six Services of every kind', () => {
    const { tables, ports } = objects(overallServices);
    expect(tables).toEqual({
      filter: { chains: 6, rules: 10 },
      nat: { chains: 20, rules: 55 },
    });
    expect(ports.map((port) => port.tables.nat!.rules)).toEqual([5, 12, 9, 11, 13, 0]);
    expect(splits(overallServices)).toEqual([
      { filter: {}, nat: { 'KUBE-SERVICES': 1, 'KUBE-SVC': 2, 'KUBE-SEP': 2 } },
      {
        filter: { 'KUBE-EXTERNAL-SERVICES': 3, 'KUBE-NODEPORTS': 1 },
        nat: {
          'KUBE-SERVICES': 3,
          'KUBE-NODEPORTS': 2,
          'KUBE-SVC': 2,
          'KUBE-SEP': 2,
          'KUBE-EXT': 3,
        },
      },
      {
        filter: {},
        nat: {
          'KUBE-SERVICES': 1,
          'KUBE-NODEPORTS': 2,
          'KUBE-SVC': 2,
          'KUBE-SEP': 2,
          'KUBE-EXT': 2,
        },
      },
      { filter: {}, nat: { 'KUBE-SERVICES': 2, 'KUBE-SVC': 3, 'KUBE-SEP': 4, 'KUBE-EXT': 2 } },
      {
        filter: { 'KUBE-PROXY-FIREWALL': 1 },
        nat: {
          'KUBE-SERVICES': 2,
          'KUBE-NODEPORTS': 2,
          'KUBE-SVC': 3,
          'KUBE-SEP': 2,
          'KUBE-EXT': 2,
          'KUBE-FW': 2,
        },
      },
      { filter: { 'KUBE-SERVICES': 1 }, nat: {} },
    ]);
  });

  test('D: partial syncs write the chains of the changed Service and every Service rule', () => {
    const one = (name: string) => servicePort(name, { endpoints: endpoints(1) });
    const written = (ports: readonly ServicePort[], changed: string) => {
      const { filter, nat } = iptablesKernel.change(era, ports, testNode, changed).written;
      return [filter!.rules, nat!.rules, rules(ports).nat];
    };
    const two = [one('svc1'), one('svc2')];
    const three = [...two, one('svc3')];
    const without2 = [one('svc1'), one('svc3')];
    expect(rules(two)).toEqual({ filter: 4, nat: 15 });
    expect(written(three, 'ns/svc3')).toEqual([4, 12, 20]);
    expect(written(without2, 'ns/svc2')).toEqual([4, 7, 15]);
    expect(written([...without2, servicePort('svc4')], 'ns/svc4')).toEqual([5, 7, 15]);
    expect(written(three, 'ns/none')).toEqual([4, 8, 20]);
  });
});

test('a release without partial syncs writes everything', () => {
  const { written } = iptablesKernel.change(early, overallServices, testNode, 'ns/svc41');
  expect(written).toEqual(objects(overallServices, testNode, early).tables);
});

test('a partial sync writes the chain lines of the changed Service only', () => {
  const { written } = iptablesKernel.change(era, overallServices, testNode, 'ns/svc44');
  expect(written.nat).toEqual({ chains: 4 + 4, rules: 5 + 9 + 6 + 9 });
});

const here = { node: 'test-node' };

describe('traffic policies', () => {
  const exposed = {
    nodePort: 30001,
    externalIPs: ['198.51.100.1'],
    loadBalancerIPs: ['198.51.100.2', '198.51.100.3'],
  };

  test('externalTrafficPolicy Local with local endpoints adds KUBE-SVL without masquerade', () => {
    const port = servicePort('svc1', {
      ...exposed,
      externalPolicy: 'Local',
      endpoints: [endpoint(1, here), endpoint(2, here), endpoint(3)],
    });
    expect(splits([port])).toEqual([
      {
        filter: {},
        nat: {
          'KUBE-SERVICES': 4,
          'KUBE-NODEPORTS': 2,
          'KUBE-SVC': 4,
          'KUBE-SEP': 6,
          'KUBE-EXT': 4,
          'KUBE-SVL': 2,
        },
      },
    ]);
  });

  test('externalTrafficPolicy Local without local endpoints drops, but serves the node itself', () => {
    const port = servicePort('svc1', {
      ...exposed,
      externalPolicy: 'Local',
      endpoints: [endpoint(3)],
    });
    const [split] = splits([port]);
    expect(split!.filter).toEqual({ 'KUBE-EXTERNAL-SERVICES': 4 });
    expect(split!.nat).toMatchObject({ 'KUBE-SERVICES': 4, 'KUBE-EXT': 3 });
    expect(split!.nat['KUBE-SVL']).toBeUndefined();
  });

  test('internalTrafficPolicy Local has local endpoints only, behind one masquerade rule', () => {
    const port = servicePort('svc1', {
      internalPolicy: 'Local',
      endpoints: [endpoint(1, here), endpoint(2), endpoint(3)],
    });
    expect(splits([port])[0]!.nat).toEqual({
      'KUBE-SERVICES': 1,
      'KUBE-SVL': 2,
      'KUBE-SEP': 2,
    });
  });

  test('internalTrafficPolicy Local without local endpoints leaves one DROP', () => {
    const port = servicePort('svc1', { internalPolicy: 'Local', endpoints: [endpoint(2)] });
    expect(splits([port])).toEqual([{ filter: { 'KUBE-SERVICES': 1 }, nat: {} }]);
  });

  test('internalTrafficPolicy Local leaves what external traffic needs', () => {
    const port = servicePort('svc1', {
      internalPolicy: 'Local',
      nodePort: 30001,
      endpoints: [endpoint(2), endpoint(3)],
    });
    expect(splits([port])).toEqual([
      {
        filter: { 'KUBE-SERVICES': 1 },
        nat: { 'KUBE-NODEPORTS': 2, 'KUBE-SVC': 2, 'KUBE-SEP': 4, 'KUBE-EXT': 2 },
      },
    ]);
  });

  test('an endpoint that only the Local policy uses has a chain as well', () => {
    const port = servicePort('svc1', {
      ...exposed,
      affinity: true,
      externalPolicy: 'Local',
      endpoints: [endpoint(1), endpoint(2, { ...here, ready: false, terminating: true })],
    });
    expect(splits([port])[0]!.nat).toMatchObject({
      'KUBE-SVC': 3,
      'KUBE-SVL': 2,
      'KUBE-SEP': 4,
    });
  });
});

describe('source ranges', () => {
  const balanced = (sourceRanges: string[]) =>
    servicePort('svc1', {
      loadBalancerIPs: ['198.51.100.2', '198.51.100.3'],
      sourceRanges,
      endpoints: endpoints(1),
    });
  const firewall = (sourceRanges: string[]) => splits([balanced(sourceRanges)])[0]!.nat['KUBE-FW'];

  test('each is a rule, and one closes the chain', () => {
    expect(firewall(['203.0.113.0/25', '203.0.114.0/25'])).toBe(3);
    expect(splits([balanced(['203.0.113.0/25'])])[0]!.filter).toEqual({ 'KUBE-PROXY-FIREWALL': 2 });
  });

  test('one with the node in it adds a rule for each load-balancer IP, once', () => {
    expect(firewall(['0.0.0.0/0'])).toBe(4);
    expect(firewall(['192.168.0.0/24', '192.168.0.2/32'])).toBe(5);
    expect(firewall(['192.168.0.3/32', '::/0'])).toBe(3);
  });

  test('none without a load-balancer IP', () => {
    const port = servicePort('svc1', { sourceRanges: ['0.0.0.0/0'], endpoints: endpoints(1) });
    expect(splits([port])[0]!.nat['KUBE-FW']).toBeUndefined();
  });
});

test('every port of a Service repeats the health-check rule and has its own chains', () => {
  const port = (name: string, number: number, protocol: ServicePort['protocol']) =>
    servicePort('svc1', {
      port: name,
      number,
      protocol,
      loadBalancerIPs: ['198.51.100.2'],
      externalPolicy: 'Local',
      healthCheckNodePort: 32000,
      endpoints: [endpoint(1, here)],
    });
  const ports = [port('dns', 53, 'UDP'), port('sctp', 54, 'SCTP')];
  expect(splits(ports).map(({ filter }) => filter)).toEqual([
    { 'KUBE-NODEPORTS': 1 },
    { 'KUBE-NODEPORTS': 1 },
  ]);
  expect(objects(ports).tables.nat).toEqual({
    chains: 4 + 2 * 4,
    rules: 5 + 2 * (2 + 2 + 2 + 4 + 1),
  });
});

describe('node settings', () => {
  const port = [servicePort('svc1', { nodePort: 30001, endpoints: endpoints(1) })];

  test('node ports on localhost: a rule in filter, and from 1.33 one more for each node port', () => {
    const off = { ...testNode, localhostNodePorts: false };
    expect(rules(port)).toEqual({ filter: 4, nat: 5 + 9 });
    expect(rules(port, off)).toEqual({ filter: 3, nat: 5 + 8 });
    expect(rules(port, testNode, ERAS['1.32']!)).toEqual({ filter: 4, nat: 5 + 8 });
  });

  test('IPv6 has no node ports on localhost', () => {
    const ipv6 = [{ ...port[0]!, clusterIP: 'fd00::1' }];
    expect(rules(ipv6)).toEqual({ filter: 3, nat: 5 + 8 });
  });

  test('node ports on primary addresses: a tail rule for each, none on localhost', () => {
    const node = {
      ...testNode,
      addresses: ['192.168.0.2', '192.168.0.3'],
      nodePortAddresses: 'primary' as const,
    };
    expect(rules(port, node)).toEqual({ filter: 3, nat: 6 + 8 });
  });
});

test('agrees with the sizes that the programming model works with', () => {
  const ports = [...services(7, 3), servicePort('svc8'), servicePort('svc9')];
  expect(objects(ports).tables).toEqual(iptablesRules(counts(9, 3, 2), era));
});

test('an IPv6 node has no rule for node ports on localhost, even without Services', () => {
  const node = { ...testNode, addresses: ['2001:db8::2'] };
  expect(rules([], node)).toEqual({ filter: 3, nat: 5 });
  expect(rules([servicePort('svc1', { clusterIP: 'fd00::1' })], node).filter).toBe(4);
  expect(rules([], testNode).filter).toBe(4);
});

import { describe, expect, test } from 'vitest';
import { ERAS } from '../../eras.ts';
import { ebpfKernel } from './ebpf.ts';
import { ipvsKernel } from './ipvs.ts';
import type { ServicePort } from './service-port.ts';
import { endpoint, endpoints, servicePort, testNode } from './testing/service-ports.ts';

const era = ERAS['1.34']!;
const node = { ...testNode, addresses: ['192.168.0.2', '192.168.0.3', '192.168.0.4'] };
const here = { node: 'test-node' };

const exposed = {
  nodePort: 30001,
  externalIPs: ['198.51.100.1'],
  loadBalancerIPs: ['198.51.100.2', '198.51.100.3'],
};

describe('ipvs', () => {
  const ipvs = (...ports: ServicePort[]) => ipvsKernel.objects(era, ports, node).tables.ipvs!;
  const sets = (port: ServicePort) =>
    ipvsKernel.objects(era, [port], node).ports[0]!.tables.ipvs!.split;

  test('a ClusterIP Service is one virtual server, one address and an entry in two ipsets', () => {
    expect(ipvs(servicePort('svc1', { endpoints: endpoints(3) }))).toEqual({
      virtualServers: 1,
      realServers: 3,
      ipsetEntries: 2,
      dummyAddresses: 1,
    });
  });

  test('each external IP and each node address has a virtual server of its own', () => {
    expect(ipvs(servicePort('svc1', { ...exposed, endpoints: endpoints(2) }))).toMatchObject({
      virtualServers: 1 + 1 + 2 + 3,
      realServers: 14,
      dummyAddresses: 4,
    });
  });

  test('virtual servers of a Service without endpoints stay, empty', () => {
    expect(ipvs(servicePort('svc1', exposed))).toMatchObject({ virtualServers: 7, realServers: 0 });
  });

  test('virtual servers under a Local policy have local endpoints only', () => {
    const port = { ...exposed, endpoints: [endpoint(1, here), endpoint(2), endpoint(3)] };
    const external = servicePort('svc1', { ...port, externalPolicy: 'Local' });
    const internal = servicePort('svc1', { ...port, internalPolicy: 'Local' });
    expect(ipvs(external).realServers).toBe(3 + 6);
    expect(ipvs(internal).realServers).toBe(1 + 18);
  });

  test('an address is bound once, and not at all if the node has it already', () => {
    const port = (number: number) =>
      servicePort('svc1', { port: `p${number}`, number, externalIPs: ['192.168.0.3'] });
    expect(ipvs(port(80), port(443))).toMatchObject({ virtualServers: 4, dummyAddresses: 1 });
  });

  test('ipsets by kind, for a LoadBalancer Service that lets two ranges in', () => {
    const port = servicePort('svc1', {
      ...exposed,
      externalPolicy: 'Local',
      healthCheckNodePort: 32000,
      sourceRanges: ['192.168.0.0/24', '203.0.113.0/25'],
      endpoints: [endpoint(1, here), endpoint(2)],
    });
    expect(sets(port)).toEqual({
      'KUBE-CLUSTER-IP': 1,
      'KUBE-LOOP-BACK': 1,
      'KUBE-EXTERNAL-IP-LOCAL': 1,
      'KUBE-LOAD-BALANCER': 2,
      'KUBE-LOAD-BALANCER-LOCAL': 2,
      'KUBE-LOAD-BALANCER-FW': 2,
      'KUBE-LOAD-BALANCER-SOURCE-CIDR': 4,
      'KUBE-LOAD-BALANCER-SOURCE-IP': 2,
      'KUBE-NODE-PORT-TCP': 1,
      'KUBE-NODE-PORT-LOCAL-TCP': 1,
      'KUBE-HEALTH-CHECK-NODE-PORT': 1,
      'KUBE-IPVS-IPS': 4,
    });
  });

  test('node ports are a bitmap for UDP, and pairs of address and port for SCTP', () => {
    const over = { nodePort: 30001, endpoints: endpoints(1) };
    expect(sets(servicePort('svc1', { ...over, protocol: 'UDP' }))['KUBE-NODE-PORT-UDP']).toBe(1);
    expect(
      sets(servicePort('svc1', { ...over, protocol: 'SCTP' }))['KUBE-NODE-PORT-SCTP-HASH'],
    ).toBe(3);
  });

  test('a change writes at most what the Service has', () => {
    const ports = [
      servicePort('svc1', { endpoints: endpoints(2) }),
      servicePort('svc2', { endpoints: endpoints(5) }),
    ];
    expect(ipvsKernel.change(era, ports, node, 'ns/svc2').written.ipvs).toMatchObject({
      virtualServers: 1,
      realServers: 5,
    });
  });
});

describe('ebpf', () => {
  const maps = (...ports: ServicePort[]) => ebpfKernel.objects(era, ports, node).tables.maps!;

  test('each front end is an entry and a slot for each of its endpoints', () => {
    expect(maps(servicePort('svc1', { endpoints: endpoints(4) }))).toEqual({
      serviceEntries: 5,
      backendEntries: 4,
    });
    expect(maps(servicePort('svc1', { ...exposed, endpoints: endpoints(4) }))).toEqual({
      serviceEntries: 7 * 5,
      backendEntries: 4,
    });
    expect(maps(servicePort('svc1'))).toEqual({ serviceEntries: 1, backendEntries: 0 });
  });

  test('Services share backends of the same address, port and protocol', () => {
    const over = { endpoints: endpoints(3) };
    const udp = { ...over, protocol: 'UDP' } as const;
    expect(maps(servicePort('svc1', over), servicePort('svc2', over)).backendEntries).toBe(3);
    expect(maps(servicePort('svc1', over), servicePort('svc2', udp)).backendEntries).toBe(6);
  });

  test('front ends under a Local policy have local endpoints only', () => {
    const port = { ...exposed, endpoints: [endpoint(1, here), endpoint(2)] };
    expect(maps(servicePort('svc1', { ...port, externalPolicy: 'Local' }))).toEqual({
      serviceEntries: 3 + 6 * 2,
      backendEntries: 2,
    });
    const both = { ...port, externalPolicy: 'Local', internalPolicy: 'Local' } as const;
    expect(maps(servicePort('svc1', both))).toEqual({ serviceEntries: 7 * 2, backendEntries: 1 });
  });

  test('a change does not depend on Services that share its backends', () => {
    const over = { endpoints: endpoints(3) };
    const ports = [servicePort('svc1', over), servicePort('svc2', over)];
    expect(ebpfKernel.change(era, ports, node, 'ns/svc2').written.maps).toEqual({
      serviceEntries: 4,
      backendEntries: 3,
    });
  });
});

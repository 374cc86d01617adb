/** Services that the API server would refuse, and where the message points. */
import { describe, expect, it } from 'vitest';
import { ERAS } from '../../core/models/eras.ts';
import { readServicePorts } from './service-ports.ts';

function read(text: string) {
  const options = { era: ERAS['1.34']!, node: null, nodeAddresses: 1 };
  return readServicePorts([{ name: 'in.yaml', text }], options);
}

/** `CODE line:column message` of every problem. */
const problems = (text: string) =>
  read(text).diagnostics.map(
    ({ code, at, message }) => `${code} ${at.line}:${at.column} ${message}`,
  );

const service = (spec: string) => `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: ${spec}
`;

describe('a Service', () => {
  it.each([
    ['{ ports: [] }', 'E151 5:16 Service shop/web has no ports'],
    [
      '{ ports: [{ port: 80 }, { name: b, port: 81 }] }',
      'E151 5:17 Service shop/web has a port without a name',
    ],
    [
      '{ ports: [{ name: a, port: 80 }, { name: a, port: 81 }] }',
      'E151 5:48 Service shop/web has two ports named a',
    ],
    [
      '{ ports: [{ name: a, port: 80 }, { name: b, port: 80 }] }',
      'E151 5:40 Service shop/web has port 80/TCP twice',
    ],
    [
      '{ ports: [{ port: 80, nodePort: 30000 }] }',
      'E151 5:39 Service shop/web of type ClusterIP has a nodePort',
    ],
    ['{ ports: [{ port: 0 }] }', 'E140 5:25 spec.ports[0].port of Service web is 0'],
    [
      '{ ports: [{ port: 80, protocol: tcp }] }',
      'E140 5:39 spec.ports[0].protocol of Service web is "tcp"',
    ],
    ['{ ports: [{ port: 80, targetPort: "80" }] }', 'E146 5:41 "80" is no name of a port'],
    [
      '{ type: NodePort, clusterIP: None, ports: [{ port: 80 }] }',
      'E151 5:36 Service shop/web of type NodePort is headless',
    ],
    [
      '{ externalTrafficPolicy: Local, ports: [{ port: 80 }] }',
      'E151 5:32 Service shop/web has externalTrafficPolicy',
    ],
    [
      '{ loadBalancerSourceRanges: [10.0.0.0/8], ports: [{ port: 80 }] }',
      'E151 5:35 Service shop/web has loadBalancerSourceRanges',
    ],
    [
      '{ type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0], ports: [{ port: 80 }] }',
      'E151 5:56 Service shop/web has the source range "10.0.0.0"',
    ],
    [
      '{ type: LoadBalancer, healthCheckNodePort: 30000, ports: [{ port: 80 }] }',
      'E151 5:50 Service shop/web has healthCheckNodePort',
    ],
    [
      '{ externalIPs: [127.0.0.1], ports: [{ port: 80 }] }',
      'E151 5:23 Service shop/web has the external address 127.0.0.1',
    ],
    [
      '{ clusterIP: 10.0.0.256, ports: [{ port: 80 }] }',
      'E151 5:20 Service shop/web has the address "10.0.0.256"',
    ],
    [
      '{ clusterIPs: [10.0.0.1, 10.0.0.2], ports: [{ port: 80 }] }',
      'E151 5:21 Service shop/web has two addresses of a family',
    ],
    [
      '{ trafficDistribution: Near, ports: [{ port: 80 }] }',
      'E151 5:30 Service shop/web has trafficDistribution "Near"',
    ],
    [
      '{ sessionAffinty: ClientIP, ports: [{ port: 80 }] }',
      'E143 5:9 unknown field sessionAffinty in Service shop/web',
    ],
  ])('like %s is an error at its place', (spec, expected) => {
    const found = problems(service(spec));
    expect(found).toContain(expected);
    expect(read(service(spec)).input).toBeUndefined();
  });

  it('may not have the address or a port of another one', () => {
    const one = (name: string, spec: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { ${spec} }\n---\n`;
    const port = 'type: NodePort, ports: [{ port: 53, nodePort: 30053 }]';
    expect(problems(one('a', port) + one('b', port))).toEqual([
      'E152 9:55 port 30053 of Service default/b is taken by default/a',
    ]);
    const address = 'clusterIP: 10.0.0.1, ports: [{ port: 53 }]';
    expect(problems(one('a', address) + one('b', address))[0]).toMatch(/^E152 9:20 address/);
    const shared =
      'type: NodePort, ports: [{ name: a, port: 53, nodePort: 30053 }, { name: b, port: 53, protocol: UDP, nodePort: 30053 }]';
    expect(read(one('a', shared)).input!.ports.map(({ nodePort }) => nodePort)).toEqual([
      30_053, 30_053,
    ]);
  });
});

/** What manifests say about Services, against what proxies would see in the API. */
import { describe, expect, it } from 'vitest';
import { ERAS } from '../../core/models/eras.ts';
import { readServicePorts, type ServicePortsOptions } from './service-ports.ts';

const era = ERAS['1.34']!;

function read(text: string, options: Partial<ServicePortsOptions> = {}) {
  const all = { era, node: null, nodeAddresses: 1, ...options };
  return readServicePorts([{ name: 'in.yaml', text }], all);
}

/** Of input that must be read without errors. */
function input(text: string, options: Partial<ServicePortsOptions> = {}) {
  const result = read(text, options);
  expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return result.input!;
}

const ports = (text: string, options: Partial<ServicePortsOptions> = {}) =>
  input(text, options).ports;

/** `CODE line:column message` of every problem. */
const problems = (text: string) =>
  read(text).diagnostics.map(
    ({ code, at, message }) => `${code} ${at.line}:${at.column} ${message}`,
  );

const service = (spec: string, rest = '') => `
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: ${spec}
${rest}
`;

const slice = (name: string, body: string, type = 'IPv4') => `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: ${name}, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: ${type}
${body}
`;

const deployment = (replicas: string, ports = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  ${replicas}
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: c, ports: [${ports}] }] }
`;

const node = (name: string, zone: string, address: string) => `---
apiVersion: v1
kind: Node
metadata: { name: ${name}, labels: { topology.kubernetes.io/zone: ${zone} } }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`;

const pod = (name: string, rest: string, meta = '', spec = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: web } ${meta} }
spec: { containers: [{ name: c }] ${spec} }
${rest}
`;

describe('a Service', () => {
  it('gets what the API server would give it', () => {
    const two =
      '{ type: NodePort, ports: [{ name: a, port: 80 }, { name: b, port: 81, protocol: UDP }] }';
    const [a, b] = ports(service(two));
    expect(a).toMatchObject({ protocol: 'TCP', number: 80, affinity: false, endpoints: [] });
    expect(a).toMatchObject({ internalPolicy: 'Cluster', externalPolicy: 'Cluster' });
    expect(b!.protocol).toBe('UDP');
    expect(a!.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(a!.nodePort).not.toBe(b!.nodePort);
    expect(a!.clusterIP).toBe(b!.clusterIP);
    expect(a!.healthCheckNodePort).toBeNull();
  });

  it('of type LoadBalancer has a node port unless that is switched off, and a health check if Local', () => {
    const [plain] = ports(service('{ type: LoadBalancer, ports: [{ port: 80 }] }'));
    expect(plain!.nodePort).not.toBeNull();
    expect(plain!.healthCheckNodePort).toBeNull();
    const off = 'type: LoadBalancer, allocateLoadBalancerNodePorts: false';
    expect(ports(service(`{ ${off}, ports: [{ port: 80 }] }`))[0]!.nodePort).toBeNull();
    const written = ports(service(`{ ${off}, ports: [{ port: 80, nodePort: 30500 }] }`));
    expect(written[0]!.nodePort).toBe(30_500);
    const local = 'type: LoadBalancer, externalTrafficPolicy: Local';
    const [own] = ports(service(`{ ${local}, ports: [{ port: 80, nodePort: 30000 }] }`));
    expect(own!.healthCheckNodePort).toBe(30_001);
    const [given] = ports(
      service(`{ ${local}, healthCheckNodePort: 31000, ports: [{ port: 80 }] }`),
    );
    expect(given!.healthCheckNodePort).toBe(31_000);
  });

  it('has the addresses of its load balancer that proxies handle', () => {
    const status =
      'status: { loadBalancer: { ingress: [{ ip: 1.2.3.4 }, { ip: 1.2.3.5, ipMode: VIP }, { ip: 1.2.3.6, ipMode: Proxy }, { hostname: lb.example.com }, { ip: "2001:db8::1" }] } }';
    const text = service('{ type: LoadBalancer, ports: [{ port: 80 }] }', status);
    expect(ports(text)[0]!.loadBalancerIPs).toEqual(['1.2.3.4', '1.2.3.5']);
    expect(ports(text, { era: ERAS['1.29']! })[0]!.loadBalancerIPs).toContain('1.2.3.6');
  });

  it('keeps addresses and ranges of one family, the primary one of the cluster', () => {
    const spec = (ips: string) =>
      `{ type: LoadBalancer, clusterIPs: [${ips}], externalIPs: [192.0.2.1, "2001:db8::2"], loadBalancerSourceRanges: [" 198.51.100.0/24", "2001:db8::/32"], ports: [{ port: 80 }] }`;
    const four = input(service(spec('10.0.0.1, "fd00::1"')));
    expect(four.family).toBe(4);
    expect(four.ports[0]).toMatchObject({
      clusterIP: '10.0.0.1',
      externalIPs: ['192.0.2.1'],
      sourceRanges: ['198.51.100.0/24'],
    });
    const six = input(service(spec('"fd00::0:1", 10.0.0.1')));
    expect(six.family).toBe(6);
    expect(six.ports[0]).toMatchObject({ clusterIP: 'fd00::1', externalIPs: ['2001:db8::2'] });
  });

  it('is skipped with the reason if proxies keep nothing for it', () => {
    const text = ['headless', 'alias', 'other', 'six', 'four'].map((name) => {
      const spec: Readonly<Record<string, string>> = {
        headless: '{ clusterIP: None }',
        alias: '{ type: ExternalName, externalName: example.com }',
        six: '{ clusterIP: "fd00::1", ports: [{ port: 80 }] }',
        four: '{ clusterIP: 10.0.0.1, ports: [{ port: 80 }] }',
      };
      const label =
        name === 'other' ? ', labels: { service.kubernetes.io/service-proxy-name: x }' : '';
      return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${label} }\nspec: ${spec[name] ?? '{ ports: [{ port: 80 }] }'}\n`;
    });
    const found = input(text.join('---\n'));
    expect(found.ports.map(({ service }) => service)).toEqual(['four']);
    expect(found.skipped.map(({ name, why }) => `${name}: ${why.split(':')[0]}`)).toEqual([
      'headless: headless',
      'alias: ExternalName',
      'other: labelled for another proxy',
      'six: not of IPv4',
    ]);
  });
});

describe('EndpointSlices', () => {
  const two = service(
    '{ ports: [{ name: http, port: 80 }, { name: dns, port: 53, protocol: UDP }] }',
  );

  it('belong to ports of the same name and protocol', () => {
    const text =
      two +
      slice(
        'a',
        'ports: [{ name: http, port: 8080 }, { name: dns, port: 53 }]\nendpoints: [{ addresses: [10.0.0.1] }]',
      ) +
      slice(
        'b',
        'ports: [{ name: dns, port: 5353, protocol: UDP }, { name: http }]\nendpoints: [{ addresses: [10.0.0.2, 10.0.0.3] }]',
      ) +
      slice(
        'c',
        'ports: [{ name: http, port: 8080 }]\nendpoints: [{ addresses: ["fd00::1"] }]',
        'IPv6',
      );
    const found = ports(text).map(({ endpoints }) =>
      endpoints.map(({ address, port }) => `${address}:${port}`),
    );
    expect(found).toEqual([['10.0.0.1:8080'], ['10.0.0.2:5353']]);
  });

  it('have the defaults of kube-proxy for conditions, and hints', () => {
    const conditions = [
      '',
      ', conditions: { ready: false }',
      ', conditions: { ready: false, serving: true, terminating: true }',
      ', conditions: { ready: false, terminating: true }',
      ', conditions: { ready: true }, nodeName: n1, hints: { forZones: [{ name: z }], forNodes: [{ name: n1 }] }',
    ].map((more, i) => `{ addresses: [10.0.0.${i + 1}]${more} }`);
    const body = `ports: [{ name: http, port: 80 }]\nendpoints: [${conditions.join(', ')}]`;
    const { endpoints } = ports(two + slice('a', body))[0]!;
    expect(
      endpoints.map(({ ready, serving, terminating }) => [ready, serving, terminating]),
    ).toEqual([
      [true, true, false],
      [false, true, false],
      [false, true, true],
      [false, true, true],
      [true, true, false],
    ]);
    expect(endpoints[4]).toMatchObject({ node: 'n1', zoneHints: ['z'], nodeHints: ['n1'] });
  });

  it('count an address once, local if one of them says so', () => {
    const body = (name: string) =>
      `ports: [{ name: http, port: 80 }]\nendpoints: [{ addresses: [10.0.0.1], nodeName: ${name} }]`;
    const text = two + slice('a', body('n1')) + slice('b', body('n2'));
    expect(ports(text)[0]!.endpoints.map((one) => one.node)).toEqual(['n1']);
    expect(ports(text, { node: 'n2' })[0]!.endpoints.map((one) => one.node)).toEqual(['n2']);
  });

  it('come before the pods that the selector finds, even when they are empty', () => {
    const text =
      service('{ selector: { app: web }, ports: [{ port: 80 }] }') + deployment('replicas: 3');
    expect(ports(text)[0]!.endpoints).toHaveLength(3);
    expect(ports(text + slice('a', 'endpoints: []'))[0]!.endpoints).toEqual([]);
  });

  it('that cannot be, or belong to nobody, are reported', () => {
    expect(problems(two + slice('a', 'endpoints: [{ addresses: ["fd00::1"] }]'))).toEqual([
      'E151 12:27 EndpointSlice shop/a has the address "fd00::1"',
    ]);
    const old = slice('a', 'endpoints: []').replace('/v1', '/v1beta1');
    expect(problems(two + old)[0]).toMatch(/^E142 8:13/);
    expect(problems(slice('a', 'endpoints: []'))).toEqual([
      expect.stringMatching(/^W313 4:\d+ EndpointSlice shop\/a belongs to no Service/),
    ]);
  });

  it('are missed where a Service selects nothing', () => {
    expect(problems(service('{ ports: [{ port: 80 }] }'))).toEqual([
      'W314 4:19 endpoints of Service shop/web are not in the input',
    ]);
    const selects = service('{ selector: { app: wbe }, ports: [{ port: 80 }] }');
    expect(problems(selects + deployment('replicas: 1'))[0]).toMatch(/^W301 5:26/);
  });
});

describe('pods that a Service selects', () => {
  const web = service('{ selector: { app: web }, ports: [{ port: 80, targetPort: http }] }');
  const numbered = service('{ selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }');
  const http = '{ name: http, containerPort: 8080 }';

  it('are as many as the workload asks for, each with its own address and no node', () => {
    const { endpoints } = ports(web + deployment('replicas: 3', http))[0]!;
    expect(new Set(endpoints.map(({ address }) => address)).size).toBe(3);
    expect(endpoints[0]).toMatchObject({ port: 8080, ready: true, serving: true, node: null });
    expect(ports(web + deployment('{}'.slice(2), http))[0]!.endpoints).toHaveLength(1);
    expect(ports(web + deployment('replicas: 0', http))[0]!.endpoints).toHaveLength(0);
  });

  it('without the named port are left out, with a warning', () => {
    const udp = '{ name: http, containerPort: 8080, protocol: UDP }';
    expect(ports(web + deployment('replicas: 3', udp))[0]!.endpoints).toEqual([]);
    expect(problems(web + deployment('replicas: 3'))).toEqual([
      'W312 5:65 deployment/web has no port http',
    ]);
  });

  it('are ready, terminating or left out by their status', () => {
    const text =
      numbered +
      pod('plain', '') +
      pod(
        'ready',
        'status: { phase: Running, podIP: 10.0.0.1, conditions: [{ type: Ready, status: "True" }] }',
        '',
        ', nodeName: n1',
      ) +
      pod(
        'unready',
        'status: { phase: Running, podIP: 10.0.0.2, conditions: [{ type: Ready, status: "False" }] }',
      ) +
      pod(
        'going',
        'status: { phase: Running, podIP: 10.0.0.3, conditions: [{ type: Ready, status: "True" }] }',
        ', deletionTimestamp: "2024-01-01T00:00:00Z"',
      ) +
      pod('pending', 'status: { phase: Pending }') +
      pod('done', 'status: { phase: Succeeded, podIP: 10.0.0.4 }') +
      pod('six', 'status: { phase: Running, podIP: "fd00::1" }');
    const found = ports(text)[0]!.endpoints;
    expect(
      found.map(({ ready, serving, terminating, node }) => [ready, serving, terminating, node]),
    ).toEqual([
      [true, true, false, null],
      [true, true, false, 'n1'],
      [false, false, false, null],
      [false, true, true, null],
    ]);
    const always = text.replace('spec: {', 'spec: { publishNotReadyAddresses: true,');
    expect(ports(always)[0]!.endpoints.every(({ ready }) => ready)).toBe(true);
  });

  it('stand for their workload when they are in the input', () => {
    const owned = ', ownerReferences: [{ kind: ReplicaSet, name: web-abc }]';
    const labelled = pod('web-abc-x', 'status: { podIP: 10.0.0.1, phase: Running }', owned).replace(
      'app: web',
      'app: web, pod-template-hash: abc',
    );
    const found = ports(numbered + deployment('replicas: 5') + labelled)[0]!.endpoints;
    expect(found.map(({ address }) => address)).toEqual(['10.0.0.1']);
  });

  const daemonSet = deployment('').replace('Deployment', 'DaemonSet');

  it('of a DaemonSet run on every Node object, or on the node that is asked about', () => {
    const nodes = node('n1', 'a', '10.1.0.1') + node('n2', 'b', '10.1.0.2');
    const found = ports(numbered + daemonSet + nodes)[0]!.endpoints;
    expect(found.map((one) => one.node)).toEqual(['n1', 'n2']);
    expect(ports(numbered + daemonSet, { node: 'x' })[0]!.endpoints[0]!.node).toBe('x');
    expect(problems(numbered + daemonSet)[0]).toMatch(/^W315/);
    const host = daemonSet.replace('spec: { containers', 'spec: { hostNetwork: true, containers');
    const [first] = ports(numbered + host + nodes)[0]!.endpoints;
    expect(first!.address).toBe('10.1.0.1');
  });

  it('carry hints under trafficDistribution in the releases that write them', () => {
    const near = (value: string) =>
      numbered.replace('spec: {', `spec: { trafficDistribution: ${value},`) +
      daemonSet +
      node('n1', 'a', '10.1.0.1');
    const hints = (value: string, version: string) => {
      const [found] = ports(near(value), { era: ERAS[version]! })[0]!.endpoints;
      return [found!.zoneHints, found!.nodeHints];
    };
    expect(hints('PreferClose', '1.31')).toEqual([['a'], []]);
    expect(hints('PreferClose', '1.30')).toEqual([[], []]);
    expect(hints('PreferSameNode', '1.34')).toEqual([['a'], ['n1']]);
    expect(hints('PreferSameNode', '1.33')).toEqual([[], []]);
  });
});

describe('the node', () => {
  it('has the addresses and the zone of its object, and made-up addresses beyond', () => {
    const text =
      service('{ clusterIP: 10.0.0.1, ports: [{ port: 80 }] }') + node('n1', 'a', '10.1.0.1');
    const found = input(text, { node: 'n1', nodeAddresses: 2 }).node;
    expect(found).toMatchObject({ name: 'n1', zone: 'a', knownAddresses: 1 });
    expect(found.addresses[0]).toBe('10.1.0.1');
    expect(found.addresses).toHaveLength(2);
  });

  it('has the zone that EndpointSlices give it without an object', () => {
    const body =
      'ports: [{ port: 80 }]\nendpoints: [{ addresses: [10.0.0.1], nodeName: n1, zone: b }]';
    const text = service('{ ports: [{ port: 80 }] }') + slice('a', body);
    expect(input(text, { node: 'n1' }).node.zone).toBe('b');
  });
});

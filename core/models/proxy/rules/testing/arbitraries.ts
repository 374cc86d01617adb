/**
 * Random clusters as a proxy sees them: a node, a release and Service ports of every kind. Weights
 * favour the forms that rules get wrong: several ports a Service, addresses shared by Services,
 * endpoints that terminate, hints on all or only some, policies without a local endpoint, several
 * load balancers and ranges with the node inside or not. Keys (address, protocol, port) are unique, as
 * the API server keeps cluster IPs and node ports, and as sane users keep the rest.
 */
import fc from 'fast-check';
import { ERAS, type Era, knownVersions } from '../../../eras.ts';
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';

export interface World {
  readonly era: Era;
  readonly node: ProxyNode;
  readonly ports: readonly ServicePort[];
}

const NODES = ['n0', 'n1', 'n2'];
const ZONES = ['za', 'zb'];
const PODS = 9;

interface Family {
  readonly node: (i: number) => string;
  readonly pod: (i: number) => string;
  readonly cluster: (i: number) => string;
  readonly external: (i: number) => string;
  readonly ranges: readonly string[];
}

const IPV4: Family = {
  node: (i) => `192.168.0.${2 + i}`,
  pod: (i) => `10.1.0.${10 + i}`,
  cluster: (i) => `10.96.0.${10 + i}`,
  external: (i) => `203.0.113.${1 + i}`,
  ranges: ['0.0.0.0/0', '192.168.0.2/32', '192.168.0.0/24', '192.168.0.3/32', '198.51.100.0/25'],
};
const IPV6: Family = {
  node: (i) => `fd00::${2 + i}`,
  pod: (i) => `fd01::${10 + i}`,
  cluster: (i) => `fd02::${10 + i}`,
  external: (i) => `2001:db8::${1 + i}`,
  ranges: ['::/0', 'fd00::2/128', 'fd00::/64', 'fd00::3/128', '2001:db8:1::/48'],
};

const mostlyFalse = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean());
const policy = fc.oneof(
  { weight: 3, arbitrary: fc.constant<'Cluster'>('Cluster') },
  { weight: 2, arbitrary: fc.constant<'Local'>('Local') },
);

const condition = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constant({ ready: true, serving: true, terminating: false }),
  },
  { weight: 3, arbitrary: fc.constant({ ready: false, serving: true, terminating: true }) },
  { weight: 1, arbitrary: fc.constant({ ready: false, serving: false, terminating: true }) },
  { weight: 1, arbitrary: fc.constant({ ready: false, serving: false, terminating: false }) },
  { weight: 1, arbitrary: fc.constant({ ready: false, serving: true, terminating: false }) },
  { weight: 1, arbitrary: fc.constant({ ready: true, serving: true, terminating: true }) },
);

type Conditions = Pick<Endpoint, 'ready' | 'serving' | 'terminating'>;
const TERMINATING: Conditions = { ready: false, serving: true, terminating: true };

const hint = (names: readonly string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names).map((name) => [name]) },
    { weight: 1, arbitrary: fc.constant([...names]) },
    { weight: 1, arbitrary: fc.constant<string[]>([]) },
  );

interface DrawnEndpoint {
  readonly pod: number;
  readonly conditions: Conditions;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  readonly placed: boolean;
}

const drawnEndpoint: fc.Arbitrary<DrawnEndpoint> = fc.record({
  pod: fc.nat(PODS - 1),
  conditions: condition,
  zoneHints: hint(ZONES),
  nodeHints: hint(NODES),
  placed: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean()),
});

/** Which of the drawn hints the endpoints of a Service carry. */
const hinting = fc.constantFrom('all', 'zones', 'nodes', 'none', 'none');

const drawnPort = fc.record({
  endpoints: fc.oneof(
    { weight: 1, arbitrary: fc.constant<DrawnEndpoint[]>([]) },
    {
      weight: 6,
      arbitrary: fc.uniqueArray(drawnEndpoint, {
        minLength: 1,
        maxLength: 6,
        selector: (endpoint) => endpoint.pod,
      }),
    },
  ),
  allTerminating: mostlyFalse,
  /** The first endpoint as a second slice has it; null: it stands in one slice only. */
  twice: fc.option(drawnEndpoint, { freq: 3 }),
  protocol: fc.constantFrom<ServicePort['protocol']>('TCP', 'TCP', 'UDP', 'SCTP'),
  targetPort: fc.constantFrom(8080, 9090),
  sharesNumber: fc.boolean(),
});

const drawnService = fc.record({
  namespace: fc.constantFrom('default', 'kube-system'),
  kind: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer'),
  ports: fc.array(drawnPort, { minLength: 1, maxLength: 3 }),
  nodePorts: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  externalIPs: fc.oneof(
    { weight: 2, arbitrary: fc.constant<number[]>([]) },
    fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 }),
  ),
  balancers: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
  ranges: fc.uniqueArray(fc.nat(4), { maxLength: 4 }),
  affinity: fc.boolean(),
  internalPolicy: policy,
  externalPolicy: policy,
  hinting,
});

type DrawnService = typeof drawnService extends fc.Arbitrary<infer T> ? T : never;
type DrawnPort = DrawnService['ports'][number];

function endpointOf(
  family: Family,
  service: DrawnService,
  port: DrawnPort,
  drawn: DrawnEndpoint,
): Endpoint {
  const zones = service.hinting === 'all' || service.hinting === 'zones';
  const nodes = service.hinting === 'all' || service.hinting === 'nodes';
  return {
    address: family.pod(drawn.pod),
    port: port.targetPort,
    ...(port.allTerminating && drawn.conditions.ready ? TERMINATING : drawn.conditions),
    node: drawn.placed ? NODES[drawn.pod % NODES.length]! : null,
    zoneHints: zones ? drawn.zoneHints : [],
    nodeHints: nodes ? drawn.nodeHints : [],
  };
}

function listed({ endpoints, twice }: DrawnPort): readonly DrawnEndpoint[] {
  const [first] = endpoints;
  return first && twice ? [...endpoints, { ...twice, pod: first.pod }] : endpoints;
}

/** Gives every port a number (and node port) that no other port of its protocol has. */
class Numbers {
  private next = 0;
  private readonly taken = new Set<string>();

  draw(protocol: string, sharesNumber: boolean): number {
    if (!sharesNumber || this.taken.has(`${protocol} ${this.next}`)) this.next++;
    this.taken.add(`${protocol} ${this.next}`);
    return this.next;
  }
}

function portsOf(family: Family, services: readonly DrawnService[]): ServicePort[] {
  const numbers = new Numbers();
  return services.flatMap((service, index) => {
    const balanced = service.kind === 'LoadBalancer';
    const local = service.externalPolicy === 'Local';
    const hasNodePort = service.kind === 'NodePort' || (balanced && service.nodePorts);
    return service.ports.map((port, i) => {
      const number = numbers.draw(port.protocol, port.sharesNumber);
      const endpoints = listed(port).map((drawn) => endpointOf(family, service, port, drawn));
      return {
        namespace: service.namespace,
        service: `svc${index}`,
        port: service.ports.length === 1 && index % 2 === 0 ? '' : `p${i}`,
        protocol: port.protocol,
        number: 80 + number,
        nodePort: hasNodePort ? 30000 + number : null,
        clusterIP: family.cluster(index),
        externalIPs: service.externalIPs.map(family.external),
        loadBalancerIPs: balanced ? service.balancers.map((b) => family.external(4 + b)) : [],
        sourceRanges: balanced ? service.ranges.map((r) => family.ranges[r]!) : [],
        healthCheckNodePort: balanced && local ? 32000 + index : null,
        affinity: service.affinity,
        internalPolicy: service.internalPolicy,
        externalPolicy: service.externalPolicy,
        endpoints,
      };
    });
  });
}

const drawnNode = fc.record({
  name: fc.constantFrom(...NODES, null),
  zone: fc.constantFrom(...ZONES, 'zc', null),
  addresses: fc.integer({ min: 1, max: 3 }),
  localhostNodePorts: fc.boolean(),
  nodePortAddresses: fc.constantFrom<ProxyNode['nodePortAddresses']>('all', 'primary'),
  /** Whether a load balancer's address is also one of the node's. */
  ownsBalancer: mostlyFalse,
});

/** A node with a release of Kubernetes and up to `maxServices` Services. */
export function world(maxServices: number): fc.Arbitrary<World> {
  return fc
    .record({
      version: fc.constantFrom(...knownVersions),
      ipv6: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.boolean()),
      node: drawnNode,
      services: fc.array(drawnService, { maxLength: maxServices }),
    })
    .map(({ version, ipv6, node, services }) => {
      const family = ipv6 && services.length > 0 ? IPV6 : IPV4;
      const addresses = Array.from({ length: node.addresses }, (_, i) => family.node(i));
      if (node.ownsBalancer) addresses.push(family.external(4));
      return {
        era: ERAS[version]!,
        node: { ...node, addresses },
        ports: portsOf(family, services),
      };
    });
}

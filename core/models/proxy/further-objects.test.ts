/**
 * Counts of a run against those of `explain rules`: for random Services of every kind, `kernelRules` of
 * every mode and release is what the exact counts of the written-down Services say.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PLAIN_PORT, plainPorts } from '../../plain-plans.ts';
import type { ServicePortPlan } from '../../plan.ts';
import { ERAS, type Era, knownVersions } from '../eras.ts';
import {
  addOfService,
  furtherBaseRules,
  furtherObjectsOf,
  nothingFurther,
} from './further-objects.ts';
import { proxyModel, proxyModelIds } from './registry.ts';
import { type KernelMode, kernelModel } from './rules/registry.ts';
import type { ProxyNode, ServicePort } from './rules/service-port.ts';
import { counts, programming, read, work } from './testing.ts';

interface DrawnService {
  readonly ports: readonly ServicePortPlan[];
  readonly endpoints: number;
}

const policy = fc.constantFrom<'Cluster' | 'Local'>('Cluster', 'Cluster', 'Local');
const few = fc.constantFrom(0, 0, 1, 3);

/** Ports of one Service have its addresses, policies and affinity in common. */
const drawnService: fc.Arbitrary<DrawnService> = fc
  .record({
    kind: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer'),
    protocols: fc.array(fc.constantFrom('TCP', 'UDP', 'SCTP'), { minLength: 1, maxLength: 3 }),
    externalIPs: few,
    balancers: few,
    ranges: few,
    affinity: fc.boolean(),
    internalPolicy: policy,
    externalPolicy: policy,
    endpoints: fc.nat(7),
  })
  .map((drawn) => {
    const balanced = drawn.kind === 'LoadBalancer';
    const ports = drawn.protocols.map(
      (protocol): ServicePortPlan => ({
        protocol: protocol as ServicePortPlan['protocol'],
        nodePort: drawn.kind !== 'ClusterIP',
        externalIPs: drawn.externalIPs,
        loadBalancerIPs: balanced ? drawn.balancers : 0,
        sourceRanges: balanced ? drawn.ranges : 0,
        healthCheckNodePort: balanced && drawn.externalPolicy === 'Local',
        affinityNs: drawn.affinity ? 10800e9 : 0,
        internalPolicy: drawn.internalPolicy,
        externalPolicy: drawn.externalPolicy,
        trafficDistribution: null,
      }),
    );
    return { ports, endpoints: drawn.endpoints };
  });

const nodePorts = fc.record({
  localhostNodePorts: fc.boolean(),
  nodePortAddresses: fc.constantFrom<ProxyNode['nodePortAddresses']>('all', 'primary'),
});

/** The Services as manifests would say it, on a node that none of their endpoints runs on. */
function written(services: readonly DrawnService[]): ServicePort[] {
  const addresses = (service: number, kind: number, count: number) =>
    Array.from({ length: count }, (_, i) => `198.${kind}.${service}.${i}`);
  return services.flatMap(({ ports, endpoints }, service) =>
    ports.map((port, i) => ({
      namespace: 'default',
      service: `svc${service}`,
      port: `p${i}`,
      protocol: port.protocol,
      number: 80 + i,
      nodePort: port.nodePort ? 30000 + 10 * service + i : null,
      clusterIP: `10.96.0.${1 + service}`,
      externalIPs: addresses(service, 18, port.externalIPs),
      loadBalancerIPs: addresses(service, 19, port.loadBalancerIPs),
      sourceRanges: addresses(service, 51, port.sourceRanges).map((address) => `${address}/32`),
      healthCheckNodePort: port.healthCheckNodePort ? 32000 + service : null,
      affinity: port.affinityNs > 0,
      internalPolicy: port.internalPolicy,
      externalPolicy: port.externalPolicy,
      endpoints: Array.from({ length: endpoints }, (_, e) => ({
        address: `10.1.${service}.${e}`,
        port: 8080 + i,
        ready: true,
        serving: true,
        terminating: false,
        node: 'elsewhere',
        zoneHints: [],
        nodeHints: [],
      })),
    })),
  );
}

/** What `kernelRules` counts, of the exact tables. */
const counted: Readonly<Record<KernelMode, readonly (readonly [string, string])[]>> = {
  iptables: [
    ['filter', 'rules'],
    ['nat', 'rules'],
  ],
  nftables: [['kube-proxy', 'rules']],
  ipvs: [
    ['ipvs', 'virtualServers'],
    ['ipvs', 'realServers'],
  ],
  ebpf: [
    ['maps', 'serviceEntries'],
    ['maps', 'backendEntries'],
  ],
};

function countsOf(
  mode: KernelMode,
  era: Era,
  services: readonly DrawnService[],
  proxy: Pick<ProxyNode, 'localhostNodePorts' | 'nodePortAddresses'>,
) {
  const sum = { servicePorts: 0, emptyServicePorts: 0, endpoints: 0, further: nothingFurther() };
  for (const { ports, endpoints } of services) {
    sum.servicePorts += ports.length;
    sum.endpoints += ports.length * endpoints;
    if (endpoints === 0) sum.emptyServicePorts += ports.length;
    const further = furtherObjectsOf(mode, era, ports, proxy);
    if (further !== null) addOfService(sum.further, further, endpoints, 1);
  }
  sum.further.rules += furtherBaseRules(mode, era, proxy);
  return sum;
}

test.each(proxyModelIds)('%s: kernelRules is what explain rules counts, for any Services', (id) => {
  const model = proxyModel(id);
  fc.assert(
    fc.property(
      fc.constantFrom(...knownVersions),
      nodePorts,
      fc.array(drawnService, { maxLength: 6 }),
      (version, proxy, services) => {
        const era = ERAS[version]!;
        const node = { name: 'here', zone: null, addresses: ['192.168.7.7'], ...proxy };
        const { tables } = kernelModel(model.kernel).objects(era, written(services), node);
        const exact = counted[model.kernel].reduce((n, [t, kind]) => n + tables[t]![kind]!, 0);
        expect(model.kernelRules(era, countsOf(model.kernel, era, services, proxy))).toBe(exact);
      },
    ),
    { numRuns: 300 },
  );
});

const era = ERAS['1.34']!;
const proxy = { localhostNodePorts: true, nodePortAddresses: 'all' } as const;
const exposed: ServicePortPlan = {
  ...PLAIN_PORT,
  nodePort: true,
  externalIPs: 1,
  loadBalancerIPs: 2,
};

describe('what a Service has beyond a plain one', () => {
  test('is nothing for any number of plain ports, whatever their protocol', () => {
    for (const mode of ['iptables', 'nftables', 'ipvs', 'ebpf'] as const) {
      expect(furtherObjectsOf(mode, era, plainPorts(3), proxy)).toBeNull();
      expect(furtherObjectsOf(mode, era, [{ ...PLAIN_PORT, protocol: 'UDP' }], proxy)).toBeNull();
    }
  });

  test('are in iptables mode KUBE-EXT and its front ends, or as many REJECT rules', () => {
    // KUBE-SERVICES 3, KUBE-NODEPORTS 2, KUBE-EXT 2; filter 3 + 1.
    const none = { rules: 0, chains: 0, frontEnds: 0, sets: 0 };
    expect(furtherObjectsOf('iptables', era, [exposed], proxy)).toEqual({
      empty: { rules: 4, chains: 0, frontEnds: 4, sets: 0 },
      base: { rules: 7, chains: 1, frontEnds: 5, sets: 0 },
      perEndpoint: none,
    });
  });

  test('are in ipvs mode a virtual server for each address, each with all endpoints', () => {
    expect(furtherObjectsOf('ipvs', era, [exposed], proxy)).toMatchObject({
      empty: { frontEnds: 4, rules: 0 },
      perEndpoint: { frontEnds: 0, rules: 4 },
    });
  });

  test('is less than nothing under a Local policy without local endpoints', () => {
    const local = { ...PLAIN_PORT, internalPolicy: 'Local' } as const;
    // One DROP rule instead of 2 + 3 E.
    expect(furtherObjectsOf('iptables', era, [local], proxy)).toMatchObject({
      empty: { rules: 0 },
      base: { rules: -1 },
      perEndpoint: { rules: -3 },
    });
  });
});

describe.each(proxyModelIds)('%s', (id) => {
  const model = proxyModel(id);
  const each = furtherObjectsOf(model.kernel, era, [{ ...exposed, affinityNs: 1e9 }], proxy)!;
  const plain = counts(1000, 2);
  const exposedOnes = { ...plain, further: nothingFurther() };
  const changedFurther = nothingFurther();
  addOfService(exposedOnes.further, each, 2, 1000);
  addOfService(changedFurther, each, 2, 50);
  const change = { changedServicePorts: 50, changedEndpoints: 100 };

  test('takes longer to program Services with more ways in, at once or a few', () => {
    for (const sync of [{ initial: true, full: true }, change]) {
      const { kernelNs } = programming(model, work(exposedOnes, { ...sync, changedFurther }));
      expect(kernelNs).toBeGreaterThan(programming(model, work(plain, sync)).kernelNs);
    }
  });

  test('takes at least as much memory for them', () => {
    const bytes = (of: typeof plain) => model.kernelMemory(read, era, of, 4);
    if (id === 'ebpf') expect(bytes(exposedOnes)).toBe(bytes(plain));
    else expect(bytes(exposedOnes)).toBeGreaterThan(1.1 * bytes(plain));
  });
});

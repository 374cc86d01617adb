/** Requests of every kind, against latencies worked out by hand and causes that were planted. */
import { describe, expect, it } from 'vitest';
import { constantReader } from '../constant.ts';
import { dataplane } from '../models/dataplane.ts';
import { eraOf } from '../models/eras.ts';
import { nothingFurther } from '../models/proxy/further-objects.ts';
import { proxyModel } from '../models/proxy/registry.ts';
import { PLAIN_PORT, plainProxy, trafficToAll } from '../plain-plans.ts';
import type { Plan, ProxyPlan, ServicePortPlan, TrafficPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import { meanNs, sampleCount, wideToBigInt } from '../testing/readings.ts';

const read = constantReader({});
const EXTERNAL_NS = 1e6;
const LINK_NS = 20e3;

interface Settings {
  readonly model?: string;
  readonly proxy?: Partial<ProxyPlan>;
  readonly port?: Partial<ServicePortPlan>;
  readonly traffic?: Partial<TrafficPlan>;
  readonly nodes?: number;
  readonly replicas?: number;
}

/** One Service; all nodes in one rack; everything hot, so that every packet costs the same. */
function plan(settings: Settings = {}, others: Partial<Plan> = {}): Plan {
  const { model = 'nftables', port = {}, traffic = {}, nodes = 2, replicas = 1 } = settings;
  const { cluster } = testPlan();
  const topology = { ...cluster.topology, zones: 1, racksPerZone: 1, rackLatencyNs: LINK_NS };
  return testPlan({
    cluster: clusterOf(nodes, { topology }),
    proxy: {
      ...plainProxy(model, { minSyncPeriodNs: 0, syncPeriodNs: 30e9 }),
      socketTranslation: false,
      ...settings.proxy,
    },
    constants: { 'dataplane.touch-rate': 1e6, 'dataplane.l2.bytes': 2 ** 24 },
    populations: [],
    workloads: [workload(replicas)],
    services: [{ ...service([0]), ports: [{ ...PLAIN_PORT, ...port }] }],
    podChangesPerSecond: 0,
    traffic: [trafficToAll(20, traffic)],
    ...others,
  });
}

const OUTSIDE = { nodePort: true, loadBalancerIPs: 1 } as const;

function quotient(cell: ReturnType<typeof simulate>, id: string): number {
  const { numerator, denominator } = cell.quotients[id]!;
  return Number(wideToBigInt(numerator)) / Number(wideToBigInt(denominator));
}

/** Hot costs of a mode with one Service of one endpoint. */
function hot(model: string) {
  const costs = proxyModel(model).compile(read, eraOf('1.34')!, {
    servicePorts: 1,
    emptyServicePorts: 0,
    endpoints: 1,
    further: nothingFurther(),
  });
  return {
    first: costs.newFlow.hotNs,
    later: costs.established.hotNs,
    select: costs.select.hotNs[1]!,
    external: costs.external.hotNs,
    masquerade: costs.masquerade.newFlow.hotNs,
    masqueradeLater: costs.masquerade.established.hotNs,
    connect: costs.connect?.hotNs ?? 0,
    end: read(dataplane.directVethHot) / 2,
    hop: read(dataplane.routedHopHot),
    wake: read(dataplane.wakeUp),
  };
}

/** What a request costs at an endpoint on another node: handshake, then request and reply. */
function atBackendNs(model: string): number {
  const { first, later, end, hop } = hot(model);
  return 2 * (end + hop) + first + later + 2 * (end + hop + later);
}

const near = (actual: number, expected: number) => {
  // Rounding, and packets of two requests that meet at a core.
  expect(Math.abs(actual - expected)).toBeLessThan(50);
};

describe('the latency of a request, hot, over nodes of one rack', () => {
  it.each(['nftables', 'ipvs', 'ebpf'])(
    'is to a ClusterIP the sum of its packets with %s',
    (model) => {
      const cell = simulate(plan({ model }), 0);
      const { first, later, select, end, hop, wake } = hot(model);
      const client = first + select + 3 * later + 4 * (end + hop);
      near(meanNs(cell, 'request.crossNode'), client + atBackendNs(model) + 4 * LINK_NS + 3 * wake);
      near(meanNs(cell, 'request.intraNode'), client + 4 * end + 3 * wake);
    },
  );

  it('is with translation in connect() the look-up and no share of later packets', () => {
    const cell = simulate(plan({ model: 'ebpf', proxy: { socketTranslation: true } }), 0);
    const { connect, end, hop, wake } = hot('ebpf');
    const client = connect + 4 * (end + hop);
    near(meanNs(cell, 'request.crossNode'), client + atBackendNs('ebpf') + 4 * LINK_NS + 3 * wake);
    expect(meanNs(cell, 'established.proxy')).toBe(0);
  });

  it.each(['nftables', 'ipvs', 'ebpf'])(
    'is from outside four ways more, and masquerading, with %s',
    (model) => {
      const traffic = { kind: 'nodePort' } as const;
      const cell = simulate(plan({ model, port: OUTSIDE, traffic, nodes: 40 }), 0);
      const { first, later, select, external, masquerade, masqueradeLater, hop, wake } = hot(model);
      const entry =
        first + select + external + masquerade + 3 * (later + masqueradeLater) + 4 * hop;
      const remote = entry + atBackendNs(model) + 4 * LINK_NS + 4 * EXTERNAL_NS + wake;
      // One of 40 nodes has the endpoint.
      const mean = meanNs(cell, 'request.nodePort');
      expect(mean).toBeLessThanOrEqual(remote + 50);
      expect(mean).toBeGreaterThan(remote - 0.06 * (4 * LINK_NS + atBackendNs(model)));
      expect(sampleCount(cell, 'request.external')).toBe(sampleCount(cell, 'request.nodePort'));
      expect(cell.distributions['request.loadBalancer']).toBeUndefined();
    },
  );

  it('is with direct replies two links and two packets shorter, and the address is kept', () => {
    const run = (externalReplies: 'snat' | 'dsr' | 'hybrid', protocol: 'TCP' | 'UDP') =>
      simulate(
        plan({
          model: 'ebpf',
          proxy: { externalReplies },
          port: { ...OUTSIDE, protocol },
          traffic: { kind: 'loadBalancer', protocol },
          nodes: 40,
        }),
        0,
      );
    const { later, masquerade, masqueradeLater, hop } = hot('ebpf');
    const saved = 2 * (LINK_NS + hop + later + masqueradeLater) + masquerade + masqueradeLater;
    const means = ['snat', 'dsr', 'hybrid'] as const;
    const [snat, dsr, hybrid] = means.map((replies) => run(replies, 'TCP'));
    const metric = 'request.loadBalancer';
    const difference = meanNs(snat!, metric) - meanNs(dsr!, metric);
    expect(difference).toBeLessThanOrEqual(saved + 50);
    expect(difference).toBeGreaterThan(0.94 * saved);
    expect(meanNs(hybrid!, metric)).toBe(meanNs(dsr!, metric));
    expect(quotient(dsr!, 'request.clientAddressKept')).toBe(1);
    expect(quotient(snat!, 'request.clientAddressKept')).toBeLessThan(0.1);
    expect(quotient(run('hybrid', 'UDP'), 'request.clientAddressKept')).toBeLessThan(0.1);
    expect(quotient(run('dsr', 'UDP'), 'request.clientAddressKept')).toBe(1);
  });

  it('is with UDP without a handshake', () => {
    const cell = simulate(plan({ port: { protocol: 'UDP' }, traffic: { protocol: 'UDP' } }), 0);
    const { first, later, select, end, hop, wake } = hot('nftables');
    const both = first + select + later + 2 * (end + hop) + (first + 2 * (end + hop) + later);
    near(meanNs(cell, 'request.crossNode'), both + 2 * LINK_NS + 2 * wake);
  });
});

describe('externalTrafficPolicy Local', () => {
  const port = { ...OUTSIDE, externalPolicy: 'Local' } as const;

  it('drops what comes to a node port of a node without an endpoint, and keeps addresses', () => {
    const cell = simulate(plan({ port, traffic: { kind: 'nodePort' }, nodes: 10 }), 0);
    expect(quotient(cell, 'request.failed.noLocalEndpoint')).toBeGreaterThan(0.8);
    expect(quotient(cell, 'request.failed')).toBe(quotient(cell, 'request.failed.noLocalEndpoint'));
    expect(quotient(cell, 'request.clientAddressKept')).toBe(1);
  });

  it('lets a load balancer send all to nodes that have one', () => {
    const cell = simulate(plan({ port, traffic: { kind: 'loadBalancer' }, nodes: 10 }), 0);
    expect(quotient(cell, 'request.failed')).toBe(0);
    expect(sampleCount(cell, 'request.loadBalancer')).toBeGreaterThan(400);
    expect(quotient(cell, 'request.clientAddressKept')).toBe(1);
  });

  it('has its equal inside: internalTrafficPolicy Local uses endpoints of the node alone', () => {
    const cell = simulate(plan({ port: { internalPolicy: 'Local' }, nodes: 4 }), 0);
    expect(sampleCount(cell, 'request.crossNode')).toBe(0);
    expect(sampleCount(cell, 'request.intraNode')).toBeGreaterThan(50);
    expect(quotient(cell, 'request.failed.noLocalEndpoint')).toBeGreaterThan(0.6);
  });
});

describe('connections that stay open', () => {
  const update = { atNs: 5e9, label: 'update', kind: 'rollingUpdate', workload: 0 } as const;
  const lasting = { lifetime: { kind: 'constant', ns: 4e9 } } as const;

  it('are reset when the endpoint ends, and only those that are open then', () => {
    const settings = { traffic: lasting, replicas: 4, nodes: 4 };
    const cell = simulate(plan(settings, { events: [update], horizonNs: 40e9 }), 0);
    const resets = Number(wideToBigInt(cell.quotients['request.failed.reset']!.numerator));
    // Each of the four pods has about 20/s x 4 s / 4 connections open when it ends.
    expect(resets).toBeGreaterThan(40);
    expect(resets).toBeLessThan(140);
    expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
    const calm = simulate(plan(settings), 0);
    expect(quotient(calm, 'request.failed')).toBe(0);
  });

  it('do not change what the first exchange takes', () => {
    const mean = (traffic: Partial<TrafficPlan>) =>
      meanNs(simulate(plan({ traffic }), 0), 'request.clusterIP');
    near(mean(lasting), mean({}));
  });
});

describe('a rolling update', () => {
  const update = { atNs: 5e9, label: 'update', kind: 'rollingUpdate', workload: 0 } as const;
  const failed = (preStopNs: number) =>
    quotient(
      simulate(
        plan(
          { replicas: 4, nodes: 4, traffic: { requestsPerSecond: 500 } },
          { events: [update], workloads: [workload(4, { preStopNs })] },
        ),
        0,
      ),
      'request.failed',
    );

  it('fails requests without preStop, and none with one longer than programming takes', () => {
    expect(failed(0)).toBeGreaterThan(0);
    expect(failed(5e9)).toBe(0);
  });
});

describe('a full connection tracking table', () => {
  it('drops new flows; clients send their SYN again, and give up', () => {
    const conntrack = {
      ...plainProxy('nftables', { minSyncPeriodNs: 0, syncPeriodNs: 1e9 }).conntrack,
    };
    const settings = {
      proxy: { conntrack: { ...conntrack, maxPerCore: 1, min: 20 } },
      traffic: { lifetime: { kind: 'constant', ns: 3600e9 } },
    } as const;
    const short = { 'dataplane.tcp.syn-retries': 1 };
    const base = plan(settings);
    const cell = simulate({ ...base, constants: { ...base.constants, ...short } }, 0);
    expect(quotient(cell, 'request.failed.conntrackFull')).toBeGreaterThan(0.5);
    expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
  });
});

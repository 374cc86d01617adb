/**
 * What a run says of nodes' kernels, against the exact counts of `explain rules` for the Services written
 * down, and fleets of several kinds of proxies.
 */
import { describe, expect, it } from 'vitest';
import type { Cell, QuotientCell, Wide } from '../metrics/cell.ts';
import { ERAS } from '../models/eras.ts';
import { kernelModel } from '../models/proxy/rules/registry.ts';
import type { Endpoint, ServicePort } from '../models/proxy/rules/service-port.ts';
import { PLAIN_PORT, plainProxy } from '../plain-plans.ts';
import type { AgentPlan, Plan, ServicePortPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { tinyPlan, tinyService, tinyWorkload } from './testing/tiny-plan.ts';

const SECOND_NS = 1e9;
const NODES = 4;

const exposed: ServicePortPlan = {
  ...PLAIN_PORT,
  nodePort: true,
  loadBalancerIPs: 2,
  sourceRanges: 3,
  affinityNs: 3600e9,
};
const internal: ServicePortPlan = { ...PLAIN_PORT, internalPolicy: 'Local' };
const PORTS = [[PLAIN_PORT], [exposed, { ...exposed, protocol: 'UDP' as const }], [internal]];
const REPLICAS = [3, 5, 2];

const timers = { minSyncPeriodNs: SECOND_NS, syncPeriodNs: 30 * SECOND_NS };
const agent = (kubernetesVersion: string, model: string): AgentPlan => ({
  kubernetesVersion,
  proxy: { ...plainProxy(model, timers), localhostNodePorts: false },
});

/** Pods of the second Service are replaced, and one more of the first is there at the end. */
function plan({ kubernetesVersion, proxy }: AgentPlan, pools?: Plan['cluster']['pools']): Plan {
  const pool = { ...tinyPlan.cluster.pools[0]!, nodes: NODES };
  return {
    ...tinyPlan,
    kubernetesVersion,
    proxy,
    cluster: { ...tinyPlan.cluster, nodes: NODES, pools: pools ?? [pool] },
    workloads: REPLICAS.map((replicas) => tinyWorkload(replicas)),
    services: PORTS.map((ports, i) => tinyService([i], { name: `svc${i}`, ports })),
    events: [
      { kind: 'rollingUpdate', workload: 1, atNs: SECOND_NS, label: 'release' },
      { kind: 'scale', workload: 0, replicas: 4, atNs: 2 * SECOND_NS, label: 'more' },
    ],
  };
}

/** The Services at the end, as manifests would say it; every mode counts them on any node. */
function written(): ServicePort[] {
  const addresses = (kind: number, count: number) =>
    Array.from({ length: count }, (_, i) => `198.51.${kind}.${i}`);
  return PORTS.flatMap((ports, service) =>
    ports.map((port, i) => ({
      namespace: 'default',
      service: `svc${service}`,
      port: `p${i}`,
      protocol: port.protocol,
      number: 80 + i,
      nodePort: port.nodePort ? 30000 + i : null,
      clusterIP: `10.96.0.${1 + service}`,
      externalIPs: [],
      loadBalancerIPs: addresses(100, port.loadBalancerIPs),
      sourceRanges: addresses(200, port.sourceRanges).map((address) => `${address}/32`),
      healthCheckNodePort: null,
      affinity: port.affinityNs > 0,
      internalPolicy: port.internalPolicy,
      externalPolicy: port.externalPolicy,
      endpoints: Array.from(
        { length: service === 0 ? 4 : REPLICAS[service]! },
        (_, e): Endpoint => ({
          address: `10.1.${service}.${e}`,
          port: 8080 + i,
          ready: true,
          serving: true,
          terminating: false,
          node: 'elsewhere',
          zoneHints: [],
          nodeHints: [],
        }),
      ),
    })),
  );
}

const node = {
  name: 'here',
  zone: null,
  addresses: ['192.168.7.7'],
  localhostNodePorts: false,
} as const;

const value = ([high, low]: Wide) => high * 2 ** 52 + low;
const mean = ({ numerator, denominator }: QuotientCell) => value(numerator) / value(denominator);
const quotient = (cell: Cell, id: string) => mean(cell.quotients[id]!);

describe('kernelRules of a run', () => {
  it.each(['1.26', '1.34'])('is what explain rules counts in iptables mode of %s', (version) => {
    const { tables } = kernelModel('iptables').objects(ERAS[version]!, written(), {
      ...node,
      nodePortAddresses: 'all',
    });
    const cell = simulate(plan(agent(version, 'iptables-nft')), 0);
    expect(quotient(cell, 'kernelRules')).toBe(tables.filter!.rules! + tables.nat!.rules!);
  });

  it.each(['1.34', '1.37'])('is what explain rules counts in nftables mode of %s', (version) => {
    const { tables } = kernelModel('nftables').objects(ERAS[version]!, written(), {
      ...node,
      nodePortAddresses: 'primary',
    });
    const cell = simulate(plan(agent(version, 'nftables')), 0);
    expect(quotient(cell, 'kernelRules')).toBe(tables['kube-proxy']!.rules);
  });
});

describe('what proxies take', () => {
  it('adds up to the fleet', () => {
    const cell = simulate(plan(agent('1.34', 'nftables')), 0);
    for (const [fleet, each] of [
      ['fleet.kernelMemory', 'kernelMemory'],
      ['fleet.proxyMemory', 'node.proxyMemory'],
      ['fleet.proxyCpu', 'node.proxyCpu'],
    ] as const) {
      expect(quotient(cell, each)).toBeGreaterThan(0);
      expect(quotient(cell, fleet)).toBeCloseTo(NODES * quotient(cell, each), 6);
    }
    expect(cell.proxyClasses).toBeUndefined();
  });

  it('is told by class where pools differ, and adds up again', () => {
    const [pool] = tinyPlan.cluster.pools;
    const pools = [
      { ...pool!, name: 'old', nodes: 3, agent: agent('1.33', 'iptables-nft') },
      { ...pool!, name: 'new', nodes: 1, agent: agent('1.35', 'nftables') },
    ];
    const cell = simulate(plan(agent('1.34', 'ipvs'), pools), 0);
    const classes = cell.proxyClasses!;
    expect(classes.map((one) => [one.kubernetesVersion, one.proxy, one.nodes])).toEqual([
      ['1.33', 'iptables-nft', 3],
      ['1.35', 'nftables', 1],
    ]);
    const rules = classes.map((one) => value(one.kernelRules) / one.nodes);
    for (const [i, one] of pools.entries()) {
      const alone = simulate(plan(one.agent), 0);
      expect(rules[i]).toBe(quotient(alone, 'kernelRules'));
    }
    const sum = (of: (one: (typeof classes)[number]) => number) =>
      classes.reduce((total, one) => total + of(one), 0);
    expect(sum((one) => value(one.kernelBytes))).toBe(quotient(cell, 'fleet.kernelMemory'));
    const cpuUs = value(cell.quotients['fleet.proxyCpu']!.numerator) / 1000;
    expect(sum((one) => one.proxyCpuUs) / cpuUs).toBeCloseTo(1, 3);
    expect(classes[0]!.proxyCpuUs).toBeGreaterThan(classes[1]!.proxyCpuUs);
  });

  it('rises with what there is to send, in the utilisation of the apiservers', () => {
    const quiet = { ...plan(agent('1.34', 'nftables')), events: [] };
    expect(quotient(simulate(quiet, 0), 'apiserver.utilisation')).toBe(0);
    const busy = quotient(simulate(plan(agent('1.34', 'nftables')), 0), 'apiserver.utilisation');
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThan(0.01);
  });
});

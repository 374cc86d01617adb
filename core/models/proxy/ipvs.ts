/**
 * kube-proxy in IPVS mode. Look-ups are hashed, so packets do not feel the number of Services; the
 * sync has no partial form and walks all of them, writing only what differs, so changes appear one
 * by one during the walk. Nothing of it was measured on our kernel: its costs are assumptions with
 * wide ranges, anchored where something was published.
 */
import { type Constant, constant } from '../../constant.ts';
import { assumed, withinFactor } from '../sources.ts';
import { FREE } from './cost-curve.ts';
import { externalPath } from './external-path.ts';
import type { FurtherObjects } from './further-objects.ts';
import { kubeProxyMemory, userMemory } from './kube-proxy-memory.ts';
import { type ProxyModel, type RuleCounts, Visibility } from './proxy-model.ts';

const id = (name: string) => `proxy.ipvs.${name}`;
const SECOND_NS = 1e9;
const AS_IPTABLES =
  'no measurement of IPVS; kube-proxy masquerades by iptables in this mode too, nft back end';

export interface IpvsEntries {
  readonly virtualServers: number;
  readonly realServers: number;
  /** Of ipset KUBE-CLUSTER-IP. */
  readonly ipsetEntries: number;
  /** On kube-ipvs0; one per Service address, here one per service port at most. */
  readonly dummyAddresses: number;
}

/** What plain ClusterIP Services put into the kernel; the number of iptables rules is constant. */
export function ipvsEntries(counts: RuleCounts): IpvsEntries {
  return {
    virtualServers: counts.servicePorts,
    realServers: counts.endpoints,
    ipsetEntries: counts.servicePorts,
    dummyAddresses: counts.servicePorts,
  };
}

function serversOf(further: Readonly<FurtherObjects>): number {
  return further.frontEnds + further.rules;
}

function guess(name: string, value: number, factor: number, about: string, why: string): Constant {
  return constant({
    id: id(name),
    value,
    unit: 'ns',
    range: withinFactor(value, factor),
    about,
    source: assumed(why),
  });
}

const newFlowHot = guess(
  'new-flow.hot',
  1800,
  2,
  "The proxy's share of a first packet, conntrack included, hot cache",
  'no measurement; like nftables mode (measured 1590 ns) plus an ipset match and the IPVS scheduler',
);
const newFlowCold = guess(
  'new-flow.cold',
  6800,
  2,
  'The same after 4 MB were touched',
  'no measurement; like nftables mode (measured 6200 ns) plus an ipset match and the IPVS scheduler',
);
const establishedHot = guess(
  'established.hot',
  600,
  2,
  "The proxy's share of an established packet, hot cache",
  "no measurement; between nftables (404 ns) and iptables-nft (650 ns): IPVS's connection and conntrack",
);
const establishedCold = guess(
  'established.cold',
  2300,
  2,
  'The same after 4 MB were touched',
  'no measurement; between nftables (1600 ns) and iptables-nft (2800 ns)',
);
const syncBase = guess(
  'sync.base',
  41e6,
  4,
  'Fixed part of every sync: 16 ipsets listed, a constant iptables-restore',
  'no measurement of IPVS; 16 ipset processes of 2.3 ms and one iptables-restore of 4 ms, as measured',
);
const walkService = constant({
  id: id('walk.service'),
  value: 100e3,
  unit: 'ns/service port',
  range: [10e3, 2e6],
  about: 'Reading one virtual server and its real servers over netlink, in every sync',
  source: assumed('no measurement; a few netlink requests; every sync reads O(Services)'),
});
const walkEndpoint = constant({
  id: id('walk.endpoint'),
  value: 20e3,
  unit: 'ns/endpoint',
  range: [2e3, 5e6],
  about: 'Comparing one real server, in every sync',
  source: assumed(
    'no measurement; upper end: kubernetes issue #73382, ~4,000 endpoints, sync of 20 s on average',
  ),
});
const writeServer = constant({
  id: id('write.server'),
  value: 100e3,
  unit: 'ns/entry',
  range: [20e3, 1.52e6],
  about: 'Writing one virtual or real server',
  source: assumed(
    'no measurement; upper end: flftuu.com, 2019: 0.85 to 1.52 ms to add a rule with a process',
  ),
});
const writeService = constant({
  id: id('write.service'),
  value: 2.4e6,
  unit: 'ns/service port',
  range: [50e3, 1e9],
  about: 'Adding an ipset entry and its address of kube-ipvs0 in the first sync; one a plain port',
  source: assumed(
    'one ipset process (2.3 ms measured) and an address (0.05 ms measured); upper end: issue #55975',
  ),
});

const outside = externalPath('ipvs', {
  newFlowHot: { value: 415, source: assumed(AS_IPTABLES) },
  newFlowCold: { value: 1544, source: assumed(AS_IPTABLES) },
  establishedHot: { value: 100, source: assumed(AS_IPTABLES) },
  establishedCold: { value: 235, source: assumed(AS_IPTABLES) },
  lookUpsHot: { value: 100, source: assumed('no measurement; two more matches of an ipset') },
  lookUpsCold: { value: 400, source: assumed('no measurement; two more matches of an ipset') },
  remoteOnly: false,
});

const memoryServer = constant({
  id: id('memory.server'),
  value: 1024,
  unit: 'bytes/entry',
  range: [400, 8000],
  about: 'Kernel memory of a virtual or real server, with its counters on each core',
  source: assumed('no measurement; of the order of the structures, more on nodes with many cores'),
});
const memorySetEntry = constant({
  id: id('memory.set-entry'),
  value: 400,
  unit: 'bytes/entry',
  range: [50, 2000],
  about: 'Kernel memory of an ipset entry, and of the address of kube-ipvs0 that goes with it',
  source: assumed('no measurement'),
});

export const ipvs: ProxyModel = {
  title: 'kube-proxy, IPVS mode',
  models: [
    'Every sync walks all Services, and a forced one runs every syncPeriod',
    'Changes appear during the walk, Service by Service',
    'kernelRules counts virtual and real servers; ipset entries and dummy addresses are not in it',
  ],
  ignores: [
    'TCP real servers that stay with weight 0 until a check, every minute, finds no connection: new ones avoid them, so only counts and the walk grow, by the endpoints removed meanwhile',
    'Session affinity that outlives an endpoint, connection reuse, schedulers other than round robin',
    'Endpoints on the node itself under Local policies',
    'Adding ipset entries and addresses of kube-ipvs0 after the first sync: Services do not come or go in a run',
  ],
  lifecycle: { since: '1.8', deprecated: '1.35', removed: '1.43' },
  minimumKernel: 'any that Kubernetes supports, with ip_vs and its schedulers',
  constants: [
    newFlowHot,
    newFlowCold,
    establishedHot,
    establishedCold,
    syncBase,
    walkService,
    walkEndpoint,
    writeServer,
    writeService,
    memoryServer,
    memorySetEntry,
    ...Object.values(userMemory),
    ...outside.constants,
  ],
  kernel: 'ipvs',
  visibility: Visibility.Walk,
  calibrated: { servicePorts: 0, endpoints: 0 },
  defaults: { minSyncPeriodNs: 0, syncPeriodNs: 30 * SECOND_NS },
  forcedSyncNs: (_era, syncPeriodNs) => syncPeriodNs,
  fullSyncAfterNs: () => 0,
  listsAfterNs: () => Infinity,
  kernelRules: (_era, counts) => {
    const entries = ipvsEntries(counts);
    return entries.virtualServers + entries.realServers + serversOf(counts.further);
  },
  kernelMemory: (read, _era, counts) => {
    const entries = ipvsEntries(counts);
    const servers = entries.virtualServers + entries.realServers + serversOf(counts.further);
    const inSets = entries.ipsetEntries + counts.further.sets;
    return read(memoryServer) * servers + read(memorySetEntry) * inSets;
  },
  proxyMemory: (read, _era, counts) => kubeProxyMemory(read, counts),
  compile: (read) => ({
    newFlow: { hotNs: read(newFlowHot), coldNs: read(newFlowCold) },
    established: { hotNs: read(establishedHot), coldNs: read(establishedCold) },
    walk: FREE,
    walks: false,
    select: FREE,
    selectsLinearly: false,
    pick: 'roundRobin',
    affinity: { hotNs: 0, coldNs: 0 },
    connect: null,
    ...outside.costs(read),
  }),
  programmingTime: (read) => {
    const baseNs = read(syncBase);
    const [serviceNs, endpointNs] = [read(walkService), read(walkEndpoint)];
    const [serverNs, addServiceNs] = [read(writeServer), read(writeService)];
    return (work, cost) => {
      const { further, changedFurther } = work;
      const virtualServers = work.servicePorts + further.frontEnds;
      const realServers = work.endpoints + further.rules;
      const walkNs = serviceNs * virtualServers + endpointNs * realServers;
      const changed = work.changedServicePorts + work.changedEndpoints + serversOf(changedFurther);
      const writeNs = work.initial
        ? addServiceNs * (work.servicePorts + further.sets) +
          serverNs * (virtualServers + realServers)
        : serverNs * changed;
      cost.buildNs = Math.round(baseNs);
      cost.kernelNs = Math.round(walkNs + writeNs);
      cost.cpuNs = cost.buildNs + cost.kernelNs;
    };
  },
};

/**
 * kube-proxy in nftables mode. A packet meets maps, whatever the number of Services. One change is
 * cheap to express, but `nft` lists chains and sets and the kernel validates the whole graph, so it
 * grows with the table; a transaction grows with its anonymous sets times its size. A sync that
 * deletes (any change of a Service that had endpoints does) sleeps for RCU.
 */
import type { Constant } from '../../constant.ts';
import { constant } from '../../constant.ts';
import type { Era } from '../eras.ts';
import { assumed, derived, fitted, pathCost, published } from '../sources.ts';
import { FREE, ramp, straight } from './cost-curve.ts';
import {
  COLD_DIFFERENCES,
  externalPath,
  MASQUERADE_ESTABLISHED_COLD,
  workedOut,
} from './external-path.ts';
import type { FurtherObjects } from './further-objects.ts';
import { commandWait, furtherShare } from './iptables.ts';
import { kubeProxyMemory, userMemory } from './kube-proxy-memory.ts';
import { type ProxyModel, type RuleCounts, Visibility } from './proxy-model.ts';
import { NFTABLES_BASE_CHAINS, NFTABLES_BASE_RULES } from './rules/nftables.ts';

const id = (name: string) => `proxy.nftables.${name}`;

const HOUR_NS = 3600e9;
const SECOND_NS = 1e9;

export interface NftablesObjects {
  readonly chains: number;
  readonly rules: number;
  /** Of the named sets and maps: service-ips or no-endpoint-services, and cluster-ips. */
  readonly elements: number;
  /** Of the anonymous maps that pick an endpoint. */
  readonly anonymousElements: number;
}

/**
 * What plain ClusterIP Services put into table `kube-proxy`. Per service port with E endpoints up to
 * 1.35: 1 + E chains and 2 + 2 E rules; later: 1 chain and 2 rules. Without endpoints: elements only.
 */
export function nftablesObjects(counts: RuleCounts, era: Era): NftablesObjects {
  const services = counts.servicePorts - counts.emptyServicePorts;
  const endpointChains = era.nftablesEndpointChains ? counts.endpoints : 0;
  return {
    chains: NFTABLES_BASE_CHAINS + services + endpointChains,
    rules: NFTABLES_BASE_RULES + 2 * services + 2 * endpointChains,
    elements: 2 * counts.servicePorts,
    anonymousElements: counts.endpoints,
  };
}

const newFlowHot = pathCost(
  id('new-flow.hot'),
  1590,
  'ns',
  "The proxy's share of a first packet, conntrack included, hot cache",
  'first packet 2.39 to 2.69 us (any S) less the routed path (1076 ns)',
);
const newFlowCold = pathCost(
  id('new-flow.cold'),
  6200,
  'ns',
  'The same after 4 MB were touched',
  'first packet 9.05 to 11.5 us (any S) less the routed path (3799 ns)',
);
const establishedHot = pathCost(
  id('established.hot'),
  404,
  'ns',
  "The proxy's share of an established packet, hot cache",
  'established packet 1.35 to 1.54 us less the routed path (1076 ns)',
);
const establishedCold = pathCost(
  id('established.cold'),
  1600,
  'ns',
  'The same after 4 MB were touched',
  'established packet 5.4 us less the routed path (3799 ns)',
);
const selectHot = pathCost(
  id('select.hot'),
  0.444,
  'ns/endpoint',
  'Picking an endpoint from the map, for each endpoint of the Service, hot cache',
  '2-esweep: 0.889 ns over (E + 1) / 2',
);
const selectCold = pathCost(
  id('select.cold'),
  1.7,
  'ns/endpoint',
  'The same after 4 MB were touched; not measured',
  'select.hot * new-flow.cold / new-flow.hot',
);

const affinityHot = constant({
  id: id('affinity.hot'),
  value: 53,
  unit: 'ns/endpoint',
  range: [10, 300],
  about: "An endpoint's affinity set looked up for a new flow, hot cache",
  source: assumed('no measurement; like a rule with a set of 10 members (measured 53 ns)'),
});
const affinityCold = constant({
  id: id('affinity.cold'),
  value: 209,
  unit: 'ns/endpoint',
  range: [50, 1000],
  about: 'The same after 4 MB were touched',
  source: assumed('no measurement; like a rule with a set of 10 members (measured 209 ns)'),
});

const outside = externalPath('nftables', {
  newFlowHot: workedOut(509, '2-masq: first packets with and without masquerading'),
  newFlowCold: workedOut(1541, '2-masq: first packets with and without masquerading'),
  establishedHot: workedOut(104, '2-masq: established packets with and without masquerading'),
  establishedCold: workedOut(MASQUERADE_ESTABLISHED_COLD, COLD_DIFFERENCES),
  lookUpsHot: {
    value: 100,
    source: assumed(
      'no measurement; a few rules and look-ups more, at what an nftables rule takes',
    ),
  },
  lookUpsCold: {
    value: 400,
    source: assumed('not measured; external.hot * new-flow.cold / new-flow.hot'),
  },
  remoteOnly: false,
});

const linesCached = constant({
  id: id('transaction.lines-cached'),
  value: 10000,
  unit: 'lines',
  range: [1000, 100000],
  about: 'Chains, rules and elements of a transaction up to which it fits the cache',
  source: derived('2 MiB of L2 / ~200 B an object; 4-prog at 11,000 lines is in the cache'),
});
const linesSpilled = constant({
  id: id('transaction.lines-spilled'),
  value: 60000,
  unit: 'lines',
  range: [2000, 600000],
  about: 'Lines of a transaction from which it misses the cache; must exceed lines-cached',
  source: derived('best of three breakpoints tried on 4-prog initial_load'),
});
const transactionBase = fitted(
  id('transaction.base'),
  4.393e6,
  'ns',
  'First load in one transaction, fixed part',
);
const transactionLine = fitted(
  id('transaction.line'),
  7849,
  'ns/line',
  'Each chain, rule or element of a transaction',
);
const setLineCached = fitted(
  id('transaction.set-line-cached'),
  9.432,
  'ns/(set line)',
  'Each anonymous set of a transaction times each of its lines, in the cache',
);
const setLineSpilled = fitted(
  id('transaction.set-line-spilled'),
  17.88,
  'ns/(set line)',
  'Each anonymous set of a transaction times each of its lines, out of the cache',
);
const setPair = fitted(
  id('transaction.set-pair'),
  132.2,
  'ns/set^2',
  'Each new anonymous set times each one that is in the kernel',
);
const changeBase = fitted(
  id('change.base'),
  3.673e6,
  'ns',
  'Changing one service port, fixed part',
);
const changeLine = fitted(
  id('change.line'),
  390.1,
  'ns/line',
  'Changing one service port, each chain, rule or element in the kernel',
);
const changeLineSquare = fitted(
  id('change.line-squared'),
  0.005865,
  'ns/line^2',
  'Changing one service port, by the square of the lines in the kernel',
);
const deleteShare = fitted(
  id('delete.share'),
  0.7492,
  'ratio',
  'CPU time of deleting one service port, as a share of changing one',
);
const deleteSleep = fitted(id('delete.sleep'), 11.4e6, 'ns', 'A sync that deletes, asleep (RCU)');

const memoryLine = constant({
  id: id('memory.line'),
  value: 316,
  unit: 'bytes/line',
  range: [150, 650],
  about: 'Kernel memory of a chain, rule or element, anonymous ones included',
  source: derived('4-mem: (11.3 - 3.9) KiB of slab / 8 endpoints / 3 lines, E = 2 and 10'),
});
const memorySet = constant({
  id: id('memory.set'),
  value: 510,
  unit: 'bytes/set',
  range: [250, 2000],
  about: 'Kernel memory of a set without its elements: the anonymous map that picks an endpoint',
  source: derived('4-mem: 3.9 KiB at E = 2 less 11 lines'),
});
const memoryTransaction = constant({
  id: id('memory.transaction'),
  value: 3700,
  unit: 'bytes/line',
  range: [1000, 8000],
  about: "A line in the proxy's transaction, before partial syncs: the whole table at every sync",
  source: published(
    'kubernetes PR #126013: 650 MiB before and 260 MiB after, over 110,000 lines',
    'kube-proxy of 2024, nftables mode, 10,000 Services with 2 endpoints; memory of the process',
  ),
});

const constants: readonly Constant[] = [
  commandWait,
  memoryLine,
  memorySet,
  memoryTransaction,
  ...Object.values(userMemory),
  newFlowHot,
  newFlowCold,
  establishedHot,
  establishedCold,
  selectHot,
  selectCold,
  affinityHot,
  affinityCold,
  ...outside.constants,
  linesCached,
  linesSpilled,
  transactionBase,
  transactionLine,
  setLineCached,
  setLineSpilled,
  setPair,
  changeBase,
  changeLine,
  changeLineSquare,
  deleteShare,
  deleteSleep,
];

/** Lines that service ports and their endpoints bring, of which `empty` have no endpoint. */
function lines(
  era: Era,
  servicePorts: number,
  empty: number,
  endpoints: number,
  further: Readonly<FurtherObjects>,
): number {
  const ofEndpoints = (era.nftablesEndpointChains ? 3 : 1) * endpoints;
  const { rules, chains, frontEnds, sets } = further;
  return 5 * (servicePorts - empty) + 2 * empty + ofEndpoints + rules + chains + frontEnds + sets;
}

function allLines(era: Era, counts: RuleCounts): number {
  const { servicePorts, emptyServicePorts, endpoints, further } = counts;
  return lines(era, servicePorts, emptyServicePorts, endpoints, further);
}

export const nftables: ProxyModel = {
  title: 'kube-proxy, nftables mode',
  models: [
    'Chains, rules and elements of every kind of Service, exactly up to 1.35; kernelRules counts rules',
    'A first load quadratic in its Services, incremental changes that grow with the table',
    'Sleeping for RCU when something is deleted; a constant number of look-ups for a first packet',
  ],
  ignores: [
    'Endpoints on the node itself under Local policies; elements for the addresses of node ports',
    'Deleting unused chains in the first sync a second or more later: its lines and its RCU sleep',
    'Listing as a separate step: it is inside the measured cost of a change',
    'Base rules and costs of the layout without endpoint chains (from 1.36): taken from the older one',
  ],
  lifecycle: { since: '1.29' },
  minimumKernel: '5.13',
  constants,
  kernel: 'nftables',
  visibility: Visibility.Commit,
  calibrated: { servicePorts: 20000, endpoints: 50000 },
  // The fact sheet could not verify either default for this mode.
  defaults: { minSyncPeriodNs: SECOND_NS, syncPeriodNs: 30 * SECOND_NS },
  forcedSyncNs: () => HOUR_NS,
  // A full sync after an hour is taken from iptables mode; no source says it for this one.
  fullSyncAfterNs: (era) => (era.nftablesPartialSync ? HOUR_NS : 0),
  listsAfterNs: () => Infinity,
  kernelRules: (era, counts) => nftablesObjects(counts, era).rules + counts.further.rules,
  kernelMemory: (read, era, counts) => {
    const base = NFTABLES_BASE_CHAINS + NFTABLES_BASE_RULES;
    const sets = counts.servicePorts - counts.emptyServicePorts + counts.further.sets;
    return read(memoryLine) * (base + allLines(era, counts)) + read(memorySet) * sets;
  },
  proxyMemory: (read, era, counts) => {
    const transaction = era.nftablesPartialSync ? 0 : read(memoryTransaction);
    return kubeProxyMemory(read, counts) + transaction * allLines(era, counts);
  },
  compile: (read) => ({
    newFlow: { hotNs: read(newFlowHot), coldNs: read(newFlowCold) },
    established: { hotNs: read(establishedHot), coldNs: read(establishedCold) },
    walk: FREE,
    walks: false,
    select: straight(read(selectHot), read(selectCold)),
    selectsLinearly: false,
    pick: 'random',
    affinity: { hotNs: read(affinityHot), coldNs: read(affinityCold) },
    connect: null,
    ...outside.costs(read),
  }),
  programmingTime: (read, era) => {
    const cached = read(linesCached);
    const spilled = Math.max(read(linesSpilled), cached + 1);
    const inCacheNs = read(setLineCached);
    const spillNs = read(setLineSpilled) - inCacheNs;
    const [baseNs, lineNs, pairNs] = [read(transactionBase), read(transactionLine), read(setPair)];
    const [changeNs, changeLineNs, changeSquareNs] = [
      read(changeBase),
      read(changeLine),
      read(changeLineSquare),
    ];
    const [share, sleepNs, waitNs] = [read(deleteShare), read(deleteSleep), read(commandWait)];
    const transaction = (sets: number, size: number) =>
      size * (lineNs + sets * (inCacheNs + ramp(size, cached, spilled) * spillNs));
    return (work, cost) => {
      const sets = work.servicePorts - work.emptyServicePorts;
      const size = allLines(era, work);
      let cpuNs: number;
      if (work.initial) {
        cpuNs = baseNs + transaction(sets, size);
      } else {
        cpuNs = changeNs + changeLineNs * size + changeSquareNs * size ** 2;
        if (work.full) {
          cpuNs += transaction(sets, size) + pairNs * sets ** 2;
        } else {
          const deletesOnly = work.deletes && work.changedEndpoints === 0;
          if (deletesOnly) cpuNs *= share;
          const k = work.changedServicePorts;
          const further = furtherShare(k) * k;
          const changedLines = lines(era, k, 0, work.changedEndpoints, work.changedFurther);
          const furtherLines = furtherShare(k) * changedLines;
          cpuNs += transaction(further, furtherLines) + pairNs * further * sets;
        }
      }
      const asleep = !work.initial && (work.full || work.deletes) ? sleepNs : waitNs;
      cost.buildNs = 0;
      cost.kernelNs = Math.round(cpuNs + asleep);
      cost.cpuNs = Math.round(cpuNs);
    };
  },
};

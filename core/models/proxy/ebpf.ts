/**
 * An eBPF service proxy in the manner of Cilium's kube-proxy replacement: hash maps instead of
 * rules, and an agent that writes the entries of a changed Service, each visible at once. The path
 * was measured with a program of our own at the tc hooks; what the agent takes is an assumption.
 */
import { type Constant, constant } from '../../constant.ts';
import { assumed, pathCost, published } from '../sources.ts';
import { FREE } from './cost-curve.ts';
import { externalPath } from './external-path.ts';
import { type ProxyModel, type RuleCounts, Visibility } from './proxy-model.ts';

const id = (name: string) => `proxy.ebpf.${name}`;
const SECOND_NS = 1e9;

export interface EbpfEntries {
  /** A front end and a slot for each endpoint. */
  readonly services: number;
  /** One for each endpoint; an upper bound, as Services may share backends. */
  readonly backends: number;
}

/** Entries of the load-balancing maps; reverse NAT, conntrack and ipcache are not counted. */
export function ebpfEntries(counts: RuleCounts): EbpfEntries {
  return { services: counts.servicePorts + counts.endpoints, backends: counts.endpoints };
}

const newFlowHot = pathCost(
  id('new-flow.hot'),
  1124,
  'ns',
  "The proxy's share of a first packet, its own connection tracking included, hot cache",
  'first packet 2.0 to 2.4 us (any S, program at tcx) less the routed path (1076 ns)',
);
const newFlowCold = pathCost(
  id('new-flow.cold'),
  4400,
  'ns',
  'The same after 4 MB were touched',
  'first packet 7.7 to 8.9 us (any S) less the routed path (3799 ns)',
);
const establishedHot = pathCost(
  id('established.hot'),
  74,
  'ns',
  "The proxy's share of an established packet, hot cache: little, as it also shortens the path",
  'established packet 1.15 us less the routed path (1076 ns)',
);
const establishedCold = pathCost(
  id('established.cold'),
  850,
  'ns',
  'The same after 4 MB were touched',
  'established packet 4.2 to 4.9 us (S up to 1,000) less the routed path (3799 ns)',
);
const establishedServiceHot = pathCost(
  id('established.service-hot'),
  0.0065,
  'ns/service port',
  'Growth of an established packet with the Services in the maps, hot cache',
  '130 ns from S = 1 to S = 20,000',
);
const establishedServiceCold = pathCost(
  id('established.service-cold'),
  0.04,
  'ns/service port',
  'The same after 4 MB were touched',
  '0.8 us from S = 100 to S = 20,000',
);

const connectHot = constant({
  id: id('connect.hot'),
  value: 400,
  unit: 'ns',
  range: [100, 2000],
  about: 'Translating a Service to an endpoint in connect(), hot cache',
  source: assumed(
    'not measured; a program at a cgroup hook and about half of the map operations whose eight take 0.44 us (5c-bpf)',
  ),
});
const connectCold = constant({
  id: id('connect.cold'),
  value: 1600,
  unit: 'ns',
  range: [400, 8000],
  about: 'The same after 4 MB were touched',
  source: assumed('not measured; connect.hot * new-flow.cold / new-flow.hot'),
});
const TWO_WRITES = assumed(
  'not measured end to end; two more entries in LRU maps, 0.13 us each small, 0.7 us large (5c-bpf)',
);
const ONE_READ = assumed(
  'not measured end to end; one more look-up in an LRU map, 0.03 us small, 0.65 us large (5c-bpf)',
);
const outside = externalPath('ebpf', {
  newFlowHot: { value: 400, source: TWO_WRITES },
  newFlowCold: { value: 1400, source: TWO_WRITES },
  establishedHot: { value: 60, source: ONE_READ },
  establishedCold: { value: 600, source: ONE_READ },
  remoteOnly: true,
});

const agentBase = constant({
  id: id('agent.base'),
  value: 1e6,
  unit: 'ns',
  range: [0.1e6, 200e6],
  about: "The agent's fixed work from a batch of events to the first map update",
  source: assumed('no figure found; wide range'),
});
const agentService = constant({
  id: id('agent.service'),
  value: 200e3,
  unit: 'ns/service port',
  range: [20e3, 5e6],
  about: "The agent's work for each changed service port",
  source: assumed('no figure found; wide range'),
});
const mapWrite = constant({
  id: id('map.write'),
  value: 2000,
  unit: 'ns/entry',
  range: [500, 20e3],
  about: 'One map update, system call included',
  source: assumed(
    'an insert into an LRU map takes 0.13 to 0.7 us (measured, 5c-bpf); the system call is assumed',
  ),
});

const mapEntry = constant({
  id: id('memory.entry'),
  value: 96,
  unit: 'bytes/entry',
  range: [64, 200],
  about: 'Kernel memory of an entry of a preallocated map: head, key and value',
  source: assumed('hash-table heads of ~48 B and keys and values of 20 to 60 B'),
});
const mapEntries = constant({
  id: id('memory.entries'),
  value: 1675000,
  unit: 'entries',
  range: [300e3, 8e6],
  about: 'Entries that maps hold room for, whatever the Services: connections, NAT, load balancing',
  source: published(
    'Cilium 1.20 documentation, eBPF maps: 512 k TCP, 256 k other connections, 512 k NAT, 6 maps of 64 k',
    'default sizes; that all are preallocated is assumed, and dynamic sizes follow the memory of the node',
  ),
});
const agentMemory = constant({
  id: id('agent.memory'),
  value: 250e6,
  unit: 'bytes',
  range: [100e6, 1000e6],
  about: 'The agent in user space, without Services',
  source: assumed('no figure found; more than kube-proxy, as it is more than a service proxy'),
});
const agentMemoryEndpoint = constant({
  id: id('agent.memory-endpoint'),
  value: 5000,
  unit: 'bytes/endpoint',
  range: [1000, 30e3],
  about: 'The agent in user space, for each service port and for each of its endpoints',
  source: assumed('no figure found; of the order of what kube-proxy takes'),
});

const constants: readonly Constant[] = [
  newFlowHot,
  newFlowCold,
  establishedHot,
  establishedCold,
  establishedServiceHot,
  establishedServiceCold,
  connectHot,
  connectCold,
  ...outside.constants,
  agentBase,
  agentService,
  mapWrite,
  mapEntry,
  mapEntries,
  agentMemory,
  agentMemoryEndpoint,
];

export const ebpf: ProxyModel = {
  title: 'eBPF kube-proxy replacement',
  models: [
    'Map entries: 1 + E of each service port, and the backends',
    'Changes written entry by entry as they arrive, at a cost of O(changed endpoints)',
    'The measured path of a program at the tc hooks that bypasses the routed hop',
    'Translation in connect() at an assumed cost; replies to outside clients by SNAT, DSR or hybrid',
  ],
  ignores: [
    'XDP, Maglev',
    "The agent's queues, regeneration and throttling; the size limit of its maps (65,536 entries)",
    'The programming cost is an assumption, not a measurement',
  ],
  lifecycle: { since: 'Cilium 1.6' },
  minimumKernel: '6.6 for the program measured (tcx)',
  constants,
  kernel: 'ebpf',
  visibility: Visibility.Arrival,
  tracksFlowsItself: true,
  calibrated: { servicePorts: 0, endpoints: 0 },
  // No sync timers: changes are handled as they come; syncPeriod is kube-proxy's retry interval.
  defaults: { minSyncPeriodNs: 0, syncPeriodNs: 30 * SECOND_NS },
  forcedSyncNs: () => 0,
  fullSyncAfterNs: () => Infinity,
  listsAfterNs: () => Infinity,
  kernelRules: (_era, counts) => {
    const entries = ebpfEntries(counts);
    return entries.services + entries.backends + counts.further.rules;
  },
  // Maps are as large as they may become from the start.
  kernelMemory: (read) => read(mapEntry) * read(mapEntries),
  proxyMemory: (read, _era, counts) =>
    read(agentMemory) + read(agentMemoryEndpoint) * (counts.servicePorts + counts.endpoints),
  compile: (read, _era, counts) => ({
    newFlow: { hotNs: read(newFlowHot), coldNs: read(newFlowCold) },
    established: {
      hotNs: read(establishedHot) + read(establishedServiceHot) * counts.servicePorts,
      coldNs: read(establishedCold) + read(establishedServiceCold) * counts.servicePorts,
    },
    walk: FREE,
    walks: false,
    select: FREE,
    selectsLinearly: false,
    pick: 'random',
    affinity: { hotNs: 0, coldNs: 0 },
    connect: { hotNs: read(connectHot), coldNs: read(connectCold) },
    ...outside.costs(read),
  }),
  programmingTime: (read) => {
    const [baseNs, serviceNs, writeNs] = [read(agentBase), read(agentService), read(mapWrite)];
    return (work, cost) => {
      const all = work.full || work.initial;
      const servicePorts = all ? work.servicePorts : work.changedServicePorts;
      const endpoints = all ? work.endpoints : work.changedEndpoints;
      const further = all ? work.further : work.changedFurther;
      cost.buildNs = Math.round(baseNs + serviceNs * servicePorts);
      cost.kernelNs = Math.round(writeNs * (servicePorts + 2 * endpoints + further.rules));
      cost.cpuNs = cost.buildNs + cost.kernelNs;
    };
  },
};

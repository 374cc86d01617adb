/**
 * Published figures of packets and connections. Where a figure holds an application and a network that
 * nobody knows, the source's own figure at its smallest size stands for them, and the models say what
 * more Services, or another proxy, add.
 */
import type { ConstantReader } from '../../core/constant.ts';
import { establishedNs, firstPacketNs, IPTABLES, routedNs } from './operations.ts';
import { exactly, plusMinus, type Reading, type Row, unknown } from './row.ts';

const coldShare = unknown(
  'cold-share',
  0.5,
  [0, 1],
  'ratio',
  'Share of cold values: how much memory the core touched since its last packet',
);
const endpointsEach = unknown('endpoints-each', 2, [1, 10], 'count', 'Endpoints of each Service');
const routed = unknown(
  'routed-path',
  1,
  [0, 1],
  'ratio',
  'Share of the way without any proxy that the figure includes',
);

/** Rank of a percentile among S places, all alike: the place in KUBE-SERVICES is uniform. */
const PERCENTILES = { p01: 0.01, p50: 0.5, p90: 0.9, p99: 0.99 } as const;
type Percentile = keyof typeof PERCENTILES;

function firstPacket(model: string, services: number, percentile: Percentile): Reading {
  return {
    setting: model,
    at: (read) => {
      const cold = read(coldShare);
      const walked = PERCENTILES[percentile] * services;
      const conditions = { services, walked, cold, endpointsEach: read(endpointsEach) };
      const own = firstPacketNs(model, read, conditions);
      return own + read(routed) * routedNs(read, 1, cold);
    },
  };
}

function firstPacketRow(
  models: readonly string[],
  mode: string,
  services: number,
  percentile: Percentile,
  ms: number,
  why: string,
): Row {
  return {
    id: `nftables-blog/${mode}/${services}/${percentile}`,
    models,
    source: 'nftables-blog',
    about: `first packet, ${mode}, ${services} Services, ${percentile}`,
    conditions:
      'Environment not stated: back end, cache, endpoints, and whether the routed path counts are left open.',
    unit: 'ns',
    measured: plusMinus(ms * 1e6, 2000),
    readings: models.map((model) => firstPacket(model, services, percentile)),
    sets: [],
    kind: 'published',
    why,
  };
}

function firstPacketRows(): Row[] {
  const percentiles = Object.keys(PERCENTILES) as Percentile[];
  const of = (models: readonly string[], mode: string, services: number, ms: readonly number[]) =>
    percentiles.map((percentile, i) =>
      firstPacketRow(models, mode, services, percentile, ms[i]!, 'first-packets'),
    );
  return [
    ...of(IPTABLES, 'iptables', 5000, [0.018, 0.049, 0.12, 0.156]),
    ...of(IPTABLES, 'iptables', 30000, [0.041, 0.274, 0.491, 0.715]),
    ...of(['nftables'], 'nftables', 30000, [0.01, 0.014, 0.022, 0.037]),
  ];
}

/** Round trips of connect, request and reply: 1,000 connections a second from one client. */
const TIGERA_SERVICES = [100, 500, 1000, 5000, 10000] as const;
const TIGERA = {
  'iptables-legacy': { base: 1.37, ms: [1.37, 1.43, 1.46, 2.4, 4.3] },
  ipvs: { base: 1.37, ms: [1.37, 1.41, 1.43, 1.7, 2.03] },
} as const;
const KEEPALIVE_MS = 0.55;
const CONNECTIONS_PER_NS = 1000 / 1e9;
/** Of each figure read off the charts. */
const READING_ERROR_NS = 30e3;
/** A client whose core saturates sends less: the queue is not let grow beyond this load. */
const GREATEST_LOAD = 0.98;

const rulesWalked = unknown(
  'rules-walked-of-services',
  2,
  [1, 2],
  'rules/service',
  'Rules tested for each Service: 2 rules a cluster IP then; to the last one, by the text, or to the middle',
);
const otherWork = unknown(
  'other-work-of-core',
  100e3,
  [10e3, 400e3],
  'ns',
  "What a connection takes of the client's core besides the first packet",
);

/** Mean time of a connection's work at its core, waiting included: a queue with constant service. */
function sojournNs(workNs: number): number {
  const load = Math.min(GREATEST_LOAD, CONNECTIONS_PER_NS * workNs);
  return workNs + (load * workNs) / (2 * (1 - load));
}

/** The source's own figure at 10 Services. */
function atTen(ms: number) {
  const ns = ms * 1e6;
  const range = [ns - READING_ERROR_NS, ns + READING_ERROR_NS] as const;
  return unknown(
    'round-trip-at-10',
    ns,
    range,
    'ns',
    'Round trip at 10 Services, read off a chart',
  );
}

function connection(model: string, baseMs: number, services: number): Reading {
  const work = (read: ConstantReader, count: number) => {
    const walked = read(rulesWalked) * count;
    const conditions = { services: count, walked, endpointsEach: 10, cold: read(coldShare) };
    return sojournNs(read(otherWork) + firstPacketNs(model, read, conditions));
  };
  return {
    setting: model,
    at: (read) => read(atTen(baseMs)) + work(read, services) - work(read, 10),
  };
}

function tigeraRows(): Row[] {
  return Object.entries(TIGERA).flatMap(([model, { base, ms }]) => {
    const shared = {
      models: [model],
      source: 'tigera' as const,
      unit: 'ns' as const,
      sets: [],
      kind: 'published' as const,
      why: 'round-trips',
    };
    const mode = model === 'ipvs' ? 'ipvs' : 'iptables';
    return [
      ...TIGERA_SERVICES.map((services, i) => ({
        ...shared,
        id: `tigera/${mode}/${services}`,
        about: `connect, request and reply, ${mode}, ${services} Services`,
        conditions:
          'From the figure at 10 Services on; 1,000 connections a second queue at one core of the client.',
        measured: plusMinus(ms[i]! * 1e6, READING_ERROR_NS),
        readings: [connection(model, base, services)],
      })),
      {
        ...shared,
        id: `tigera/${mode}/keepalive`,
        about: `request and reply, ${mode}, 100 a connection, 10000 Services`,
        conditions: 'From the figure at 10 Services on; a first packet in a hundred requests.',
        measured: plusMinus(KEEPALIVE_MS * 1e6, READING_ERROR_NS),
        readings: [keepalive(model)],
      },
    ];
  });
}

function keepalive(model: string): Reading {
  const first = (read: ConstantReader, services: number) =>
    firstPacketNs(model, read, {
      services,
      walked: read(rulesWalked) * services,
      endpointsEach: 10,
      cold: read(coldShare),
    });
  return {
    setting: model,
    at: (read) => read(atTen(KEEPALIVE_MS)) + (first(read, 10000) - first(read, 10)) / 100,
  };
}

/** Connections a second of run A with iptables and few Services, and requests with keepalive. */
const SHORT_RATE = 31365;
const KEEPALIVE_RATE = 115434;
const RR_NS = 84e3;

const busyCores = unknown(
  'busy-cores',
  4,
  [1, 4],
  'cores',
  'Cores that share the work of the client',
);
const place = unknown(
  'place',
  0.5,
  [0.025, 0.975],
  'ratio',
  'Place of the Service in KUBE-SERVICES',
);
const chainLength = unknown(
  'chain-length',
  10000,
  [5011, 10011],
  'rules',
  'Rules of KUBE-SERVICES at 10,000 Services; the guide gives 5,011 for one of its steps',
);

function shortConnections(model: string, length: (read: ConstantReader) => number): Reading {
  return {
    setting: model,
    at: (read) => {
      const services = length(read);
      const walked = services * read(place);
      const at = (rules: number) =>
        firstPacketNs(model, read, {
          services,
          walked: rules,
          endpointsEach: 4,
          cold: read(coldShare),
        });
      const baseNs = (read(busyCores) * 1e9) / SHORT_RATE;
      return (read(busyCores) * 1e9) / (baseNs + at(walked) - at(1));
    },
  };
}

/** What an eBPF agent saves of a packet of an established flow on one node. */
function saved(read: ConstantReader, iptables: string): number {
  const cold = read(coldShare);
  return establishedNs(iptables, read, 100, cold) - establishedNs('ebpf', read, 100, cold);
}

function imrocRows(): Row[] {
  const shared = { source: 'imroc' as const, sets: [], kind: 'published' as const };
  const short = (services: string, rps: number, length: (read: ConstantReader) => number) => ({
    ...shared,
    id: `imroc/short/${services}`,
    models: IPTABLES,
    about: `short connections a second, iptables, ${services} Services`,
    conditions:
      'From the rate with few Services on. Back end, cache, place in the chain and cores at work are left open.',
    unit: 'count' as const,
    measured: exactly(rps),
    readings: IPTABLES.map((model) => shortConnections(model, length)),
    why: 'short-connections',
  });
  return [
    short('10000', 17261, (read) => read(chainLength)),
    short('30000', 9057, () => 30003),
    {
      ...shared,
      id: 'imroc/tcp-rr/ebpf',
      models: ['ebpf'],
      about: 'TCP_RR p50, Cilium native',
      conditions: "From iptables' 84 us on: four passages of nodes with another proxy.",
      unit: 'ns',
      measured: plusMinus(85e3, 500),
      readings: IPTABLES.map((model) => ({
        setting: model,
        at: (read) => RR_NS - 4 * saved(read, model),
      })),
      why: 'cilium',
    },
    {
      ...shared,
      id: 'imroc/keepalive/ebpf',
      models: ['ebpf'],
      about: 'requests a second with keepalive, Cilium native',
      conditions: "From iptables' 115,434 on: two passages of the busy node with another proxy.",
      unit: 'count',
      measured: exactly(100416),
      readings: IPTABLES.map((model) => ({
        setting: model,
        at: (read) => {
          const baseNs = (read(busyCores) * 1e9) / KEEPALIVE_RATE;
          return (read(busyCores) * 1e9) / (baseNs - 2 * saved(read, model));
        },
      })),
      why: 'cilium',
    },
  ];
}

export function packetRows(): Row[] {
  return [...firstPacketRows(), ...tigeraRows(), ...imrocRows()];
}

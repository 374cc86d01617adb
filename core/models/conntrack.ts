/**
 * Connection tracking of Linux as kube-proxy configures it: sizes, time-outs, what inserting into a
 * filled table costs, eviction, the port search of masquerading, and kube-proxy's clean-up of UDP
 * flows. The mechanism is in core/network/conntrack.ts; docs/models/conntrack.md has the figures.
 */
import { type ConstantReader, constant } from '../constant.ts';
import type { ConntrackPlan } from '../plan.ts';
import { assumed, measured, published, withinFactor } from './sources.ts';

const SYSCTL = published(
  'Documentation/networking/nf_conntrack-sysctl.rst, linux@2c55d70',
  "the kernel's default; kube-proxy leaves it unless configured",
);
const PORT_SEARCH = published(
  'nf_nat port search, F. Westphal, 2018 (netfilter-devel)',
  'kernels since the patch; --random-fully, as kube-proxy masquerades',
);
const KERNEL_SOURCE = (what: string) => assumed(`${what}, net/netfilter of Linux, from memory`);

/** A time-out of the kernel's, in seconds as sysctl has it. */
function timeout(name: string, seconds: number, about: string) {
  return constant({
    id: `conntrack.timeout.${name}`,
    value: seconds,
    unit: 's',
    range: [1, 432000],
    about,
    source: SYSCTL,
  });
}

/** Probability that the search for a port fails with so many of 1,000 ports in use. */
function searchFails(permille: number, value: number) {
  return constant({
    id: `conntrack.snat.fails-at-${permille}`,
    value,
    unit: 'ratio',
    range: [1e-9, 1],
    about: `Share of searches for a source port that find none, ${permille} of 1,000 being in use`,
    source: {
      kind: 'derived',
      ref: 'the search, simulated, ports freed in random order: 128 ports in a row from a random one, then 64, 32, 16, 8 (nf_nat port search, F. Westphal, 2018)',
      setup: '64,512 ports; kernels since the patch; --random-fully, as kube-proxy masquerades',
    },
  });
}

export const conntrack = {
  synSent: timeout('syn-sent', 120, 'Entry of a TCP flow of which one SYN was seen'),
  synRecv: timeout('syn-recv', 60, 'Entry of a TCP flow whose SYN was answered'),
  finWait: timeout('fin-wait', 120, 'Entry of a TCP flow of which one side has sent a FIN'),
  lastAck: timeout('last-ack', 30, 'Entry of a TCP flow of which both sides have sent a FIN'),
  timeWait: timeout('time-wait', 120, 'Entry of a TCP flow that both sides have closed'),
  close: timeout('close', 10, 'Entry of a TCP flow that was reset'),
  udp: timeout('udp', 30, 'Entry of a UDP flow without an answer, or younger than two seconds'),
  udpStream: timeout('udp-stream', 120, 'Entry of a UDP flow with packets both ways'),
  udpStreamAfter: constant({
    id: 'conntrack.udp-stream.after',
    value: 2,
    unit: 's',
    range: [0, 30],
    about: 'Age from which on an answered UDP flow is a stream, and its entry is never evicted',
    source: KERNEL_SOURCE('nf_conntrack_proto_udp.c'),
  }),
  bytesPerBucket: constant({
    id: 'conntrack.buckets.bytes',
    value: 16384,
    unit: 'bytes',
    range: [1024, 1 << 20],
    about: 'Memory of a node for each bucket of its hash table',
    source: SYSCTL,
  }),
  bucketsMin: constant({
    id: 'conntrack.buckets.min',
    value: 1024,
    unit: 'count',
    range: [1, 262144],
    about: "Fewest buckets of the kernel's own choice",
    source: SYSCTL,
  }),
  bucketsMax: constant({
    id: 'conntrack.buckets.max',
    value: 262144,
    unit: 'count',
    range: [1024, 1 << 26],
    about: "Most buckets of the kernel's own choice",
    source: SYSCTL,
  }),
  entriesPerBucket: constant({
    id: 'conntrack.buckets.entries',
    value: 4,
    unit: 'count',
    range: [1, 64],
    about: 'Entries of nf_conntrack_max for each bucket, from which on kube-proxy adds buckets',
    source: assumed('cmd/kube-proxy/app, SetMax: hashsize = max / 4 if it is less, from memory'),
  }),
  insertHot: constant({
    id: 'conntrack.insert.hot',
    value: 1436,
    unit: 'ns per entry a bucket',
    range: withinFactor(1436),
    about:
      'How much longer a new flow takes with one entry in the table for each bucket, hot cache',
    source: measured('6-ct: 0 to 500,000 entries, 262,144 buckets, least squares through zero'),
  }),
  insertCold: constant({
    id: 'conntrack.insert.cold',
    value: 2218,
    unit: 'ns per entry a bucket',
    range: withinFactor(2218),
    about: 'The same after 4 MB were touched',
    source: measured('6-ct: 0 to 500,000 entries, 262,144 buckets, least squares through zero'),
  }),
  evictionBuckets: constant({
    id: 'conntrack.eviction.buckets',
    value: 8,
    unit: 'count',
    range: [1, 1024],
    about: 'Buckets searched for an entry to evict when the table is full',
    source: KERNEL_SOURCE('NF_CT_EVICTION_RANGE'),
  }),
  snatPorts: constant({
    id: 'conntrack.snat.ports',
    value: 64512,
    unit: 'count',
    range: [1, 65535],
    about: 'Source ports (1024 to 65535) of masqueraded flows from one address to one destination',
    source: PORT_SEARCH,
  }),
  snatFails90: searchFails(900, 2.7e-5),
  snatFails92: searchFails(920, 1.55e-4),
  snatFails94: searchFails(940, 7.6e-4),
  snatFails96: searchFails(960, 3.85e-3),
  snatFails98: searchFails(980, 3.05e-2),
  snatFails99: searchFails(990, 0.125),
  snatFails995: searchFails(995, 0.315),
  cleanUpFixed: constant({
    id: 'conntrack.cleanup.fixed',
    value: 58e6,
    unit: 'ns',
    range: [1e6, 200e6],
    about: 'CPU time of listing a table without entries: its buckets',
    source: measured('6-ct-flush: conntrack -D at 99,000 and 150,000 entries'),
  }),
  cleanUpEntry: constant({
    id: 'conntrack.cleanup.entry',
    value: 1600,
    unit: 'ns/entry',
    range: withinFactor(1600),
    about: 'CPU time of listing one entry',
    source: measured('6-ct-flush: conntrack -D at 99,000 and 150,000 entries'),
  }),
  cleanUpDeleted: constant({
    id: 'conntrack.cleanup.deleted',
    value: 5000,
    unit: 'ns/entry',
    range: [2000, 20e3],
    about: 'CPU time of deleting one entry',
    source: measured('6-ct-flush: 0, 10, 1,000 and 10,000 of 99,000 entries deleted'),
  }),
} as const;

/** What it models and what it leaves out, for the report. */
export const connectionTracking = {
  title: "Connection tracking in a node's kernel",
  models: [
    'Entries of simulated connections by state, with their time-outs; nf_conntrack_max by cores',
    'A full table evicts what is not assured, then drops new flows; inserting by table fill',
    'One source port for each masqueraded flow and destination, and the search for a free one',
    'UDP flows to an endpoint that has ended, until a sync has deleted their entry; half-closed TCP connections',
    'CPU time of looking through the table after a sync that takes endpoints from UDP Services',
  ],
  ignores: [
    'Connections that are not simulated; pods whose own network namespace tracks connections',
    'The kernel ending closed TCP flows early from 95 % of the maximum on',
    'Two packets of one UDP socket racing into the table, and the DNS time-outs that follow',
  ],
} as const;

/** nf_conntrack_max and the buckets of the hash table. */
export interface ConntrackSize {
  readonly max: number;
  readonly buckets: number;
}

/** As kube-proxy leaves a node: its own maximum, or the kernel's where it is told to keep out. */
export function conntrackSize(
  read: ConstantReader,
  plan: ConntrackPlan,
  cores: number,
  memoryBytes: number,
): ConntrackSize {
  const wanted = Math.floor(memoryBytes / read(conntrack.bytesPerBucket));
  const own = Math.min(Math.max(wanted, read(conntrack.bucketsMin)), read(conntrack.bucketsMax));
  // The kernel's own maximum is one entry a bucket (nf_conntrack-sysctl.rst).
  if (plan.maxPerCore === 0) return { max: own, buckets: own };
  const max = Math.max(plan.maxPerCore * cores, plan.min);
  return { max, buckets: Math.max(own, Math.floor(max / read(conntrack.entriesPerBucket))) };
}

/**
 * Probability that the search at a full table finds an entry to evict among `unassured` ones: each is
 * in two buckets, one for each direction, of which the search looks at a few.
 */
export function evictionProbability(
  unassured: number,
  buckets: number,
  searchedBuckets: number,
): number {
  return 1 - Math.exp((-2 * unassured * searchedBuckets) / buckets);
}

/** Below this share of ports in use no search fails (simulated: fewer than 1 in 1,000,000). */
const BUSY = 0.8;
const FAILS = [
  [0.9, conntrack.snatFails90],
  [0.92, conntrack.snatFails92],
  [0.94, conntrack.snatFails94],
  [0.96, conntrack.snatFails96],
  [0.98, conntrack.snatFails98],
  [0.99, conntrack.snatFails99],
  [0.995, conntrack.snatFails995],
] as const;

/**
 * Probability that the search for a source port fails with share `used` of the ports in use: what the
 * simulated search gave at some shares, straight between in the logarithm. Ports taken one after the
 * other from a random one lie in runs, so it fails far more often than `used` to the 248th.
 */
export function snatSearchFails(read: ConstantReader): (used: number) => number {
  const shares = Float64Array.from([...FAILS.map(([share]) => share), 1]);
  const fails = [...FAILS.map(([, declaration]) => read(declaration)), 1];
  const logs = Float64Array.from(fails, (probability) => Math.log(probability));
  const last = shares.length - 1;
  return (used) => {
    if (used < BUSY) return 0;
    if (used >= 1) return 1;
    let i = 1;
    while (i < last && shares[i]! < used) i++;
    const way = (used - shares[i - 1]!) / (shares[i]! - shares[i - 1]!);
    return Math.exp(logs[i - 1]! + way * (logs[i]! - logs[i - 1]!));
  };
}

/** CPU time of one clean-up of a table with `entries`, of which `deleted` go. Whole nanoseconds. */
export function cleanUpCpuNs(read: ConstantReader, entries: number, deleted: number): number {
  return Math.round(
    read(conntrack.cleanUpFixed) +
      read(conntrack.cleanUpEntry) * entries +
      read(conntrack.cleanUpDeleted) * deleted,
  );
}

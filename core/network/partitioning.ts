/**
 * Whether it pays to divide one run into partitions, and where. Windows are as long as the shortest
 * link that is cut; each costs a barrier, and in each all wait for the slowest. The estimate needs only
 * an order of magnitude: it chooses between ways to compute the same numbers.
 */
import { type Cut, cutsInto, type Groups, noCut } from '../engine/cut.ts';
import type { EndpointDistribution, Plan } from '../plan.ts';
import { nodesEver, Topology } from './topology.ts';

/**
 * What things cost on one core, in nanoseconds, as `npm run bench -- engine` measures them (packet-path,
 * programming-loop); only their ratios matter here. A window costs the wait for who is last: a barrier
 * takes less than a microsecond, but now and then a thread is late by hundreds.
 */
const COST = { packet: 200, controlEvent: 2000, sample: 25, window: 20e3 } as const;
/** Threads start, each builds the world, and each compiles for itself what a single one has compiled. */
const START_NS = 0.6e9;
/** Events at the stations of a request's way (`requests.ts`). */
const PACKETS_PER_REQUEST = 7;
/** Of controllers, scheduler and kubelets; counted in a run of `scenarios/envelope.yaml` without traffic. */
const EVENTS_PER_POD_CHANGE = 14;
/** EndpointSlice writes of one pod change: one when it is created, two when it is deleted. */
const WRITES_PER_POD_CHANGE = 1.5;

/** Bytes of all columns of a pod, and of a node besides its addresses, rounded up. */
const BYTES_PER_POD = 128;
const BYTES_PER_NODE = 256;
const BYTES_PER_ADDRESS = 16;
const SPARE_BYTES = 2 ** 16;

/** Expected work of one simulated second. */
interface Work {
  readonly eventsPerSecond: number;
  readonly controlNs: number;
  readonly packetsNs: number;
  /** (write, node) samples: all nodes catch up at the same times, so it divides well. */
  readonly programmingNs: number;
}

/** The cut of a run into at most `partitions` that is expected to be the fastest of its size. */
export function bestCut(plan: Plan, partitions: number): Cut {
  const topology = new Topology(plan, nodesEver(plan));
  const groups = groupsOf(topology, plan);
  for (let most = Math.min(partitions, groups.groups); most > 1; most--) {
    const cuts = cutsInto(groups, most);
    if (cuts.length > 0) return cuts.reduce((best, cut) => faster(plan, cut, best));
  }
  return noCut(groups);
}

function faster(plan: Plan, one: Cut, other: Cut): Cut {
  return expectedSpeedUp(plan, one) > expectedSpeedUp(plan, other) ? one : other;
}

/** How much faster than on one thread the run is expected to be with `cut`, when each has its own core. */
export function expectedSpeedUp(plan: Plan, cut: Cut): number {
  if (cut.partitions === 1) return 1;
  const work = workOf(plan);
  const eventsNs = work.controlNs + work.packetsNs;
  const eventNs = eventsNs / Math.max(work.eventsPerSecond, 1e-9);
  const alone = eventsNs + work.programmingNs;
  const gapNs = 1e9 / Math.max(work.eventsPerSecond, 1e-9);
  const windowsPerSecond = 1e9 / (cut.lookaheadNs + gapNs);
  const eventsPerWindow = work.eventsPerSecond / windowsPerSecond;
  // Events fall on partitions at random: the fullest has its share and about so many deviations more.
  const mean = eventsPerWindow * cut.largestShare;
  const fullest = Math.min(eventsPerWindow, mean + Math.sqrt(2 * mean * Math.log(cut.partitions)));
  const together =
    windowsPerSecond * (fullest * eventNs + COST.window) + cut.largestShare * work.programmingNs;
  const seconds = (plan.warmUpNs + plan.horizonNs) / 1e9;
  return (seconds * alone) / (seconds * together + START_NS);
}

/**
 * Room in shared tables for a run, `factor` times what is expected. Nobody pays for what is not used:
 * memory is taken page by page, as it is written.
 */
export function roomFor(plan: Plan, factor: number): { podCapacity: number; bytes: number } {
  const { cluster } = plan;
  const nodes = nodesEver(plan);
  const addresses = nodes * 2 ** (32 - cluster.nodeMaskBits);
  const podCapacity = Math.ceil(factor * (1024 + 1.5 * expectedPods(plan, nodes)));
  const bytes =
    podCapacity * BYTES_PER_POD +
    nodes * BYTES_PER_NODE +
    addresses * BYTES_PER_ADDRESS +
    SPARE_BYTES;
  return { podCapacity, bytes };
}

/** Pods there will have been when the run ends. */
function expectedPods(plan: Plan, nodes: number): number {
  const seconds = (plan.warmUpNs + plan.horizonNs + plan.drainNs) / 1e9;
  const replicas = plan.workloads.map((w) => (w.perNode ? nodes : w.replicas));
  const atStart = replicas.reduce((sum, count) => sum + count, 0);
  const ofPopulations = plan.populations.reduce(
    (sum, { count, endpoints }) => sum + count * meanEndpoints(endpoints),
    0,
  );
  const ofEvents = plan.events.reduce((sum, event) => {
    if (event.kind === 'scale') {
      replicas[event.workload] = Math.max(replicas[event.workload]!, event.replicas);
    }
    return 'workload' in event ? sum + replicas[event.workload]! : sum;
  }, 0);
  return atStart + ofPopulations + ofEvents + plan.podChangesPerSecond * seconds;
}

/** At least their mean: of a lognormal distribution that is below its 99th percentile. */
function meanEndpoints(endpoints: EndpointDistribution): number {
  switch (endpoints.kind) {
    case 'constant':
      return endpoints.value;
    case 'uniform':
      return (endpoints.min + endpoints.max) / 2;
    case 'lognormal':
      return Math.min(endpoints.p99, endpoints.max);
  }
}

function workOf(plan: Plan): Work {
  const requests = plan.traffic.reduce((sum, traffic) => sum + traffic.requestsPerSecond, 0);
  const packets = requests * PACKETS_PER_REQUEST;
  const control = plan.podChangesPerSecond * EVENTS_PER_POD_CHANGE;
  const samples = plan.podChangesPerSecond * WRITES_PER_POD_CHANGE * plan.cluster.nodes;
  return {
    eventsPerSecond: packets + control,
    controlNs: control * COST.controlEvent,
    packetsNs: packets * COST.packet,
    programmingNs: samples * COST.sample,
  };
}

function groupsOf(topology: Topology, plan: Plan): Groups {
  const { groups, lookaheadNs } = topology.engineOptions();
  const loads = new Float64Array(groups);
  const { controlNs, packetsNs, programmingNs } = workOf(plan);
  const nodeNs = (packetsNs + programmingNs) / topology.nodes;
  loads[0] = controlNs;
  for (const zone of topology.zoneOf) loads[1 + zone]! += nodeNs;
  // Without any work, or a zone without nodes, pieces are still spread over all partitions.
  return { groups, lookaheadNs, loads: loads.map((load) => Math.max(load, 1)) };
}

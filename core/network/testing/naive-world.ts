/**
 * What the parts of the reference simulation share: a clock with a sorted array of closures, the
 * constants as a plain record, places of nodes, and etcd. Everything here is the obvious way to do
 * it, at any cost; nothing here may use the product's engine, logs or tables.
 */
import { type Constant, constantReader } from '../../constant.ts';
import { Streams, streamName } from '../../engine/stream.ts';
import { controlPlane } from '../../models/control-plane.ts';
import { interruptions } from '../../models/interruptions.ts';
import { podLife } from '../../models/pod-life.ts';
import type { Plan } from '../../plan.ts';

interface PendingEvent {
  readonly timeNs: number;
  readonly origin: number;
  readonly sequence: number;
  readonly action: () => void;
}

/** Origin of the events of the control plane; node `n` has origin `n + 1`. */
export const CONTROL_PLANE = 0;

/** Events in order of (time, origin process, sequence). */
export class NaiveClock {
  nowNs = 0;
  private sequence = 0;
  private readonly pending: PendingEvent[] = [];

  at(timeNs: number, action: () => void, origin = CONTROL_PLANE): void {
    if (!Number.isInteger(timeNs) || timeNs < this.nowNs) {
      throw new Error(`event at ${timeNs} ns, scheduled at ${this.nowNs} ns`);
    }
    const event = { timeNs, origin, sequence: this.sequence++, action };
    let low = 0;
    let high = this.pending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(this.pending[middle]!, event)) low = middle + 1;
      else high = middle;
    }
    this.pending.splice(low, 0, event);
  }

  run(untilNs: number): void {
    while (this.pending.length > 0 && this.pending[0]!.timeNs < untilNs) {
      const event = this.pending.shift()!;
      this.nowNs = event.timeNs;
      event.action();
    }
  }
}

function before(a: PendingEvent, b: PendingEvent): boolean {
  if (a.timeNs !== b.timeNs) return a.timeNs < b.timeNs;
  if (a.origin !== b.origin) return a.origin < b.origin;
  return a.sequence < b.sequence;
}

export interface NaiveNode {
  readonly index: number;
  readonly apiserver: number;
  readonly zone: number;
  /** One way, to its apiserver. */
  readonly latencyNs: number;
  readonly podsPerNode: number;
  pods: number;
  freeAddresses: number;
  readonly statusQueue: (() => void)[];
  statusBusy: boolean;
}

/** Times in whole nanoseconds; rates per byte or pod as they are. */
function readConstants(plan: Plan) {
  const read = constantReader(plan.constants);
  const time = (declaration: Constant) => Math.round(read(declaration));
  return {
    apiserverProcessing: time(controlPlane.apiserverProcessing),
    etcdService: time(controlPlane.etcdService),
    etcdLatency: time(controlPlane.etcdLatency),
    watchDelivery: time(controlPlane.watchDelivery),
    schedulerService: time(controlPlane.schedulerService),
    endpointSliceBackoff: time(controlPlane.endpointSliceBackoff),
    endpointSliceBackoffMax: time(controlPlane.endpointSliceBackoffMax),
    endpointSliceSyncFixed: time(controlPlane.endpointSliceSyncFixed),
    endpointSliceSyncPerPod: read(controlPlane.endpointSliceSyncPerPod),
    sliceBytesFixed: read(controlPlane.sliceBytesFixed),
    sliceBytesPerEndpoint: read(controlPlane.sliceBytesPerEndpoint),
    serviceBytes: read(controlPlane.serviceBytes),
    fanoutPerWatcher: read(controlPlane.fanoutPerWatcher),
    fanoutPerByte: read(controlPlane.fanoutPerByte),
    fanoutCores: read(controlPlane.fanoutCores),
    kubeletWatch: time(podLife.kubeletWatch),
    sandbox: time(podLife.sandbox),
    startupMedian: read(podLife.startupMedian),
    startupP99: read(podLife.startupP99),
    exitDelay: time(podLife.exitDelay),
    cniDel: time(podLife.cniDel),
    ipRetry: time(podLife.ipRetry),
    agentRestart: time(interruptions.agentRestart),
    watchReconnect: time(interruptions.watchReconnect),
    watchReconnectFixed: time(interruptions.watchReconnectFixed),
    watchBuffer: read(interruptions.watchBuffer),
  };
}

export class NaiveWorld {
  readonly plan: Plan;
  readonly clock = new NaiveClock();
  readonly constants: ReturnType<typeof readConstants>;
  readonly streams = new Streams();
  readonly stream: Readonly<Record<Purpose, number>>;
  readonly nodes: NaiveNode[] = [];
  private etcdFreeNs = 0;

  constructor(plan: Plan, replication: number) {
    this.plan = plan;
    this.constants = readConstants(plan);
    const add = (purpose: Purpose) =>
      this.streams.add(streamName(plan.seed, replication, 'control-plane', purpose));
    this.stream = {
      population: add('population'),
      placement: add('placement'),
      fanout: add('fanout'),
      proxy: add('proxy'),
      startup: add('startup'),
      churn: add('churn'),
      victim: add('victim'),
      failures: add('failures'),
    };
    for (let i = 0; i < plan.cluster.nodes; i++) this.addNode();
  }

  addNode(): NaiveNode {
    const { topology, nodeMaskBits } = this.plan.cluster;
    const index = this.nodes.length;
    const apiserver = index % this.plan.controlPlane.apiservers;
    const zone = index % topology.zones;
    const node: NaiveNode = {
      index,
      apiserver,
      zone,
      latencyNs:
        zone === apiserver % topology.zones ? topology.zoneLatencyNs : topology.regionLatencyNs,
      podsPerNode: this.poolOf(index).podsPerNode,
      pods: 0,
      // Without the network, the gateway and the broadcast address.
      freeAddresses: 2 ** (32 - nodeMaskBits) - 3,
      statusQueue: [],
      statusBusy: false,
    };
    this.nodes.push(node);
    return node;
  }

  /** The request of a write reaches the apiserver now. */
  write(committed: () => void): void {
    const { apiserverProcessing, etcdService, etcdLatency } = this.constants;
    this.etcdFreeNs =
      Math.max(this.clock.nowNs + apiserverProcessing, this.etcdFreeNs) + etcdService;
    this.clock.at(this.etcdFreeNs + etcdLatency, committed);
  }

  poolOf(index: number) {
    const pools = this.plan.cluster.pools;
    let first = 0;
    for (const pool of pools) {
      if (index < first + pool.nodes) return pool;
      first += pool.nodes;
    }
    return pools[0]!;
  }
}

type Purpose =
  | 'failures'
  | 'placement'
  | 'startup'
  | 'churn'
  | 'victim'
  | 'fanout'
  | 'proxy'
  | 'population';

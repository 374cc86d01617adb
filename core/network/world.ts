/**
 * The world of one replication: every part of the network models, built from a plan and joined
 * together. All random streams are named here.
 */
import { assert } from '../assert.ts';
import { type ConstantReader, constantReader } from '../constant.ts';
import { Engine } from '../engine/engine.ts';
import type { EnginePartition } from '../engine/partition.ts';
import { Streams, streamName } from '../engine/stream.ts';
import { hostLocal } from '../models/ipam/host-local.ts';
import { nothingFurther } from '../models/proxy/further-objects.ts';
import type { Plan } from '../plan.ts';
import type { Trace } from '../trace.ts';
import { Addresses } from './addresses.ts';
import { type BuiltRequests, buildRequests } from './build-requests.ts';
import { ControlPlane } from './control-plane.ts';
import { EndpointSliceController } from './endpoint-slice-controller.ts';
import { Etcd } from './etcd.ts';
import { EventKind } from './event-kind.ts';
import { Fanout } from './fanout.ts';
import { hintRules } from './hint-rules.ts';
import { Interruptions } from './interruptions.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import { KubeProxies } from './kube-proxies.ts';
import { Kubelets } from './kubelet.ts';
import { OrderedSet } from './ordered-set.ts';
import { Placement } from './placement.ts';
import { Known, Phase, Pods } from './pods.ts';
import { Agents, agentOfPool } from './proxy-class.ts';
import type { Publication } from './publication.ts';
import { Recorder } from './recorder.ts';
import { SliceCommits } from './slice-commits.ts';
import { SliceLog } from './slice-log.ts';
import { SliceSizes } from './slice-sizes.ts';
import { SharedTables } from './tables.ts';
import { CONTROL_PLANE, nodesEver, Topology } from './topology.ts';
import { WorkloadController } from './workload-controller.ts';

export interface World extends BuiltRequests {
  readonly plan: Plan;
  readonly read: ConstantReader;
  readonly engine: Engine;
  readonly topology: Topology;
  readonly inventory: Inventory;
  readonly pods: Pods;
  readonly addresses: Addresses;
  readonly placement: Placement;
  readonly etcd: Etcd;
  readonly fanout: Fanout;
  readonly log: SliceLog;
  readonly recorder: Recorder;
  readonly workloads: WorkloadController;
  readonly slices: EndpointSliceController;
  readonly commits: SliceCommits;
  readonly controlPlane: ControlPlane;
  readonly kubelets: Kubelets;
  readonly proxies: KubeProxies;
  readonly interruptions: Interruptions;
  /** Pods running at the start. */
  readonly initialPods: number;
  /** The other partitions of the run, if there are any. */
  readonly partition: WorldPartition | null;
  readonly publish: ((publication: Publication) => void) | null;
  /** What other partitions have counted, once they have handed it over. */
  readonly elsewhere: { events: number; unready: number; restarting: number; inFlight: number };
}

/** One of the partitions that a run is divided into. */
export interface WorldPartition extends EnginePartition {
  /** For the columns of nodes and pods; zeroed, the same for all partitions. */
  readonly tables: ArrayBufferLike;
  /** Pods there is room for. */
  readonly podCapacity: number;
}

export interface WorldOptions {
  readonly trace?: Trace | undefined;
  readonly partition?: WorldPartition | undefined;
}

export function buildWorld(plan: Plan, replication: number, options: WorldOptions = {}): World {
  const trace = options.trace ?? null;
  const partition = options.partition ?? null;
  const publish =
    partition === null ? null : (publication: Publication) => partition.link.publish(publication);
  const read = constantReader(plan.constants);
  const streams = new Streams();
  const stream = (process: string, purpose: string) =>
    streams.add(streamName(plan.seed, replication, process, purpose));
  const controlStream = (purpose: string) => stream('control-plane', purpose);

  const { nodes } = plan.cluster;
  const topology = new Topology(plan, nodesEver(plan));
  const engine = new Engine({
    ...topology.engineOptions(),
    ...(partition === null ? {} : { partition }),
  });
  const agents = new Agents(plan);
  const recorder = new Recorder(plan.warmUpNs, plan.warmUpNs + plan.horizonNs, agents.all.length);
  const inventory = takeInventory(plan, streams, controlStream('population'));
  const ports = Int32Array.from(inventory.services, (s) => (s.headless ? 0 : s.ports.length));
  const pods = new Pods();
  const perNode = hostLocal.usable(plan.cluster.nodeMaskBits);
  const addresses = new Addresses(topology.nodes, perNode);
  const pools = poolOfNodes(plan, topology.nodes);
  const capacity = Int32Array.from(pools, (pool) => plan.cluster.pools[pool]!.podsPerNode);
  const placement = new Placement(nodes, capacity, streams, controlStream('placement'));
  const churnable = new OrderedSet();
  const workloads = new WorkloadController(plan, {
    workloads: inventory.workloads,
    engine,
    pods,
    churnable,
  });
  const initial = placeInitialPods({
    inventory,
    pods,
    placement,
    addresses,
    workloads,
    nodes,
    perNode,
  });
  const etcd = new Etcd(read);
  const fanout = new Fanout(
    read,
    topology,
    plan.controlPlane.fanoutBytesPerSecond,
    nodes,
    streams,
    controlStream('fanout'),
  );
  const hints = hintRules(plan, inventory.services, pods, topology.zoneOf);
  const hinting = hints && { rules: hints, pods };
  const log = new SliceLog(ports, topology.apiservers, initial, hinting);
  initial.forEach((members, service) => {
    if (ports[service]! > 0) for (const pod of members) pods.usedBy[pod]!++;
  });
  const traced: number[] = [0];
  const classOfPool = plan.cluster.pools.map((pool) => agents.classOf(agentOfPool(plan, pool)));
  const proxies = new KubeProxies(plan, read, {
    engine,
    topology,
    log,
    fanout,
    recorder,
    agents,
    classOf: Uint8Array.from(pools, (pool) => classOfPool[pool]!),
    failureSalt: Math.floor(streams.uniform(controlStream('failures')) * 2 ** 32),
    ports,
    services: inventory.services,
    trace,
    traced,
  });

  const commits = new SliceCommits(read, {
    engine,
    topology,
    log,
    fanout,
    sizes: new SliceSizes(read, inventory.services, hints),
    pods,
    proxies,
    recorder,
    ports,
    publish,
    trace,
    traced,
  });
  const interruptions = new Interruptions(plan, read, {
    engine,
    topology,
    fanout,
    commits,
    proxies,
    recorder,
    agents,
  });
  const slices = new EndpointSliceController(plan, read, {
    engine,
    etcd,
    pods,
    initial,
    hints,
    committed: (commit) => commits.commit(commit),
    observer: trace?.observer,
  });
  initial.forEach((_, service) => {
    commits.adopt(
      service,
      slices.slicesOf(service).map((slice) => slice.committed),
    );
  });
  const control = new ControlPlane(
    plan,
    read,
    {
      engine,
      streams,
      topology,
      etcd,
      pods,
      placement,
      inventory,
      workloads,
      slices,
      recorder,
      churnable,
    },
    controlStream,
  );
  for (let pod = 0; pod < pods.count; pod++) control.adopt(pod);
  const kubelets = new Kubelets(plan, read, {
    engine,
    topology,
    pods,
    addresses,
    inventory,
    recorder,
    observer: trace?.observer,
  });
  const counts = {
    servicePorts: proxies.servicePorts,
    emptyServicePorts: log.emptyServicePorts[0]!,
    endpoints: log.endpoints[0]!,
    further: nothingFurther(),
  };
  const requests = buildRequests(plan, read, {
    engine,
    streams,
    topology,
    pods,
    addresses,
    inventory,
    log,
    proxies,
    recorder,
    counts,
    pools,
    stream,
  });
  proxies.start(nodes, streams, controlStream('proxy'));
  // From here on columns belong to all. Nobody looks into them before the first barrier, so it does
  // not matter when the first partition copies what they hold.
  if (partition !== null) {
    const tables = new SharedTables(partition.tables, partition.link.index === 0);
    pods.share(tables, partition.podCapacity);
    addresses.share(tables);
    proxies.share(tables);
    requests.conntrack.share(tables);
  }
  return {
    plan,
    read,
    engine,
    topology,
    inventory,
    pods,
    addresses,
    placement,
    etcd,
    fanout,
    log,
    recorder,
    workloads,
    slices,
    commits,
    controlPlane: control,
    kubelets,
    proxies,
    interruptions,
    ...requests,
    initialPods: pods.count,
    partition,
    publish,
    elsewhere: { events: 0, unready: 0, restarting: 0, inFlight: 0 },
  };
}

/** Pool of each node: contiguous runs in order; nodes that join belong to the first pool. */
export function poolOfNodes(plan: Plan, nodes: number): Int32Array {
  const pools = new Int32Array(nodes);
  let next = 0;
  plan.cluster.pools.forEach((pool, index) => {
    for (let i = 0; i < pool.nodes; i++) pools[next++] = index;
  });
  return pools;
}

/** Puts every pod of the plan on a node, Ready and known; returns each Service's pods. */
function placeInitialPods(parts: {
  readonly inventory: Inventory;
  readonly pods: Pods;
  readonly placement: Placement;
  readonly addresses: Addresses;
  readonly workloads: WorkloadController;
  readonly nodes: number;
  readonly perNode: number;
}): number[][] {
  const { inventory, pods, placement, addresses, workloads, nodes, perNode } = parts;
  const members: number[][] = inventory.services.map(() => []);
  const place = (index: number) => {
    const workload = inventory.workloads[index]!;
    const replicas = workload.perNode ? nodes : workload.replicas;
    for (let i = 0; i < replicas; i++) {
      const pod = pods.add(index, 0);
      const node = workload.perNode ? i : placement.choose(perNode);
      assert(node >= 0, `no room for pod ${i} of ${workload.name}`);
      const address = addresses.take(node, pod);
      assert(address >= 0, `no address for pod ${i} of ${workload.name} on node ${node}`);
      placement.add(node);
      pods.node[pod] = node;
      pods.address[pod] = address;
      pods.bound[pod] = 1;
      pods.known[pod] = Known.Ready;
      pods.phase[pod] = Phase.Ready;
      pods.wasReady[pod] = 1;
      workloads.adopt(pod);
      for (const service of inventory.servicesOf[index]!) members[service]!.push(pod);
    }
  };
  // Pods that have only one node to go to come first: others could take its last address.
  const indices = inventory.workloads.map((_, index) => index);
  for (const index of indices.filter((w) => inventory.workloads[w]!.perNode)) place(index);
  for (const index of indices.filter((w) => !inventory.workloads[w]!.perNode)) place(index);
  return members;
}

/** Schedules what is there before the run: churn, the scenario's events, traffic. */
export function startWorld(world: World): void {
  const { plan, engine, controlPlane: control, interruptions, requests, topology } = world;
  control.start(CONTROL_PLANE);
  interruptions.start();
  plan.events.forEach((event, index) => {
    engine.start(CONTROL_PLANE, plan.warmUpNs + event.atNs, EventKind.Scenario, index, 0);
  });
  for (let node = 0; node < plan.cluster.nodes; node++) {
    // Streams of another partition's nodes would be made for nothing.
    if (engine.owns(topology.nodeProcess(node))) requests.startNode(node, null);
  }
}

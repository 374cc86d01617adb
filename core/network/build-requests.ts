/** Joins the parts of the packet path, from a plan: costs by class of proxies, tables, arrivals. */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import type { Streams } from '../engine/stream.ts';
import { dataplane } from '../models/dataplane.ts';
import type { RuleCounts } from '../models/proxy/proxy-model.ts';
import type { Plan } from '../plan.ts';
import type { Addresses } from './addresses.ts';
import { Conntrack } from './conntrack.ts';
import { EndpointPick } from './endpoint-pick.ts';
import type { Inventory } from './inventory.ts';
import type { KubeProxies } from './kube-proxies.ts';
import { type PacketCosts, packetCosts } from './packet-costs.ts';
import { PacketPath } from './packet-path.ts';
import type { Pods } from './pods.ts';
import type { ProxyClass } from './proxy-class.ts';
import type { Recorder } from './recorder.ts';
import { RequestArrivals } from './request-arrivals.ts';
import { Requests } from './requests.ts';
import type { SliceLog } from './slice-log.ts';
import { SnatPorts } from './snat-ports.ts';
import type { Topology } from './topology.ts';
import { frontEnds, trafficEntries } from './traffic-entries.ts';
import { UdpCleanUp } from './udp-clean-up.ts';
import { type NodePlaces, VisibleEndpoints } from './visible-endpoints.ts';

export interface RequestWorldParts {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly topology: Topology;
  readonly pods: Pods;
  readonly addresses: Addresses;
  readonly inventory: Inventory;
  readonly log: SliceLog;
  readonly proxies: KubeProxies;
  readonly recorder: Recorder;
  /** Of the cluster at the start. */
  readonly counts: RuleCounts;
  /** Pool of each node there will ever be. */
  readonly pools: Int32Array;
  readonly stream: (process: string, purpose: string) => number;
}

export interface BuiltRequests {
  readonly requests: Requests;
  readonly conntrack: Conntrack;
  /** A node's proxy is of this class from now on: sizes the connection tracking for it. */
  readonly trackFlows: (node: number, of: ProxyClass) => void;
}

export function buildRequests(
  plan: Plan,
  read: ConstantReader,
  parts: RequestWorldParts,
): BuiltRequests {
  const { engine, streams, topology, pods, inventory, log, proxies, recorder, stream } = parts;
  const { nodes } = topology;
  const externalNs = plan.cluster.topology.externalLatencyNs;
  const traffic = trafficEntries(plan, inventory);
  const conntrack = new Conntrack(nodes, read, engine, (nowNs) => recorder.flowDropped(nowNs));
  const trackFlows = (node: number, { agent, model }: ProxyClass) => {
    const { cores, memoryBytes } = plan.cluster.pools[parts.pools[node]!]!;
    const tracked = model.tracksFlowsItself !== true;
    conntrack.configure(node, { plan: agent.proxy.conntrack, cores, memoryBytes, tracked });
  };
  for (let node = 0; node < nodes; node++) {
    trackFlows(node, proxies.classes[proxies.classOf(node, 0)]!);
  }
  const visible = new VisibleEndpoints(log, proxies, pods, nodePlaces(parts));
  const pick = new EndpointPick(visible, log, pods, nodes);
  const path = new PacketPath({
    engine,
    recorder,
    proxies,
    conntrack,
    frontEnds: frontEnds(inventory.services),
    costs: proxies.classes.map((one) => costsOfClass(read, one, parts.counts)),
    classOf: (node, nowNs) => proxies.classOf(node, nowNs),
    coresOf: Int32Array.from(parts.pools, (pool) => plan.cluster.pools[pool]!.cores),
  });
  const ofNode = (node: number, purpose: string) => stream(`node-${node}`, purpose);
  const arrivals = new RequestArrivals(
    {
      engine,
      streams,
      topology,
      traffic,
      untilNs: recorder.toNs,
      externalNs,
      arrivals: (node, entry) => ofNode(node, `arrivals/${plan.traffic[entry]!.name}`),
      choices: (node) => ofNode(node, 'choices'),
      lifetimes: (node) => ofNode(node, 'lifetimes'),
    },
    pick,
  );
  const requests = new Requests({
    engine,
    topology,
    pods,
    addresses: parts.addresses,
    inventory,
    proxies,
    recorder,
    traffic,
    path,
    pick,
    arrivals,
    conntrack,
    cleanUp: new UdpCleanUp(log, proxies),
    snatPorts: new SnatPorts(nodes, read, (nowNs) => recorder.portsExhausted(nowNs)),
    wakeUpNs: Math.round(read(dataplane.wakeUp)),
    externalNs,
    initialRtoNs: Math.round(read(dataplane.initialRto) * 1e9),
    synRetries: read(dataplane.synRetries),
  });
  return { requests, conntrack, trackFlows };
}

function costsOfClass(read: ConstantReader, one: ProxyClass, counts: RuleCounts): PacketCosts {
  const { agent, era, model } = one;
  const { localhostNodePorts, nodePortAddresses } = agent.proxy;
  const onLocalhost = localhostNodePorts && nodePortAddresses === 'all';
  const path = model.compile(read, era, counts);
  const rulesPerNodePort = onLocalhost ? (path.localhostNodePortRules ?? 1) : 1;
  return packetCosts(read, path, agent.proxy, rulesPerNodePort);
}

/** Null if all nodes choose alike. */
function nodePlaces({ log, proxies, topology }: RequestWorldParts): NodePlaces | null {
  const { classes } = proxies;
  if (log.hints === null && classes.every(({ era }) => era.terminatingEndpoints)) return null;
  const eraOf = (node: number, nowNs: number) => classes[proxies.classOf(node, nowNs)]!.era;
  return { zoneOf: topology.zoneOf, eraOf };
}

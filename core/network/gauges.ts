/**
 * What is read off while a run goes on: counters at the edges of the measured window, and gauges over
 * nodes at its end.
 */
import type { Cell, QuotientCell } from '../metrics/cell.ts';
import { NodeHoldings, type NodeResources, ResourceSums } from './node-resources.ts';
import { poolOfNodes, type World } from './world.ts';

/** What is read off at the edges of the measured window. */
export interface Snapshot {
  readonly etcdWrites: number;
  readonly controllerBusyNs: number;
  /** By apiserver: time that sending what was to be sent so far takes. */
  readonly fanoutNs: readonly number[];
}

export function snapshot(world: World): Snapshot {
  return {
    etcdWrites: world.etcd.writes,
    controllerBusyNs: world.slices.busyNs(),
    fanoutNs: Array.from(world.fanout.bookedNs),
  };
}

/** Gauges over nodes, read when the measured window ends. */
export interface Gauges {
  readonly resources: NodeResources;
  readonly ipPoolUsed: QuotientCell;
  /** Empty where no node tracks connections of the run. */
  readonly conntrack: Cell['quotients'];
}

export function readGauges(world: World): Gauges {
  const { addresses, engine, placement, plan, proxies, read } = world;
  const { classes } = proxies;
  const pools = poolOfNodes(plan, placement.activeNodes);
  const holdings = new NodeHoldings(read, proxies.servicePorts);
  const sums = new ResourceSums(classes.length);
  let used = 0;
  let usedMax = 0;
  for (let node = 0; node < placement.activeNodes; node++) {
    used += addresses.used[node]!;
    usedMax = Math.max(usedMax, addresses.used[node]!);
    if (proxies.running[node] === 0) continue;
    const position = proxies.programmedPosition(node, engine.nowNs);
    const { cores } = plan.cluster.pools[pools[node]!]!;
    const ofClass = proxies.classOf(node, engine.nowNs);
    sums.add(ofClass, holdings.of(node, ofClass, classes, position, cores));
  }
  const owned = placement.activeNodes * addresses.perNode;
  return {
    resources: sums.result(classes.map(({ agent }) => agent)),
    conntrack: conntrackGauges(world),
    ipPoolUsed: {
      numerator: [0, used],
      denominator: [0, owned],
      max: usedMax / addresses.perNode,
      effective: placement.activeNodes,
    },
  };
}

/** Tables of connections, of nodes that have them. */
function conntrackGauges({ conntrack, placement, plan }: World): Cell['quotients'] {
  const nodes = Array.from({ length: placement.activeNodes }, (_, node) => node).filter((node) =>
    conntrack.tracks(node),
  );
  if (plan.traffic.length === 0 || nodes.length === 0) return {};
  const gauge = (column: Int32Array): QuotientCell => ({
    numerator: [0, nodes.reduce((sum, node) => sum + column[node]!, 0)],
    denominator: [0, nodes.length],
    max: nodes.reduce((most, node) => Math.max(most, column[node]!), 0),
    effective: nodes.length,
  });
  return {
    conntrackEntries: gauge(conntrack.entries),
    conntrackLargest: gauge(conntrack.largest),
  };
}

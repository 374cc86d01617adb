/**
 * Where things are: zones, racks, the apiserver of each node, one-way latencies, and the logical
 * processes. Process 0 is the control plane; then one process a zone (its proxies catch up together);
 * then one a node. Zones are the groups that a partitioned run may separate, so the
 * lookahead between groups is the smallest latency of a link that crosses them.
 */
import type { EngineOptions } from '../engine/engine.ts';
import type { Plan } from '../plan.ts';

export const CONTROL_PLANE = 0;

/** Nodes there will ever be in a run: those of the start, and those that join. */
export function nodesEver({ cluster, events }: Plan): number {
  return events.reduce((sum, e) => sum + (e.kind === 'addNodes' ? e.count : 0), cluster.nodes);
}

export class Topology {
  /** Nodes there will ever be: those of the start, then those that join. */
  readonly nodes: number;
  readonly zones: number;
  readonly apiservers: number;
  readonly zoneOf: Int32Array;
  readonly rackOf: Int32Array;
  readonly apiserverOf: Int32Array;
  /** Between a node and its apiserver. */
  readonly controlLatencyNs: Float64Array;
  /** From the control plane to the first node of a zone that can learn anything. */
  readonly zoneLatencyNs: Float64Array;

  private readonly rackNs: number;
  private readonly sameZoneNs: number;
  private readonly regionNs: number;
  /** The least between two nodes of different zones; packets may go by way of an outside client. */
  private readonly betweenZonesNs: number;

  constructor(plan: Plan, nodes: number) {
    const { topology } = plan.cluster;
    this.nodes = nodes;
    this.zones = topology.zones;
    this.apiservers = plan.controlPlane.apiservers;
    this.rackNs = topology.rackLatencyNs;
    this.sameZoneNs = topology.zoneLatencyNs;
    this.regionNs = topology.regionLatencyNs;
    this.betweenZonesNs = plan.traffic.some(({ kind }) => kind !== 'clusterIP')
      ? Math.min(topology.regionLatencyNs, topology.externalLatencyNs)
      : topology.regionLatencyNs;
    this.zoneOf = Int32Array.from({ length: nodes }, (_, node) => node % this.zones);
    this.rackOf = Int32Array.from(
      { length: nodes },
      (_, node) => Math.floor(node / this.zones) % topology.racksPerZone,
    );
    this.apiserverOf = Int32Array.from({ length: nodes }, (_, node) => node % this.apiservers);
    this.controlLatencyNs = Float64Array.from({ length: nodes }, (_, node) =>
      this.apiserverOf[node]! % this.zones === this.zoneOf[node]! ? this.sameZoneNs : this.regionNs,
    );
    this.zoneLatencyNs = new Float64Array(this.zones).fill(
      Math.max(this.sameZoneNs, this.regionNs),
    );
    for (let node = 0; node < nodes; node++) {
      const zone = this.zoneOf[node]!;
      const latency = this.controlLatencyNs[node]!;
      if (latency < this.zoneLatencyNs[zone]!) this.zoneLatencyNs[zone] = latency;
    }
  }

  zoneProcess(zone: number): number {
    return 1 + zone;
  }

  nodeProcess(node: number): number {
    return 1 + this.zones + node;
  }

  nodeOfProcess(process: number): number {
    return process - 1 - this.zones;
  }

  /** One way between two different nodes. */
  latencyNs(from: number, to: number): number {
    if (this.zoneOf[from] !== this.zoneOf[to]) return this.regionNs;
    return this.rackOf[from] === this.rackOf[to] ? this.rackNs : this.sameZoneNs;
  }

  engineOptions(): EngineOptions {
    const groups = 1 + this.zones;
    const groupOf = new Int32Array(1 + this.zones + this.nodes);
    for (let zone = 0; zone < this.zones; zone++) groupOf[this.zoneProcess(zone)] = 1 + zone;
    for (let node = 0; node < this.nodes; node++) {
      groupOf[this.nodeProcess(node)] = 1 + this.zoneOf[node]!;
    }
    const lookaheadNs = new Float64Array(groups * groups);
    for (let from = 0; from < groups; from++) {
      for (let to = 0; to < groups; to++) {
        if (from === to) continue;
        const zone = Math.max(from, to) - 1;
        lookaheadNs[from * groups + to] =
          from === 0 || to === 0 ? this.zoneLatencyNs[zone]! : this.betweenZonesNs;
      }
    }
    return { groupOf, groups, lookaheadNs };
  }
}

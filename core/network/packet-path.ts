/**
 * What each packet of a request costs on the node it passes, and how long until it leaves. A packet visits one
 * core of the node, chosen by its flow (receive-side scaling: cores are independent FIFO stations);
 * what it costs there is hot or cold by how long the core has been idle. Nodes of several classes of
 * proxies have a table of costs each.
 */
import type { Engine } from '../engine/engine.ts';
import { visit } from '../engine/station.ts';
import { ReceiveSideScaling } from '../engine/stations/receive-side-scaling.ts';
import type { HotCold } from '../models/proxy/proxy-model.ts';
import type { Conntrack } from './conntrack.ts';
import type { EndpointPick } from './endpoint-pick.ts';
import type { KubeProxies } from './kube-proxies.ts';
import { coldShare, curveAt, mix, type PacketCosts } from './packet-costs.ts';
import type { Recorder } from './recorder.ts';
import { type FrontEnds, type TrafficEntry, TrafficKind } from './traffic-entries.ts';
import { walkPlace } from './walk-place.ts';

/** Rules that lead to the end of KUBE-EXT: of the Cluster policy, and of the Local one. */
const EXTERNAL_RULES = { cluster: 2, local: 4 } as const;

export interface PacketPathParts {
  readonly engine: Engine;
  readonly recorder: Recorder;
  readonly proxies: Pick<KubeProxies, 'programmedSync'>;
  readonly conntrack: Conntrack;
  readonly frontEnds: FrontEnds;
  /** By class of proxy, and the class of what is in a node's kernel. */
  readonly costs: readonly PacketCosts[];
  readonly classOf: (node: number, nowNs: number) => number;
  readonly coresOf: Int32Array;
}

export class PacketPath {
  private readonly parts: PacketPathParts;
  private readonly cores: ReceiveSideScaling;
  private readonly lastDepartureNs: Float64Array;
  /** The only table there is, if there is only one. */
  private readonly only: PacketCosts | null;

  constructor(parts: PacketPathParts) {
    this.parts = parts;
    this.cores = new ReceiveSideScaling(parts.coresOf);
    this.lastDepartureNs = new Float64Array(this.cores.servers);
    this.only = parts.costs.length === 1 ? parts.costs[0]! : null;
  }

  costsOf(node: number): PacketCosts {
    if (this.only !== null) return this.only;
    const { costs, classOf, engine } = this.parts;
    return costs[classOf(node, engine.nowNs)]!;
  }

  /** A pod's first packet leaves: translation, one end of the path, one hop. How long that takes. */
  firstFromPod(node: number, flow: number, service: number, pick: EndpointPick): number {
    const { engine, recorder, proxies, frontEnds } = this.parts;
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    let shareNs: number;
    if (costs.connect !== null) shareNs = at(costs.connect, cold);
    else {
      let walked = 0;
      if (costs.proxy.walks) {
        const sync = proxies.programmedSync(node, engine.nowNs);
        walked = walkPlace(node, sync, service, frontEnds.addresses);
      }
      shareNs = this.translationNs(costs, node, cold, walked, pick);
    }
    if (recorder.measures(engine.nowNs)) recorder.firstPacketProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + endNs(costs, cold) + hopNs(costs, cold));
  }

  /** A first packet from outside is taken by a node and goes on to its endpoint. How long that takes. */
  firstFromOutside(
    node: number,
    flow: number,
    entry: TrafficEntry,
    place: number,
    pick: EndpointPick,
    masquerades: boolean,
  ): number {
    const { engine, recorder } = this.parts;
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    const walked = costs.proxy.walks ? this.walkedFromOutside(costs, node, entry, place) : 0;
    let shareNs = this.translationNs(costs, node, cold, walked, pick);
    shareNs += at(costs.proxy.external, cold);
    if (masquerades) shareNs += at(costs.proxy.masquerade.newFlow, cold);
    if (recorder.measures(engine.nowNs)) recorder.firstPacketProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + hopNs(costs, cold));
  }

  /** A later packet at the client's node, where the translation is. How long that takes. */
  laterOfPod(node: number, flow: number): number {
    const { engine, recorder } = this.parts;
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    const shareNs = costs.connect !== null ? 0 : at(costs.proxy.established, cold);
    if (recorder.measures(engine.nowNs)) recorder.establishedProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + endNs(costs, cold) + hopNs(costs, cold));
  }

  /** A later packet of an outside client, either way, at the node that took the first. */
  laterFromOutside(node: number, flow: number, masqueraded: boolean): number {
    const { engine, recorder } = this.parts;
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    let shareNs = at(costs.proxy.established, cold);
    if (masqueraded) shareNs += at(costs.proxy.masquerade.established, cold);
    if (recorder.measures(engine.nowNs)) recorder.establishedProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + hopNs(costs, cold));
  }

  /**
   * A first packet reaches the endpoint's node; with `answers` it is answered in the same softirq. If
   * it comes from another node it is a new flow to no Service there: a mode that walks compares it with
   * every front end first.
   */
  firstAtBackend(node: number, flow: number, isRemote: boolean, answers: boolean): number {
    const { conntrack, frontEnds } = this.parts;
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    const packets = answers ? 2 : 1;
    let costNs = packets * endNs(costs, cold);
    if (isRemote) {
      costNs += packets * hopNs(costs, cold) + at(costs.proxy.newFlow, cold);
      if (costs.proxy.walks) costNs += curveAt(costs.walk, frontEnds.addresses, cold);
      costNs += conntrack.insertExtraNs(node, cold);
      if (answers) costNs += at(costs.proxy.established, cold);
    }
    return this.visit(core, costNs);
  }

  /** A later packet at the endpoint's node; on the client's own node only the pod's end is left. */
  laterAtBackend(node: number, flow: number, isRemote: boolean): number {
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    const cold = this.coldShareOf(costs, core);
    const forwardNs = isRemote ? hopNs(costs, cold) + at(costs.proxy.established, cold) : 0;
    return this.visit(core, endNs(costs, cold) + forwardNs);
  }

  /** A packet that is dropped before anything is looked up: it was received. */
  dropped(node: number, flow: number): void {
    const costs = this.costsOf(node);
    const core = this.cores.serverOf(node, flow);
    this.visit(core, endNs(costs, this.coldShareOf(costs, core)));
  }

  private translationNs(
    costs: PacketCosts,
    node: number,
    cold: number,
    walked: number,
    pick: EndpointPick,
  ): number {
    const { proxy } = costs;
    let shareNs = at(proxy.newFlow, cold) + this.parts.conntrack.insertExtraNs(node, cold);
    if (proxy.walks) shareNs += curveAt(costs.walk, walked, cold);
    if (pick.affinityChecks > 0) shareNs += pick.affinityChecks * at(proxy.affinity, cold);
    if (pick.keptByAffinity) return shareNs;
    const evaluated = proxy.selectsLinearly ? pick.chosenIndex + 1 : pick.chosenFrom;
    return shareNs + curveAt(costs.select, evaluated, cold);
  }

  /** Rules before the Service's own chain: KUBE-SERVICES, KUBE-NODEPORTS, KUBE-FW, KUBE-EXT. */
  private walkedFromOutside(
    costs: PacketCosts,
    node: number,
    entry: TrafficEntry,
    place: number,
  ): number {
    const { engine, proxies, frontEnds } = this.parts;
    const service = entry.services[place]!;
    const sync = proxies.programmedSync(node, engine.nowNs);
    const chain = entry.isLocal[place] === 1 ? EXTERNAL_RULES.local : EXTERNAL_RULES.cluster;
    if (entry.kind === TrafficKind.NodePort) {
      const ofPort = walkPlace(node, sync, -1 - service, frontEnds.nodePorts);
      return frontEnds.addresses + 1 + costs.rulesPerNodePort * (ofPort + 1) + chain;
    }
    // The client is in one of the ranges, each as likely.
    const ranges = entry.sourceRanges[place]!;
    const guarded = ranges > 0 ? 1 + walkPlace(node, sync, -1 - service, ranges) : 0;
    return walkPlace(node, sync, service, frontEnds.addresses) + guarded + chain;
  }

  private coldShareOf(costs: PacketCosts, core: number): number {
    const idleNs = this.parts.engine.nowNs - this.lastDepartureNs[core]!;
    return coldShare(costs, Math.max(0, idleNs));
  }

  /** From now until a packet leaves its core; the costs of a visit are summed and rounded once. */
  private visit(core: number, costNs: number): number {
    const { engine, recorder } = this.parts;
    const serviceNs = Math.round(costNs);
    if (recorder.measures(engine.nowNs)) recorder.softirqCpuNs.add(serviceNs);
    return visit(this.lastDepartureNs, core, engine.nowNs, serviceNs) - engine.nowNs;
  }
}

function at({ hotNs, coldNs }: HotCold, cold: number): number {
  return mix(hotNs, coldNs, cold);
}

function endNs(costs: PacketCosts, cold: number): number {
  return mix(costs.endHotNs, costs.endColdNs, cold);
}

function hopNs(costs: PacketCosts, cold: number): number {
  return mix(costs.hopHotNs, costs.hopColdNs, cold);
}

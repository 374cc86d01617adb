/**
 * One request: a pod on some node opens a connection to a Service, sends a request, gets a reply.
 * The client's node translates the Service to an endpoint it sees in its kernel now; whether that
 * endpoint's address still belongs to a living pod is decided at the destination, which owns it.
 *
 * Packets: SYN, SYN-ACK, request (with the handshake's ACK), reply. Each visits a core of a node's
 * CPU, chosen by flow (receive-side scaling: cores are independent FIFO stations), crosses a link
 * if the pods are on different nodes, and wakes the process that waits for it. That makes seven events
 * a request, a packet at a core each; receiving a SYN and answering it is one visit. Not modelled
 * here: NICs and link queues, retransmissions, the application's own time, more than one exchange.
 */
import { assert } from '../assert.ts';
import type { Engine } from '../engine/engine.ts';
import { exponential } from '../engine/samplers.ts';
import { visit } from '../engine/station.ts';
import { ReceiveSideScaling } from '../engine/stations/receive-side-scaling.ts';
import type { Streams } from '../engine/stream.ts';
import type { Addresses } from './addresses.ts';
import { EventKind } from './event-kind.ts';
import type { Inventory } from './inventory.ts';
import type { KubeProxies } from './kube-proxies.ts';
import { coldShare, curveAt, mix, type PacketCosts } from './packet-costs.ts';
import { Phase, type Pods } from './pods.ts';
import { FailureCause, type Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import type { Topology } from './topology.ts';
import { VisibleEndpoints } from './visible-endpoints.ts';
import { walkPlace } from './walk-place.ts';

/** Bits of `Pods.hit`. */
export const HIT_DEAD = 1;
export const HIT_SUCCESSOR = 2;

const SUCCESS = -1;
const NONE = -1;

/** What a traffic entry reaches and how often each node starts a request. */
export interface TrafficEntry {
  readonly services: Int32Array;
  readonly gapNs: number;
}

export interface RequestParts {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly topology: Topology;
  readonly pods: Pods;
  readonly addresses: Addresses;
  readonly inventory: Inventory;
  readonly log: SliceLog;
  readonly proxies: KubeProxies;
  readonly recorder: Recorder;
  readonly costs: PacketCosts;
  readonly coresOf: Int32Array;
  readonly traffic: readonly TrafficEntry[];
  /** Stream of a node for an entry's arrivals, and one for its choices; made when first needed. */
  readonly arrivals: (node: number, entry: number) => number;
  readonly choices: (node: number) => number;
}

/** Number that chooses a flow's core on the backend's node. */
function backendFlow(slot: number, pod: number): number {
  return (Math.imul(slot, 0x9e3779b1) ^ Math.imul(pod, 0x85ebca6b)) >>> 1;
}

export class Requests {
  private readonly parts: RequestParts;
  private readonly visible: VisibleEndpoints;
  private readonly cores: ReceiveSideScaling;
  private readonly lastDepartureNs: Float64Array;
  private readonly arrivalStream: Int32Array;
  private readonly choiceStream: Int32Array;
  private readonly flows: Int32Array;
  /** By slot (`slot mod nodes` is the client's node); slots are reused, the last one freed first. */
  private startNs = new Float64Array(0);
  private target = new Int32Array(0);
  private backend = new Int32Array(0);
  private flowOf = new Int32Array(0);
  /** Next free slot of the same node. */
  private nextFree = new Int32Array(0);
  private readonly freeSlot: Int32Array;
  private readonly slotsOf: Int32Array;
  private slotsTaken = 0;

  constructor(parts: RequestParts) {
    const { topology, coresOf, traffic } = parts;
    this.parts = parts;
    this.visible = new VisibleEndpoints(parts.log, parts.proxies);
    this.cores = new ReceiveSideScaling(coresOf);
    this.lastDepartureNs = new Float64Array(this.cores.servers);
    this.arrivalStream = new Int32Array(topology.nodes * traffic.length).fill(-1);
    this.choiceStream = new Int32Array(topology.nodes).fill(-1);
    this.flows = new Int32Array(topology.nodes);
    this.slotsOf = new Int32Array(topology.nodes);
    this.freeSlot = new Int32Array(topology.nodes).fill(NONE);
  }

  /** Starts all traffic of a node: before the run (null), or once its proxy is ready. */
  startNode(node: number, readyNs: number | null): void {
    const { engine, topology, traffic } = this.parts;
    for (let entry = 0; entry < traffic.length; entry++) {
      if (traffic[entry]!.services.length === 0) continue;
      const gapNs = this.nextGapNs(node, entry);
      if (readyNs === null) {
        engine.start(topology.nodeProcess(node), gapNs, EventKind.RequestStart, entry, 0);
      } else {
        engine.schedule(readyNs - engine.nowNs + gapNs, EventKind.RequestStart, entry, 0);
      }
    }
  }

  requestStart(node: number, entry: number): void {
    const { engine, streams, recorder, traffic } = this.parts;
    const { nowNs } = engine;
    if (nowNs >= recorder.toNs) return;
    engine.schedule(this.nextGapNs(node, entry), EventKind.RequestStart, entry, 0);
    recorder.requestStarted(nowNs);
    this.parts.proxies.advance(node, nowNs);
    const choices = this.choiceOf(node);
    const { services } = traffic[entry]!;
    const service = services[streams.below(choices, services.length)]!;
    const u = streams.uniform(choices);
    const endpoint = this.visible.pick(node, service, nowNs, u);
    if (endpoint < 0) {
      recorder.requestFailed(nowNs, FailureCause.NoEndpoints);
      return;
    }
    const backend = this.parts.pods.node[endpoint]!;
    const slot = this.takeSlot(node);
    this.startNs[slot] = nowNs;
    this.target[slot] = endpoint;
    this.backend[slot] = backend;
    this.flowOf[slot] = this.flows[node]!++;
    const sentNs = this.firstPacket(node, slot, service);
    this.deliver(node, backend, sentNs - nowNs, EventKind.SynAtBackend, slot, endpoint);
  }

  /** The SYN is received and answered in one softirq, without waking anybody. */
  synAtBackend(node: number, slot: number, pod: number): void {
    const { engine, costs, proxies, pods } = this.parts;
    const client = this.clientOf(slot);
    const cause = this.outcome(node, pod);
    const core = this.cores.serverOf(node, backendFlow(slot, pod));
    const cold = this.coldShareOf(core);
    let costNs = 2 * this.endNs(cold);
    if (client !== node) {
      // A new flow to no Service: a mode that walks compares it with every Service first.
      const { newFlow } = costs.proxy;
      costNs += 2 * this.hopNs(cold) + mix(newFlow.hotNs, newFlow.coldNs, cold);
      if (costs.proxy.walks) costNs += curveAt(costs.walk, proxies.servicePorts, cold);
      costNs += this.establishedNs(cold);
    }
    const delayNs = this.visit(core, costNs) - engine.nowNs;
    if (cause === SUCCESS) {
      this.deliver(node, client, delayNs, EventKind.SynAckAtClient, slot, 0);
    } else {
      pods.hit[pod]! |= cause === FailureCause.Misdelivered ? HIT_SUCCESSOR : HIT_DEAD;
      this.deliver(node, client, delayNs, EventKind.FailureAtClient, slot, cause);
    }
  }

  synAckAtClient(node: number, slot: number): void {
    const { engine, costs } = this.parts;
    const delayNs = this.clientPacket(node, slot) - engine.nowNs + costs.wakeUpNs;
    engine.schedule(delayNs, EventKind.RequestSend, slot, 0);
  }

  requestSend(node: number, slot: number): void {
    const delayNs = this.clientPacket(node, slot) - this.parts.engine.nowNs;
    const pod = this.target[slot]!;
    this.deliver(node, this.backend[slot]!, delayNs, EventKind.RequestAtBackend, slot, pod);
  }

  requestAtBackend(node: number, slot: number, pod: number): void {
    const { engine, costs, pods } = this.parts;
    const delayNs = this.backendPacket(node, slot, pod) - engine.nowNs;
    const cause = this.outcome(node, pod);
    if (cause === SUCCESS) {
      engine.schedule(delayNs + costs.wakeUpNs, EventKind.ReplySend, slot, pod);
    } else {
      pods.hit[pod]! |= cause === FailureCause.Misdelivered ? HIT_SUCCESSOR : HIT_DEAD;
      this.deliver(node, this.clientOf(slot), delayNs, EventKind.FailureAtClient, slot, cause);
    }
  }

  replySend(node: number, slot: number, pod: number): void {
    const delayNs = this.backendPacket(node, slot, pod) - this.parts.engine.nowNs;
    this.deliver(node, this.clientOf(slot), delayNs, EventKind.ReplyAtClient, slot, 0);
  }

  replyAtClient(node: number, slot: number): void {
    const { recorder, costs } = this.parts;
    const endNs = this.clientPacket(node, slot) + costs.wakeUpNs;
    recorder.requestSucceeded(this.startNs[slot]!, endNs, this.backend[slot] === node);
    this.releaseSlot(node, slot);
  }

  failureAtClient(node: number, slot: number, cause: number): void {
    this.clientPacket(node, slot);
    this.parts.recorder.requestFailed(this.startNs[slot]!, cause);
    this.releaseSlot(node, slot);
  }

  /** Requests that have neither ended nor failed yet. */
  inFlight(): number {
    return this.slotsTaken;
  }

  /** The SYN leaves: translation, one end of the path, one hop. Returns its departure. */
  private firstPacket(node: number, slot: number, service: number): number {
    const { engine, costs, proxies, recorder } = this.parts;
    const { proxy } = costs;
    const core = this.cores.serverOf(node, this.flowOf[slot]!);
    const cold = this.coldShareOf(core);
    let shareNs = mix(proxy.newFlow.hotNs, proxy.newFlow.coldNs, cold);
    if (proxy.walks) {
      const sync = proxies.programmedSync(node, engine.nowNs);
      const place = walkPlace(node, sync, service, proxies.servicePorts);
      shareNs += curveAt(costs.walk, place, cold);
    }
    const { chosenFrom, chosenIndex } = this.visible;
    const evaluated = proxy.selectsLinearly ? chosenIndex + 1 : chosenFrom;
    shareNs += curveAt(costs.select, evaluated, cold);
    if (recorder.measures(engine.nowNs)) recorder.firstPacketProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + this.endNs(cold) + this.hopNs(cold));
  }

  /** A later packet at the client's node, where the translation is. Returns its departure. */
  private clientPacket(node: number, slot: number): number {
    const { engine, recorder } = this.parts;
    const core = this.cores.serverOf(node, this.flowOf[slot]!);
    const cold = this.coldShareOf(core);
    const shareNs = this.establishedNs(cold);
    if (recorder.measures(engine.nowNs)) recorder.establishedProxy.record(Math.round(shareNs));
    return this.visit(core, shareNs + this.endNs(cold) + this.hopNs(cold));
  }

  /** A later packet at the backend's node; on the client's own node only the pod's end is left. */
  private backendPacket(node: number, slot: number, pod: number): number {
    const core = this.cores.serverOf(node, backendFlow(slot, pod));
    const cold = this.coldShareOf(core);
    const forwardNs =
      this.clientOf(slot) === node ? 0 : this.hopNs(cold) + this.establishedNs(cold);
    return this.visit(core, this.endNs(cold) + forwardNs);
  }

  private clientOf(slot: number): number {
    return slot % this.parts.topology.nodes;
  }

  private endNs(cold: number): number {
    return mix(this.parts.costs.endHotNs, this.parts.costs.endColdNs, cold);
  }

  private hopNs(cold: number): number {
    return mix(this.parts.costs.hopHotNs, this.parts.costs.hopColdNs, cold);
  }

  private establishedNs(cold: number): number {
    const { established } = this.parts.costs.proxy;
    return mix(established.hotNs, established.coldNs, cold);
  }

  private coldShareOf(core: number): number {
    const idleNs = this.parts.engine.nowNs - this.lastDepartureNs[core]!;
    return coldShare(this.parts.costs, Math.max(0, idleNs));
  }

  /** One visit to a core; the costs of a visit are summed and rounded once. */
  private visit(core: number, costNs: number): number {
    const { engine, recorder } = this.parts;
    const serviceNs = Math.round(costNs);
    if (recorder.measures(engine.nowNs)) recorder.softirqCpuNs.add(serviceNs);
    return visit(this.lastDepartureNs, core, engine.nowNs, serviceNs);
  }

  /** What a packet for `pod` meets at its address. A pod of the same Service answers as well. */
  private outcome(node: number, pod: number): number {
    const { pods, addresses, inventory } = this.parts;
    // A pod holds its address as long as it is Ready.
    if (pods.phase[pod] === Phase.Ready) return SUCCESS;
    const owner = addresses.ownerOf(node, pods.address[pod]!);
    if (owner < 0) return FailureCause.DeadEndpoint;
    const isMeant =
      owner === pod || inventory.shareService(pods.workload[owner]!, pods.workload[pod]!);
    if (!isMeant) return FailureCause.Misdelivered;
    return pods.phase[owner] === Phase.Ready ? SUCCESS : FailureCause.DeadEndpoint;
  }

  private deliver(
    node: number,
    to: number,
    delayNs: number,
    kind: number,
    slot: number,
    b: number,
  ): void {
    const { engine, topology } = this.parts;
    if (to === node) {
      engine.schedule(delayNs, kind, slot, b);
    } else {
      engine.send(topology.nodeProcess(to), delayNs + topology.latencyNs(node, to), kind, slot, b);
    }
  }

  private takeSlot(node: number): number {
    this.slotsTaken++;
    const free = this.freeSlot[node]!;
    if (free !== NONE) {
      this.freeSlot[node] = this.nextFree[free]!;
      return free;
    }
    const { nodes } = this.parts.topology;
    const slot = this.slotsOf[node]!++ * nodes + node;
    assert(
      slot < 2 ** 31,
      `node ${node} has ${this.slotsOf[node]} requests in flight, more than can be numbered: lower its rate`,
    );
    if (slot >= this.startNs.length) this.growSlots(slot + nodes);
    return slot;
  }

  private releaseSlot(node: number, slot: number): void {
    this.slotsTaken--;
    this.nextFree[slot] = this.freeSlot[node]!;
    this.freeSlot[node] = slot;
  }

  private growSlots(slots: number): void {
    const length = Math.max(slots, 2 * this.startNs.length);
    const startNs = new Float64Array(length);
    startNs.set(this.startNs);
    this.startNs = startNs;
    for (const name of ['target', 'backend', 'flowOf', 'nextFree'] as const) {
      const wider = new Int32Array(length);
      wider.set(this[name]);
      this[name] = wider;
    }
  }

  private nextGapNs(node: number, entry: number): number {
    const at = node * this.parts.traffic.length + entry;
    if (this.arrivalStream[at]! < 0) {
      this.arrivalStream[at] = this.parts.arrivals(node, entry);
    }
    const stream = this.arrivalStream[at]!;
    return Math.round(exponential(this.parts.streams, stream) * this.parts.traffic[entry]!.gapNs);
  }

  private choiceOf(node: number): number {
    if (this.choiceStream[node]! < 0) this.choiceStream[node] = this.parts.choices(node);
    return this.choiceStream[node]!;
  }
}

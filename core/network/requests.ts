/**
 * One request: a client opens a connection to a Service, sends a request, gets a reply. A node
 * translates the Service to an endpoint it has in its kernel now: the client's own node, or for an
 * outside client the one its packets come to. Whether that endpoint's address still belongs to a living
 * pod is decided at the destination, which owns it.
 *
 * Packets: SYN, SYN-ACK, request (with the handshake's ACK), reply; with UDP the last two. Each visits a
 * core of a node's CPU (`packet-path.ts`), crosses a link if it goes to another node, and wakes the
 * process that waits for it. That makes seven events a request, a packet at a core each; receiving a SYN
 * and answering it is one visit. What comes after the reply is in `connections.ts`. Not modelled: NICs
 * and link queues, the application's own time, CPU time of outside clients, more than one exchange.
 */
import type { Engine } from '../engine/engine.ts';
import type { Addresses } from './addresses.ts';
import { Connections } from './connections.ts';
import type { Conntrack } from './conntrack.ts';
import type { EndpointPick, PickRequest } from './endpoint-pick.ts';
import { EndpointSide } from './endpoint-side.ts';
import { EventKind } from './event-kind.ts';
import { firstStateAtClient } from './flow-states.ts';
import type { Inventory } from './inventory.ts';
import type { KubeProxies } from './kube-proxies.ts';
import { PacketLinks } from './packet-links.ts';
import type { PacketPath } from './packet-path.ts';
import type { Pods } from './pods.ts';
import { FailureCause, type Recorder } from './recorder.ts';
import type { RequestArrivals } from './request-arrivals.ts';
import { held, RequestFlag, RequestTable, towards } from './request-table.ts';
import type { SnatPorts } from './snat-ports.ts';
import { StaleFlows } from './stale-flows.ts';
import type { Topology } from './topology.ts';
import { type TrafficEntry, TrafficKind } from './traffic-entries.ts';
import type { UdpCleanUp } from './udp-clean-up.ts';

const NONE = -1;
const NO_ENDPOINT = -1;

export interface RequestParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly pods: Pods;
  readonly addresses: Addresses;
  readonly inventory: Inventory;
  readonly proxies: KubeProxies;
  readonly recorder: Recorder;
  readonly traffic: readonly TrafficEntry[];
  readonly path: PacketPath;
  readonly pick: EndpointPick;
  readonly arrivals: RequestArrivals;
  readonly conntrack: Conntrack;
  readonly snatPorts: SnatPorts;
  readonly cleanUp: UdpCleanUp;
  readonly wakeUpNs: number;
  /** From any node to an outside client, one way. */
  readonly externalNs: number;
  /** How long a client waits for the answer to its first SYN, and how often it sends another. */
  readonly initialRtoNs: number;
  readonly synRetries: number;
}

export class Requests {
  readonly connections: Connections;
  readonly endpoints: EndpointSide;
  readonly stale: StaleFlows;
  private readonly links: PacketLinks;
  private readonly parts: RequestParts;
  private readonly table: RequestTable;
  private readonly flows: Int32Array;
  private readonly asked: PickRequest = {
    node: 0,
    service: 0,
    nowNs: 0,
    u: 0,
    isLocal: false,
    takesTurns: false,
    server: 0,
    affinityNs: 0,
  };

  constructor(parts: RequestParts) {
    const { nodes } = parts.topology;
    this.parts = parts;
    this.table = new RequestTable(nodes);
    this.links = new PacketLinks(parts.engine, parts.topology, parts.externalNs);
    this.connections = new Connections(parts, this.table, this.links);
    this.endpoints = new EndpointSide(parts, this.links, this.connections);
    this.stale = new StaleFlows(parts, this.table, this.links, this.connections, this);
    this.flows = new Int32Array(nodes);
  }

  /** Starts all traffic of a node: before the run (null), or once its proxy is ready. */
  startNode(node: number, readyNs: number | null): void {
    this.parts.arrivals.startNode(node, readyNs);
  }

  requestStart(node: number, entry: number): void {
    const { arrivals, proxies, engine } = this.parts;
    if (!arrivals.next(node, entry)) return;
    proxies.advance(node, engine.nowNs);
    const place = arrivals.choosePlace(node, entry);
    if (arrivals.isBalanced(entry, place) && arrivals.tryNode(node, entry, place, 0)) return;
    this.begin(node, entry, place);
  }

  /** A load balancer has sent a request to this node. */
  requestBalanced(node: number, entry: number, b: number): void {
    const { arrivals, proxies, engine } = this.parts;
    proxies.advance(node, engine.nowNs);
    const place = arrivals.balanced(node, entry, b);
    if (place >= 0) this.begin(node, entry, place);
  }

  synAckAtClient(node: number, slot: number): void {
    const { engine, wakeUpNs, externalNs } = this.parts;
    const delayNs = this.clientPacket(node, slot);
    const waitNs = this.isExternal(slot) ? 2 * externalNs : wakeUpNs;
    engine.schedule(delayNs + waitNs, EventKind.RequestSend, slot, 0);
  }

  requestSend(node: number, slot: number): void {
    const delayNs = this.clientPacket(node, slot);
    const backend = this.table.backend[slot]!;
    this.links.deliver(
      node,
      backend,
      delayNs,
      EventKind.RequestAtBackend,
      slot,
      this.table.message[slot]!,
    );
  }

  replyAtClient(node: number, slot: number, connection: number): void {
    const { recorder, engine, wakeUpNs, externalNs } = this.parts;
    const { table } = this;
    const flags = table.flags[slot]!;
    let endNs: number;
    if ((flags & RequestFlag.Direct) !== 0) endNs = engine.nowNs;
    else if (this.isExternal(slot))
      endNs = engine.nowNs + this.clientPacket(node, slot) + externalNs;
    else endNs = engine.nowNs + this.clientPacket(node, slot) + wakeUpNs;
    if ((flags & RequestFlag.Open) !== 0) return this.stale.recovered(node, slot, connection);
    const startNs = table.startNs[slot]!;
    const { zoneOf } = this.parts.topology;
    if (zoneOf[table.backend[slot]!] !== zoneOf[node]) recorder.zoneCrossed(startNs);
    if ((flags & RequestFlag.External) === 0) {
      recorder.requestAnswered(startNs, endNs, table.backend[slot] === node);
    } else {
      const { kind } = this.parts.traffic[table.entry[slot]!]!;
      const isKept = (flags & RequestFlag.Masqueraded) === 0;
      recorder.externalAnswered(startNs, endNs, kind === TrafficKind.NodePort, isKept);
    }
    if (connection !== NONE) return this.connections.keep(node, slot, connection, endNs);
    recorder.requestEnded();
    this.connections.closeEntry(node, slot, false);
    this.table.slots.release(slot);
  }

  failureAtClient(node: number, slot: number, cause: number): void {
    const flags = this.table.flags[slot]!;
    if ((flags & RequestFlag.Direct) === 0) this.clientPacket(node, slot);
    if ((flags & RequestFlag.Open) !== 0) return this.stale.answered(node, slot, cause);
    this.connections.closeEntry(node, slot, true);
    this.fail(slot, cause);
  }

  /** The endpoint's node has dropped the SYN: no answer comes. */
  synLost(node: number, slot: number): void {
    this.sendAgain(node, slot, FailureCause.ConntrackFull);
  }

  /** The client sends its SYN again. */
  synAgain(node: number, slot: number): void {
    const { engine, proxies, conntrack } = this.parts;
    const { table } = this;
    const message = table.message[slot]!;
    const { nowNs } = engine;
    if (message !== NONE) {
      // The node has translated the flow already.
      const sinceNs = table.sinceNs[slot]!;
      const state = firstStateAtClient(message);
      if (conntrack.change(node, state, sinceNs, state)) {
        table.sinceNs[slot] = nowNs;
        const delayNs = this.clientPacket(node, slot);
        const backend = table.backend[slot]!;
        return this.links.deliver(node, backend, delayNs, EventKind.SynAtBackend, slot, message);
      }
      // Its entry was evicted: the SYN is a new flow's.
      this.connections.deleteEntry(node, slot);
    }
    proxies.advance(node, nowNs);
    const endpoint = this.choose(node, table.entry[slot]!, table.place[slot]!);
    if (endpoint === NO_ENDPOINT) {
      this.fail(slot, this.causeWithout(node, table.entry[slot]!, table.place[slot]!));
    } else {
      this.send(node, slot, endpoint);
    }
  }

  /** The longest that a request may wait for its answer: SYNs are sent again, one round trip after another. */
  get patienceNs(): number {
    return this.parts.initialRtoNs * 2 ** (this.parts.synRetries + 1);
  }

  /** Requests that have neither ended nor failed yet, connections that stay open included. */
  inFlight(): number {
    return this.table.slots.taken - this.connections.over;
  }

  /** Requests that have neither been answered nor failed yet. */
  unanswered(): number {
    return this.inFlight() - this.connections.open;
  }

  /** A packet of an open UDP flow that has no entry is a new one's. */
  translate(node: number, slot: number): number {
    const { table } = this;
    const entry = table.entry[slot]!;
    const endpoint = this.choose(node, entry, table.place[slot]!);
    if (endpoint === NO_ENDPOINT) return this.causeWithout(node, entry, table.place[slot]!);
    this.send(node, slot, endpoint);
    return NONE;
  }

  /** A request starts; of an outside client, its first packet has come to `node`. */
  private begin(node: number, entry: number, place: number): void {
    const { engine, recorder, traffic, externalNs } = this.parts;
    const isInternal = traffic[entry]!.kind === TrafficKind.ClusterIP;
    const startNs = isInternal ? engine.nowNs : engine.nowNs - externalNs;
    recorder.requestStarted(startNs);
    const endpoint = this.choose(node, entry, place);
    if (endpoint === NO_ENDPOINT) {
      recorder.requestFailed(startNs, this.causeWithout(node, entry, place));
      return;
    }
    const { table } = this;
    const slot = table.take(node);
    table.startNs[slot] = startNs;
    table.entry[slot] = entry;
    table.place[slot] = place;
    table.flow[slot] = this.flows[node]!++;
    if (!isInternal) table.flags[slot] = RequestFlag.External;
    this.send(node, slot, endpoint);
  }

  private choose(node: number, entry: number, place: number): number {
    const { arrivals, engine, path, pick, traffic } = this.parts;
    const { kind, services, isLocal, affinityNs } = traffic[entry]!;
    const { asked } = this;
    asked.node = node;
    asked.service = services[place]!;
    asked.nowNs = engine.nowNs;
    asked.u = arrivals.choose(node);
    asked.isLocal = isLocal[place] === 1;
    asked.takesTurns = path.costsOf(node).proxy.pick === 'roundRobin';
    asked.server = asked.service * 4 + kind;
    asked.affinityNs = kind === TrafficKind.ClusterIP ? affinityNs[place]! : 0;
    return pick.pick(asked);
  }

  /** Packets without an endpoint are rejected; those without one on this node are dropped. */
  private causeWithout(node: number, entry: number, place: number): number {
    const { engine, pick, traffic } = this.parts;
    const { services, isLocal } = traffic[entry]!;
    if (isLocal[place] === 0) return FailureCause.NoEndpoints;
    return pick.hasEndpoint(node, services[place]!, engine.nowNs)
      ? FailureCause.NoLocalEndpoint
      : FailureCause.NoEndpoints;
  }

  /** A new flow is translated, and its first packet leaves. */
  private send(node: number, slot: number, endpoint: number): void {
    const { engine, pods, path, pick, traffic, conntrack } = this.parts;
    const { table } = this;
    const { nowNs } = engine;
    const entry = traffic[table.entry[slot]!]!;
    const backend = pods.node[endpoint]!;
    table.backend[slot] = backend;
    table.sinceNs[slot] = nowNs;
    const place = table.place[slot]!;
    const flow = table.flow[slot]!;
    const isExternal = this.isExternal(slot);
    if (isExternal) {
      table.flags[slot]! &= ~(RequestFlag.Masqueraded | RequestFlag.Direct);
      table.flags[slot]! |= this.externalFlags(node, backend, entry, place);
    }
    const flags = table.flags[slot]!;
    const isDirect = (flags & RequestFlag.Direct) !== 0;
    let message = towards(endpoint, isDirect, entry.lifetime !== null, entry.isUdp);
    const { usedEveryNs } = entry;
    if (usedEveryNs > 0 && conntrack.isHeldBy(node, usedEveryNs, entry.isUdp)) {
      message = held(message);
    }
    table.message[slot] = message;
    const state = firstStateAtClient(message);
    if (!conntrack.open(node, state)) {
      path.dropped(node, flow);
      return this.dropped(node, slot, entry, FailureCause.ConntrackFull);
    }
    const masquerades = (flags & RequestFlag.Masqueraded) !== 0;
    if (masquerades && !this.takePort(node, slot, endpoint)) {
      conntrack.removeNewest(node, state);
      return this.dropped(node, slot, entry, FailureCause.SnatPortsExhausted);
    }
    const delayNs = isExternal
      ? path.firstFromOutside(node, flow, entry, place, pick, masquerades)
      : path.firstFromPod(node, flow, entry.services[place]!, pick);
    const kind = entry.isUdp ? EventKind.DatagramAtBackend : EventKind.SynAtBackend;
    this.links.deliver(node, backend, delayNs, kind, slot, message);
  }

  private externalFlags(
    node: number,
    backend: number,
    { isLocal, isUdp }: TrafficEntry,
    place: number,
  ): number {
    const { External, Masqueraded, Direct } = RequestFlag;
    if (isLocal[place] === 1) return External;
    const { proxy, repliesDirectly } = this.parts.path.costsOf(node);
    if (backend === node) return proxy.masquerade.remoteOnly ? External : External | Masqueraded;
    const direct = isUdp ? repliesDirectly.udp : repliesDirectly.tcp;
    return External | (direct ? Direct : Masqueraded);
  }

  private takePort(node: number, slot: number, pod: number): boolean {
    const { arrivals, conntrack, engine, snatPorts } = this.parts;
    if (!conntrack.tracks(node)) return true;
    if (!snatPorts.take(node, pod, engine.nowNs, arrivals.choose(node))) return false;
    this.table.flags[slot]! |= RequestFlag.HasPort;
    return true;
  }

  /** The first packet got no further than the node that translates. */
  private dropped(node: number, slot: number, { isUdp }: TrafficEntry, cause: number): void {
    this.table.message[slot] = NONE;
    const isOpen = (this.table.flags[slot]! & RequestFlag.Open) !== 0;
    if (isOpen) this.stale.answered(node, slot, cause);
    else if (isUdp) this.fail(slot, cause);
    else this.sendAgain(node, slot, cause);
  }

  /** The n-th SYN after the first goes out (2^n - 1) time-outs after it (RFC 6298). */
  private sendAgain(node: number, slot: number, cause: number): void {
    const { engine, externalNs, initialRtoNs, synRetries } = this.parts;
    const { table } = this;
    const attempt = ++table.attempts[slot]!;
    if (attempt > synRetries) {
      if (table.message[slot] !== NONE) this.connections.closeEntry(node, slot, true);
      return this.fail(slot, cause);
    }
    const wayNs = this.isExternal(slot) ? externalNs : 0;
    const againNs = table.startNs[slot]! + wayNs + initialRtoNs * (2 ** attempt - 1);
    engine.schedule(Math.max(0, againNs - engine.nowNs), EventKind.SynAgain, slot, 0);
  }

  private fail(slot: number, cause: number): void {
    this.parts.recorder.requestFailed(this.table.startNs[slot]!, cause);
    this.table.slots.release(slot);
  }

  /** A later packet at the node that translates. How long that takes. */
  clientPacket(node: number, slot: number): number {
    const { path } = this.parts;
    const { table } = this;
    const flow = table.flow[slot]!;
    if (!this.isExternal(slot)) return path.laterOfPod(node, flow);
    return path.laterFromOutside(node, flow, (table.flags[slot]! & RequestFlag.Masqueraded) !== 0);
  }

  private isExternal(slot: number): boolean {
    return (this.table.flags[slot]! & RequestFlag.External) !== 0;
  }
}

/**
 * Connections that outlive their endpoint, at the node that translates them. A UDP client hears nothing
 * and goes on sending: its packets follow the entry of the flow to the old address, to nobody or to the
 * address's next owner, until kube-proxy has cleaned the entry up; the next packet then is a new flow's.
 * A TCP client that looks at its connection only when it uses it leaves it half closed (CLOSE_WAIT), and
 * learns from its next packet. A connection has failed when its first packet is lost; of several causes
 * misdelivery counts. Packets are simulated from the endpoint's end until the flow has another.
 */
import type { Connections } from './connections.ts';
import { FlowState } from './conntrack.ts';
import { EventKind } from './event-kind.ts';
import type { PacketLinks } from './packet-links.ts';
import { FailureCause } from './recorder.ts';
import { isUdp, podOf, RequestFlag, type RequestTable } from './request-table.ts';
import type { RequestParts } from './requests.ts';
import { TrafficKind } from './traffic-entries.ts';

const NONE = -1;

/** What the node does with a flow that it has no entry of. */
export interface Translation {
  /** Sends the first packet to an endpoint, or fails and says why; -1 when it is under way. */
  translate(node: number, slot: number): number;
  /** A further packet's way through the node. */
  clientPacket(node: number, slot: number): number;
}

export class StaleFlows {
  private readonly parts: RequestParts;
  private readonly table: RequestTable;
  private readonly links: PacketLinks;
  private readonly connections: Connections;
  private readonly translation: Translation;

  constructor(
    parts: RequestParts,
    table: RequestTable,
    links: PacketLinks,
    connections: Connections,
    translation: Translation,
  ) {
    this.parts = parts;
    this.table = table;
    this.links = links;
    this.connections = connections;
    this.translation = translation;
  }

  /** The endpoint of a connection has ended; a client that notices is told. */
  endpointEnded(node: number, slot: number, connection: number): void {
    const { table } = this;
    if (!this.connections.isOpen(slot, connection)) return;
    if (this.usedEveryNs(slot) === 0) return this.connections.reset(node, slot);
    table.flags[slot]! |= RequestFlag.Stale;
    if (!isUdp(table.message[slot]!)) this.connections.halfClose(node, slot);
    if ((table.flags[slot]! & RequestFlag.Using) !== 0) return;
    table.flags[slot]! |= RequestFlag.Using;
    this.scheduleUse(slot);
  }

  /** The client uses a connection whose endpoint has ended, unless it has another by now. */
  use(node: number, slot: number, flow: number): void {
    const { table } = this;
    const flags = table.flags[slot]!;
    if (table.flow[slot] !== flow || (flags & RequestFlag.Using) === 0) return;
    if ((flags & RequestFlag.Stale) === 0) {
      table.flags[slot] = flags & ~RequestFlag.Using;
      return;
    }
    this.scheduleUse(slot);
    if ((flags & RequestFlag.Pending) !== 0) return;
    table.flags[slot] = flags | RequestFlag.Pending;
    if (this.hasEntry(node, slot)) {
      const delayNs = this.translation.clientPacket(node, slot);
      const message = table.message[slot]!;
      if (isUdp(message)) this.refresh(node, slot);
      const kind = EventKind.StaleAtBackend;
      this.links.deliver(node, table.backend[slot]!, delayNs, kind, slot, message);
      return;
    }
    if (table.message[slot] !== NONE && !isUdp(table.message[slot]!)) {
      // A packet in the middle of a TCP connection that nobody knows of.
      return this.answered(node, slot, FailureCause.Reset);
    }
    if (table.message[slot] !== NONE) this.connections.deleteEntry(node, slot);
    const cause = this.translation.translate(node, slot);
    if (cause !== NONE) this.answered(node, slot, cause);
  }

  /** What has become of the client's packet: -1, or why it was lost. */
  answered(node: number, slot: number, cause: number): void {
    const { connections, table } = this;
    const message = table.message[slot]!;
    table.flags[slot]! &= ~RequestFlag.Pending;
    if (cause !== NONE) connections.fail(slot, cause);
    if (message !== NONE && !isUdp(message)) {
      connections.closeEntry(node, slot, cause !== FailureCause.DeadEndpoint);
      table.flags[slot]! &= ~RequestFlag.Stale;
      table.message[slot] = NONE;
    } else if (message !== NONE && cause === FailureCause.ConntrackFull) {
      connections.deleteEntry(node, slot);
    }
    if ((table.flags[slot]! & RequestFlag.Closing) !== 0) connections.close(node, slot);
  }

  /** A new endpoint has taken the flow. */
  recovered(node: number, slot: number, connection: number): void {
    const { connections, table } = this;
    table.flags[slot]! &= ~(RequestFlag.Pending | RequestFlag.Stale);
    table.connection[slot] = connection;
    connections.hold(node, slot);
    if ((table.flags[slot]! & RequestFlag.Closing) !== 0) connections.close(node, slot);
  }

  /** Whether the node still sends the flow's packets where it did. */
  private hasEntry(node: number, slot: number): boolean {
    const { cleanUp, conntrack, engine, proxies, traffic } = this.parts;
    const { table } = this;
    const message = table.message[slot]!;
    if (message === NONE) return false;
    const sinceNs = table.sinceNs[slot]!;
    if (!isUdp(message)) return conntrack.lives(node, FlowState.CloseWait, sinceNs);
    const isHeld = (table.flags[slot]! & RequestFlag.Held) !== 0;
    if (!isHeld && !conntrack.lives(node, FlowState.UdpUnreplied, sinceNs)) return false;
    proxies.advance(node, engine.nowNs);
    const { kind, services } = traffic[table.entry[slot]!]!;
    const service = services[table.place[slot]!]!;
    const isNodePort = kind === TrafficKind.NodePort;
    return cleanUp.keeps(node, service, isNodePort, podOf(message), engine.nowNs);
  }

  /** A packet starts the time-out of a UDP flow's entry anew. */
  private refresh(node: number, slot: number): void {
    const { conntrack, engine } = this.parts;
    const { table } = this;
    if ((table.flags[slot]! & RequestFlag.Held) !== 0) return;
    const { UdpUnreplied } = FlowState;
    conntrack.change(node, UdpUnreplied, table.sinceNs[slot]!, UdpUnreplied);
    table.sinceNs[slot] = engine.nowNs;
  }

  /** The client uses its connection at whole intervals from its start on. */
  private scheduleUse(slot: number): void {
    const { engine } = this.parts;
    const { table } = this;
    const gapNs = this.usedEveryNs(slot);
    const waitNs = gapNs - ((engine.nowNs - table.startNs[slot]!) % gapNs);
    engine.schedule(waitNs, EventKind.ConnectionUse, slot, table.flow[slot]!);
  }

  private usedEveryNs(slot: number): number {
    return this.parts.traffic[this.table.entry[slot]!]!.usedEveryNs;
  }
}

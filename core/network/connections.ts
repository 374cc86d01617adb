/**
 * Connections after their first exchange: they stay open for their lifetime, and are reset when the
 * endpoint's process ends before: its kernel tells the client at once. Clients that hear nothing or do
 * not listen are in `stale-flows.ts`. Resetting costs a packet at both nodes, closing none. Also what
 * becomes of the flow's entries in the connection tracking of both nodes.
 */
import { FlowState } from './conntrack.ts';
import { EventKind } from './event-kind.ts';
import { firstStateAtClient } from './flow-states.ts';
import { OpenConnections } from './open-connections.ts';
import type { PacketLinks } from './packet-links.ts';
import { Phase } from './pods.ts';
import { FailureCause } from './recorder.ts';
import {
  backendFlow,
  isDirect,
  isHeld,
  isUdp,
  podOf,
  RequestFlag,
  type RequestTable,
  staysOpen,
} from './request-table.ts';
import type { RequestParts } from './requests.ts';

const NONE = -1;

export class Connections {
  /** Connections that are open at their clients, and rows of those that were reset. */
  open = 0;
  over = 0;
  private readonly parts: RequestParts;
  private readonly table: RequestTable;
  private readonly links: PacketLinks;
  private readonly atBackend: OpenConnections;

  constructor(parts: RequestParts, table: RequestTable, links: PacketLinks) {
    this.parts = parts;
    this.table = table;
    this.links = links;
    this.atBackend = new OpenConnections(parts.topology.nodes);
  }

  /**
   * The endpoint replies. Number of the connection if it stays open; -1 if it does not, or if the
   * process that should keep it has ended.
   */
  answered(node: number, slot: number, message: number, isRemote: boolean): number {
    const { conntrack, engine, pods } = this.parts;
    const stays = staysOpen(message);
    const pod = podOf(message);
    const lives = stays && pods.phase[pod] === Phase.Ready;
    if (isRemote && stays && !isUdp(message)) {
      const to = lives ? openState(message) : FlowState.Close;
      conntrack.changeNewest(node, FlowState.SynRecv, to);
    } else if (isRemote && lives && isHeld(message)) {
      conntrack.changeNewest(node, FlowState.UdpUnreplied, FlowState.Held);
    }
    return lives ? this.atBackend.open(node, slot, message, engine.nowNs) : NONE;
  }

  /** The client keeps its connection, until the end of its lifetime. */
  keep(node: number, slot: number, connection: number, openedNs: number): void {
    const { arrivals, engine, traffic } = this.parts;
    const { table } = this;
    const { lifetime } = traffic[table.entry[slot]!]!;
    this.open++;
    table.flags[slot]! |= RequestFlag.Open;
    table.connection[slot] = connection;
    this.hold(node, slot);
    const closesNs = openedNs + arrivals.lifetimeNs(node, lifetime!);
    engine.schedule(closesNs - engine.nowNs, EventKind.ConnectionClose, slot, 0);
  }

  /** The entry of a connection whose first exchange is over. */
  hold(node: number, slot: number): void {
    const { conntrack, engine } = this.parts;
    const { table } = this;
    const message = table.message[slot]!;
    if (isUdp(message) && !isHeld(message)) return;
    const from = firstStateAtClient(message);
    conntrack.change(node, from, table.sinceNs[slot]!, openState(message));
    if (isHeld(message)) table.flags[slot]! |= RequestFlag.Held;
    if (!isUdp(message)) table.sinceNs[slot] = engine.nowNs;
  }

  /** The lifetime of a connection is over. */
  close(node: number, slot: number): void {
    const { recorder } = this.parts;
    const { table } = this;
    const flags = table.flags[slot]!;
    if ((flags & RequestFlag.Pending) !== 0) {
      table.flags[slot] = flags | RequestFlag.Closing;
      return;
    }
    if ((flags & RequestFlag.Over) !== 0) this.over--;
    else {
      this.open--;
      recorder.requestEnded();
    }
    if (table.message[slot] !== NONE) {
      this.closeEntry(node, slot, false);
      if ((flags & RequestFlag.Stale) === 0) this.tell(node, slot);
    }
    table.flags[slot] = 0;
    table.slots.release(slot);
  }

  /** The client has closed a connection to a pod of this node. */
  closed(node: number, slot: number, connection: number): void {
    const { conntrack } = this.parts;
    if (!this.atBackend.close(connection, slot)) return;
    if (this.table.slots.nodeOf(slot) === node) return;
    const message = this.atBackend.message[connection]!;
    if (isUdp(message) && !isHeld(message)) return;
    const sinceNs = this.atBackend.sinceNs[connection]!;
    const to = isUdp(message) ? conntrack.udpState(sinceNs) : FlowState.TimeWait;
    conntrack.change(node, openState(message), sinceNs, to);
  }

  /** The process of a pod of this node has ended. */
  endpointEnded(node: number, pod: number): void {
    const { conntrack, path } = this.parts;
    this.atBackend.endAll(pod, (slot, connection) => {
      const client = this.table.slots.nodeOf(slot);
      const delayNs = path.laterAtBackend(node, backendFlow(slot, pod), client !== node);
      const message = this.atBackend.message[connection]!;
      if (client !== node && (!isUdp(message) || isHeld(message))) {
        const sinceNs = this.atBackend.sinceNs[connection]!;
        conntrack.change(node, openState(message), sinceNs, endedState(message));
      }
      const kind = EventKind.ConnectionReset;
      // What goes round by the client may not be overtaken.
      if (isDirect(message)) this.links.viaClient(client, delayNs, 1, kind, slot, connection);
      else this.links.deliver(node, client, delayNs, kind, slot, connection);
    });
  }

  /** Whether the client has the connection and has not closed it, nor heard that it was reset. */
  isOpen(slot: number, connection: number): boolean {
    const { table } = this;
    const isKept = (table.flags[slot]! & RequestFlag.Open) !== 0 && table.message[slot] !== NONE;
    return isKept && table.connection[slot] === connection;
  }

  /** The client hears that its connection was reset. */
  reset(node: number, slot: number): void {
    this.fail(slot, FailureCause.Reset);
    this.closeEntry(node, slot, true);
    this.table.message[slot] = NONE;
  }

  /** The endpoint has closed a connection, and the client has not looked. */
  halfClose(node: number, slot: number): void {
    const { conntrack, engine } = this.parts;
    const { table } = this;
    const from = openState(table.message[slot]!);
    conntrack.change(node, from, table.sinceNs[slot]!, FlowState.CloseWait);
    table.sinceNs[slot] = engine.nowNs;
  }

  /** An open connection has failed. It counts once; misdelivery is graver than another cause. */
  fail(slot: number, cause: number): void {
    const { recorder } = this.parts;
    const { table } = this;
    const startNs = table.startNs[slot]!;
    if ((table.flags[slot]! & RequestFlag.Over) === 0) {
      this.open--;
      this.over++;
      table.flags[slot]! |= RequestFlag.Over;
      recorder.requestFailed(startNs, cause);
    } else if (cause === FailureCause.Misdelivered && table.cause[slot] !== cause) {
      recorder.failedWorse(startNs, table.cause[slot]!, cause);
    } else return;
    table.cause[slot] = cause;
  }

  /** kube-proxy has deleted a UDP flow's entry; its port is free. */
  deleteEntry(node: number, slot: number): void {
    const { conntrack, engine, snatPorts } = this.parts;
    const { table } = this;
    const message = table.message[slot]!;
    conntrack.delete(node, this.stateOf(slot), table.sinceNs[slot]!);
    if ((table.flags[slot]! & RequestFlag.HasPort) !== 0) {
      snatPorts.release(node, podOf(message), engine.nowNs);
    }
    table.flags[slot]! &= ~(RequestFlag.HasPort | RequestFlag.Held);
    table.message[slot] = NONE;
  }

  /** A flow ends at the node that translates: its entry stays for a while, and so does its port. */
  closeEntry(node: number, slot: number, isReset: boolean): void {
    const { conntrack, snatPorts } = this.parts;
    const { table } = this;
    const udp = isUdp(table.message[slot]!);
    const sinceNs = table.sinceNs[slot]!;
    const from = this.stateOf(slot);
    let to: FlowState = from === FlowState.CloseWait ? FlowState.LastAck : FlowState.TimeWait;
    if (udp) to = conntrack.udpState(sinceNs);
    else if (isReset) to = FlowState.Close;
    if (from !== FlowState.TimeWait || isReset) conntrack.change(node, from, sinceNs, to);
    if ((table.flags[slot]! & RequestFlag.HasPort) === 0) return;
    snatPorts.release(node, podOf(table.message[slot]!), conntrack.expiresNs(node, to));
  }

  /** State of the entry at the node that translates. */
  private stateOf(slot: number): FlowState {
    const { table } = this;
    const message = table.message[slot]!;
    const flags = table.flags[slot]!;
    if ((flags & RequestFlag.Open) === 0) return firstStateAtClient(message);
    if ((flags & RequestFlag.Stale) !== 0 && !isUdp(message)) return FlowState.CloseWait;
    if ((flags & RequestFlag.Held) !== 0) return FlowState.Held;
    return isUdp(message) ? FlowState.UdpUnreplied : FlowState.Established;
  }

  /** The endpoint's node hears that the client has closed. */
  private tell(node: number, slot: number): void {
    const { engine, topology } = this.parts;
    const { table } = this;
    const to = table.backend[slot]!;
    const connection = table.connection[slot]!;
    if (to === node) return engine.schedule(0, EventKind.ConnectionClosed, slot, connection);
    const latencyNs = topology.latencyNs(node, to);
    engine.send(topology.nodeProcess(to), latencyNs, EventKind.ConnectionClosed, slot, connection);
  }
}

/** State of the entries of an open connection: of TCP, and of UDP that is held. */
function openState(message: number): FlowState {
  return isHeld(message) ? FlowState.Held : FlowState.Established;
}

/** State at the endpoint's node once the endpoint has ended: who holds a connection has not looked. */
function endedState(message: number): FlowState {
  if (isUdp(message)) return FlowState.UdpStream;
  return isHeld(message) ? FlowState.CloseWait : FlowState.Close;
}

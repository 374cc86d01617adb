/**
 * Connections after their first exchange: they stay open for their lifetime, and are reset when the
 * endpoint's process ends before. The endpoint's kernel tells the client at once, so no TCP connection
 * outlives its endpoint; a UDP flow hears nothing, and is counted as cut at the same time. Resetting
 * costs a packet at both nodes, closing none. Also what becomes of the flow's entries in the connection
 * tracking of both nodes.
 */
import { FlowState } from './conntrack.ts';
import { EventKind } from './event-kind.ts';
import { firstStateAtClient } from './flow-states.ts';
import { OpenConnections } from './open-connections.ts';
import { Phase } from './pods.ts';
import { FailureCause } from './recorder.ts';
import {
  backendFlow,
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
  private readonly atBackend: OpenConnections;

  constructor(parts: RequestParts, table: RequestTable) {
    this.parts = parts;
    this.table = table;
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
      const to = lives ? FlowState.Established : FlowState.Close;
      conntrack.changeNewest(node, FlowState.SynRecv, to);
    }
    return lives ? this.atBackend.open(node, slot, message, engine.nowNs) : NONE;
  }

  /** The client keeps its connection, until the end of its lifetime. */
  keep(node: number, slot: number, connection: number, openedNs: number): void {
    const { arrivals, conntrack, engine, traffic } = this.parts;
    const { table } = this;
    const { isUdp: udp, lifetime } = traffic[table.entry[slot]!]!;
    const { nowNs } = engine;
    this.open++;
    table.flags[slot]! |= RequestFlag.Open;
    table.connection[slot] = connection;
    const sinceNs = table.sinceNs[slot]!;
    if (!udp) {
      conntrack.change(node, FlowState.SynSent, sinceNs, FlowState.Established);
      table.sinceNs[slot] = nowNs;
    }
    const closesNs = openedNs + arrivals.lifetimeNs(node, lifetime!);
    engine.schedule(closesNs - nowNs, EventKind.ConnectionClose, slot, 0);
  }

  /** The lifetime of a connection is over. */
  close(node: number, slot: number): void {
    const { recorder } = this.parts;
    const { table } = this;
    const flags = table.flags[slot]!;
    if ((flags & RequestFlag.Over) !== 0) this.over--;
    else {
      this.open--;
      recorder.requestEnded();
      this.closeEntry(node, slot, false);
      this.tell(node, slot);
    }
    table.slots.release(slot);
  }

  /** The client has closed a connection to a pod of this node. */
  closed(node: number, slot: number, connection: number): void {
    const { conntrack } = this.parts;
    if (!this.atBackend.close(connection, slot)) return;
    if (this.table.slots.nodeOf(slot) === node || isUdp(this.atBackend.message[connection]!))
      return;
    const sinceNs = this.atBackend.sinceNs[connection]!;
    conntrack.change(node, FlowState.Established, sinceNs, FlowState.TimeWait);
  }

  /** The process of a pod of this node has ended. */
  endpointEnded(node: number, pod: number): void {
    const { conntrack, engine, path, topology } = this.parts;
    this.atBackend.endAll(pod, (slot, connection) => {
      const client = this.table.slots.nodeOf(slot);
      const delayNs = path.laterAtBackend(node, backendFlow(slot, pod), client !== node);
      if (client === node) {
        engine.schedule(delayNs, EventKind.ConnectionReset, slot, connection);
        return;
      }
      if (!isUdp(this.atBackend.message[connection]!)) {
        const sinceNs = this.atBackend.sinceNs[connection]!;
        conntrack.change(node, FlowState.Established, sinceNs, FlowState.Close);
      }
      const latencyNs = topology.latencyNs(node, client);
      const to = topology.nodeProcess(client);
      engine.send(to, delayNs + latencyNs, EventKind.ConnectionReset, slot, connection);
    });
  }

  /** The client hears that its connection was reset, unless it has closed it meanwhile. */
  reset(node: number, slot: number, connection: number): void {
    const { recorder } = this.parts;
    const { table } = this;
    const flags = table.flags[slot]!;
    const isOpen = (flags & (RequestFlag.Open | RequestFlag.Over)) === RequestFlag.Open;
    if (!isOpen || table.connection[slot] !== connection) return;
    this.open--;
    this.over++;
    table.flags[slot] = flags | RequestFlag.Over;
    this.closeEntry(node, slot, true);
    recorder.requestFailed(table.startNs[slot]!, FailureCause.Reset);
  }

  /** A flow ends at the node that translates: its entry stays for a while, and so does its port. */
  closeEntry(node: number, slot: number, isReset: boolean): void {
    const { conntrack, snatPorts } = this.parts;
    const { table } = this;
    const udp = isUdp(table.message[slot]!);
    const sinceNs = table.sinceNs[slot]!;
    const isOpen = (table.flags[slot]! & RequestFlag.Open) !== 0 && !udp;
    const from = isOpen ? FlowState.Established : firstStateAtClient(table.message[slot]!);
    let to: FlowState = isReset ? FlowState.Close : FlowState.TimeWait;
    if (udp) to = conntrack.udpState(sinceNs);
    if (from !== FlowState.TimeWait || isReset) conntrack.change(node, from, sinceNs, to);
    if ((table.flags[slot]! & RequestFlag.HasPort) === 0) return;
    snatPorts.release(node, podOf(table.message[slot]!), conntrack.expiresNs(node, to));
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

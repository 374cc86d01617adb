/**
 * Packets of requests at the endpoint's node, which owns the endpoint's address and knows of a request no
 * more than its messages say.
 */
import type { Connections } from './connections.ts';
import { FlowState } from './conntrack.ts';
import { EventKind } from './event-kind.ts';
import { firstStateAtBackend } from './flow-states.ts';
import type { PacketLinks } from './packet-links.ts';
import { Phase } from './pods.ts';
import { FailureCause } from './recorder.ts';
import { backendFlow, isDirect, isUdp, podOf, staysOpen } from './request-table.ts';
import type { RequestParts } from './requests.ts';

/** Bits of `Pods.hit`. */
export const HIT_DEAD = 1;
export const HIT_SUCCESSOR = 2;

const SUCCESS = -1;
const NONE = -1;

export class EndpointSide {
  private readonly parts: RequestParts;
  private readonly links: PacketLinks;
  private readonly connections: Connections;
  private readonly nodes: number;

  constructor(parts: RequestParts, links: PacketLinks, connections: Connections) {
    this.parts = parts;
    this.links = links;
    this.connections = connections;
    this.nodes = parts.topology.nodes;
  }

  /** The SYN is received and answered in one softirq, without waking anybody. */
  synAtBackend(node: number, slot: number, message: number): void {
    const { path, conntrack } = this.parts;
    const client = slot % this.nodes;
    const pod = podOf(message);
    const cause = this.outcome(node, pod);
    const isRemote = client !== node;
    const delayNs = path.firstAtBackend(node, backendFlow(slot, pod), isRemote, true);
    if (cause !== SUCCESS) return this.refuse(node, slot, message, cause, delayNs);
    if (isRemote && !conntrack.open(node, firstStateAtBackend(message))) {
      return this.links.deliver(node, client, delayNs, EventKind.SynLost, slot, 0);
    }
    if (!isDirect(message)) {
      this.links.deliver(node, client, delayNs, EventKind.SynAckAtClient, slot, 0);
    } else {
      // The outside client's next packet comes to the node that took the first.
      this.links.viaClient(client, delayNs, 2, EventKind.RequestSend, slot, 0);
    }
  }

  /** A UDP flow's first packet wakes the server. */
  datagramAtBackend(node: number, slot: number, message: number): void {
    const { engine, path, conntrack, wakeUpNs } = this.parts;
    const pod = podOf(message);
    const isRemote = slot % this.nodes !== node;
    const delayNs = path.firstAtBackend(node, backendFlow(slot, pod), isRemote, false);
    let cause = this.outcome(node, pod);
    if (cause === SUCCESS && isRemote && !conntrack.open(node, firstStateAtBackend(message))) {
      cause = FailureCause.ConntrackFull;
    }
    if (cause !== SUCCESS) return this.refuse(node, slot, message, cause, delayNs);
    engine.schedule(delayNs + wakeUpNs, EventKind.ReplySend, slot, message);
  }

  requestAtBackend(node: number, slot: number, message: number): void {
    const { engine, path, conntrack, wakeUpNs } = this.parts;
    const pod = podOf(message);
    const isRemote = slot % this.nodes !== node;
    const delayNs = path.laterAtBackend(node, backendFlow(slot, pod), isRemote);
    const cause = this.outcome(node, pod);
    if (cause === SUCCESS) {
      engine.schedule(delayNs + wakeUpNs, EventKind.ReplySend, slot, message);
      return;
    }
    if (isRemote) conntrack.changeNewest(node, firstStateAtBackend(message), FlowState.Close);
    this.refuse(node, slot, message, cause, delayNs);
  }

  /**
   * A packet of a connection whose endpoint's process has ended. With UDP a pod of the same Service that
   * has the address now takes it; with TCP it knows nothing of the connection.
   */
  staleAtBackend(node: number, slot: number, message: number): void {
    const { path } = this.parts;
    const pod = podOf(message);
    const isRemote = slot % this.nodes !== node;
    const delayNs = path.laterAtBackend(node, backendFlow(slot, pod), isRemote);
    const cause = this.outcome(node, pod);
    const isReset = cause === SUCCESS && !isUdp(message);
    this.refuse(node, slot, message, isReset ? FailureCause.Reset : cause, delayNs);
  }

  replySend(node: number, slot: number, message: number): void {
    const { path } = this.parts;
    const client = slot % this.nodes;
    const pod = podOf(message);
    const connection = this.connections.answered(node, slot, message, client !== node);
    const delayNs = path.laterAtBackend(node, backendFlow(slot, pod), client !== node);
    if (staysOpen(message) && connection === NONE) {
      return this.refuse(node, slot, message, FailureCause.Reset, delayNs);
    }
    const kind = EventKind.ReplyAtClient;
    if (isDirect(message)) this.links.viaClient(client, delayNs, 1, kind, slot, connection);
    else this.links.deliver(node, client, delayNs, kind, slot, connection);
  }

  /** The client hears that there is nobody, or of a stale flow, what became of its packet. */
  private refuse(
    node: number,
    slot: number,
    message: number,
    cause: number,
    delayNs: number,
  ): void {
    const { pods } = this.parts;
    if (cause === FailureCause.Misdelivered) pods.hit[podOf(message)]! |= HIT_SUCCESSOR;
    else if (cause === FailureCause.DeadEndpoint) pods.hit[podOf(message)]! |= HIT_DEAD;
    const client = slot % this.nodes;
    if (isDirect(message)) {
      this.links.viaClient(client, delayNs, 1, EventKind.FailureAtClient, slot, cause);
    } else {
      this.links.deliver(node, client, delayNs, EventKind.FailureAtClient, slot, cause);
    }
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
}

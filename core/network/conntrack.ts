/**
 * The connection tracking table of every node's kernel: how many entries it holds, which of them may be
 * evicted, what a new flow meets when it is full. Entries are counted, not kept (`entry-rings.ts`):
 * whoever has a flow remembers its state and since when, so a flow costs no memory here and O(1) time.
 * Times are those of the engine, for numbers handed over may be allocated. A node's counts are written
 * by the node's own logical process only. Ports of masqueraded flows are in `snat-ports.ts`.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { conntrackSize, conntrack as constants, evictionProbability } from '../models/conntrack.ts';
import type { ConntrackPlan } from '../plan.ts';
import { EntryRings } from './entry-rings.ts';
import { mix } from './packet-costs.ts';
import type { SharedTables } from './tables.ts';

/** States of an entry, by the names of the kernel's time-outs. */
export const FlowState = {
  SynSent: 0,
  SynRecv: 1,
  /** A handshake's last packet has passed: assured from here on, until a reset. */
  Established: 2,
  /** One side has sent a FIN that nobody has acknowledged. */
  FinWait: 3,
  /** The FIN was acknowledged, and the other side keeps its end open. */
  CloseWait: 4,
  LastAck: 5,
  TimeWait: 6,
  Close: 7,
  /** A UDP flow of less than two seconds, answered or not. */
  UdpUnreplied: 8,
  UdpStream: 9,
  /** A flow in use, TCP or UDP: its packets come more often than its time-out, so it has none. */
  Held: 10,
} as const;
export type FlowState = (typeof FlowState)[keyof typeof FlowState];

const STATES = 11;
/** States whose entries a full table gives up for new flows. */
const UNASSURED = [
  FlowState.SynSent,
  FlowState.SynRecv,
  FlowState.Close,
  FlowState.UdpUnreplied,
] as const;
const SECOND_NS = 1e9;

/** What a node's table is made for. */
export interface ConntrackNode {
  readonly plan: ConntrackPlan;
  readonly cores: number;
  readonly memoryBytes: number;
  /** False where the agent tracks flows in maps of its own: nothing is counted, nothing is full. */
  readonly tracked: boolean;
}

export class Conntrack {
  /** Entries of a node as of its last event or `settle`, and the most there ever were. */
  entries: Int32Array;
  largest: Int32Array;
  private readonly read: ConstantReader;
  private readonly clock: Pick<Engine, 'nowNs'>;
  private readonly dropped: (nowNs: number) => void;
  private readonly rings: EntryRings;
  /** 0 where no flow is tracked. */
  private max: Float64Array;
  private readonly buckets: Float64Array;
  /** By node: nothing expires before. */
  private readonly quietUntilNs: Float64Array;
  /** By node, a bit for each state in which there may be entries. */
  private readonly inUse: Uint16Array;
  /** Searches for an entry to evict, which number the draws. */
  private readonly searches: Int32Array;
  private readonly insertHotNs: number;
  private readonly insertColdNs: number;
  private readonly evictionBuckets: number;
  private readonly streamAfterNs: number;

  /**
   * @param nodes all there ever will be; `configure` each before its first flow
   * @param dropped is told of each first packet that is dropped
   */
  constructor(
    nodes: number,
    read: ConstantReader,
    clock: Pick<Engine, 'nowNs'>,
    dropped: (nowNs: number) => void,
  ) {
    this.read = read;
    this.clock = clock;
    this.dropped = dropped;
    this.rings = new EntryRings(nodes, STATES);
    this.entries = new Int32Array(nodes);
    this.largest = new Int32Array(nodes);
    this.max = new Float64Array(nodes);
    this.buckets = new Float64Array(nodes).fill(1);
    this.quietUntilNs = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
    this.inUse = new Uint16Array(nodes);
    this.searches = new Int32Array(nodes);
    this.insertHotNs = read(constants.insertHot);
    this.insertColdNs = read(constants.insertCold);
    this.evictionBuckets = read(constants.evictionBuckets);
    this.streamAfterNs = read(constants.udpStreamAfter) * SECOND_NS;
  }

  /** Moves what is read at the end of the window to tables that all partitions see. */
  share(tables: SharedTables): void {
    this.entries = tables.move(this.entries);
    this.largest = tables.move(this.largest);
    this.max = tables.move(this.max);
  }

  /**
   * The node's agent has started, at first or again with another configuration. Entries that are
   * there stay, in a table smaller than their number, too; new time-outs hold for them as well.
   */
  configure(node: number, of: ConntrackNode): void {
    const { nowNs } = this.clock;
    const { plan, cores, memoryBytes, tracked } = of;
    const size = conntrackSize(this.read, plan, cores, memoryBytes);
    this.max[node] = tracked ? size.max : 0;
    // Without tracking nothing is inserted: entries that are left fill no bucket.
    this.buckets[node] = tracked ? size.buckets : Number.POSITIVE_INFINITY;
    this.expire(node);
    timeouts(this.read, plan).forEach((timeoutNs, state) => {
      this.entries[node]! -= this.rings.changeTimeout(node, state, timeoutNs, nowNs);
    });
    this.quietUntilNs[node] = 0;
  }

  /** Whether the node's kernel tracks flows at all. */
  tracks(node: number): boolean {
    return this.max[node]! > 0;
  }

  /**
   * The first packet of a flow takes an entry in `state`. False: the table is full, no entry could be
   * evicted, the packet is dropped. A flow between two pods of a node takes one entry, others one on
   * each of their nodes.
   */
  open(node: number, state: number): boolean {
    const max = this.max[node]!;
    if (max === 0) return true;
    this.expire(node);
    if (this.entries[node]! >= max && !this.evict(node)) {
      this.dropped(this.clock.nowNs);
      return false;
    }
    this.add(node, state);
    const entries = ++this.entries[node]!;
    if (entries > this.largest[node]!) this.largest[node] = entries;
    return true;
  }

  /**
   * A flow in state `from`, whose last packet passed at `sinceNs`, goes on to state `to`; the same
   * state: a packet starts its time-out anew. False: its entry is no longer there (see `lives`), the
   * packet is a new flow's.
   */
  change(node: number, from: number, sinceNs: number, to: number): boolean {
    if (this.max[node] === 0) return true;
    this.expire(node);
    if (!this.lives(node, from, sinceNs)) return false;
    if (!this.rings.remove(node, from, sinceNs)) return false;
    this.add(node, to);
    return true;
  }

  /** The same of a flow whose last packet has just passed: the newest entry is taken. */
  changeNewest(node: number, from: number, to: number): boolean {
    if (this.max[node] === 0) return true;
    this.expire(node);
    if (!this.rings.removeNewest(node, from)) return false;
    this.add(node, to);
    return true;
  }

  /** An entry in state `from` goes as soon as it has come. False: it had gone already. */
  removeNewest(node: number, from: number): boolean {
    if (this.max[node] === 0) return true;
    this.expire(node);
    if (!this.rings.removeNewest(node, from)) return false;
    this.entries[node]!--;
    return true;
  }

  /** kube-proxy's clean-up deletes the entry of a flow in state `from`. */
  delete(node: number, from: number, sinceNs: number): void {
    if (this.max[node] === 0) return;
    this.expire(node);
    if (this.lives(node, from, sinceNs) && this.rings.remove(node, from, sinceNs)) {
      this.entries[node]!--;
    }
  }

  /** Whether packets `gapNs` apart keep the entry of a flow from expiring. */
  isHeldBy(node: number, gapNs: number, isUdp: boolean): boolean {
    const state = isUdp ? FlowState.UdpUnreplied : FlowState.Established;
    return gapNs < this.rings.timeoutNs(node, state);
  }

  /** Whether the time-out of a flow in `state` whose last packet passed at `sinceNs` is not over. */
  lives(node: number, state: number, sinceNs: number): boolean {
    return this.max[node] === 0 || this.clock.nowNs - sinceNs < this.rings.timeoutNs(node, state);
  }

  /** When the entry of a flow whose last packet passes now expires. */
  expiresNs(node: number, state: number): number {
    return this.clock.nowNs + this.rings.timeoutNs(node, state);
  }

  /** State of an answered UDP flow at a packet now, by when it was opened. */
  udpState(openedNs: number): FlowState {
    const isStream = this.clock.nowNs - openedNs > this.streamAfterNs;
    return isStream ? FlowState.UdpStream : FlowState.UdpUnreplied;
  }

  /** What a new flow costs more than with an empty table, which the proxies' `newFlow` includes. */
  insertExtraNs(node: number, cold: number): number {
    const fill = this.entries[node]! / this.buckets[node]!;
    return fill * mix(this.insertHotNs, this.insertColdNs, cold);
  }

  /** Forgets what has expired on the nodes that `owns`. */
  settle(owns: (node: number) => boolean): void {
    for (let node = 0; node < this.max.length; node++) {
      if (owns(node)) this.expire(node);
    }
  }

  /** Adds to a ring, after `expire`; the entry is counted by who calls. */
  private add(node: number, state: number): void {
    const { rings } = this;
    if (rings.count(node, state) > 0) {
      rings.add(node, state);
      return;
    }
    this.inUse[node]! |= 1 << state;
    // An empty ring is left behind by time.
    rings.expire(node, state, this.clock.nowNs);
    rings.add(node, state);
    const quietUntilNs = rings.quietUntilNs(node, state);
    if (quietUntilNs < this.quietUntilNs[node]!) this.quietUntilNs[node] = quietUntilNs;
  }

  private expire(node: number): void {
    if (this.clock.nowNs >= this.quietUntilNs[node]!) this.expireAll(node);
  }

  private expireAll(node: number): void {
    const { nowNs } = this.clock;
    const { rings } = this;
    let quietUntilNs = Number.POSITIVE_INFINITY;
    let states = this.inUse[node]!;
    for (let state = 0; states !== 0; state++, states >>= 1) {
      if ((states & 1) === 0) continue;
      this.entries[node]! -= rings.expire(node, state, nowNs);
      if (rings.count(node, state) === 0) this.inUse[node]! &= ~(1 << state);
      else quietUntilNs = Math.min(quietUntilNs, rings.quietUntilNs(node, state));
    }
    this.quietUntilNs[node] = quietUntilNs;
  }

  /** Early drop: the oldest entry of the unassured state that has most; false when none was found. */
  private evict(node: number): boolean {
    let most = 0;
    let unassured = 0;
    let from: number = FlowState.SynSent;
    for (const state of UNASSURED) {
      const count = this.rings.count(node, state);
      unassured += count;
      if (count <= most) continue;
      most = count;
      from = state;
    }
    if (unassured === 0) return false;
    const found = evictionProbability(unassured, this.buckets[node]!, this.evictionBuckets);
    if (draw(node, this.searches[node]!++) >= found) return false;
    this.rings.remove(node, from, 0);
    this.entries[node]!--;
    return true;
  }
}

/** By state. */
function timeouts(read: ConstantReader, plan: ConntrackPlan): readonly number[] {
  const ns = (declaration: (typeof constants)['synSent']) => read(declaration) * SECOND_NS;
  return [
    ns(constants.synSent),
    ns(constants.synRecv),
    plan.tcpEstablishedTimeoutNs,
    ns(constants.finWait),
    plan.tcpCloseWaitTimeoutNs,
    ns(constants.lastAck),
    ns(constants.timeWait),
    ns(constants.close),
    ns(constants.udp),
    ns(constants.udpStream),
    Number.POSITIVE_INFINITY,
  ];
}

/** Uniform in [0, 1): a hash, because no stream is needed until a table is full. */
function draw(node: number, number: number): number {
  let h = Math.imul(node + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ number, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

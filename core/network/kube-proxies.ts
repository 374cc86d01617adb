/**
 * kube-proxy on every node: which writes it has programmed (a position in the slice log), when its
 * runner lets it sync, when each change is visible. Nothing outside a node depends on its syncs and
 * a sync depends only on the log, so syncs need no events: a node is advanced to the present when
 * somebody looks at it, and every so often (`Zone` events) so that the work stays in cache. What nodes
 * of a class have in common is in `proxy-class.ts`, one node's syncs in `node-syncs.ts`, (write, node)
 * work in `programming-samples.ts`, syncs that can be made for many nodes together in
 * `prompt-syncs.ts`, and what interrupts a proxy in `interruptions.ts`.
 *
 * Between syncs nothing moves, so "what does node n see at time t" is answered from two positions
 * and the times of the sync between them.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import type { Streams } from '../engine/stream.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import type { Plan, ServicePlan } from '../plan.ts';
import type { Trace } from '../trace.ts';
import { EventKind } from './event-kind.ts';
import type { Fanout } from './fanout.ts';
import { LastNodes } from './last-nodes.ts';
import { Irregular, NodeProxies, type NodeProxy } from './node-proxy.ts';
import { NodeSyncs } from './node-syncs.ts';
import { PromptSyncs } from './prompt-syncs.ts';
import { type Agents, ProxyClass } from './proxy-class.ts';
import { Receipts } from './receipts.ts';
import type { Recorder } from './recorder.ts';
import { RestartGaps } from './restart-gaps.ts';
import type { SliceLog } from './slice-log.ts';
import { SlowLinks } from './slow-links.ts';
import { SyncBatch } from './sync-batch.ts';
import { SyncKind } from './sync-costs.ts';
import type { SharedTables } from './tables.ts';
import type { Topology } from './topology.ts';

const HOUR_NS = 3600e9;
/** Simulated time between two advances of a zone's nodes; changes no result. */
const ADVANCE_NS = 500e6;

export interface KubeProxyParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly log: SliceLog;
  readonly fanout: Fanout;
  readonly recorder: Recorder;
  readonly agents: Agents;
  /** Class of each node at its start. */
  readonly classOf: ArrayLike<number>;
  /** Chooses which syncs fail. */
  readonly failureSalt: number;
  /** Ports by Service; 0 for those that kube-proxy does not program. */
  readonly ports: Int32Array;
  readonly services: readonly ServicePlan[];
  readonly trace: Trace | null;
  /** Index in the trace of each write of the log. */
  readonly traced: number[];
}

export class KubeProxies {
  /** Nodes that joined in the measured window and have yet to make their first sync. */
  unready = 0;
  /** By write, the last node to program it. */
  readonly last = new LastNodes();
  /** Service ports of the whole cluster that kube-proxy programs. */
  readonly servicePorts: number;
  readonly programmedServices: number;
  /** In the order of the plan: agents of the pools, then of its events. */
  readonly classes: readonly ProxyClass[];
  readonly nodes: NodeProxies;
  readonly receipts: Receipts;
  readonly links: SlowLinks;
  /** Restarts that no sync has made up for. */
  readonly gaps: RestartGaps;

  private readonly parts: KubeProxyParts;
  private readonly syncs: NodeSyncs;
  /** Of all classes. */
  private readonly batch: SyncBatch;
  /** By class: makes the ordinary syncs where they are prompt. */
  private readonly prompt: readonly (PromptSyncs | null)[];
  private readonly anyPrompt: boolean;

  constructor(plan: Plan, read: ConstantReader, parts: KubeProxyParts) {
    const { topology, fanout, ports, log, recorder, trace, agents } = parts;
    this.parts = parts;
    this.servicePorts = ports.reduce((sum, count) => sum + count, 0);
    this.programmedServices = ports.filter((count) => count > 0).length;
    const nodes = new NodeProxies(topology, fanout);
    this.nodes = nodes;
    const { share, bytesPerSecond } = plan.controlPlane.slowWatchers;
    this.links = new SlowLinks(topology.nodes, share, bytesPerSecond, log.times);
    for (let node = 0; node < topology.nodes; node++) nodes.classify(node, parts.classOf[node]!);
    for (const node of this.links.nodes) nodes.flags[node] = Irregular.Slow;
    this.receipts = new Receipts(log, this.links);
    this.gaps = new RestartGaps(recorder, trace);
    const { last } = this;
    const { networkProgramming: histogram, sli } = recorder;
    this.batch = new SyncBatch({ times: log.times, last, histogram, sli });
    const common = {
      nodes: topology.nodes,
      zones: topology.zones,
      read,
      log,
      last,
      recorder,
      receipts: this.receipts,
      batch: this.batch,
      ports,
      servicePlans: parts.services,
      services: this.programmedServices,
      failureSalt: parts.failureSalt,
    };
    this.classes = agents.all.map((agent) => new ProxyClass(agent, common));
    const syncs = new NodeSyncs({
      ...common,
      nodes,
      classes: this.classes,
      gaps: this.gaps,
      trace,
      traced: parts.traced,
    });
    this.syncs = syncs;
    this.prompt = this.classes.map((proxyClass, index) =>
      proxyClass.isPrompt
        ? new PromptSyncs({
            log,
            nodes,
            costsAt: (node) => proxyClass.at(node).costs,
            last,
            recorder,
            class: index,
            watchers: fanout.watchers,
            syncNext: (node) => syncs.syncNext(node),
            traced: trace === null ? null : (at) => syncs.trace(trace, at),
          })
        : null,
    );
    this.anyPrompt = this.prompt.some((prompt) => prompt !== null);
  }

  /** By node: position programmed when the last sync completes. */
  get position(): Int32Array {
    return this.nodes.position;
  }

  /** By node: position programmed before the last sync. */
  get previous(): Int32Array {
    return this.nodes.previous;
  }

  /** By node: when the last sync completes, or has completed. */
  get completedNs(): Float64Array {
    return this.nodes.completedNs;
  }

  /** By node: whether its proxy has made its first sync. */
  get running(): Uint8Array {
    return this.nodes.running;
  }

  /** Class of what is in the kernel of a node: index into `classes`. */
  classOf(node: number, nowNs: number): number {
    const { kernelClass, formerClass, switchedNs } = this.nodes;
    return nowNs >= switchedNs[node]! ? kernelClass[node]! : formerClass[node]!;
  }

  /** Nodes of the start: all is programmed; the phases of their timers are drawn. */
  start(count: number, streams: Streams, stream: number): void {
    const { engine, topology } = this.parts;
    const { nodes } = this;
    for (let node = 0; node < count; node++) {
      const { runner, minSyncNs, syncPeriodNs } = this.classes[nodes.class[node]!]!;
      const completedNs = -Math.round(streams.uniform(stream) * minSyncNs);
      runner.resume(node, completedNs);
      const lastFullNs = -Math.round(streams.uniform(stream) * HOUR_NS);
      const lastListNs = -Math.round(streams.uniform(stream) * syncPeriodNs);
      nodes.start(node, completedNs, lastFullNs, lastListNs);
    }
    for (let zone = 0; zone < topology.zones; zone++) {
      engine.start(topology.zoneProcess(zone), ADVANCE_NS, EventKind.ZoneAdvance, 0, 0);
    }
  }

  /** A node has joined at `nowNs`: it watches from here on and will ask for the lists. */
  join(node: number, nowNs: number): void {
    if (!this.owns(node)) return;
    const { log, recorder } = this.parts;
    this.nodes.join(node, nowNs, log.length);
    if (recorder.measures(nowNs)) this.unready++;
  }

  /** The joined node has its lists: the first, full sync. */
  begin(node: number): void {
    const { engine, recorder } = this.parts;
    const { nodes } = this;
    const at = nodes.take(node);
    at.startNs = engine.nowNs;
    this.classes[at.class]!.runner.begin(node, at.startNs);
    this.syncs.sync(at, SyncKind.Initial);
    nodes.putBack(at);
    nodes.running[node] = 1;
    const joinedNs = nodes.joinedNs[node]!;
    if (recorder.measures(joinedNs)) {
      recorder.nodeNetworkReady.record(at.completedNs - joinedNs);
      this.unready--;
    }
  }

  /** The restarted proxy of a node has its lists: its first, full sync. */
  resume(at: NodeProxy): void {
    at.startNs = this.parts.engine.nowNs;
    this.classes[at.class]!.runner.begin(at.node, at.startNs);
    this.syncs.sync(at, SyncKind.Full);
    this.nodes.putBack(at);
  }

  /** A write of `bytes` has been committed. */
  appended(write: number, bytes: number): void {
    this.last.enter(write);
    this.links.entered(write, bytes);
  }

  /** Advances the nodes of a zone, again and again (zone's event). */
  advanceZone(zone: number): void {
    const { engine, topology } = this.parts;
    this.advanceEach(zone, topology.zones);
    engine.schedule(ADVANCE_NS, EventKind.ZoneAdvance, 0, 0);
  }

  /** Makes all syncs that start up to now, on every node of this partition; sums are complete then. */
  advanceAll(): void {
    const { engine, topology } = this.parts;
    for (let zone = 0; zone < topology.zones; zone++) {
      if (engine.owns(topology.zoneProcess(zone))) this.advanceEach(zone, topology.zones);
    }
    this.batch.settle();
  }

  /** Makes all syncs of a node that start at or before `nowNs`. */
  advance(node: number, nowNs: number): void {
    const { nodes } = this;
    const knownNs = nodes.nextStartNs(node);
    if (nodes.running[node] === 0 || knownNs > nowNs) return;
    const at = nodes.take(node);
    if (knownNs > 0) at.startNs = knownNs;
    else this.syncs.findNextStart(at);
    if (at.startNs <= nowNs) {
      do {
        this.syncs.sync(at, SyncKind.Plain);
        this.syncs.findNextStart(at);
      } while (at.startNs <= nowNs);
      nodes.putBack(at);
    }
    // Without a write to wait for, the next may come at any time.
    nodes.setNextStartNs(node, at.attempted < this.parts.log.length ? at.startNs : 0);
  }

  /** Whether `node` sees write `write` at `nowNs`. */
  sees(node: number, write: number, service: number, nowNs: number): boolean {
    const { previous, position, completedNs } = this.nodes;
    if (write <= previous[node]!) return true;
    if (write > position[node]!) return false;
    if (nowNs >= completedNs[node]!) return true;
    const at = this.nodes.take(node);
    at.isWhole = this.syncs.hasReplaced(at);
    return nowNs >= this.syncs.visibleNs(at, write, service);
  }

  /** Whether a sync of `node` that programmed write `write` is over at `nowNs`. */
  hasCompleted(node: number, write: number, nowNs: number): boolean {
    const { previous, position, completedNs } = this.nodes;
    if (write <= previous[node]!) return true;
    return write <= position[node]! && nowNs >= completedNs[node]!;
  }

  /** Moves what all partitions may want to know of a node to `tables`. */
  share(tables: SharedTables): void {
    this.nodes.share(tables);
  }

  /**
   * Smallest position a node of this partition may still be asked about, nodes that wait for their
   * lists included.
   */
  lowestPosition(): number {
    return this.lowest(this.nodes.previous, (node) => this.owns(node));
  }

  /** Writes that every node has programmed, or has when its last sync completes. */
  programmedEverywhere(): number {
    return this.lowest(this.nodes.position, () => true);
  }

  /** By write: nodes that watched at its commit and have yet to program it. */
  remaining(counts: (node: number) => boolean = () => true): Int32Array {
    const { watching, position } = this.nodes;
    const remaining = new Int32Array(this.parts.log.length + 2);
    position.forEach((programmed, node) => {
      if (counts(node) && watching[node] === 1) remaining[programmed + 1]!++;
    });
    for (let write = 1; write < remaining.length; write++) {
      remaining[write]! += remaining[write - 1]!;
    }
    return remaining;
  }

  /** (measured write, node) pairs still to be programmed, of nodes of this partition. */
  get outstanding(): number {
    const { times, length } = this.parts.log;
    const remaining = this.remaining((node) => this.owns(node));
    let pairs = 0;
    for (let write = 1; write <= length; write++) {
      if (times.isMeasured(write)) pairs += remaining[write]!;
    }
    return pairs;
  }

  /** The newest position that is programmed in full. */
  programmedPosition(node: number, nowNs: number): number {
    return nowNs >= this.completedNs[node]! ? this.position[node]! : this.previous[node]!;
  }

  /** Node time in [fromNs, toNs): joined nodes count from their joining on. */
  nodeTimeNs(fromNs: number, toNs: number): WideSum {
    const { watching, joinedNs } = this.nodes;
    const sum = new WideSum();
    joinedNs.forEach((sinceNs, node) => {
      if (watching[node] === 1) sum.add(Math.max(0, toNs - Math.max(fromNs, sinceNs)));
    });
    return sum;
  }

  /** Number of the sync that programmed what packets meet now; -1 for the state of the start. */
  programmedSync(node: number, nowNs: number): number {
    const { completedNs, failedInRow, flags } = this.nodes;
    const last = this.nodes.syncs(node) - 1;
    const failed = failedInRow[node]!;
    if ((flags[node]! & Irregular.Failed) !== 0) return last - failed;
    return nowNs >= completedNs[node]! ? last : last - 1 - failed;
  }

  private owns(node: number): boolean {
    const { engine, topology } = this.parts;
    return engine.owns(topology.nodeProcess(node));
  }

  private lowest(positions: Int32Array, counts: (node: number) => boolean): number {
    const { watching } = this.nodes;
    return positions.reduce(
      (lowest, position, node) =>
        counts(node) && watching[node] === 1 ? Math.min(lowest, position) : lowest,
      this.parts.log.length,
    );
  }

  private advanceEach(first: number, step: number): void {
    const { nowNs } = this.parts.engine;
    const { nodes, class: classes, flags } = this.nodes;
    for (const prompt of this.prompt) prompt?.advance(first, step, nowNs);
    for (let node = first; node < nodes; node += step) {
      if (this.anyPrompt && flags[node] === 0 && this.prompt[classes[node]!] !== null) continue;
      this.advance(node, nowNs);
    }
  }
}

/**
 * kube-proxy on every node: which writes it has programmed (a position in the slice log), when its
 * runner lets it sync, when each change is visible. Nothing outside a node depends on its syncs and
 * a sync depends only on the log, so syncs need no events: a node is advanced to the present when
 * somebody looks at it, and every so often (`Zone` events) so that the work stays in cache. What
 * syncs cost is in `sync-costs.ts`, (write, node) work in `programming-samples.ts`, and syncs that can
 * be made for many nodes together in `prompt-syncs.ts`.
 *
 * Between syncs nothing moves, so "what does node n see at time t" is answered from two positions
 * and the times of the sync between them.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import type { Streams } from '../engine/stream.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import type { Era } from '../models/eras.ts';
import { type ProxyModel, Visibility } from '../models/proxy/proxy-model.ts';
import type { Plan } from '../plan.ts';
import type { Trace } from '../trace.ts';
import { CoveredChanges } from './covered-changes.ts';
import { EventKind } from './event-kind.ts';
import type { Fanout } from './fanout.ts';
import { LastNodes } from './last-nodes.ts';
import { NodeProxies, type NodeProxy } from './node-proxy.ts';
import { ProgrammingSamples } from './programming-samples.ts';
import { PromptSyncs } from './prompt-syncs.ts';
import type { Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import { SyncCosts } from './sync-costs.ts';
import { SyncRunner } from './sync-runner.ts';
import type { SharedTables } from './tables.ts';
import type { Topology } from './topology.ts';
import { visibleNs } from './visibility.ts';

const HOUR_NS = 3600e9;
/** Simulated time between two advances of a zone's nodes; changes no result. */
const ADVANCE_NS = 500e6;

export interface KubeProxyParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly log: SliceLog;
  readonly fanout: Fanout;
  readonly recorder: Recorder;
  readonly model: ProxyModel;
  readonly era: Era;
  /** Ports by Service; 0 for those that kube-proxy does not program. */
  readonly ports: Int32Array;
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

  private readonly parts: KubeProxyParts;
  private readonly minSyncNs: number;
  private readonly syncPeriodNs: number;
  private readonly forcedNs: number;
  private readonly nodes: NodeProxies;
  private readonly runner: SyncRunner;
  private readonly costs: SyncCosts;
  private readonly samples: ProgrammingSamples;
  /** Where syncs are prompt: makes the ordinary ones. */
  private readonly prompt: PromptSyncs | null;

  constructor(plan: Plan, read: ConstantReader, parts: KubeProxyParts) {
    const { topology, fanout, model, era, ports, log, recorder, trace } = parts;
    const { minSyncPeriodNs, syncPeriodNs } = plan.proxy;
    const { visibility } = model;
    this.parts = parts;
    this.minSyncNs = minSyncPeriodNs;
    this.syncPeriodNs = syncPeriodNs;
    this.forcedNs = model.forcedSyncNs(era, syncPeriodNs);
    this.runner = new SyncRunner(era.runner, minSyncPeriodNs, topology.nodes);
    this.servicePorts = ports.reduce((sum, count) => sum + count, 0);
    this.programmedServices = ports.filter((count) => count > 0).length;
    const nodes = new NodeProxies(topology, fanout);
    this.nodes = nodes;
    const costs = new SyncCosts(model, read, era, syncPeriodNs, new CoveredChanges(log, ports));
    this.costs = costs;
    const { last } = this;
    this.samples = new ProgrammingSamples({
      log,
      last,
      histogram: recorder.networkProgramming,
      sli: recorder.sli,
      visibility,
      services: this.programmedServices,
    });
    const isPrompt = minSyncPeriodNs === 0 && this.forcedNs === 0 && visibility !== Visibility.Walk;
    this.prompt = isPrompt
      ? new PromptSyncs({
          log,
          nodes,
          costs,
          last,
          recorder,
          watchers: fanout.watchers,
          syncNext: (node) => this.syncNext(node),
          traced: trace === null ? null : (at) => this.trace(trace, at),
        })
      : null;
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

  /** Nodes of the start: all is programmed; the phases of their timers are drawn. */
  start(count: number, streams: Streams, stream: number): void {
    const { engine, topology } = this.parts;
    const { nodes } = this;
    for (let node = 0; node < count; node++) {
      const completedNs = -Math.round(streams.uniform(stream) * this.minSyncNs);
      this.runner.resume(node, completedNs);
      const lastFullNs = -Math.round(streams.uniform(stream) * HOUR_NS);
      const lastListNs = -Math.round(streams.uniform(stream) * this.syncPeriodNs);
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
  listed(node: number): void {
    const { engine, recorder } = this.parts;
    const { nodes } = this;
    const at = nodes.take(node);
    at.startNs = engine.nowNs;
    this.runner.begin(node, at.startNs);
    this.sync(at, true);
    nodes.putBack(at);
    nodes.running[node] = 1;
    if (recorder.measures(at.joinedNs)) {
      recorder.nodeNetworkReady.record(at.completedNs - at.joinedNs);
      this.unready--;
    }
  }

  /** A write has been committed. */
  appended(write: number): void {
    this.last.enter(write);
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
    this.samples.settle();
  }

  /** Makes all syncs of a node that start at or before `nowNs`. */
  advance(node: number, nowNs: number): void {
    const { nodes } = this;
    const knownNs = nodes.nextStartNs(node);
    if (nodes.running[node] === 0 || knownNs > nowNs) return;
    const at = nodes.take(node);
    if (knownNs > 0) at.startNs = knownNs;
    else this.findNextStart(at);
    if (at.startNs <= nowNs) {
      do {
        this.sync(at, false);
        this.findNextStart(at);
      } while (at.startNs <= nowNs);
      nodes.putBack(at);
    }
    // Without a write to wait for, the next may come at any time.
    nodes.setNextStartNs(node, at.position < this.parts.log.length ? at.startNs : 0);
  }

  /** Whether `node` sees write `write` at `nowNs`. */
  sees(node: number, write: number, service: number, nowNs: number): boolean {
    const { previous, position, completedNs } = this.nodes;
    if (write <= previous[node]!) return true;
    if (write > position[node]!) return false;
    if (nowNs >= completedNs[node]!) return true;
    return nowNs >= this.visibleNs(this.nodes.take(node), write, service);
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
    const last = this.nodes.syncs(node) - 1;
    return nowNs >= this.completedNs[node]! ? last : last - 1;
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
    const { nodes } = this.nodes;
    if (this.prompt !== null) this.prompt.advance(first, step, nowNs);
    else for (let node = first; node < nodes; node += step) this.advance(node, nowNs);
  }

  /** Makes the next sync of a node, which there is. */
  private syncNext(node: number): void {
    const at = this.nodes.take(node);
    this.findNextStart(at);
    this.sync(at, false);
    this.nodes.putBack(at);
  }

  /** `at.startNs`: of the next sync as far as the log tells; Infinity if nothing asks for one. */
  private findNextStart(at: NodeProxy): void {
    const { log } = this.parts;
    const next = at.position + 1;
    at.startNs = Number.POSITIVE_INFINITY;
    if (next <= log.length) {
      at.startNs = log.times.receivedNs(next, at.apiserver, at.place, at.latencyNs);
      this.runner.delay(at);
    }
    if (this.forcedNs > 0) {
      at.startNs = Math.min(at.startNs, Math.max(0, at.completedNs + this.forcedNs));
    }
  }

  /** The sync that starts at `at.startNs`. */
  private sync(at: NodeProxy, initial: boolean): void {
    const { log, recorder, trace } = this.parts;
    at.previous = at.position;
    at.position = log.times.receivedBy(at, log.length);
    at.sync++;
    this.costs.apply(at, initial);
    this.runner.started(at);
    recorder.syncMade(at);
    this.samples.record(at);
    if (trace !== null) this.trace(trace, at);
  }

  private visibleNs(at: NodeProxy, write: number, service: number): number {
    return visibleNs(this.parts.model.visibility, at, write, service, this.programmedServices);
  }

  private trace(trace: Trace, at: NodeProxy): void {
    const { log, traced } = this.parts;
    for (let write = at.previous + 1; write <= at.position; write++) {
      trace.samples.push({
        write: traced[write]!,
        node: at.node,
        receivedNs: log.times.receivedNs(write, at.apiserver, at.place, at.latencyNs),
        syncStartNs: at.startNs,
        kernelStartNs: at.kernelStartNs,
        visibleNs: this.visibleNs(at, write, log.service[write]!),
      });
    }
  }
}

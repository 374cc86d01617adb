/**
 * kube-proxy on every node: which writes it has programmed (a position in the slice log), when its
 * runner lets it sync, what a sync costs, when each change is visible. Nothing outside a node
 * depends on its syncs and a sync depends only on the log, so syncs need no events: a node is
 * advanced to the present when somebody looks at it, and every so often (`Zone` events) so that
 * the work stays in cache. (write, node) work is the loop of `sample`, over the positions a sync
 * covers.
 *
 * Between syncs nothing moves, so "what does node n see at time t" is answered from two positions
 * and the times of the sync between them.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import type { Streams } from '../engine/stream.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { sliBucketOf } from '../metrics/sli.ts';
import { WideSum } from '../metrics/wide-sum.ts';
import type { Era } from '../models/eras.ts';
import {
  type ProxyModel,
  type SyncCost,
  type SyncWork,
  Visibility,
} from '../models/proxy/proxy-model.ts';
import type { Plan } from '../plan.ts';
import type { Trace } from '../trace.ts';
import { CoveredChanges } from './covered-changes.ts';
import { EventKind } from './event-kind.ts';
import type { Fanout } from './fanout.ts';
import type { Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import { SyncRunner } from './sync-runner.ts';
import type { SharedTables } from './tables.ts';
import type { Topology } from './topology.ts';
import { walkPlace } from './walk-place.ts';

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
  /** Nodes of this partition that watch. */
  watching = 0;
  /** (measured write, node) pairs still to be programmed. */
  outstanding = 0;
  /** Nodes that joined in the measured window and have yet to make their first sync. */
  unready = 0;
  /** Position programmed when the last sync completes, and before it. */
  position: Int32Array;
  previous: Int32Array;
  completedNs: Float64Array;
  /** Syncs begun so far. */
  readonly syncs: Int32Array;
  /** Nodes whose proxy has made its first sync. */
  running: Uint8Array;
  /** Service ports of the whole cluster that kube-proxy programs. */
  readonly servicePorts: number;
  readonly programmedServices: number;

  private readonly kernelStartNs: Float64Array;
  private readonly kernelNs: Float64Array;
  private readonly lastFullNs: Float64Array;
  private readonly lastListNs: Float64Array;
  private joinedNs: Float64Array;
  private firstWatched: Int32Array;
  private readonly parts: KubeProxyParts;
  private readonly program: (work: SyncWork, cost: SyncCost) => void;
  private readonly minSyncNs: number;
  private readonly syncPeriodNs: number;
  private readonly forcedNs: number;
  private readonly runner: SyncRunner;
  private readonly stages = new Float64Array(PROGRAMMING_STAGES.length);
  /** When the writes of the sync at hand were received. */
  private receipts = new Float64Array(64);
  private readonly cost: SyncCost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
  private readonly changes: CoveredChanges;

  constructor(plan: Plan, read: ConstantReader, parts: KubeProxyParts) {
    const { topology, model, era, ports } = parts;
    const { nodes } = topology;
    this.parts = parts;
    this.program = model.programmingTime(read, era);
    this.minSyncNs = plan.proxy.minSyncPeriodNs;
    this.syncPeriodNs = plan.proxy.syncPeriodNs;
    this.forcedNs = model.forcedSyncNs(era, plan.proxy.syncPeriodNs);
    this.runner = new SyncRunner(era.runner, plan.proxy.minSyncPeriodNs, nodes);
    this.servicePorts = ports.reduce((sum, count) => sum + count, 0);
    this.programmedServices = ports.filter((count) => count > 0).length;
    this.position = new Int32Array(nodes);
    this.previous = new Int32Array(nodes);
    this.completedNs = new Float64Array(nodes);
    this.syncs = new Int32Array(nodes);
    this.running = new Uint8Array(nodes);
    this.kernelStartNs = new Float64Array(nodes);
    this.kernelNs = new Float64Array(nodes);
    this.lastFullNs = new Float64Array(nodes);
    this.lastListNs = new Float64Array(nodes);
    this.joinedNs = new Float64Array(nodes);
    this.firstWatched = new Int32Array(nodes);
    this.changes = new CoveredChanges(parts.log, ports);
  }

  /** Nodes of the start: all is programmed; the phases of their timers are drawn. */
  start(nodes: number, streams: Streams, stream: number): void {
    const { engine, topology } = this.parts;
    for (let node = 0; node < nodes; node++) {
      this.completedNs[node] = -Math.round(streams.uniform(stream) * this.minSyncNs);
      this.runner.resume(node, this.completedNs[node]!);
      this.lastFullNs[node] = -Math.round(streams.uniform(stream) * HOUR_NS);
      this.lastListNs[node] = -Math.round(streams.uniform(stream) * this.syncPeriodNs);
      this.running[node] = 1;
      if (this.owns(node)) this.watching++;
    }
    for (let zone = 0; zone < topology.zones; zone++) {
      engine.start(topology.zoneProcess(zone), ADVANCE_NS, EventKind.ZoneAdvance, 0, 0);
    }
  }

  /** A node has joined at `nowNs`: it watches from here on and will ask for the lists. */
  join(node: number, nowNs: number): void {
    if (!this.owns(node)) return;
    const { log, recorder } = this.parts;
    this.joinedNs[node] = nowNs;
    this.firstWatched[node] = log.length + 1;
    this.position[node] = log.length;
    this.previous[node] = log.length;
    this.watching++;
    if (recorder.measures(nowNs)) this.unready++;
  }

  /** The joined node has its lists: the first, full sync. */
  listed(node: number): void {
    const { engine, recorder } = this.parts;
    const { nowNs } = engine;
    this.runner.begin(node, nowNs);
    this.sync(node, nowNs, true);
    this.running[node] = 1;
    if (recorder.measures(this.joinedNs[node]!)) {
      recorder.nodeNetworkReady.record(this.completedNs[node]! - this.joinedNs[node]!);
      this.unready--;
    }
  }

  /** A write has been committed and goes out to all nodes that watch. */
  appended(write: number): void {
    const { log } = this.parts;
    log.remaining[write] = this.watching;
    if (log.measured[write] === 1) this.outstanding += this.watching;
  }

  /** Advances the nodes of a zone, again and again (zone's event). */
  advanceZone(zone: number): void {
    const { engine, topology } = this.parts;
    for (let node = zone; node < topology.nodes; node += topology.zones) {
      this.advance(node, engine.nowNs);
    }
    engine.schedule(ADVANCE_NS, EventKind.ZoneAdvance, 0, 0);
  }

  /** Makes all syncs that start up to now, on every node of this partition. */
  advanceAll(): void {
    const { engine, topology } = this.parts;
    for (let node = 0; node < topology.nodes; node++) {
      if (this.owns(node)) this.advance(node, engine.nowNs);
    }
  }

  /** Makes all syncs of a node that start at or before `nowNs`. */
  advance(node: number, nowNs: number): void {
    if (this.running[node] === 0) return;
    let startNs = this.nextStartNs(node);
    while (startNs <= nowNs) {
      this.sync(node, startNs, false);
      startNs = this.nextStartNs(node);
    }
  }

  /** Whether `node` sees write `write` at `nowNs`. */
  sees(node: number, write: number, service: number, nowNs: number): boolean {
    if (write <= this.previous[node]!) return true;
    if (write > this.position[node]!) return false;
    return nowNs >= this.visibleNs(node, write, service);
  }

  /** Moves what all partitions may want to know of a node to `tables`. */
  share(tables: SharedTables): void {
    this.position = tables.move(this.position);
    this.previous = tables.move(this.previous);
    this.completedNs = tables.move(this.completedNs);
    this.running = tables.move(this.running);
    this.joinedNs = tables.move(this.joinedNs);
    this.firstWatched = tables.move(this.firstWatched);
  }

  /**
   * Smallest position a node of this partition may still be asked about, nodes that wait for their
   * lists included.
   */
  lowestPosition(): number {
    let lowest = this.parts.log.length;
    for (let node = 0; node < this.previous.length; node++) {
      if (!this.owns(node)) continue;
      const watches = this.running[node] === 1 || this.firstWatched[node]! > 0;
      if (watches && this.previous[node]! < lowest) lowest = this.previous[node]!;
    }
    return lowest;
  }

  /** The newest position that is programmed in full. */
  programmedPosition(node: number, nowNs: number): number {
    return nowNs >= this.completedNs[node]! ? this.position[node]! : this.previous[node]!;
  }

  /** Node time in [fromNs, toNs): joined nodes count from their joining on. */
  nodeTimeNs(fromNs: number, toNs: number): WideSum {
    const sum = new WideSum();
    for (let node = 0; node < this.running.length; node++) {
      const watches = this.running[node] === 1 || this.firstWatched[node]! > 0;
      if (watches) sum.add(Math.max(0, toNs - Math.max(fromNs, this.joinedNs[node]!)));
    }
    return sum;
  }

  /** Number of the sync that programmed what packets meet now; -1 for the state of the start. */
  programmedSync(node: number, nowNs: number): number {
    const last = this.syncs[node]! - 1;
    return nowNs >= this.completedNs[node]! ? last : last - 1;
  }

  private owns(node: number): boolean {
    const { engine, topology } = this.parts;
    return engine.owns(topology.nodeProcess(node));
  }

  private receivedNs(node: number, write: number): number {
    const { log, topology, fanout } = this.parts;
    return log.receivedNs(
      write,
      topology.apiserverOf[node]!,
      fanout.placeOf[node]!,
      topology.controlLatencyNs[node]!,
    );
  }

  /** Start of the node's next sync as far as the log tells; Infinity if nothing asks for one. */
  private nextStartNs(node: number): number {
    const next = this.position[node]! + 1;
    let startNs = Number.POSITIVE_INFINITY;
    if (next <= this.parts.log.length) {
      startNs = this.runner.earliestNs(node, this.receivedNs(node, next), this.completedNs[node]!);
    }
    if (this.forcedNs > 0) {
      const forcedNs = Math.max(0, this.completedNs[node]! + this.forcedNs);
      if (forcedNs < startNs) return forcedNs;
    }
    return startNs;
  }

  private sync(node: number, startNs: number, initial: boolean): void {
    const { model, era, recorder } = this.parts;
    const from = this.position[node]!;
    const to = this.receive(node, from, startNs);
    const { cost } = this;
    const work = this.changes.describe(from, to);
    work.initial = initial;
    work.full = initial || startNs - this.lastFullNs[node]! > model.fullSyncAfterNs(era, work);
    const sinceList = startNs - this.lastListNs[node]!;
    work.lists = work.full || model.listsKernel(era, work, sinceList, this.syncPeriodNs);
    this.program(work, cost);

    const completed = startNs + cost.buildNs + cost.kernelNs;
    this.runner.started(node, startNs);
    this.previous[node] = from;
    this.position[node] = to;
    this.kernelStartNs[node] = startNs + cost.buildNs;
    this.kernelNs[node] = cost.kernelNs;
    this.completedNs[node] = completed;
    if (work.full) this.lastFullNs[node] = completed;
    if (work.lists) this.lastListNs[node] = completed;
    recorder.synced(startNs, completed - startNs, cost.cpuNs);
    this.syncs[node]!++;
    this.sample(node, from, to, startNs);
  }

  /** The position received by `startNs`; receipts of what is new go to `receipts`. */
  private receive(node: number, from: number, startNs: number): number {
    const { length } = this.parts.log;
    let to = from;
    while (to < length) {
      const receivedNs = this.receivedNs(node, to + 1);
      if (receivedNs > startNs) break;
      if (to - from === this.receipts.length) this.widenReceipts();
      this.receipts[to - from] = receivedNs;
      to++;
    }
    return to;
  }

  /** One sample for each write the sync covers: the loop that the run's time goes into. */
  private sample(node: number, from: number, to: number, startNs: number): void {
    const { log, recorder, model, trace } = this.parts;
    const { receipts, stages } = this;
    const { lastVisibleNs, remaining, measured, triggerNs, commitNs } = log;
    const { kubeletNs, controllerQueueNs, controllerWriteNs, apiserverNs } = log;
    const histogram = recorder.networkProgramming;
    const { visibility } = model;
    const kernelNs = this.kernelNs[node]!;
    const covered = to - from;
    const joinedNs = this.joinedNs[node]!;
    const kernelStartNs = this.kernelStartNs[node]!;
    let visibleNs = this.completedNs[node]!;
    let samples = 0;
    stages[6] = kernelStartNs - startNs;
    for (let write = Math.max(from + 1, this.firstWatched[node]!); write <= to; write++) {
      if (visibility === Visibility.Arrival) {
        visibleNs = kernelStartNs + Math.round(((write - from) * kernelNs) / covered);
      } else if (visibility === Visibility.Walk) {
        visibleNs = this.visibleNs(node, write, log.service[write]!);
      }
      const receivedNs = receipts[write - from - 1]!;
      const lastNs = lastVisibleNs[write]!;
      if (visibleNs > lastNs || (visibleNs === lastNs && node < log.lastNode[write]!)) {
        lastVisibleNs[write] = visibleNs;
        log.lastNode[write] = node;
        log.lastReceivedNs[write] = receivedNs;
        log.lastSyncStartNs[write] = startNs;
        log.lastKernelStartNs[write] = kernelStartNs;
      }
      remaining[write]!--;
      if (measured[write] === 0) continue;
      stages[0] = kubeletNs[write]!;
      stages[1] = controllerQueueNs[write]!;
      stages[2] = controllerWriteNs[write]!;
      stages[3] = apiserverNs[write]!;
      stages[4] = receivedNs - commitNs[write]!;
      stages[5] = startNs - receivedNs;
      stages[7] = visibleNs - kernelStartNs;
      const valueNs = visibleNs - triggerNs[write]!;
      histogram.recordEightStages(valueNs, stages);
      if (triggerNs[write]! >= joinedNs) recorder.sli[sliBucketOf(valueNs)]!++;
      samples++;
    }
    this.outstanding -= samples;
    if (trace !== null) this.trace(trace, node, from, to, startNs);
  }

  private trace(trace: Trace, node: number, from: number, to: number, startNs: number): void {
    for (let write = Math.max(from + 1, this.firstWatched[node]!); write <= to; write++) {
      trace.samples.push({
        write: this.parts.traced[write]!,
        node,
        receivedNs: this.receipts[write - from - 1]!,
        syncStartNs: startNs,
        kernelStartNs: this.kernelStartNs[node]!,
        visibleNs: this.visibleNs(node, write, this.parts.log.service[write]!),
      });
    }
  }

  private widenReceipts(): void {
    const wider = new Float64Array(this.receipts.length * 2);
    wider.set(this.receipts);
    this.receipts = wider;
  }

  /** When a write that the node's last sync covers is visible there. */
  private visibleNs(node: number, write: number, service: number): number {
    const { visibility } = this.parts.model;
    const kernelNs = this.kernelNs[node]!;
    if (visibility === Visibility.Commit) return this.completedNs[node]!;
    if (visibility === Visibility.Walk) {
      const services = this.programmedServices;
      const place = walkPlace(node, this.syncs[node]! - 1, service, services);
      return this.kernelStartNs[node]! + Math.round((kernelNs * (place + 1)) / services);
    }
    const from = this.previous[node]!;
    const covered = this.position[node]! - from;
    return this.kernelStartNs[node]! + Math.round(((write - from) * kernelNs) / covered);
  }
}

/**
 * What interrupts kube-proxies: restarts and upgrades, outages of an apiserver, watches that are closed
 * because a node is too slow. The control plane says when (its events are the first half), each node
 * breaks its own watch, asks for lists and goes on when it has them (the second half). Rules:
 * "Interruptions" in docs/models/network-programming.md.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { interruptions } from '../models/interruptions.ts';
import type { AgentSelection, Plan, ScenarioEventPlan } from '../plan.ts';
import { EventKind } from './event-kind.ts';
import type { Fanout } from './fanout.ts';
import type { KubeProxies } from './kube-proxies.ts';
import { Irregular } from './node-proxy.ts';
import type { Agents } from './proxy-class.ts';
import type { Recorder } from './recorder.ts';
import type { SliceCommits } from './slice-commits.ts';
import { CONTROL_PLANE, type Topology } from './topology.ts';

const SAME_CLASS = -1;

export interface InterruptionParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly fanout: Fanout;
  readonly commits: SliceCommits;
  readonly proxies: KubeProxies;
  readonly recorder: Recorder;
  readonly agents: Agents;
}

export class Interruptions {
  private readonly plan: Plan;
  private readonly parts: InterruptionParts;
  private readonly agentRestartNs: number;
  private readonly reconnectNs: number;
  private readonly reconnectFixedNs: number;
  private readonly watchBuffer: number;
  /** By node: requests for lists it has sent since it joined, and when the last arrives. */
  private readonly requests: Int32Array;
  private readonly askedNs: Float64Array;
  /** By node: when it joins; -Infinity for those of the start. */
  private readonly joinedNs: Float64Array;
  /** New classes of stopped proxies. */
  private readonly nextClass = new Map<number, number>();

  constructor(plan: Plan, read: ConstantReader, parts: InterruptionParts) {
    this.plan = plan;
    this.parts = parts;
    this.agentRestartNs = Math.round(read(interruptions.agentRestart));
    this.reconnectNs = Math.round(read(interruptions.watchReconnect));
    this.reconnectFixedNs = Math.round(read(interruptions.watchReconnectFixed));
    this.watchBuffer = Math.round(read(interruptions.watchBuffer));
    this.requests = new Int32Array(parts.topology.nodes);
    this.askedNs = new Float64Array(parts.topology.nodes);
    this.joinedNs = joiningTimes(plan, parts.topology.nodes);
    this.joinedNs.forEach((joinedNs, node) => {
      this.askedNs[node] = this.answerableNs(node, joinedNs);
      if (this.askedNs[node]! > joinedNs) this.breakWatch(node, joinedNs);
    });
  }

  /** Before the run: outages that nodes will notice. */
  start(): void {
    const { engine, topology } = this.parts;
    this.plan.events.forEach((event, index) => {
      if (event.kind !== 'apiserverOutage') return;
      const timeNs = this.plan.warmUpNs + event.atNs;
      const { apiserver } = event;
      for (let node = apiserver; node < topology.nodes; node += topology.apiservers) {
        engine.start(topology.nodeProcess(node), timeNs, EventKind.WatchBroken, index, 0);
      }
    });
  }

  /** Tells the nodes chosen to restart their proxies, one after another (control plane). */
  restart(event: Extract<ScenarioEventPlan, { kind: 'restartAgents' | 'changeAgents' }>): void {
    const { engine, topology, agents } = this.parts;
    const index = event.kind === 'changeAgents' ? agents.classOf(event.agent) : SAME_CLASS;
    const first = this.firstNode(event);
    for (let i = 0; i < event.count; i++) {
      const node = first + i;
      const delayNs = Math.round((event.overNs * i) / event.count);
      engine.send(
        topology.nodeProcess(node),
        delayNs + topology.controlLatencyNs[node]!,
        EventKind.AgentStop,
        index,
        0,
      );
    }
  }

  /** A request for lists is answered (control plane). */
  listRequested(node: number, number: number): void {
    const { engine } = this.parts;
    const listedNs = this.sendLists(node) + this.parts.topology.controlLatencyNs[node]!;
    this.sendListed(node, listedNs - engine.nowNs, number);
  }

  /** A joining node asks for the lists now, over both ways (control plane). */
  join(node: number): void {
    const { engine } = this.parts;
    const delayNs = this.askedNs[node]! - engine.nowNs;
    if (delayNs > 0) {
      engine.schedule(delayNs, EventKind.ListRequest, node, 0);
      return;
    }
    const listedNs = this.sendLists(node) + 2 * this.parts.topology.controlLatencyNs[node]!;
    this.sendListed(node, listedNs - engine.nowNs, 0);
  }

  /** The proxy of a node is to stop and to start again. */
  agentStop(node: number, index: number): void {
    const { engine, proxies } = this.parts;
    const { nodes, receipts, gaps } = proxies;
    const { nowNs } = engine;
    if (nodes.running[node] === 0 || (nodes.flags[node]! & Irregular.Stopped) !== 0) return;
    proxies.advance(node, nowNs);
    const stopNs = Math.max(nowNs, nodes.completedNs[node]!);
    nodes.flags[node]! |= Irregular.Stopped | Irregular.Restarted | Irregular.Broken;
    nodes.setNextStartNs(node, Number.POSITIVE_INFINITY);
    nodes.startedNs[node] = stopNs + this.agentRestartNs;
    receipts.breakWatch(node, stopNs);
    gaps.begin(node, nowNs, stopNs);
    if (index !== SAME_CLASS) this.nextClass.set(node, index);
    this.ask(node, stopNs + this.agentRestartNs + this.latencyNs(node));
  }

  /** The apiserver of a node is gone. */
  watchBroken(node: number, index: number): void {
    const event = this.plan.events[index]!;
    const { engine, topology, fanout } = this.parts;
    const { nowNs } = engine;
    if (event.kind !== 'apiserverOutage' || this.joinedNs[node]! > nowNs) return;
    this.breakWatch(node, nowNs);
    // It has a request under way that will be answered, or is about to send one.
    if (this.askedNs[node]! >= nowNs) return;
    const members = Math.ceil((topology.nodes - event.apiserver) / topology.apiservers);
    // The fan-out of this partition may have yet to learn of a node that joins.
    const isNew = node >= this.plan.cluster.nodes;
    const place = isNew ? Math.floor(node / topology.apiservers) : fanout.placeOf[node]!;
    const turnNs = Math.round((this.reconnectNs * place) / members);
    this.ask(node, nowNs + event.forNs + this.latencyNs(node) + turnNs);
  }

  /** `write` might reach a slow node now: if the node is too far behind, its watch is closed. */
  watchCheck(node: number, write: number): void {
    const { engine, proxies } = this.parts;
    const { nodes, receipts } = proxies;
    const { nowNs } = engine;
    const oldest = write - 1 - this.watchBuffer;
    if (!this.hasLists(node) || (nodes.flags[node]! & Irregular.Broken) !== 0) return;
    if (!receipts.isBehind(nodes.take(node), oldest, nowNs)) return;
    this.breakWatch(node, nowNs);
    this.ask(node, nowNs + this.reconnectFixedNs + this.latencyNs(node));
  }

  /** A node has lists; whether they are those of its joining. */
  listed(node: number, number: number): boolean {
    const { engine, proxies } = this.parts;
    const { nodes, receipts } = proxies;
    if (number !== this.requests[node]) return false;
    const isFirst = nodes.running[node] === 0;
    const wasStopped = (nodes.flags[node]! & Irregular.Stopped) !== 0;
    const wasBroken = (nodes.flags[node]! & Irregular.Broken) !== 0;
    if (isFirst) proxies.links.begin(node, nodes.position[node]! + 1, engine.nowNs);
    if (wasBroken) {
      receipts.mend(nodes.take(node), this.askedNs[node]!, engine.nowNs);
      nodes.flags[node]! &= ~(Irregular.Broken | Irregular.Stopped);
      nodes.flags[node]! |= Irregular.Relisted;
      nodes.setNextStartNs(node, 0);
    }
    if (isFirst) proxies.begin(node);
    if (wasStopped) {
      nodes.class[node] = this.nextClass.get(node) ?? nodes.class[node]!;
      this.nextClass.delete(node);
      proxies.resume(nodes.take(node));
    }
    return isFirst;
  }

  /** Has the lists of its joining and of its last restart. */
  private hasLists(node: number): boolean {
    const { running, flags } = this.parts.proxies.nodes;
    return running[node] === 1 && (flags[node]! & Irregular.Stopped) === 0;
  }

  private breakWatch(node: number, nowNs: number): void {
    const { nodes, receipts } = this.parts.proxies;
    nodes.flags[node]! |= Irregular.Broken;
    if ((nodes.flags[node]! & Irregular.Stopped) === 0) nodes.setNextStartNs(node, 0);
    receipts.breakWatch(node, nowNs);
  }

  /** When the apiserver of a node answers a request that reaches it at `timeNs`: after an outage. */
  private answerableNs(node: number, timeNs: number): number {
    const apiserver = this.parts.topology.apiserverOf[node]!;
    for (const event of this.plan.events) {
      if (event.kind !== 'apiserverOutage' || event.apiserver !== apiserver) continue;
      const fromNs = this.plan.warmUpNs + event.atNs;
      const toNs = fromNs + event.forNs;
      if (timeNs >= fromNs && timeNs < toNs) return this.answerableNs(node, toNs);
    }
    return timeNs;
  }

  /** The node sends a request for lists that would arrive at `timeNs`. */
  private ask(node: number, timeNs: number): void {
    const { engine } = this.parts;
    const askedNs = this.answerableNs(node, timeNs);
    const number = ++this.requests[node]!;
    this.askedNs[node] = askedNs;
    engine.send(CONTROL_PLANE, askedNs - engine.nowNs, EventKind.ListRequest, node, number);
  }

  /** Sends the lists as of now; returns when they have arrived at their node, but for the latency. */
  private sendLists(node: number): number {
    const { commits, engine, fanout, proxies, recorder, topology } = this.parts;
    const bytes = commits.listBytes();
    recorder.listed(engine.nowNs, bytes);
    const sentNs = fanout.sendList(topology.apiserverOf[node]!, engine.nowNs, bytes);
    return sentNs + proxies.links.listNs(node, bytes);
  }

  private sendListed(node: number, delayNs: number, number: number): void {
    const { engine, topology } = this.parts;
    engine.send(topology.nodeProcess(node), delayNs, EventKind.ProxyListed, number, 0);
  }

  private latencyNs(node: number): number {
    return this.parts.topology.controlLatencyNs[node]!;
  }

  private firstNode({ pool }: AgentSelection): number {
    const before = this.plan.cluster.pools.slice(0, pool ?? 0);
    return before.reduce((sum, { nodes }) => sum + nodes, 0);
  }
}

/** By node: when it joins by the plan; -Infinity for the nodes of the start. */
function joiningTimes({ cluster, events, warmUpNs }: Plan, nodes: number): Float64Array {
  const times = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
  let node = cluster.nodes;
  // Those at the same time come in the order of the plan, as the engine has them.
  for (const event of [...events].sort((a, b) => a.atNs - b.atNs)) {
    if (event.kind !== 'addNodes') continue;
    times.fill(warmUpNs + event.atNs, node, node + event.count);
    node += event.count;
  }
  return times;
}

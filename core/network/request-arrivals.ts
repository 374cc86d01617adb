/**
 * Where and when requests start. Every node draws its own arrivals of every traffic entry. An outside
 * client's are those that its packets reach the node; a load balancer whose Service has
 * externalTrafficPolicy Local sends each to one of the nodes that pass its health check, all alike.
 */
import type { Engine } from '../engine/engine.ts';
import { exponential } from '../engine/samplers.ts';
import type { Streams } from '../engine/stream.ts';
import type { LifetimeDistribution } from '../plan.ts';
import type { EndpointPick } from './endpoint-pick.ts';
import { EventKind } from './event-kind.ts';
import type { Topology } from './topology.ts';
import { type TrafficEntry, TrafficKind } from './traffic-entries.ts';

/** Nodes a load balancer tries before it takes a failing one: views differ for moments only. */
const TRIES = 8;

export interface ArrivalParts {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly topology: Topology;
  readonly traffic: readonly TrafficEntry[];
  /** No request starts at or after this time. */
  readonly untilNs: number;
  readonly externalNs: number;
  /** Streams of a node: for an entry's arrivals, for choices, for lifetimes; made when first needed. */
  readonly arrivals: (node: number, entry: number) => number;
  readonly choices: (node: number) => number;
  readonly lifetimes: (node: number) => number;
}

export class RequestArrivals {
  private readonly parts: ArrivalParts;
  private readonly pick: EndpointPick;
  private readonly arrivalStream: Int32Array;
  private readonly choiceStream: Int32Array;
  private readonly lifetimeStream: Int32Array;

  constructor(parts: ArrivalParts, pick: EndpointPick) {
    const { nodes } = parts.topology;
    this.parts = parts;
    this.pick = pick;
    this.arrivalStream = new Int32Array(nodes * parts.traffic.length).fill(-1);
    this.choiceStream = new Int32Array(nodes).fill(-1);
    this.lifetimeStream = new Int32Array(nodes).fill(-1);
  }

  /** Starts all traffic of a node: before the run (null), or once its proxy is ready. */
  startNode(node: number, readyNs: number | null): void {
    const { engine, topology, traffic } = this.parts;
    for (let entry = 0; entry < traffic.length; entry++) {
      if (traffic[entry]!.services.length === 0) continue;
      const gapNs = this.nextGapNs(node, entry);
      if (readyNs === null) {
        engine.start(topology.nodeProcess(node), gapNs, EventKind.RequestStart, entry, 0);
      } else {
        engine.schedule(readyNs - engine.nowNs + gapNs, EventKind.RequestStart, entry, 0);
      }
    }
  }

  /** Whether a request starts now; if so, the next of its entry is scheduled. */
  next(node: number, entry: number): boolean {
    const { engine, traffic, untilNs, externalNs } = this.parts;
    const isInternal = traffic[entry]!.kind === TrafficKind.ClusterIP;
    if (engine.nowNs - (isInternal ? 0 : externalNs) >= untilNs) return false;
    engine.schedule(this.nextGapNs(node, entry), EventKind.RequestStart, entry, 0);
    return true;
  }

  /** Place of the Service that a new request of an entry is for. */
  choosePlace(node: number, entry: number): number {
    const { streams, traffic } = this.parts;
    return streams.below(this.choiceOf(node), traffic[entry]!.services.length);
  }

  /** The next choice of a node: uniform in [0, 1). */
  choose(node: number): number {
    return this.parts.streams.uniform(this.choiceOf(node));
  }

  /** Whether a load balancer looks for a node that passes its health check. */
  isBalanced(entry: number, place: number): boolean {
    const { kind, isLocal } = this.parts.traffic[entry]!;
    return kind === TrafficKind.LoadBalancer && isLocal[place] === 1;
  }

  /**
   * The load balancer tries a node: one of those that have an endpoint in the view of `node`. The
   * request has not started: a try takes simulated time, and none of the client's.
   */
  tryNode(node: number, entry: number, place: number, tried: number): boolean {
    const { engine, topology, traffic, externalNs } = this.parts;
    if (tried === TRIES) return false;
    const service = traffic[entry]!.services[place]!;
    const to = this.pick.nodeWithEndpoint(node, service, engine.nowNs, this.choose(node));
    if (to < 0) return false;
    const b = place * (TRIES + 1) + tried + 1;
    if (to === node) engine.schedule(externalNs, EventKind.RequestBalanced, entry, b);
    else engine.send(topology.nodeProcess(to), externalNs, EventKind.RequestBalanced, entry, b);
    return true;
  }

  /** A balanced request has reached `node`. The Service's place if it stays, -1 if it goes on. */
  balanced(node: number, entry: number, b: number): number {
    const { engine, traffic } = this.parts;
    const place = Math.floor(b / (TRIES + 1));
    const service = traffic[entry]!.services[place]!;
    if (this.pick.isHealthy(node, service, engine.nowNs)) return place;
    return this.tryNode(node, entry, place, b % (TRIES + 1)) ? -1 : place;
  }

  /** How long a connection stays open. */
  lifetimeNs(node: number, distribution: LifetimeDistribution): number {
    if (distribution.kind === 'constant') return Math.round(distribution.ns);
    if (this.lifetimeStream[node]! < 0) this.lifetimeStream[node] = this.parts.lifetimes(node);
    const stream = this.lifetimeStream[node]!;
    const { streams } = this.parts;
    if (distribution.kind === 'exponential') {
      return Math.round(exponential(streams, stream) * distribution.meanNs);
    }
    // 95 % are below the 95th percentile: P(X > x) = (min / x)^alpha.
    const { minNs, p95Ns } = distribution;
    const alpha = Math.log(20) / Math.log(p95Ns / minNs);
    return Math.round(minNs * (1 - streams.uniform(stream)) ** (-1 / alpha));
  }

  private nextGapNs(node: number, entry: number): number {
    const { streams, traffic, arrivals } = this.parts;
    const at = node * traffic.length + entry;
    if (this.arrivalStream[at]! < 0) this.arrivalStream[at] = arrivals(node, entry);
    return Math.round(exponential(streams, this.arrivalStream[at]!) * traffic[entry]!.gapNs);
  }

  private choiceOf(node: number): number {
    if (this.choiceStream[node]! < 0) this.choiceStream[node] = this.parts.choices(node);
    return this.choiceStream[node]!;
  }
}

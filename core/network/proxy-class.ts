/**
 * Classes of kube-proxies: nodes whose proxies are of one release and configured alike. What a class
 * has in common is here, so that a run with one class pays nothing for there being several.
 */
import { assert } from '../assert.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { ConstantReader } from '../constant.ts';
import { type Era, eraOf } from '../models/eras.ts';
import { type ProxyModel, Visibility } from '../models/proxy/proxy-model.ts';
import { proxyModel } from '../models/proxy/registry.ts';
import type { AgentPlan, Plan, PoolPlan, ServicePlan } from '../plan.ts';
import { CoveredChanges } from './covered-changes.ts';
import { type FurtherTotals, furtherTotals } from './further-totals.ts';
import type { LastNodes } from './last-nodes.ts';
import type { NodeProxy } from './node-proxy.ts';
import type { UsableColumns } from './place-counts.ts';
import { ProgrammingSamples } from './programming-samples.ts';
import type { Receipts } from './receipts.ts';
import type { Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import type { SyncBatch } from './sync-batch.ts';
import { SyncCosts } from './sync-costs.ts';
import { SyncRunner } from './sync-runner.ts';
import { walkPlace } from './walk-place.ts';

/** A node's class is kept in a byte. */
const MOST = 256;

/** What the nodes of a pool run at the start. */
export function agentOfPool(plan: Plan, pool: PoolPlan): AgentPlan {
  const { kubernetesVersion, proxy } = plan;
  return pool.agent ?? { kubernetesVersion, proxy };
}

/** The different agents of a run: of its pools, then those that nodes change to. */
export class Agents {
  readonly all: AgentPlan[] = [];
  private readonly indices = new Map<string, number>();

  constructor(plan: Plan) {
    for (const pool of plan.cluster.pools) this.add(agentOfPool(plan, pool));
    for (const event of plan.events) if (event.kind === 'changeAgents') this.add(event.agent);
    assert(this.all.length <= MOST, `${this.all.length} different proxies, at most ${MOST}`);
  }

  /** Class of an agent of the run. */
  classOf(agent: AgentPlan): number {
    return this.indices.get(canonicalJson(agent))!;
  }

  private add(agent: AgentPlan): void {
    const name = canonicalJson(agent);
    if (this.indices.has(name)) return;
    this.indices.set(name, this.all.length);
    this.all.push(agent);
  }
}

export interface ProxyClassParts {
  readonly nodes: number;
  readonly zones: number;
  readonly read: ConstantReader;
  readonly log: SliceLog;
  readonly last: LastNodes;
  readonly recorder: Recorder;
  readonly receipts: Receipts;
  readonly batch: SyncBatch;
  /** Ports by Service; 0 for those that kube-proxy does not program. */
  readonly ports: Int32Array;
  readonly servicePlans: readonly ServicePlan[];
  /** Services that kube-proxy programs. */
  readonly services: number;
  /** Chooses which syncs fail. */
  readonly failureSalt: number;
}

/** What nodes of a class have in common that use the same endpoints. */
export interface ClassAtPlace {
  /** Among the places of its class. */
  readonly index: number;
  readonly counts: UsableColumns;
  /** What Services bring that are not plain ClusterIP ones; null if all are. */
  readonly further: FurtherTotals | null;
  readonly costs: SyncCosts;
}

/** One class. */
export class ProxyClass {
  readonly agent: AgentPlan;
  readonly model: ProxyModel;
  readonly era: Era;
  readonly minSyncNs: number;
  readonly syncPeriodNs: number;
  /** Longest time between two syncs; 0 without such a timer. */
  readonly forcedNs: number;
  /** From a failed sync until it is made again. */
  readonly retryNs: number;
  /** Share of syncs that fail, of 2^32. */
  readonly failing: number;
  /** Syncs come as soon as there is something to do, and each for itself. */
  readonly isPrompt: boolean;
  readonly runner: SyncRunner;
  /** By zone, or one for all zones where hints make no difference. */
  private readonly places: readonly ClassAtPlace[];
  readonly samples: ProgrammingSamples;
  private readonly failureSalt: number;

  constructor(agent: AgentPlan, parts: ProxyClassParts) {
    const { read, log, last, recorder, receipts, batch, ports, servicePlans, services } = parts;
    const { minSyncPeriodNs, syncPeriodNs, failedSyncs } = agent.proxy;
    this.agent = agent;
    const era = eraOf(agent.kubernetesVersion);
    assert(era !== undefined, `no era for Kubernetes ${agent.kubernetesVersion}`);
    const model = proxyModel(agent.proxy.model);
    const { visibility } = model;
    this.era = era;
    this.model = model;
    this.minSyncNs = minSyncPeriodNs;
    this.syncPeriodNs = syncPeriodNs;
    this.forcedNs = model.forcedSyncNs(era, syncPeriodNs);
    this.retryNs = Math.max(syncPeriodNs, minSyncPeriodNs);
    this.failing = visibility === Visibility.Arrival ? 0 : failedSyncs * 2 ** 32;
    this.failureSalt = parts.failureSalt;
    this.isPrompt =
      minSyncPeriodNs === 0 &&
      this.forcedNs === 0 &&
      this.failing === 0 &&
      visibility !== Visibility.Walk;
    this.runner = new SyncRunner(era.runner, minSyncPeriodNs, parts.nodes);
    const hasUdp = servicePlans.map((service) =>
      service.ports.some(({ protocol }) => protocol === 'UDP'),
    );
    this.places = Array.from({ length: log.hints === null ? 1 : parts.zones }, (_, index) => {
      const counts = log.countsAt(index, era.terminatingEndpoints);
      const further = furtherTotals(log, counts, servicePlans, model, era, agent.proxy);
      const changes = new CoveredChanges(log, counts, ports, further, hasUdp);
      const costs = new SyncCosts(model, read, era, syncPeriodNs, changes);
      return { index, counts, further, costs };
    });
    const { networkProgramming: histogram, sli } = recorder;
    this.samples = new ProgrammingSamples({
      log,
      last,
      histogram,
      sli,
      visibility,
      services,
      receipts,
      batch,
    });
  }

  /** Nodes are dealt out to the zones in turn (`Topology`). */
  at(node: number): ClassAtPlace {
    const { places } = this;
    return places.length === 1 ? places[0]! : places[node % places.length]!;
  }

  /** Whether the sync at hand of a node fails. */
  fails(at: NodeProxy): boolean {
    return (
      this.failing > 0 && walkPlace(at.node, at.sync, this.failureSalt, 2 ** 32) < this.failing
    );
  }
}

/**
 * Reference: every node's kube-proxy, its runner, its failures and its restarts. Sections
 * "kube-proxy" and "Interruptions" of docs/models/network-programming.md.
 */
import { constantReader } from '../../constant.ts';
import { ERAS, type Era } from '../../models/eras.ts';
import {
  type ProxyModel,
  type SyncCost,
  type SyncWork,
  Visibility,
} from '../../models/proxy/proxy-model.ts';
import type { AgentPlan, AgentSelection, ProxyPlan } from '../../plan.ts';
import type { Trace } from '../../trace.ts';
import { walkPlace } from '../walk-place.ts';
import { NaiveCommitted, ruleCounts, type ServiceEndpoints, usableIn } from './naive-committed.ts';
import type { Endpoints, NaiveService, SliceWrite } from './naive-slices.ts';
import { type Delivery, type NaiveTally, NaiveWatches } from './naive-watches.ts';
import type { NaiveNode, NaiveWorld } from './naive-world.ts';

/** What a node's proxy is. */
interface AgentClass {
  readonly proxy: ProxyPlan;
  readonly era: Era;
  readonly model: ProxyModel;
  readonly programmingTime: (work: SyncWork, cost: SyncCost) => void;
}

interface Proxy {
  readonly node: NaiveNode;
  agent: AgentClass;
  /** Model of the objects in the kernel; null on a node that has joined and not synced yet. */
  kernelModel: string | null;
  /** Endpoints by Service, as programmed last. */
  endpoints: Map<NaiveService, ServiceEndpoints>;
  /** Starting: without the lists of its joining or restart. */
  state: 'starting' | 'idle' | 'syncing';
  /** What the node was told and waits for the end of a sync. */
  stopsAs: AgentClass | null;
  lastFailed: boolean;
  syncs: number;
  lastStartNs: number;
  lastCompletionNs: number;
  lastFullEndNs: number;
  lastListingNs: number;
  tokens: number;
  /** When it stopped, until a sync has succeeded since. */
  stoppedNs: number | null;
  /** Outdated plans of a next sync are recognised by it. */
  generation: number;
}

/** A sync that has started. */
interface Sync {
  readonly startNs: number;
  readonly kernelStartNs: number;
  readonly endNs: number;
  readonly covered: readonly Delivery[];
  readonly endpoints: Map<NaiveService, ServiceEndpoints>;
  readonly work: SyncWork;
}

const RUNNER_BURST = 2;
const FULL_SYNC_PHASE_NS = 3600e9;
/** After everything else that a node does at the same time. */
const LAST = 1e9;

export class NaiveProxies {
  private readonly world: NaiveWorld;
  private readonly modelOf: (id: string) => ProxyModel;
  private readonly trace: Trace;
  private readonly tally: NaiveTally;
  private readonly services: readonly NaiveService[];
  private readonly committed: NaiveCommitted;
  private readonly watches: NaiveWatches;
  private readonly proxies = new Map<NaiveNode, Proxy>();
  private readonly salt: number;

  constructor(
    world: NaiveWorld,
    modelOf: (id: string) => ProxyModel,
    services: readonly NaiveService[],
    trace: Trace,
    tally: NaiveTally,
    zoneOfPod: (pod: number) => number,
  ) {
    this.world = world;
    this.modelOf = modelOf;
    this.trace = trace;
    this.tally = tally;
    this.services = services.filter((service) => !service.headless);
    this.salt = world.streams.below(world.stream.failures, 2 ** 32);
    this.committed = new NaiveCommitted(world, services, zoneOfPod);
    const told = {
      received: (node: NaiveNode) => this.planSync(this.of(node)),
      listed: (node: NaiveNode) => this.listed(this.of(node)),
      willAsk: (node: NaiveNode) => this.of(node).stopsAs !== null,
    };
    this.watches = new NaiveWatches(world, () => this.committed.listBytes(), told, tally);
  }

  start(slices: readonly { service: NaiveService; slice: number; endpoints: Endpoints }[]): void {
    for (const { service, slice, endpoints } of slices) {
      this.committed.set(service, slice, endpoints);
    }
    const { nodes, streams, stream } = this.world;
    const phase = (periodNs: number) => -Math.round(streams.uniform(stream.proxy) * periodNs);
    for (const node of nodes) {
      const proxy = this.newProxy(node);
      const { minSyncPeriodNs, syncPeriodNs, model } = proxy.agent.proxy;
      proxy.state = 'idle';
      proxy.kernelModel = model;
      proxy.lastCompletionNs = phase(minSyncPeriodNs);
      proxy.lastStartNs = proxy.lastCompletionNs;
      proxy.tokens = RUNNER_BURST - 1;
      proxy.lastFullEndNs = phase(FULL_SYNC_PHASE_NS);
      proxy.lastListingNs = phase(syncPeriodNs);
      this.planSync(proxy);
    }
  }

  /** The node lists everything now; its first sync starts when the lists are there. */
  join(node: NaiveNode): void {
    this.newProxy(node);
    this.watches.join(node);
  }

  outage(apiserver: number, forNs: number): void {
    this.watches.outage(apiserver, forNs);
  }

  /** The chosen nodes' proxies restart, as `agent` if there is one, the first of them now. */
  restart(selection: AgentSelection, agent: AgentPlan | null): void {
    const { clock, nodes, plan } = this.world;
    const { pools } = plan.cluster;
    const { pool, count, overNs } = selection;
    const before = pools.slice(0, pool ?? 0).reduce((sum, each) => sum + each.nodes, 0);
    const size = pool === null ? plan.cluster.nodes : pools[pool]!.nodes;
    for (let i = 0; i < Math.min(count, size); i++) {
      const proxy = this.of(nodes[before + i]!);
      const hearNs = clock.nowNs + Math.round((overNs * i) / count) + proxy.node.latencyNs;
      const next = agent === null ? null : this.classOf(agent);
      clock.at(hearNs, () => this.hear(proxy, next), LAST + proxy.node.index);
    }
  }

  commit(write: SliceWrite): void {
    const { service } = write;
    const { committed, bytes } = this.committed.apply(write, this.trace.writes.length);
    this.trace.writes.push({
      service: service.index,
      triggerNs: write.triggerNs,
      knownNs: write.knownNs,
      syncStartNs: write.syncStartNs,
      requestNs: write.requestNs,
      commitNs: this.world.clock.nowNs,
      endpoints: write.endpoints?.size ?? 0,
    });
    if (!service.headless) this.watches.commit(committed, bytes);
  }

  private hear(proxy: Proxy, next: AgentClass | null): void {
    if (proxy.state === 'starting' || proxy.stopsAs !== null) {
      this.tally.ignored++;
      return;
    }
    if (next === null) this.tally.restarts++;
    else this.tally.upgrades++;
    proxy.stopsAs = next ?? proxy.agent;
    if (proxy.state === 'idle') this.stop(proxy);
  }

  private stop(proxy: Proxy): void {
    const { clock, constants } = this.world;
    const { node } = proxy;
    proxy.agent = proxy.stopsAs!;
    proxy.stopsAs = null;
    proxy.state = 'starting';
    proxy.generation++;
    proxy.stoppedNs ??= clock.nowNs;
    this.watches.break(node);
    this.watches.ask(node, clock.nowNs + constants.agentRestart + node.latencyNs);
  }

  private listed(proxy: Proxy): void {
    if (proxy.state !== 'starting') {
      this.planSync(proxy);
      return;
    }
    proxy.tokens = RUNNER_BURST;
    this.sync(proxy, true);
  }

  private planSync(proxy: Proxy): void {
    if (proxy.state !== 'idle') return;
    const { clock } = this.world;
    const { era, model, proxy: plan } = proxy.agent;
    const generation = ++proxy.generation;
    let nextNs = Number.POSITIVE_INFINITY;
    const forcedNs = model.forcedSyncNs(era, plan.syncPeriodNs);
    if (forcedNs > 0) nextNs = proxy.lastCompletionNs + forcedNs;
    if (proxy.lastFailed) {
      const retryNs = Math.max(plan.syncPeriodNs, plan.minSyncPeriodNs);
      nextNs = Math.min(nextNs, proxy.lastCompletionNs + retryNs);
    }
    const { incoming } = this.watches.of(proxy.node);
    // A sync that failed has met what was received until its start.
    const first = incoming.find(({ receivedNs }) => receivedNs > proxy.lastStartNs);
    if (first !== undefined && first.receivedNs <= clock.nowNs) {
      const earliestNs = proxy.lastCompletionNs + plan.minSyncPeriodNs;
      const attemptNs = Math.max(first.receivedNs, proxy.lastCompletionNs);
      const hasToken = era.runner === 'token-bucket' && this.tokensAt(proxy, attemptNs) >= 1;
      nextNs = Math.min(nextNs, hasToken ? attemptNs : Math.max(attemptNs, earliestNs));
    }
    if (nextNs === Number.POSITIVE_INFINITY) return;
    const start = () => {
      if (generation === proxy.generation) this.sync(proxy, false);
    };
    // A forced sync that was due before time 0 starts the run.
    clock.at(Math.max(nextNs, clock.nowNs), start, proxy.node.index + 1);
  }

  private tokensAt(proxy: Proxy, timeNs: number): number {
    const { minSyncPeriodNs } = proxy.agent.proxy;
    if (minSyncPeriodNs === 0) return RUNNER_BURST;
    return Math.min(RUNNER_BURST, proxy.tokens + (timeNs - proxy.lastStartNs) / minSyncPeriodNs);
  }

  /** `starts`: the first sync after the node's joining or its proxy's restart. */
  private sync(proxy: Proxy, starts: boolean): void {
    const { clock } = this.world;
    const { node, agent } = proxy;
    const startNs = clock.nowNs;
    proxy.generation++;
    proxy.state = 'syncing';
    proxy.tokens = Math.max(0, this.tokensAt(proxy, startNs) - 1);
    proxy.lastStartNs = startNs;
    const { incoming } = this.watches.of(node);
    const covered = incoming.filter(({ receivedNs }) => receivedNs <= startNs);
    const endpoints = new Map(proxy.endpoints);
    for (const { write } of covered) endpoints.set(write.service, write.after);
    const work = this.work(proxy, covered, endpoints, starts || proxy.lastFailed);
    const cost: SyncCost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
    agent.programmingTime(work, cost);
    const kernelStartNs = startNs + cost.buildNs;
    const endNs = kernelStartNs + cost.kernelNs;
    const sync: Sync = { startNs, kernelStartNs, endNs, covered, endpoints, work };
    const joins = proxy.kernelModel === null;
    const fails =
      !joins &&
      agent.proxy.model !== 'ebpf' &&
      walkPlace(node.index, proxy.syncs, this.salt, 2 ** 32) < agent.proxy.failedSyncs * 2 ** 32;
    clock.at(endNs, () => this.complete(proxy, sync, fails), node.index + 1);
  }

  private work(
    proxy: Proxy,
    covered: readonly Delivery[],
    endpoints: ReadonlyMap<NaiveService, ServiceEndpoints>,
    full: boolean,
  ): SyncWork {
    const { era, model, proxy: plan } = proxy.agent;
    const nowNs = this.world.clock.nowNs;
    const changed = new Set(covered.map(({ write }) => write.service));
    const pods = (of: ServiceEndpoints) => usableIn(proxy.node.zone, era, of);
    const usable = (service: NaiveService) => pods(endpoints.get(service)!).length;
    const changedCounts = ruleCounts(usable, [...changed]);
    const work: SyncWork = {
      ...ruleCounts(usable, this.services),
      full,
      initial: false,
      changedServicePorts: changedCounts.servicePorts,
      changedEndpoints: changedCounts.endpoints,
      changedFurther: changedCounts.further,
      deletes: covered.some(({ write }) => deletes(pods(write.before), pods(write.after))),
      lists: false,
    };
    work.full ||= nowNs - proxy.lastFullEndNs > model.fullSyncAfterNs(era, work);
    work.initial = work.full && proxy.kernelModel !== plan.model;
    work.lists =
      work.full || nowNs - proxy.lastListingNs >= model.listsAfterNs(era, work, plan.syncPeriodNs);
    return work;
  }

  private complete(proxy: Proxy, sync: Sync, failed: boolean): void {
    const { startNs, endNs, work } = sync;
    const node = proxy.node.index;
    proxy.state = 'idle';
    proxy.lastCompletionNs = endNs;
    proxy.lastFailed = failed;
    if (failed) {
      this.trace.failures.push({ node, startNs, completedNs: endNs });
    } else {
      this.programmed(proxy, sync);
      if (work.full) proxy.lastFullEndNs = endNs;
      if (work.lists) proxy.lastListingNs = endNs;
      if (proxy.stoppedNs !== null) {
        this.trace.restarts.push({ node, stopNs: proxy.stoppedNs, completedNs: endNs });
        proxy.stoppedNs = null;
      }
    }
    proxy.syncs++;
    if (proxy.stopsAs !== null) this.stop(proxy);
    else this.planSync(proxy);
  }

  private programmed(proxy: Proxy, sync: Sync): void {
    const { startNs, kernelStartNs, endNs, covered, endpoints, work } = sync;
    const kernelNs = endNs - kernelStartNs;
    // Objects of another model serve until it completes.
    const atOnce = work.initial && proxy.kernelModel !== null;
    if (atOnce) this.tally.replacements++;
    covered.forEach(({ write, receivedNs }, i) => {
      const afterNs = atOnce
        ? kernelNs
        : this.visibleAfter(kernelNs, proxy, write.service, i + 1, covered.length);
      this.trace.samples.push({
        write: write.index,
        node: proxy.node.index,
        receivedNs,
        syncStartNs: startNs,
        kernelStartNs,
        visibleNs: kernelStartNs + afterNs,
      });
    });
    const watch = this.watches.of(proxy.node);
    watch.incoming = watch.incoming.filter((delivery) => !covered.includes(delivery));
    proxy.endpoints = endpoints;
    proxy.kernelModel = proxy.agent.proxy.model;
  }

  /** From the start of the kernel's part to the visibility of the `i`-th of `m` covered writes. */
  private visibleAfter(
    kernelNs: number,
    proxy: Proxy,
    service: NaiveService,
    i: number,
    m: number,
  ): number {
    switch (proxy.agent.model.visibility) {
      case Visibility.Commit:
        return kernelNs;
      case Visibility.Arrival:
        return Math.round((kernelNs * i) / m);
      case Visibility.Walk: {
        const services = this.services.length;
        const place = walkPlace(proxy.node.index, proxy.syncs, service.index, services);
        return Math.round((kernelNs * (place + 1)) / services);
      }
    }
  }

  private classOf({ kubernetesVersion, proxy }: AgentPlan): AgentClass {
    const era = ERAS[kubernetesVersion]!;
    const model = this.modelOf(proxy.model);
    const read = constantReader(this.world.plan.constants);
    return { proxy, era, model, programmingTime: model.programmingTime(read, era) };
  }

  private newProxy(node: NaiveNode): Proxy {
    const { plan, clock } = this.world;
    const proxy: Proxy = {
      node,
      agent: this.classOf(this.world.poolOf(node.index).agent ?? plan),
      kernelModel: null,
      endpoints: new Map(this.services.map((s) => [s, this.committed.endpointsOf(s)])),
      state: 'starting',
      stopsAs: null,
      lastFailed: false,
      syncs: 0,
      lastStartNs: clock.nowNs,
      lastCompletionNs: clock.nowNs,
      lastFullEndNs: clock.nowNs,
      lastListingNs: clock.nowNs,
      tokens: RUNNER_BURST,
      stoppedNs: null,
      generation: 0,
    };
    this.proxies.set(node, proxy);
    return proxy;
  }

  private of(node: NaiveNode): Proxy {
    return this.proxies.get(node)!;
  }
}

/** It changes the usable endpoints of a Service that has some. */
function deletes(before: readonly number[], after: readonly number[]): boolean {
  const same = before.length === after.length && before.every((pod) => after.includes(pod));
  return before.length > 0 && !same;
}

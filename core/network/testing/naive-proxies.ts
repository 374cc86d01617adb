/**
 * Reference: the watch fan-out and every node's kube-proxy, one event a delivery. Sections "Watch
 * fan-out" and "kube-proxy" of docs/models/network-programming.md.
 */
import type { ConstantReader } from '../../constant.ts';
import type { Era } from '../../models/eras.ts';
import {
  type ProxyModel,
  type SyncCost,
  type SyncWork,
  Visibility,
} from '../../models/proxy/proxy-model.ts';
import type { Trace } from '../../trace.ts';
import { walkPlace } from '../walk-place.ts';
import type { Endpoints, NaiveService, SliceWrite } from './naive-slices.ts';
import type { NaiveNode, NaiveWorld } from './naive-world.ts';

/** A committed write, with what it did to its Service. */
interface Committed {
  readonly index: number;
  readonly service: NaiveService;
  /** Usable endpoints of the Service after it. */
  readonly usable: number;
  readonly deletes: boolean;
}

interface Proxy {
  readonly node: NaiveNode;
  /** Sent to the node and not yet synced, in order. */
  incoming: { readonly write: Committed; readonly receivedNs: number }[];
  /** Usable endpoints by Service, as synced last. */
  readonly usable: Map<NaiveService, number>;
  syncing: boolean;
  syncs: number;
  lastStartNs: number;
  lastCompletionNs: number;
  lastFullEndNs: number;
  lastListingNs: number;
  tokens: number;
  /** Outdated plans of a next sync are recognised by it. */
  generation: number;
}

interface Fanout {
  /** Nodes by place. */
  readonly places: NaiveNode[];
  freeNs: number;
}

const RUNNER_BURST = 2;
const FULL_SYNC_PHASE_NS = 3600e9;

export class NaiveProxies {
  private readonly world: NaiveWorld;
  private readonly model: ProxyModel;
  private readonly era: Era;
  private readonly programmingTime: (work: SyncWork, cost: SyncCost) => void;
  private readonly trace: Trace;
  private readonly services: readonly NaiveService[];
  private readonly slices = new Map<NaiveService, Map<number, Endpoints>>();
  private readonly fanouts: Fanout[] = [];
  private readonly proxies = new Map<NaiveNode, Proxy>();

  constructor(
    world: NaiveWorld,
    model: ProxyModel,
    era: Era,
    read: ConstantReader,
    services: readonly NaiveService[],
    trace: Trace,
  ) {
    this.world = world;
    this.model = model;
    this.era = era;
    this.programmingTime = model.programmingTime(read, era);
    this.trace = trace;
    this.services = services.filter((service) => !service.headless);
    for (const service of services) this.slices.set(service, new Map());
  }

  start(slices: readonly { service: NaiveService; slice: number; endpoints: Endpoints }[]): void {
    for (const { service, slice, endpoints } of slices) {
      this.slices.get(service)!.set(slice, endpoints);
    }
    const { nodes, streams, stream, plan } = this.world;
    for (let a = 0; a < plan.controlPlane.apiservers; a++) {
      const places = nodes.filter((node) => node.apiserver === a);
      for (let i = places.length - 1; i > 0; i--) {
        const j = streams.below(stream.fanout, i + 1);
        [places[i], places[j]] = [places[j]!, places[i]!];
      }
      this.fanouts.push({ places, freeNs: 0 });
    }
    const phase = (periodNs: number) => -Math.round(streams.uniform(stream.proxy) * periodNs);
    for (const node of nodes) {
      const proxy = this.newProxy(node);
      proxy.lastCompletionNs = phase(plan.proxy.minSyncPeriodNs);
      proxy.lastStartNs = proxy.lastCompletionNs;
      proxy.tokens = RUNNER_BURST - 1;
      proxy.lastFullEndNs = phase(FULL_SYNC_PHASE_NS);
      proxy.lastListingNs = phase(plan.proxy.syncPeriodNs);
      this.planSync(proxy);
    }
  }

  /** The node lists everything now; its first sync starts when the lists are there. */
  join(node: NaiveNode): void {
    const { clock, constants } = this.world;
    const fanout = this.fanouts[node.apiserver]!;
    let bytes = this.services.length * constants.serviceBytes;
    for (const service of this.services) {
      for (const endpoints of this.slices.get(service)!.values()) bytes += this.bytes(endpoints);
    }
    const sentNs =
      Math.max(clock.nowNs, fanout.freeNs) +
      Math.ceil((1e9 * bytes) / this.world.plan.controlPlane.fanoutBytesPerSecond);
    fanout.freeNs = sentNs;
    fanout.places.push(node);
    const proxy = this.newProxy(node);
    proxy.syncing = true;
    clock.at(sentNs + 2 * node.latencyNs, () => this.sync(proxy, true), node.index + 1);
  }

  commit(write: SliceWrite): void {
    const { service } = write;
    const slices = this.slices.get(service)!;
    const before = this.usablePods(service);
    const size = this.bytes(write.endpoints ?? slices.get(write.slice)!);
    if (write.endpoints === null) slices.delete(write.slice);
    else slices.set(write.slice, write.endpoints);
    const after = this.usablePods(service);
    this.trace.writes.push({
      service: service.index,
      triggerNs: write.triggerNs,
      knownNs: write.knownNs,
      syncStartNs: write.syncStartNs,
      requestNs: write.requestNs,
      commitNs: this.world.clock.nowNs,
      endpoints: write.endpoints?.size ?? 0,
    });
    if (service.headless) return;
    const committed: Committed = {
      index: this.trace.writes.length - 1,
      service,
      usable: after.size,
      deletes:
        before.size > 0 &&
        ([...before].some((pod) => !after.has(pod)) || [...after].some((pod) => !before.has(pod))),
    };
    for (const fanout of this.fanouts) this.send(fanout, committed, size);
  }

  private send(fanout: Fanout, write: Committed, bytes: number): void {
    const { clock, constants, plan } = this.world;
    const unitNs = Math.max(
      (constants.fanoutPerWatcher + constants.fanoutPerByte * bytes) / constants.fanoutCores,
      (1e9 * bytes) / plan.controlPlane.fanoutBytesPerSecond,
    );
    const startNs = Math.max(clock.nowNs, fanout.freeNs);
    fanout.freeNs = startNs + Math.ceil(fanout.places.length * unitNs);
    fanout.places.forEach((node, place) => {
      const receivedNs = startNs + Math.round((place + 1) * unitNs) + node.latencyNs;
      const proxy = this.proxies.get(node)!;
      proxy.incoming.push({ write, receivedNs });
      clock.at(receivedNs, () => this.planSync(proxy), node.index + 1);
    });
  }

  private planSync(proxy: Proxy): void {
    if (proxy.syncing) return;
    const { clock, plan } = this.world;
    const { minSyncPeriodNs, syncPeriodNs } = plan.proxy;
    const generation = ++proxy.generation;
    let nextNs = Number.POSITIVE_INFINITY;
    const forcedNs = this.model.forcedSyncNs(this.era, syncPeriodNs);
    if (forcedNs > 0) nextNs = proxy.lastCompletionNs + forcedNs;
    const first = proxy.incoming[0];
    if (first !== undefined && first.receivedNs <= clock.nowNs) {
      const earliestNs = proxy.lastCompletionNs + minSyncPeriodNs;
      const attemptNs = Math.max(first.receivedNs, proxy.lastCompletionNs);
      const hasToken = this.era.runner === 'token-bucket' && this.tokensAt(proxy, attemptNs) >= 1;
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
    const { minSyncPeriodNs } = this.world.plan.proxy;
    if (minSyncPeriodNs === 0) return RUNNER_BURST;
    return Math.min(RUNNER_BURST, proxy.tokens + (timeNs - proxy.lastStartNs) / minSyncPeriodNs);
  }

  private sync(proxy: Proxy, initial: boolean): void {
    const { clock, plan } = this.world;
    const { node } = proxy;
    const startNs = clock.nowNs;
    proxy.generation++;
    proxy.syncing = true;
    proxy.tokens = Math.max(0, this.tokensAt(proxy, startNs) - 1);
    proxy.lastStartNs = startNs;
    const covered = proxy.incoming.filter(({ receivedNs }) => receivedNs <= startNs);
    proxy.incoming = proxy.incoming.slice(covered.length);
    for (const { write } of covered) proxy.usable.set(write.service, write.usable);
    const work: SyncWork = {
      ...this.counts(proxy, this.services),
      full: initial,
      initial,
      changedServicePorts: 0,
      changedEndpoints: 0,
      deletes: covered.some(({ write }) => write.deletes),
      lists: false,
    };
    const changed = new Set(covered.map(({ write }) => write.service));
    const changedCounts = this.counts(proxy, [...changed]);
    work.changedServicePorts = changedCounts.servicePorts;
    work.changedEndpoints = changedCounts.endpoints;
    work.full ||= startNs - proxy.lastFullEndNs > this.model.fullSyncAfterNs(this.era, work);
    const sinceNs = startNs - proxy.lastListingNs;
    work.lists =
      work.full || sinceNs >= this.model.listsAfterNs(this.era, work, plan.proxy.syncPeriodNs);
    const cost: SyncCost = { buildNs: 0, kernelNs: 0, cpuNs: 0 };
    this.programmingTime(work, cost);
    const kernelStartNs = startNs + cost.buildNs;
    const endNs = kernelStartNs + cost.kernelNs;
    covered.forEach(({ write, receivedNs }, i) => {
      this.trace.samples.push({
        write: write.index,
        node: node.index,
        receivedNs,
        syncStartNs: startNs,
        kernelStartNs,
        visibleNs:
          kernelStartNs +
          this.visibleAfter(cost.kernelNs, proxy, write.service, i + 1, covered.length),
      });
    });
    clock.at(
      endNs,
      () => {
        proxy.syncing = false;
        proxy.syncs++;
        proxy.lastCompletionNs = endNs;
        if (work.full) proxy.lastFullEndNs = endNs;
        if (work.lists) proxy.lastListingNs = endNs;
        this.planSync(proxy);
      },
      node.index + 1,
    );
  }

  /** From the start of the kernel's part to the visibility of the `i`-th of `m` covered writes. */
  private visibleAfter(
    kernelNs: number,
    proxy: Proxy,
    service: NaiveService,
    i: number,
    m: number,
  ): number {
    switch (this.model.visibility) {
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

  private counts(proxy: Proxy, services: readonly NaiveService[]) {
    let servicePorts = 0;
    let emptyServicePorts = 0;
    let endpoints = 0;
    for (const service of services) {
      const usable = proxy.usable.get(service)!;
      servicePorts += service.ports;
      if (usable === 0) emptyServicePorts += service.ports;
      endpoints += service.ports * usable;
    }
    return { servicePorts, emptyServicePorts, endpoints };
  }

  private newProxy(node: NaiveNode): Proxy {
    const proxy: Proxy = {
      node,
      incoming: [],
      usable: new Map(this.services.map((s) => [s, this.usablePods(s).size])),
      syncing: false,
      syncs: 0,
      lastStartNs: this.world.clock.nowNs,
      lastCompletionNs: this.world.clock.nowNs,
      lastFullEndNs: this.world.clock.nowNs,
      lastListingNs: this.world.clock.nowNs,
      tokens: RUNNER_BURST,
      generation: 0,
    };
    this.proxies.set(node, proxy);
    return proxy;
  }

  /** Ready endpoints, or, if none is ready, those still serving. */
  private usablePods(service: NaiveService): ReadonlySet<number> {
    const all = [...this.slices.get(service)!.values()].flatMap((endpoints) => [...endpoints]);
    const ready = all.filter(([, state]) => state === 'ready');
    return new Set((ready.length > 0 ? ready : all).map(([pod]) => pod));
  }

  private bytes(endpoints: Endpoints): number {
    const { sliceBytesFixed, sliceBytesPerEndpoint } = this.world.constants;
    return sliceBytesFixed + sliceBytesPerEndpoint * endpoints.size;
  }
}

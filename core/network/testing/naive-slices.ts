/**
 * Reference: the EndpointSlice controller with its work queue and packing. Section "EndpointSlice
 * controller" of docs/models/network-programming.md.
 */
import { TokenBucket } from '../token-bucket.ts';
import type { NaivePod, PodNews } from './naive-pods.ts';
import type { NaiveWorld } from './naive-world.ts';

export type EndpointState = 'ready' | 'terminating';
/** Endpoints by the number of their pod. */
export type Endpoints = ReadonlyMap<number, EndpointState>;

export interface NaiveService {
  readonly index: number;
  readonly ports: number;
  readonly headless: boolean;
  readonly workloads: readonly number[];
  /** Ready endpoints hint at their zone. */
  readonly hintsAtZones: boolean;
  readonly bytes: { readonly fixed: number; readonly perEndpoint: number };
}

export interface SliceWrite {
  readonly service: NaiveService;
  readonly slice: number;
  /** null: the slice is deleted. */
  readonly endpoints: Endpoints | null;
  readonly triggerNs: number;
  readonly knownNs: number;
  readonly syncStartNs: number;
  requestNs: number;
}

interface Slice {
  /** Grows with each slice of the Service: a smaller number is an older slice. */
  readonly id: number;
  readonly endpoints: Map<number, EndpointState>;
}

interface ServiceState {
  readonly service: NaiveService;
  readonly wanted: Map<number, EndpointState>;
  /** Pods with unexported changes, in the order in which the first was known. */
  changed: Set<number>;
  oldestTriggerNs: number;
  oldestKnownNs: number;
  /** Oldest first. */
  slices: Slice[];
  nextSlice: number;
  lastCommitNs: number;
  failures: number;
  /** When a running wait ends; null when none runs. */
  waitNs: number | null;
  dirty: boolean;
  processing: boolean;
}

const RETRIES_PER_SECOND = 10;
const RETRY_BURST = 100;

export class NaiveSlices {
  private readonly world: NaiveWorld;
  private readonly committed: (write: SliceWrite) => void;
  private readonly states: ServiceState[];
  private readonly queue: ServiceState[] = [];
  private idleWorkers: number;
  private readonly writeBucket: TokenBucket;
  private readonly retryBucket = new TokenBucket(RETRIES_PER_SECOND, RETRY_BURST);

  constructor(
    world: NaiveWorld,
    services: readonly NaiveService[],
    podsOf: (workload: number) => readonly NaivePod[],
    committed: (write: SliceWrite) => void,
  ) {
    this.world = world;
    this.committed = committed;
    const { controllerManager, endpointSlice } = world.plan.controlPlane;
    this.idleWorkers = endpointSlice.concurrentSyncs;
    this.writeBucket = new TokenBucket(controllerManager.qps, controllerManager.burst);
    this.states = services.map((service) => {
      const pods = service.workloads.flatMap(podsOf).sort((a, b) => a.id - b.id);
      const slices: Slice[] = [];
      for (let i = 0; i < Math.max(1, pods.length); i += endpointSlice.maxEndpoints) {
        const chunk = pods.slice(i, i + endpointSlice.maxEndpoints);
        slices.push({ id: slices.length, endpoints: new Map(chunk.map((p) => [p.id, 'ready'])) });
      }
      return {
        service,
        wanted: new Map(pods.map((pod) => [pod.id, 'ready'])),
        changed: new Set(),
        oldestTriggerNs: Number.POSITIVE_INFINITY,
        oldestKnownNs: 0,
        slices,
        nextSlice: slices.length,
        lastCommitNs: Number.NEGATIVE_INFINITY,
        failures: 0,
        waitNs: null,
        dirty: false,
        processing: false,
      };
    });
  }

  /** The slices of every Service, as they are at the start. */
  initial(): { service: NaiveService; slice: number; endpoints: Endpoints }[] {
    return this.states.flatMap((state) =>
      state.slices.map((slice) => ({
        service: state.service,
        slice: slice.id,
        endpoints: new Map(slice.endpoints),
      })),
    );
  }

  podNews(pod: NaivePod, news: PodNews, triggerNs: number): void {
    for (const state of this.states) {
      if (!state.service.workloads.includes(pod.workload.index)) continue;
      if (news === 'ready') {
        if (pod.knownTerminating) continue;
        state.wanted.set(pod.id, 'ready');
      } else {
        if (!state.wanted.has(pod.id)) continue;
        if (news === 'terminating') state.wanted.set(pod.id, 'terminating');
        else state.wanted.delete(pod.id);
      }
      state.changed.add(pod.id);
      const nowNs = this.world.clock.nowNs;
      if (triggerNs < state.oldestTriggerNs) {
        state.oldestTriggerNs = triggerNs;
        state.oldestKnownNs = nowNs;
      }
      const { batchPeriodNs } = this.world.plan.controlPlane.endpointSlice;
      if (batchPeriodNs === 0) this.add(state);
      else this.addAt(state, nowNs + batchPeriodNs);
    }
  }

  private addAt(state: ServiceState, timeNs: number): void {
    if (state.waitNs !== null && state.waitNs <= timeNs) return;
    state.waitNs = timeNs;
    this.world.clock.at(timeNs, () => {
      if (state.waitNs !== timeNs) return;
      state.waitNs = null;
      this.add(state);
    });
  }

  private add(state: ServiceState): void {
    if (state.dirty) return;
    state.dirty = true;
    if (state.processing) return;
    this.queue.push(state);
    this.dispatch();
  }

  private dispatch(): void {
    while (this.idleWorkers > 0 && this.queue.length > 0) {
      const state = this.queue.shift()!;
      this.idleWorkers--;
      state.dirty = false;
      state.processing = true;
      this.sync(state);
    }
  }

  private done(state: ServiceState): void {
    this.idleWorkers++;
    state.processing = false;
    if (state.dirty) this.queue.push(state);
    this.dispatch();
  }

  private sync(state: ServiceState): void {
    const { clock, constants } = this.world;
    const nowNs = clock.nowNs;
    const computeNs = () => {
      const pods = state.slices.reduce((sum, slice) => sum + slice.endpoints.size, 0);
      return (
        constants.endpointSliceSyncFixed + Math.round(constants.endpointSliceSyncPerPod * pods)
      );
    };
    if (state.changed.size === 0) {
      clock.at(nowNs + computeNs(), () => this.done(state));
      return;
    }
    if (nowNs < state.lastCommitNs + constants.watchDelivery) {
      state.failures++;
      const backoffNs = Math.min(
        constants.endpointSliceBackoff * 2 ** (state.failures - 1),
        constants.endpointSliceBackoffMax,
      );
      this.addAt(state, Math.max(nowNs + backoffNs, this.retryBucket.grant(nowNs)));
      this.done(state);
      return;
    }
    const changes = this.pack(state);
    const writes = changes.map(({ slice, deleted }) => ({
      service: state.service,
      slice: slice.id,
      endpoints: deleted ? null : new Map(slice.endpoints),
      triggerNs: state.oldestTriggerNs,
      knownNs: state.oldestKnownNs,
      syncStartNs: nowNs,
      requestNs: 0,
    }));
    state.changed = new Set();
    state.oldestTriggerNs = Number.POSITIVE_INFINITY;
    clock.at(nowNs + computeNs(), () => this.send(state, writes));
  }

  private send(state: ServiceState, writes: readonly SliceWrite[]): void {
    const [write, ...rest] = writes;
    if (write === undefined) {
      state.failures = 0;
      this.done(state);
      return;
    }
    const { clock } = this.world;
    clock.at(this.writeBucket.grant(clock.nowNs), () => {
      write.requestNs = clock.nowNs;
      this.world.write(() => {
        state.lastCommitNs = clock.nowNs;
        this.committed(write);
        this.send(state, rest);
      });
    });
  }

  /** Brings the slices in line with what is wanted; returns the slices to write, in order. */
  private pack(state: ServiceState): { slice: Slice; deleted: boolean }[] {
    const limit = this.world.plan.controlPlane.endpointSlice.maxEndpoints;
    const touched = new Set<Slice>();
    const missing: number[] = [];
    for (const pod of state.changed) {
      const slice = state.slices.find((candidate) => candidate.endpoints.has(pod));
      const wanted = state.wanted.get(pod);
      if (slice === undefined) {
        if (wanted !== undefined) missing.push(pod);
        continue;
      }
      touched.add(slice);
      if (wanted === undefined) slice.endpoints.delete(pod);
      else slice.endpoints.set(pod, wanted);
    }
    const adds = missing.length > 0;
    const toDelete = state.slices.filter(
      (slice) => slice.endpoints.size === 0 && (touched.has(slice) || adds),
    );
    const updates = new Set([...touched].filter((slice) => slice.endpoints.size > 0));
    const fill = (slice: Slice) => {
      while (missing.length > 0 && slice.endpoints.size < limit) {
        const pod = missing.shift()!;
        slice.endpoints.set(pod, state.wanted.get(pod)!);
      }
    };
    for (const slice of fullestFirst(updates)) fill(slice);
    const created: Slice[] = [];
    while (missing.length > 0) {
      const untouched = state.slices.filter(
        (slice) =>
          !updates.has(slice) &&
          !toDelete.includes(slice) &&
          slice.endpoints.size + missing.length <= limit,
      );
      const [roomy] = missing.length < limit ? fullestFirst(untouched) : [];
      if (roomy !== undefined) {
        updates.add(roomy);
        fill(roomy);
      } else {
        const takenOver = toDelete.shift();
        const slice = takenOver ?? { id: state.nextSlice++, endpoints: new Map() };
        if (takenOver === undefined) created.push(slice);
        else updates.add(slice);
        fill(slice);
      }
    }
    state.slices.push(...created);
    if (toDelete.length > 0 && toDelete.length === state.slices.length) {
      updates.add(toDelete.shift()!);
    }
    state.slices = state.slices.filter((slice) => !toDelete.includes(slice));
    return [
      ...created.map((slice) => ({ slice, deleted: false })),
      ...oldestFirst(updates).map((slice) => ({ slice, deleted: false })),
      ...toDelete.map((slice) => ({ slice, deleted: true })),
    ];
  }
}

function oldestFirst(slices: Iterable<Slice>): Slice[] {
  return [...slices].sort((a, b) => a.id - b.id);
}

function fullestFirst(slices: Iterable<Slice>): Slice[] {
  return oldestFirst(slices).sort((a, b) => b.endpoints.size - a.endpoints.size);
}

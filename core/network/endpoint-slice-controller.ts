/**
 * The EndpointSlice controller: a client-go work queue of Services, a few workers, sequential writes
 * under one client limit, retries while its own informer is behind. Rules and sources:
 * docs/models/network-programming.md. It sees pods only through what controllers know of them.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { controlPlane } from '../models/control-plane.ts';
import type { Plan } from '../plan.ts';
import type { RunObserver } from '../trace.ts';
import type { Etcd } from './etcd.ts';
import { EventKind } from './event-kind.ts';
import { type HintRules, NO_HINT } from './hint-rules.ts';
import { Known, type Pods } from './pods.ts';
import {
  type EndpointChange,
  EndpointState,
  type PackedService,
  packInitially,
  packSlices,
  type Slice,
  type SliceWrite,
} from './slice-packing.ts';
import { TokenBucket } from './token-bucket.ts';

/** Retries share one bucket besides their own backoff (client-go's default controller limiter). */
const RETRY_QPS = 10;
const RETRY_BURST = 100;

interface QueuedService {
  readonly packed: PackedService;
  /** Due time of a delayed add; Infinity without one. */
  dueNs: number;
  dirty: boolean;
  processing: boolean;
  failures: number;
  /** When the informer has seen the controller's own last write. */
  seenNs: number;
  /** Pods with unexported changes, in the order in which the first was known. */
  readonly changed: Set<number>;
  oldestTriggerNs: number;
  oldestKnownNs: number;
  /** The pod of the oldest change, and what was known of it then. */
  oldestPod: number;
  oldestKnown: number;
}

/** A committed write, as handed to the log. */
export interface CommittedWrite {
  readonly service: number;
  readonly write: SliceWrite;
  readonly triggerNs: number;
  readonly knownNs: number;
  readonly syncStartNs: number;
  readonly requestNs: number;
  /** What the sync did, for explanations; good until it goes on. */
  readonly sync: SyncFacts;
}

/** What a worker does with a Service, besides the times that make stages. */
export interface SyncFacts {
  /** The pod of the oldest change, and what was known of it then. */
  readonly pod: number;
  readonly known: number;
  readonly writes: readonly SliceWrite[];
  /** Writes begun so far. */
  readonly next: number;
  /** When computing had ended, and when the request at hand was asked for. */
  readonly computedNs: number;
  readonly askedNs: number;
}

interface Worker extends SyncFacts {
  service: number;
  writes: SliceWrite[];
  next: number;
  triggerNs: number;
  knownNs: number;
  syncStartNs: number;
  requestNs: number;
  pod: number;
  known: number;
  computedNs: number;
  askedNs: number;
}

const IDLE = -1;

export class EndpointSliceController {
  /** Worker time of finished syncs. */
  private finishedNs = 0;
  private readonly services: QueuedService[];
  private readonly workers: Worker[];
  private readonly queue: number[] = [];
  private queueHead = 0;
  private readonly bucket: TokenBucket;
  private readonly retryBucket = new TokenBucket(RETRY_QPS, RETRY_BURST);
  private readonly batchNs: number;
  private readonly maxEndpoints: number;
  private readonly watchNs: number;
  private readonly backoffNs: number;
  private readonly backoffMaxNs: number;
  private readonly syncFixedNs: number;
  private readonly syncPerPodNs: number;

  private readonly engine: Engine;
  private readonly etcd: Etcd;
  private readonly pods: Pods;
  private readonly hints: HintRules | null;
  private readonly committed: (committed: CommittedWrite) => void;
  private readonly observer: RunObserver | null;

  constructor(
    plan: Plan,
    read: ConstantReader,
    parts: {
      readonly engine: Engine;
      readonly etcd: Etcd;
      readonly pods: Pods;
      /** Pods of each Service at the start. */
      readonly initial: readonly (readonly number[])[];
      /** Null if no endpoint has a hint. */
      readonly hints: HintRules | null;
      /** Called at each commit, in etcd's order. */
      readonly committed: (committed: CommittedWrite) => void;
      readonly observer?: RunObserver | undefined;
    },
  ) {
    const { endpointSlice, controllerManager } = plan.controlPlane;
    this.engine = parts.engine;
    this.etcd = parts.etcd;
    this.pods = parts.pods;
    this.hints = parts.hints;
    this.committed = parts.committed;
    this.observer = parts.observer ?? null;
    this.batchNs = endpointSlice.batchPeriodNs;
    this.maxEndpoints = endpointSlice.maxEndpoints;
    this.bucket = new TokenBucket(controllerManager.qps, controllerManager.burst);
    this.watchNs = Math.round(read(controlPlane.watchDelivery));
    this.backoffNs = Math.round(read(controlPlane.endpointSliceBackoff));
    this.backoffMaxNs = Math.round(read(controlPlane.endpointSliceBackoffMax));
    this.syncFixedNs = read(controlPlane.endpointSliceSyncFixed);
    this.syncPerPodNs = read(controlPlane.endpointSliceSyncPerPod);
    this.services = parts.initial.map((pods) => ({
      packed: packInitially(pods, this.maxEndpoints),
      dueNs: Number.POSITIVE_INFINITY,
      dirty: false,
      processing: false,
      failures: 0,
      seenNs: 0,
      changed: new Set(),
      oldestTriggerNs: Number.POSITIVE_INFINITY,
      oldestKnownNs: Number.POSITIVE_INFINITY,
      oldestPod: 0,
      oldestKnown: Known.Nothing,
    }));
    this.workers = Array.from({ length: endpointSlice.concurrentSyncs }, () => ({
      service: IDLE,
      writes: [],
      next: 0,
      triggerNs: 0,
      knownNs: 0,
      syncStartNs: 0,
      requestNs: 0,
      pod: 0,
      known: Known.Nothing,
      computedNs: 0,
      askedNs: 0,
    }));
  }

  /** A pod of `service` has changed; the controller knows it now. */
  podChanged(service: number, pod: number, triggerNs: number): void {
    const queued = this.services[service]!;
    queued.changed.add(pod);
    if (triggerNs < queued.oldestTriggerNs) {
      queued.oldestTriggerNs = triggerNs;
      queued.oldestKnownNs = this.engine.nowNs;
      queued.oldestPod = pod;
      queued.oldestKnown = this.pods.known[pod]!;
    }
    this.addAfter(service, this.batchNs);
  }

  /** A delayed add is due; superseded ones are recognised by their time. */
  due(service: number): void {
    const queued = this.services[service]!;
    if (queued.dueNs !== this.engine.nowNs) return;
    queued.dueNs = Number.POSITIVE_INFINITY;
    this.add(service);
  }

  /** The worker has computed, or its last write has committed: the next write, or the end. */
  writeReady(index: number): void {
    const worker = this.workers[index]!;
    if (worker.next === worker.writes.length) {
      this.finish(index);
      return;
    }
    const { nowNs } = this.engine;
    worker.askedNs = nowNs;
    if (worker.next === 0) worker.computedNs = nowNs;
    this.engine.schedule(this.bucket.grant(nowNs) - nowNs, EventKind.WriteRequest, index, 0);
  }

  writeRequest(index: number): void {
    const { nowNs } = this.engine;
    this.workers[index]!.requestNs = nowNs;
    this.engine.schedule(this.etcd.commit(nowNs) - nowNs, EventKind.WriteCommit, index, 0);
  }

  writeCommit(index: number): void {
    const worker = this.workers[index]!;
    const write = worker.writes[worker.next++]!;
    this.committed({
      service: worker.service,
      write,
      triggerNs: worker.triggerNs,
      knownNs: worker.knownNs,
      syncStartNs: worker.syncStartNs,
      requestNs: worker.requestNs,
      sync: worker,
    });
    this.services[worker.service]!.seenNs = this.engine.nowNs + this.watchNs;
    this.writeReady(index);
  }

  /** Worker time spent on syncs up to now, over all workers. */
  busyNs(): number {
    const { nowNs } = this.engine;
    const running = this.workers.filter((worker) => worker.service !== IDLE);
    return running.reduce((sum, worker) => sum + nowNs - worker.syncStartNs, this.finishedNs);
  }

  /** The slices of a Service as last written or about to be. */
  slicesOf(service: number): readonly Slice[] {
    return this.services[service]!.packed.slices;
  }

  /**
   * Writes that changes triggered in [fromNs, toNs) still wait for: what workers have yet to send,
   * and one for each Service with unexported changes. Services that `counts` refuses are left out.
   */
  owedWrites(fromNs: number, toNs: number, counts: (service: number) => boolean): number {
    const isOwed = (triggerNs: number) => triggerNs >= fromNs && triggerNs < toNs;
    let owed = 0;
    this.services.forEach(({ oldestTriggerNs }, service) => {
      if (isOwed(oldestTriggerNs) && counts(service)) owed++;
    });
    for (const { service, triggerNs, writes, next } of this.workers) {
      if (service !== IDLE && isOwed(triggerNs) && counts(service)) owed += writes.length - next;
    }
    return owed;
  }

  private addAfter(service: number, delayNs: number): void {
    if (delayNs === 0) {
      this.add(service);
      return;
    }
    const queued = this.services[service]!;
    const dueNs = this.engine.nowNs + delayNs;
    if (dueNs >= queued.dueNs) return;
    queued.dueNs = dueNs;
    this.observer?.queueStep({ service, nowNs: this.engine.nowNs, kind: 'delayed', dueNs });
    this.engine.schedule(delayNs, EventKind.QueueDue, service, 0);
  }

  private add(service: number): void {
    const queued = this.services[service]!;
    if (queued.dirty) return;
    queued.dirty = true;
    if (queued.processing) {
      this.observer?.queueStep({ service, nowNs: this.engine.nowNs, kind: 'held' });
      return;
    }
    this.enqueue(service);
    this.wakeWorker();
  }

  private enqueue(service: number): void {
    const { observer, workers, queue } = this;
    if (observer !== null) {
      const isBusy = workers.every((worker) => worker.service !== IDLE);
      const busy = isBusy ? workers.map((worker) => worker.service) : [];
      const ahead = queue.length - this.queueHead;
      observer.queueStep({ service, nowNs: this.engine.nowNs, kind: 'queued', ahead, busy });
    }
    queue.push(service);
  }

  private wakeWorker(): void {
    const index = this.workers.findIndex((worker) => worker.service === IDLE);
    if (index >= 0) this.takeNext(index);
  }

  private takeNext(index: number): void {
    while (this.workers[index]!.service === IDLE && this.queueHead < this.queue.length) {
      const service = this.queue[this.queueHead++]!;
      if (2 * this.queueHead >= this.queue.length) {
        this.queue.splice(0, this.queueHead);
        this.queueHead = 0;
      }
      this.sync(index, service);
    }
  }

  private sync(index: number, service: number): void {
    const { nowNs } = this.engine;
    const queued = this.services[service]!;
    const worker = this.workers[index]!;
    queued.dirty = false;
    if (queued.changed.size > 0 && nowNs < queued.seenNs) {
      const backoff = Math.min(this.backoffNs * 2 ** queued.failures, this.backoffMaxNs);
      const failures = ++queued.failures;
      this.observer?.queueStep({ service, nowNs, kind: 'stale', failures });
      const granted = this.retryBucket.grant(nowNs) - nowNs;
      this.addAfter(service, Math.max(backoff, granted));
      return;
    }
    this.observer?.queueStep({ service, nowNs, kind: 'taken' });
    queued.processing = true;
    worker.service = service;
    worker.syncStartNs = nowNs;
    worker.triggerNs = queued.oldestTriggerNs;
    worker.knownNs = queued.oldestKnownNs;
    worker.pod = queued.oldestPod;
    worker.known = queued.oldestKnown;
    worker.writes = packSlices(queued.packed, this.wanted(service, queued), this.maxEndpoints);
    worker.next = 0;
    queued.changed.clear();
    queued.oldestTriggerNs = Number.POSITIVE_INFINITY;
    queued.oldestKnownNs = Number.POSITIVE_INFINITY;
    const computeNs = Math.round(this.syncFixedNs + this.syncPerPodNs * queued.packed.placed.size);
    this.engine.schedule(computeNs, EventKind.WriteReady, index, 0);
  }

  private wanted(service: number, queued: QueuedService): EndpointChange[] {
    return Array.from(queued.changed, (pod) => {
      const known = this.pods.known[pod];
      const state =
        known === Known.Ready
          ? EndpointState.Ready
          : known === Known.Terminating
            ? EndpointState.Terminating
            : EndpointState.Absent;
      const hint = this.hints?.of(service, pod, state) ?? NO_HINT;
      return { pod, state, hint };
    });
  }

  private finish(index: number): void {
    const worker = this.workers[index]!;
    const { service } = worker;
    const queued = this.services[service]!;
    queued.failures = 0;
    queued.processing = false;
    this.finishedNs += this.engine.nowNs - worker.syncStartNs;
    worker.service = IDLE;
    if (queued.dirty) this.enqueue(service);
    this.takeNext(index);
  }
}

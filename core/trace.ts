/**
 * What a traced run writes down about each slice write and each (write, node), for explanations and
 * for the differential test. A run without a trace pays one comparison a sync.
 */
import type { Emission } from './network/fanout.ts';

export interface Trace {
  readonly writes: TracedWrite[];
  /** Left empty if there is an observer, who is told of samples one by one. */
  readonly samples: TracedSample[];
  readonly restarts: TracedRestart[];
  readonly failures: TracedFailure[];
  /** Told what happens, as it happens, in the order of the simulation. */
  readonly observer?: RunObserver;
}

export function emptyTrace(): Trace {
  return { writes: [], samples: [], restarts: [], failures: [] };
}

export interface TracedWrite {
  /** Index of the Service: `Plan.services` first, then the populations' in order. */
  readonly service: number;
  readonly triggerNs: number;
  /** The controller knows the oldest change. */
  readonly knownNs: number;
  readonly syncStartNs: number;
  readonly requestNs: number;
  readonly commitNs: number;
  /** Endpoints in the slice after the write, whatever their state. */
  readonly endpoints: number;
}

/** One write at one node. `write` is an index into `writes`. */
export interface TracedSample {
  readonly write: number;
  readonly node: number;
  readonly receivedNs: number;
  readonly syncStartNs: number;
  readonly kernelStartNs: number;
  readonly visibleNs: number;
}

/** A restart or an upgrade of a node's proxy, once its first sync after it has succeeded. */
export interface TracedRestart {
  readonly node: number;
  readonly stopNs: number;
  /** Of that first successful sync. */
  readonly completedNs: number;
}

/** A sync that failed, once it is over. */
export interface TracedFailure {
  readonly node: number;
  readonly startNs: number;
  readonly completedNs: number;
}

/**
 * Sees a run go by and keeps what it likes. Nodes are looked at in any order, each node's syncs in
 * theirs; everything else comes in the order of time.
 */
export interface RunObserver {
  /** Whether it wants the sample of a node; asked once for each measured write (by position). */
  wants(position: number, node: number, valueNs: number): boolean;
  /** A kubelet's status manager has turned to a request. */
  status(sent: ObservedStatus): void;
  /** Something has happened to a Service in the EndpointSlice controller's queue. */
  queueStep(step: ObservedQueueStep): void;
  /** A slice write has been committed. */
  write(write: ObservedWrite): void;
  /** A node's proxy has made a sync; its samples follow. */
  sync(sync: ObservedSync): void;
  /** A write whose trigger lies in the measured window is visible on a node, which it wants to see. */
  sample(sample: ObservedSample): void;
  /** The run is over; writes up to this position of the log are programmed on every node. */
  ended(everywhere: number): void;
}

export interface ObservedStatus {
  readonly node: number;
  readonly pod: number;
  /** `StatusRequest`. */
  readonly request: number;
  /** When the manager turned to it, and when the kubelet's client limit let it go. */
  readonly turnNs: number;
  readonly grantNs: number;
}

export type ObservedQueueStep = { readonly service: number; readonly nowNs: number } & (
  | /** It becomes due, if nothing makes it due earlier. */ {
      readonly kind: 'delayed';
      readonly dueNs: number;
    }
  | /** It is in the queue; `busy`: Services that occupy all workers, or none. */ {
      readonly kind: 'queued';
      readonly ahead: number;
      readonly busy: readonly number[];
    }
  | /** Asked for while a worker has it. */ { readonly kind: 'held' }
  | /** A sync found the informer behind; failure number `failures` in a row. */ {
      readonly kind: 'stale';
      readonly failures: number;
    }
  | /** A worker takes its changes. */ { readonly kind: 'taken' }
);

export interface ObservedWrite extends TracedWrite {
  /** In the log that kube-proxies watch, from 1; 0 if they do not see it. */
  readonly position: number;
  readonly kind: 'create' | 'update' | 'delete';
  /** Of the oldest change: the pod, its workload, and what the controller then knew (`Known`). */
  readonly pod: number;
  readonly workload: number;
  readonly known: number;
  /** The `index`-th (from 0) of `writes` of its sync. */
  readonly index: number;
  readonly writes: number;
  /** Computing had ended; the write before it had been committed, so its request was asked for. */
  readonly computedNs: number;
  readonly askedNs: number;
  /** How it goes out, and watchers of each apiserver; null if kube-proxies do not see it. */
  readonly emission: Emission | null;
  readonly watchers: Int32Array;
}

export type SyncKindName = 'initial' | 'full' | 'listing' | 'partial';

export interface ObservedSync {
  readonly node: number;
  readonly startNs: number;
  readonly kernelStartNs: number;
  readonly completedNs: number;
  /** It covers the writes after `previous` up to `position`. */
  readonly previous: number;
  readonly position: number;
  readonly kind: SyncKindName;
  readonly failed: boolean;
  /** When the proxy was started that makes it; 0 if before the run. */
  readonly proxyStartedNs: number;
}

export interface ObservedSample extends TracedSample {
  readonly apiserver: number;
  /** Place among the watchers of the apiserver, from 0. */
  readonly place: number;
  readonly latencyNs: number;
}

/**
 * What an explanation remembers of a run while it goes by: every write with what held it up in the
 * control plane, the kubelets' requests, and the last few syncs of each node. Grows with writes and
 * pods, never with (write, node) pairs.
 */
import type {
  ObservedQueueStep,
  ObservedStatus,
  ObservedSync,
  ObservedWrite,
  SyncKindName,
} from '../trace.ts';

/** A change waits at most for so many syncs of its node that are named one by one. */
const RING = 8;
const STRIDE = 7;
const KINDS: readonly SyncKindName[] = ['initial', 'full', 'listing', 'partial'];

export interface RememberedWrite {
  readonly write: ObservedWrite;
  /** What happened to its Service in the queue before its sync, in order. */
  readonly steps: readonly ObservedQueueStep[];
}

export class RunMemory {
  /** By index in the trace. */
  readonly writes: RememberedWrite[] = [];
  /** By position in the log. */
  private readonly byPosition: RememberedWrite[] = [];
  private readonly open = new Map<number, ObservedQueueStep[]>();
  private readonly taken = new Map<number, readonly ObservedQueueStep[]>();
  private readonly statuses: ObservedStatus[][] = [];
  /** By status entry, its place among those of its node. */
  private readonly statusPlaces = new Map<
    number,
    { readonly node: number; readonly place: number }
  >();
  private readonly workloads = new Map<number, number>();
  private readonly syncs: Float64Array;
  private readonly made: Int32Array;

  constructor(nodes: number) {
    this.syncs = new Float64Array(nodes * RING * STRIDE);
    this.made = new Int32Array(nodes);
  }

  status(sent: ObservedStatus): void {
    this.statuses[sent.node] ??= [];
    const ofNode = this.statuses[sent.node]!;
    this.statusPlaces.set(entryOf(sent.pod, sent.request), {
      node: sent.node,
      place: ofNode.length,
    });
    ofNode.push(sent);
  }

  queueStep(step: ObservedQueueStep): void {
    const { service } = step;
    const steps = this.open.get(service) ?? [];
    steps.push(step);
    if (step.kind !== 'taken') {
      this.open.set(service, steps);
      return;
    }
    this.taken.set(service, steps);
    // A time it is due at outlives the sync, and later changes may wait for it.
    const due = steps.filter((each) => each.kind === 'delayed' && each.dueNs > step.nowNs);
    this.open.set(service, due.slice(-1));
  }

  write(write: ObservedWrite): void {
    const remembered = { write, steps: this.taken.get(write.service) ?? [] };
    this.writes.push(remembered);
    this.workloads.set(write.pod, write.workload);
    if (write.position > 0) this.byPosition[write.position] = remembered;
  }

  sync(sync: ObservedSync): void {
    const { node } = sync;
    const at = (node * RING + (this.made[node]!++ % RING)) * STRIDE;
    this.syncs[at] = sync.startNs;
    this.syncs[at + 1] = sync.kernelStartNs;
    this.syncs[at + 2] = sync.completedNs;
    this.syncs[at + 3] = sync.previous;
    this.syncs[at + 4] = sync.position;
    this.syncs[at + 6] = sync.proxyStartedNs;
    this.syncs[at + 5] = KINDS.indexOf(sync.kind) + (sync.failed ? KINDS.length : 0);
  }

  /** The syncs of a node that were over after `sinceNs`, oldest first, its last left out; and the one before. */
  syncsSince(node: number, sinceNs: number): ObservedSync[] {
    const made = this.made[node]!;
    const found: ObservedSync[] = [];
    for (let number = made - 2; number >= Math.max(0, made - RING); number--) {
      const sync = this.syncAt(node, number);
      found.unshift(sync);
      if (sync.completedNs <= sinceNs) break;
    }
    return found;
  }

  lastSync(node: number): ObservedSync {
    return this.syncAt(node, this.made[node]! - 1);
  }

  /** A request of a pod, and those that its node's manager turned to from `sinceNs` until then. */
  statusOf(pod: number, request: number, sinceNs: number) {
    const found = this.statusPlaces.get(entryOf(pod, request));
    if (found === undefined) return undefined;
    const ofNode = this.statuses[found.node]!;
    const sent = ofNode[found.place]!;
    let first = found.place;
    while (first > 0 && ofNode[first]!.turnNs > sinceNs) first--;
    return { sent, before: first < found.place ? ofNode.slice(first, found.place) : [] };
  }

  writeAt(position: number): ObservedWrite | undefined {
    return this.byPosition[position]?.write;
  }

  workloadOf(pod: number): number | undefined {
    return this.workloads.get(pod);
  }

  private syncAt(node: number, number: number): ObservedSync {
    const at = (node * RING + (number % RING)) * STRIDE;
    const code = this.syncs[at + 5]!;
    return {
      node,
      startNs: this.syncs[at]!,
      kernelStartNs: this.syncs[at + 1]!,
      completedNs: this.syncs[at + 2]!,
      previous: this.syncs[at + 3]!,
      position: this.syncs[at + 4]!,
      kind: KINDS[code % KINDS.length]!,
      failed: code >= KINDS.length,
      proxyStartedNs: this.syncs[at + 6]!,
    };
  }
}

function entryOf(pod: number, request: number): number {
  return 2 * pod + request;
}

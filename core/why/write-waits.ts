/**
 * From the trigger of a change to the commit of its slice write: what it waited for in the kubelet, the
 * EndpointSlice controller, the apiserver and etcd. Rules: docs/models/network-programming.md.
 */
import type { ConstantReader } from '../constant.ts';
import { controlPlane } from '../models/control-plane.ts';
import { podLife } from '../models/pod-life.ts';
import { Known } from '../network/pods.ts';
import { StatusRequest } from '../network/status-queue.ts';
import type { ObservedQueueStep } from '../trace.ts';
import type { Cause, Detail } from './causes.ts';
import type { RememberedWrite, RunMemory } from './run-memory.ts';
import type { Stage, Waits } from './waits.ts';
import { RootedWaits, WorkerRoots } from './worker-roots.ts';

export class WriteWaits {
  private readonly memory: RunMemory;
  private readonly latencyNs: Float64Array;
  private readonly watchNs: number;
  private readonly processingNs: number;
  private readonly etcdServiceNs: number;
  private readonly etcdLatencyNs: number;
  private readonly addressReturnNs: number;
  private readonly roots: WorkerRoots;

  /** `latencyNs`: by node, one way to its apiserver. */
  constructor(read: ConstantReader, memory: RunMemory, latencyNs: Float64Array) {
    this.memory = memory;
    this.latencyNs = latencyNs;
    this.watchNs = Math.round(read(controlPlane.watchDelivery));
    this.processingNs = Math.round(read(controlPlane.apiserverProcessing));
    this.etcdServiceNs = Math.round(read(controlPlane.etcdService));
    this.etcdLatencyNs = Math.round(read(controlPlane.etcdLatency));
    this.roots = new WorkerRoots(memory, (write, sums) => {
      if (write.index === 0)
        sums.add('controllerWrite', 'computing', write.syncStartNs, write.computedNs);
      sums.add('controllerWrite', 'controllerLimit', write.askedNs, write.requestNs);
      this.commit('apiserver', 'write', write.requestNs, write.commitNs, sums);
    });
    this.addressReturnNs = Math.round(read(podLife.cniDel));
  }

  walk(remembered: RememberedWrite, waits: Waits): void {
    const { write } = remembered;
    this.kubelet(remembered, waits);
    const rooted = new RootedWaits(waits, this.roots, write.service);
    queueWaits(remembered, rooted);
    const { syncStartNs, computedNs, askedNs, requestNs } = write;
    waits.add('controllerWrite', 'computing', syncStartNs, computedNs);
    const place = [write.index + 1, write.writes];
    rooted.add('controllerWrite', 'earlierWrites', computedNs, askedNs, place);
    waits.add('controllerWrite', 'controllerLimit', askedNs, requestNs, [requestNs]);
    this.commit('apiserver', 'write', requestNs, write.commitNs, waits);
  }

  private kubelet({ write }: RememberedWrite, waits: Waits): void {
    const { triggerNs, knownNs, known, pod } = write;
    const isGone = known === Known.Gone;
    const askedNs = isGone ? triggerNs + this.addressReturnNs : triggerNs;
    const request = isGone ? StatusRequest.Delete : StatusRequest.Ready;
    const status =
      known === Known.Terminating ? undefined : this.memory.statusOf(pod, request, askedNs);
    if (status === undefined) {
      waits.add('kubelet', 'informer', triggerNs, knownNs);
      return;
    }
    const { sent, before } = status;
    waits.add('kubelet', 'addressReturn', triggerNs, askedNs);
    const ahead = [before.length, before.at(-1)?.pod ?? pod];
    let sinceNs = askedNs;
    for (const { turnNs, grantNs } of before) {
      const heldNs = Math.max(sinceNs, turnNs);
      waits.add('kubelet', 'statusQueue', sinceNs, heldNs, ahead);
      sinceNs = Math.max(heldNs, Math.min(grantNs, sent.turnNs));
      waits.add('kubelet', 'kubeletLimit', heldNs, sinceNs);
    }
    waits.add('kubelet', 'statusQueue', sinceNs, sent.turnNs, ahead);
    waits.add('kubelet', 'kubeletLimit', sent.turnNs, sent.grantNs);
    const arrivedNs = sent.grantNs + this.latencyNs[sent.node]!;
    waits.add('kubelet', 'statusWrite', sent.grantNs, arrivedNs);
    const commitNs = knownNs - this.watchNs;
    this.commit('kubelet', 'statusWrite', arrivedNs, commitNs, waits);
    waits.add('kubelet', 'informer', commitNs, knownNs);
  }

  private commit(stage: Stage, own: Cause, fromNs: number, commitNs: number, waits: Waits): void {
    const queuedNs = fromNs + this.processingNs;
    const servedNs = commitNs - this.etcdLatencyNs - this.etcdServiceNs;
    waits.add(stage, own, fromNs, queuedNs);
    const ahead = Math.ceil((servedNs - queuedNs) / this.etcdServiceNs);
    waits.add(stage, 'etcdQueue', queuedNs, servedNs, [ahead]);
    waits.add(stage, own, servedNs, commitNs);
  }
}

interface QueueState {
  readonly cause: Cause;
  readonly detail: Detail;
}

const DELAYED: QueueState = { cause: 'batchPeriod', detail: [] };

/** From when the controller knew of the change to its sync: the state of the Service in between. */
function queueWaits({ write, steps }: RememberedWrite, waits: Waits): void {
  const { knownNs, syncStartNs } = write;
  let state = DELAYED;
  let sinceNs = knownNs;
  for (const step of steps) {
    const atNs = Math.min(Math.max(step.nowNs, knownNs), syncStartNs);
    waits.add('controllerQueue', state.cause, sinceNs, atNs, state.detail);
    sinceNs = atNs;
    state = after(state, step);
  }
  waits.add('controllerQueue', state.cause, sinceNs, syncStartNs, state.detail);
}

function after(state: QueueState, step: ObservedQueueStep): QueueState {
  switch (step.kind) {
    case 'queued':
      return { cause: 'workersBusy', detail: [step.ahead, ...step.busy] };
    case 'held':
      return { cause: 'ownSync', detail: [] };
    case 'stale':
      return { cause: 'staleCache', detail: [step.failures] };
    // A retry goes on as one, and what is in the queue already does not wait to be due.
    case 'delayed':
    case 'taken':
      return state;
  }
}

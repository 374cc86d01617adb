/**
 * The life of pods as the control plane sees it: create and delete requests, the scheduler, status
 * updates from kubelets, background churn, and who is told what `watchDelivery` after each commit.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { exponential, lognormalAt } from '../engine/samplers.ts';
import type { Streams } from '../engine/stream.ts';
import { controlPlane } from '../models/control-plane.ts';
import { podLife } from '../models/pod-life.ts';
import type { Plan } from '../plan.ts';
import type { EndpointSliceController } from './endpoint-slice-controller.ts';
import type { Etcd } from './etcd.ts';
import { EventKind } from './event-kind.ts';
import type { Inventory } from './inventory.ts';
import type { OrderedSet } from './ordered-set.ts';
import type { Placement } from './placement.ts';
import { Known, type Pods } from './pods.ts';
import type { Recorder } from './recorder.ts';
import { StatusRequest } from './status-queue.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Topology } from './topology.ts';
import type { WorkloadController } from './workload-controller.ts';

const NO_ROOM_RETRY_NS = 1e9;

export interface ControlPlaneParts {
  readonly engine: Engine;
  readonly streams: Streams;
  readonly topology: Topology;
  readonly etcd: Etcd;
  readonly pods: Pods;
  readonly placement: Placement;
  readonly inventory: Inventory;
  readonly workloads: WorkloadController;
  readonly slices: EndpointSliceController;
  readonly recorder: Recorder;
  /** Pods that background churn may delete. */
  readonly churnable: OrderedSet;
}

export class ControlPlane {
  private readonly parts: ControlPlaneParts;
  private readonly watchNs: number;
  private readonly kubeletWatchNs: number;
  private readonly startupMedianNs: number;
  private readonly startupP99Ns: number;
  private readonly schedulerServiceNs: number;
  private readonly schedulerBucket: TokenBucket;
  private schedulerFreeNs = 0;
  private readonly churnGapNs: number;
  private readonly churnStream: number;
  private readonly victimStream: number;
  private readonly startupStream: number;

  constructor(
    plan: Plan,
    read: ConstantReader,
    parts: ControlPlaneParts,
    stream: (purpose: string) => number,
  ) {
    this.parts = parts;
    this.watchNs = Math.round(read(controlPlane.watchDelivery));
    this.kubeletWatchNs = Math.round(read(podLife.kubeletWatch));
    this.startupMedianNs = read(podLife.startupMedian);
    this.startupP99Ns = read(podLife.startupP99);
    this.schedulerServiceNs = Math.round(read(controlPlane.schedulerService));
    const { scheduler } = plan.controlPlane;
    this.schedulerBucket = new TokenBucket(scheduler.qps, scheduler.burst);
    this.churnGapNs = plan.podChangesPerSecond > 0 ? 1e9 / (plan.podChangesPerSecond / 2) : 0;
    this.churnStream = stream('churn');
    this.victimStream = stream('victim');
    this.startupStream = stream('startup');
  }

  /** Starts background churn, if there is any. Called before the run. */
  start(process: number): void {
    if (this.churnGapNs > 0) {
      this.parts.engine.start(process, this.nextChurnGapNs(), EventKind.Churn, 0, 0);
    }
  }

  /** A pod that runs and is known Ready at the start. */
  adopt(pod: number): void {
    const { workloads, pods, churnable } = this.parts;
    if (workloads.isChurned(pods.workload[pod]!)) churnable.add(pod);
  }

  churn(): void {
    const { engine, streams, pods, churnable } = this.parts;
    engine.schedule(this.nextChurnGapNs(), EventKind.Churn, 0, 0);
    if (churnable.size === 0) return;
    const victim = churnable.at(streams.below(this.victimStream, churnable.size));
    churnable.delete(victim);
    if (pods.deleteRequested[victim] === 0) this.deleteRequest(victim);
  }

  createRequest(pod: number): void {
    this.at(this.parts.etcd.commit(this.parts.engine.nowNs), EventKind.CreateCommit, pod);
  }

  createCommit(pod: number): void {
    const { engine, streams, pods, recorder } = this.parts;
    pods.createdNs[pod] = engine.nowNs;
    pods.startupNs[pod] = Math.round(
      lognormalAt(streams.uniform(this.startupStream), this.startupMedianNs, this.startupP99Ns),
    );
    recorder.podChange(engine.nowNs);
    engine.schedule(this.watchNs, EventKind.PodAtScheduler, pod, 0);
  }

  podAtScheduler(pod: number): void {
    const { engine, pods } = this.parts;
    if (pods.deleteRequested[pod] === 1) return;
    const start = Math.max(engine.nowNs, this.schedulerFreeNs);
    this.schedulerFreeNs = start + this.schedulerServiceNs;
    this.at(this.schedulerBucket.grant(this.schedulerFreeNs), EventKind.BindRequest, pod);
  }

  bindRequest(pod: number): void {
    const { engine, etcd, pods, placement, topology } = this.parts;
    if (pods.deleteRequested[pod] === 1) return;
    if (pods.node[pod]! < 0) {
      const node = placement.choose();
      if (node < 0) {
        engine.schedule(NO_ROOM_RETRY_NS, EventKind.BindRequest, pod, 0);
        return;
      }
      pods.node[pod] = node;
    }
    const node = pods.node[pod]!;
    placement.add(node);
    pods.bound[pod] = 1;
    const toNode = topology.controlLatencyNs[node]! + this.kubeletWatchNs;
    engine.send(
      topology.nodeProcess(node),
      etcd.commit(engine.nowNs) - engine.nowNs + toNode,
      EventKind.PodAssigned,
      pod,
      0,
    );
  }

  deleteRequest(pod: number): void {
    const { engine, etcd, pods, churnable } = this.parts;
    if (pods.deleteRequested[pod] === 1) return;
    pods.deleteRequested[pod] = 1;
    churnable.delete(pod);
    this.at(etcd.commit(engine.nowNs), EventKind.DeleteCommit, pod);
  }

  deleteCommit(pod: number): void {
    const { engine, inventory, pods, topology, recorder } = this.parts;
    pods.deletedNs[pod] = engine.nowNs;
    recorder.podChange(engine.nowNs);
    if (pods.bound[pod] === 0) {
      engine.schedule(this.watchNs, EventKind.GoneKnown, pod, 0);
      return;
    }
    if (inventory.isWatched(pods.workload[pod]!)) recorder.triggered(engine.nowNs);
    engine.schedule(this.watchNs, EventKind.TerminatingKnown, pod, 0);
    const node = pods.node[pod]!;
    engine.send(
      topology.nodeProcess(node),
      topology.controlLatencyNs[node]! + this.kubeletWatchNs,
      EventKind.PodDelete,
      pod,
      0,
    );
  }

  /** A kubelet's request arrives; the kubelet is free again when the answer is back. */
  statusArrived(pod: number, request: number): void {
    const { engine, etcd, pods, topology } = this.parts;
    const commitNs = etcd.commit(engine.nowNs);
    if (request === StatusRequest.Ready) {
      this.at(commitNs + this.watchNs, EventKind.ReadyKnown, pod);
    } else {
      this.at(commitNs, EventKind.ObjectGone, pod);
    }
    const node = pods.node[pod]!;
    engine.send(
      topology.nodeProcess(node),
      commitNs - engine.nowNs + topology.controlLatencyNs[node]!,
      EventKind.StatusDone,
      0,
      0,
    );
  }

  objectGone(pod: number): void {
    this.parts.placement.remove(this.parts.pods.node[pod]!);
    this.parts.engine.schedule(this.watchNs, EventKind.GoneKnown, pod, 0);
  }

  readyKnown(pod: number): void {
    const { pods, engine, recorder, workloads, churnable } = this.parts;
    this.heard(pod, pods.readyNs[pod]!);
    recorder.podStarted(pods.createdNs[pod]!, engine.nowNs);
    if (pods.known[pod] !== Known.Nothing) return;
    pods.known[pod] = Known.Ready;
    pods.wasReady[pod] = 1;
    const mayChurn = pods.deleteRequested[pod] === 0 && pods.deleteDecided[pod] === 0;
    if (mayChurn && workloads.isChurned(pods.workload[pod]!)) churnable.add(pod);
    this.tell(pod, pods.readyNs[pod]!);
  }

  terminatingKnown(pod: number): void {
    const { pods } = this.parts;
    this.heard(pod, pods.deletedNs[pod]!);
    pods.known[pod] = Known.Terminating;
    this.tell(pod, pods.deletedNs[pod]!);
  }

  goneKnown(pod: number): void {
    const { pods } = this.parts;
    if (pods.bound[pod] === 1) this.heard(pod, pods.endedNs[pod]!);
    pods.known[pod] = Known.Gone;
    this.tell(pod, pods.endedNs[pod]!);
  }

  /** A trigger is no longer on its way to the controllers. */
  private heard(pod: number, triggerNs: number): void {
    const { inventory, pods, recorder } = this.parts;
    if (inventory.isWatched(pods.workload[pod]!)) recorder.settled(triggerNs);
  }

  /** Controllers hear of a pod: first the EndpointSlice controller, then the workload's. */
  private tell(pod: number, triggerNs: number): void {
    const { pods, inventory, slices, workloads } = this.parts;
    if (pods.wasReady[pod] === 1) {
      for (const service of inventory.servicesOf[pods.workload[pod]!]!) {
        slices.podChanged(service, pod, triggerNs);
      }
    }
    workloads.podKnown(pod);
  }

  private nextChurnGapNs(): number {
    return Math.round(exponential(this.parts.streams, this.churnStream) * this.churnGapNs);
  }

  private at(timeNs: number, kind: number, pod: number): void {
    this.parts.engine.schedule(timeNs - this.parts.engine.nowNs, kind, pod, 0);
  }
}

/**
 * Deployments, ReplicaSets, StatefulSets and DaemonSets as far as the network sees them: replacing
 * deleted pods, scaling, rolling updates within maxSurge and maxUnavailable. Decisions count at once
 * (the controllers' expectations); what others do counts when it is known. All requests share one
 * client limit. Rules: docs/models/network-programming.md.
 */
import type { Engine } from '../engine/engine.ts';
import type { Plan, WorkloadPlan } from '../plan.ts';
import { EventKind } from './event-kind.ts';
import { OrderedSet } from './ordered-set.ts';
import { Known, type Pods } from './pods.ts';
import { TokenBucket } from './token-bucket.ts';

interface WorkloadState {
  readonly plan: WorkloadPlan;
  readonly replacesPods: boolean;
  desired: number;
  revision: number;
  /** Active pods (decided to be created, not to be deleted) in creation order: old revisions first. */
  readonly active: number[];
  /** How many of them are of an old revision, and how many of either kind are known Ready. */
  old: number;
  readyOld: number;
  readyNew: number;
  /** Nodes that lack their pod; null unless the workload has one pod a node. */
  readonly vacantNodes: OrderedSet | null;
}

export class WorkloadController {
  private readonly workloads: WorkloadState[];
  private readonly bucket: TokenBucket;
  private readonly engine: Engine;
  private readonly pods: Pods;
  /** Pods that others may delete; this controller takes out those it has decided to delete. */
  private readonly churnable: OrderedSet;

  constructor(
    plan: Plan,
    parts: {
      readonly workloads: readonly WorkloadPlan[];
      readonly engine: Engine;
      readonly pods: Pods;
      readonly churnable: OrderedSet;
    },
  ) {
    const { qps, burst } = plan.controlPlane.controllerManager;
    this.bucket = new TokenBucket(qps, burst);
    this.engine = parts.engine;
    this.pods = parts.pods;
    this.churnable = parts.churnable;
    this.workloads = parts.workloads.map((workload) => ({
      plan: workload,
      replacesPods: workload.kind !== 'Pod' && workload.kind !== 'Job',
      desired: workload.perNode ? 0 : workload.replicas,
      revision: 0,
      active: [],
      old: 0,
      readyOld: 0,
      readyNew: 0,
      vacantNodes: workload.perNode ? new OrderedSet() : null,
    }));
  }

  /** A pod that runs and is known Ready at the start. */
  adopt(pod: number): void {
    const workload = this.workloads[this.pods.workload[pod]!]!;
    workload.active.push(pod);
    workload.readyNew++;
    if (workload.plan.perNode) workload.desired++;
  }

  /** Whether background churn may delete pods of this workload. */
  isChurned(workload: number): boolean {
    const { plan, replacesPods } = this.workloads[workload]!;
    return replacesPods && !plan.perNode;
  }

  startRollingUpdate(workload: number): void {
    const state = this.workloads[workload]!;
    if (!state.replacesPods) return;
    state.revision++;
    state.old = state.active.length;
    state.readyOld += state.readyNew;
    state.readyNew = 0;
    this.reconcile(workload);
  }

  scale(workload: number, replicas: number): void {
    this.workloads[workload]!.desired = replicas;
    this.reconcile(workload);
  }

  /** Nodes have joined: DaemonSets want a pod on each. */
  nodesJoined(nodes: readonly number[]): void {
    this.workloads.forEach((workload, index) => {
      if (workload.vacantNodes === null) return;
      workload.desired += nodes.length;
      for (const node of nodes) workload.vacantNodes.add(node);
      this.reconcile(index);
    });
  }

  /** Controllers have learnt something about a pod. */
  podKnown(pod: number): void {
    const index = this.pods.workload[pod]!;
    const workload = this.workloads[index]!;
    const isActive = this.pods.deleteDecided[pod] === 0;
    if (isActive && this.pods.known[pod] === Known.Ready) this.countReady(workload, pod, 1);
    if (isActive && this.pods.known[pod] === Known.Terminating) {
      this.pods.deleteDecided[pod] = 1;
      this.forget(workload, pod);
      if (!workload.replacesPods) workload.desired--;
    }
    this.reconcile(index);
  }

  private reconcile(index: number): void {
    const workload = this.workloads[index]!;
    const { active, desired, old, readyOld, readyNew } = workload;
    if (old === 0) {
      const surplus = active.length - desired;
      if (surplus < 0) this.create(index, -surplus);
      else if (surplus > 0) this.scaleDown(workload, surplus);
      return;
    }
    const { maxSurge, maxUnavailable } = workload.plan;
    const minAvailable = desired - maxUnavailable;
    const activeNew = active.length - old;
    this.create(index, Math.min(desired + maxSurge - active.length, desired - activeNew));
    this.deleteOld(workload, false, Math.min(old - readyOld, old + readyNew - minAvailable));
    this.deleteOld(workload, true, Math.min(readyOld, readyNew + readyOld - minAvailable));
  }

  /** Scaling down takes not ready pods first, then the newest. */
  private scaleDown(workload: WorkloadState, count: number): void {
    const newestFirst = [...workload.active].reverse();
    const leastUseful = [
      ...newestFirst.filter((pod) => !this.isReady(pod)),
      ...newestFirst.filter((pod) => this.isReady(pod)),
    ];
    for (const pod of leastUseful.slice(0, count)) this.delete(workload, pod);
  }

  /** Deletes the oldest `count` pods of old revisions that are Ready, or that are not. */
  private deleteOld(workload: WorkloadState, ready: boolean, count: number): void {
    let left = count;
    for (let i = 0; left > 0 && i < workload.old; ) {
      const pod = workload.active[i]!;
      if (this.isReady(pod) === ready) {
        this.delete(workload, pod);
        left--;
      } else {
        i++;
      }
    }
  }

  private isReady(pod: number): boolean {
    return this.pods.known[pod] === Known.Ready;
  }

  private create(index: number, count: number): void {
    const workload = this.workloads[index]!;
    for (let i = 0; i < count; i++) {
      const { vacantNodes } = workload;
      if (vacantNodes !== null && vacantNodes.size === 0) return;
      const pod = this.pods.add(index, workload.revision);
      if (vacantNodes !== null) {
        const node = vacantNodes.at(0);
        vacantNodes.delete(node);
        this.pods.node[pod] = node;
      }
      workload.active.push(pod);
      this.request(EventKind.CreateRequest, pod);
    }
  }

  private delete(workload: WorkloadState, pod: number): void {
    this.pods.deleteDecided[pod] = 1;
    this.churnable.delete(pod);
    this.forget(workload, pod);
    this.request(EventKind.DeleteRequest, pod);
  }

  private forget(workload: WorkloadState, pod: number): void {
    workload.active.splice(workload.active.indexOf(pod), 1);
    workload.vacantNodes?.add(this.pods.node[pod]!);
    if (this.pods.wasReady[pod] === 1) this.countReady(workload, pod, -1);
    if (this.isOld(workload, pod)) workload.old--;
  }

  /** Counts a pod that controllers have come to know as Ready, or one that was and is forgotten. */
  private countReady(workload: WorkloadState, pod: number, by: 1 | -1): void {
    if (this.isOld(workload, pod)) workload.readyOld += by;
    else workload.readyNew += by;
  }

  private isOld(workload: WorkloadState, pod: number): boolean {
    return this.pods.revision[pod]! < workload.revision;
  }

  private request(kind: number, pod: number): void {
    const { nowNs } = this.engine;
    this.engine.schedule(this.bucket.grant(nowNs) - nowNs, kind, pod, 0);
  }
}

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
  /** Active pods (decided to be created, not to be deleted), in creation order. */
  active: number[];
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
      vacantNodes: workload.perNode ? new OrderedSet() : null,
    }));
  }

  /** A pod that runs at the start. */
  adopt(pod: number): void {
    const workload = this.workloads[this.pods.workload[pod]!]!;
    workload.active.push(pod);
    if (workload.plan.perNode) workload.desired++;
  }

  /** Whether background churn may delete pods of this workload. */
  isChurned(workload: number): boolean {
    const { plan, replacesPods } = this.workloads[workload]!;
    return replacesPods && !plan.perNode;
  }

  startRollingUpdate(workload: number): void {
    if (!this.workloads[workload]!.replacesPods) return;
    this.workloads[workload]!.revision++;
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
    const deletedByOthers =
      this.pods.known[pod] === Known.Terminating && this.pods.deleteDecided[pod] === 0;
    if (deletedByOthers) {
      this.pods.deleteDecided[pod] = 1;
      this.forget(workload, pod);
      if (!workload.replacesPods) workload.desired--;
    }
    this.reconcile(index);
  }

  private reconcile(index: number): void {
    const workload = this.workloads[index]!;
    const { pods } = this;
    const isOld = (pod: number) => pods.revision[pod]! < workload.revision;
    const isReady = (pod: number) => pods.known[pod] === Known.Ready;
    const old = workload.active.filter(isOld);
    if (old.length === 0) {
      const surplus = workload.active.length - workload.desired;
      if (surplus < 0) this.create(index, -surplus);
      else if (surplus > 0) this.deleteAll(workload, this.leastUseful(workload, isReady), surplus);
      return;
    }
    const { maxSurge, maxUnavailable } = workload.plan;
    const minAvailable = workload.desired - maxUnavailable;
    const activeNew = workload.active.length - old.length;
    const readyNew = workload.active.filter((pod) => !isOld(pod) && isReady(pod)).length;
    this.create(
      index,
      Math.min(workload.desired + maxSurge - workload.active.length, workload.desired - activeNew),
    );
    const oldReady = old.filter(isReady);
    const oldNotReady = old.filter((pod) => !isReady(pod));
    this.deleteAll(workload, oldNotReady, old.length + readyNew - minAvailable);
    this.deleteAll(workload, oldReady, readyNew + oldReady.length - minAvailable);
  }

  /** Scaling down takes not ready pods first, then the newest. */
  private leastUseful(workload: WorkloadState, isReady: (pod: number) => boolean): number[] {
    const newestFirst = [...workload.active].reverse();
    return [
      ...newestFirst.filter((pod) => !isReady(pod)),
      ...newestFirst.filter((pod) => isReady(pod)),
    ];
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

  private deleteAll(workload: WorkloadState, from: readonly number[], count: number): void {
    for (const pod of from.slice(0, Math.max(0, count))) {
      this.pods.deleteDecided[pod] = 1;
      this.churnable.delete(pod);
      this.forget(workload, pod);
      this.request(EventKind.DeleteRequest, pod);
    }
  }

  private forget(workload: WorkloadState, pod: number): void {
    workload.active.splice(workload.active.indexOf(pod), 1);
    workload.vacantNodes?.add(this.pods.node[pod]!);
  }

  private request(kind: number, pod: number): void {
    const { nowNs } = this.engine;
    this.engine.schedule(this.bucket.grant(nowNs) - nowNs, kind, pod, 0);
  }
}

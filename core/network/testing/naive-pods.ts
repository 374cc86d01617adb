/**
 * Reference: the life of pods, the workload controllers and the background churn, as closures on a
 * clock. Sections "Pod life" and "Workload controllers" of docs/models/network-programming.md.
 */
import { exponential, lognormalAt } from '../../engine/samplers.ts';
import type { ScenarioEventPlan, WorkloadPlan } from '../../plan.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { NaiveNode, NaiveWorld } from './naive-world.ts';

export interface NaivePod {
  readonly id: number;
  readonly workload: NaiveWorkload;
  readonly revision: number;
  /** Node of a DaemonSet's pod; null for all others. */
  readonly pinned: NaiveNode | null;
  node: NaiveNode | null;
  startupNs: number;
  hasAddress: boolean;
  ready: boolean;
  ended: boolean;
  deletionRequested: boolean;
  /** By the workload controller. */
  deletionDecided: boolean;
  knownReady: boolean;
  knownTerminating: boolean;
  knownGone: boolean;
}

export interface NaiveWorkload {
  readonly index: number;
  readonly plan: WorkloadPlan;
  desired: number;
  revision: number;
  /** In order of creation. */
  readonly pods: NaivePod[];
}

export type PodNews = 'ready' | 'terminating' | 'gone';

const SECOND_NS = 1e9;
const CHOICES = 50;

export class NaivePods {
  readonly workloads: NaiveWorkload[];
  /** Told about every pod the controllers learn something about. */
  onNews: (pod: NaivePod, news: PodNews, triggerNs: number) => void = () => {};
  private readonly world: NaiveWorld;
  private readonly pods: NaivePod[] = [];
  private readonly controllers: TokenBucket;
  private readonly scheduler: TokenBucket;
  private readonly kubelets = new Map<NaiveNode, TokenBucket>();
  private schedulerFreeNs = 0;

  constructor(world: NaiveWorld, workloads: readonly WorkloadPlan[]) {
    this.world = world;
    const { controllerManager, scheduler } = world.plan.controlPlane;
    this.controllers = new TokenBucket(controllerManager.qps, controllerManager.burst);
    this.scheduler = new TokenBucket(scheduler.qps, scheduler.burst);
    this.workloads = workloads.map((plan, index) => ({
      index,
      plan,
      desired: plan.perNode ? world.nodes.length : plan.replicas,
      revision: 0,
      pods: [],
    }));
  }

  /** Every pod of the plan runs, is Ready and known. */
  zoneOf(pod: number): number {
    return this.pods[pod]!.node!.zone;
  }

  startPods(): void {
    const pinnedFirst = [
      ...this.workloads.filter((workload) => workload.plan.perNode),
      ...this.workloads.filter((workload) => !workload.plan.perNode),
    ];
    for (const workload of pinnedFirst) {
      for (let i = 0; i < workload.desired; i++) {
        const pinned = workload.plan.perNode ? this.nodeFor(workload) : null;
        const pod = this.newPod(workload, pinned);
        const node = pod.pinned ?? this.choose(true);
        if (node === null) throw new Error('the pods of the plan have no room');
        pod.node = node;
        node.pods++;
        node.freeAddresses--;
        pod.hasAddress = true;
        pod.ready = true;
        pod.knownReady = true;
      }
    }
  }

  startChurn(): void {
    const perSecond = this.world.plan.podChangesPerSecond / 2;
    if (perSecond === 0) return;
    const { streams, stream, clock } = this.world;
    const next = () => {
      const gapNs = Math.round((exponential(streams, stream.churn) * SECOND_NS) / perSecond);
      clock.at(clock.nowNs + gapNs, () => {
        this.churn();
        next();
      });
    };
    next();
  }

  scripted(event: Extract<ScenarioEventPlan, { workload: number }>): void {
    const workload = this.workloads[event.workload]!;
    if (event.kind === 'scale') {
      workload.desired = event.replicas;
      this.reconcile(workload);
    } else if (replacesPods(workload)) {
      workload.revision++;
      this.reconcile(workload);
    }
  }

  /** Nodes are there from now on: each DaemonSet wants a pod on every one. */
  nodesJoined(): void {
    for (const workload of this.workloads) {
      if (!workload.plan.perNode) continue;
      workload.desired = this.world.nodes.length;
      this.reconcile(workload);
    }
  }

  private churn(): void {
    const candidates = this.pods.filter(
      (pod) =>
        pod.knownReady &&
        !pod.knownTerminating &&
        !pod.deletionDecided &&
        !pod.deletionRequested &&
        replacesPods(pod.workload) &&
        !pod.workload.plan.perNode,
    );
    if (candidates.length === 0) return;
    const { streams, stream } = this.world;
    const victim = candidates[streams.below(stream.victim, candidates.length)]!;
    this.requestDeletion(victim);
  }

  private reconcile(workload: NaiveWorkload): void {
    const active = workload.pods.filter(isActive);
    const old = active.filter((pod) => pod.revision < workload.revision);
    if (old.length === 0) this.matchReplicas(workload, active);
    else this.roll(workload, active, old);
  }

  private matchReplicas(workload: NaiveWorkload, active: readonly NaivePod[]): void {
    for (let i = active.length; i < workload.desired; i++) this.create(workload);
    const surplus = active.length - workload.desired;
    if (surplus <= 0) return;
    const newestFirst = [...active].reverse();
    const victims = [
      ...newestFirst.filter((pod) => !pod.knownReady),
      ...newestFirst.filter((pod) => pod.knownReady),
    ];
    for (const pod of victims.slice(0, surplus)) this.decideDeletion(pod);
  }

  private roll(
    workload: NaiveWorkload,
    active: readonly NaivePod[],
    old: readonly NaivePod[],
  ): void {
    const { desired } = workload;
    const current = active.filter((pod) => pod.revision === workload.revision);
    const creations = Math.min(
      desired + workload.plan.maxSurge - active.length,
      desired - current.length,
    );
    for (let i = 0; i < creations; i++) this.create(workload);
    const minAvailable = desired - workload.plan.maxUnavailable;
    const readyNew = current.filter((pod) => pod.knownReady).length;
    const oldReady = old.filter((pod) => pod.knownReady);
    const oldNotReady = old.filter((pod) => !pod.knownReady);
    const spare = Math.max(0, old.length + readyNew - minAvailable);
    const spareReady = Math.max(0, readyNew + oldReady.length - minAvailable);
    for (const pod of oldNotReady.slice(0, spare)) this.decideDeletion(pod);
    for (const pod of oldReady.slice(0, spareReady)) this.decideDeletion(pod);
  }

  private newPod(workload: NaiveWorkload, pinned: NaiveNode | null): NaivePod {
    const pod: NaivePod = {
      id: this.pods.length,
      workload,
      revision: workload.revision,
      pinned,
      node: null,
      startupNs: 0,
      hasAddress: false,
      ready: false,
      ended: false,
      deletionRequested: false,
      deletionDecided: false,
      knownReady: false,
      knownTerminating: false,
      knownGone: false,
    };
    this.pods.push(pod);
    workload.pods.push(pod);
    return pod;
  }

  /** The first node without an active pod of a DaemonSet. */
  private nodeFor(workload: NaiveWorkload): NaiveNode | null {
    const active = workload.pods.filter(isActive);
    return this.world.nodes.find((node) => !active.some((pod) => pod.pinned === node)) ?? null;
  }

  private create(workload: NaiveWorkload): void {
    const { clock, constants, streams, stream } = this.world;
    const pinned = workload.plan.perNode ? this.nodeFor(workload) : null;
    if (workload.plan.perNode && pinned === null) return;
    const pod = this.newPod(workload, pinned);
    clock.at(this.controllers.grant(clock.nowNs), () => {
      this.world.write(() => {
        const u = streams.uniform(stream.startup);
        const { startupMedian, startupP99 } = constants;
        pod.startupNs = Math.round(lognormalAt(u, startupMedian, startupP99));
        clock.at(clock.nowNs + constants.watchDelivery, () => this.toScheduler(pod));
      });
    });
  }

  private toScheduler(pod: NaivePod): void {
    if (pod.deletionRequested) return;
    const { clock, constants } = this.world;
    this.schedulerFreeNs = Math.max(clock.nowNs, this.schedulerFreeNs) + constants.schedulerService;
    clock.at(this.schedulerFreeNs, () => {
      clock.at(this.scheduler.grant(clock.nowNs), () => this.bind(pod));
    });
  }

  private bind(pod: NaivePod): void {
    if (pod.deletionRequested) return;
    const { clock, constants } = this.world;
    const node = pod.pinned ?? this.choose(false);
    if (node === null) {
      clock.at(clock.nowNs + SECOND_NS, () => this.bind(pod));
      return;
    }
    pod.node = node;
    node.pods++;
    this.world.write(() => {
      clock.at(clock.nowNs + node.latencyNs + constants.kubeletWatch + constants.sandbox, () =>
        this.askAddress(pod, node),
      );
    });
  }

  private choose(atStart: boolean): NaiveNode | null {
    const { nodes, streams, stream } = this.world;
    const hasRoom = (node: NaiveNode) =>
      node.pods < node.podsPerNode && !(atStart && node.freeAddresses === 0);
    for (let i = 0; i < CHOICES; i++) {
      const first = nodes[streams.below(stream.placement, nodes.length)]!;
      const second = nodes[streams.below(stream.placement, nodes.length)]!;
      const withRoom = [first, second].filter(hasRoom);
      if (withRoom.length === 1) return withRoom[0]!;
      if (withRoom.length === 2) return second.pods < first.pods ? second : first;
    }
    return nodes.find(hasRoom) ?? null;
  }

  private askAddress(pod: NaivePod, node: NaiveNode): void {
    if (pod.ended) return;
    const { clock, constants } = this.world;
    if (node.freeAddresses === 0) {
      clock.at(clock.nowNs + constants.ipRetry, () => this.askAddress(pod, node));
      return;
    }
    node.freeAddresses--;
    pod.hasAddress = true;
    clock.at(clock.nowNs + pod.startupNs, () => {
      if (pod.ended) return;
      pod.ready = true;
      const triggerNs = clock.nowNs;
      this.status(node, () => {
        clock.at(clock.nowNs + constants.watchDelivery, () => {
          pod.knownReady = true;
          this.tell(pod, 'ready', triggerNs);
        });
      });
    });
  }

  private decideDeletion(pod: NaivePod): void {
    pod.deletionDecided = true;
    const { clock } = this.world;
    clock.at(this.controllers.grant(clock.nowNs), () => this.requestDeletion(pod));
  }

  private requestDeletion(pod: NaivePod): void {
    if (pod.deletionRequested) return;
    pod.deletionRequested = true;
    const { clock, constants } = this.world;
    this.world.write(() => {
      const triggerNs = clock.nowNs;
      const node = pod.node;
      if (node === null) {
        clock.at(triggerNs + constants.watchDelivery, () => this.knowGone(pod, triggerNs));
        return;
      }
      clock.at(triggerNs + constants.watchDelivery, () => {
        pod.knownTerminating = true;
        this.tell(pod, 'terminating', triggerNs);
      });
      clock.at(triggerNs + node.latencyNs + constants.kubeletWatch, () => {
        const { preStopNs, terminationGraceNs } = pod.workload.plan;
        const stopNs = Math.min(preStopNs + constants.exitDelay, terminationGraceNs);
        if (pod.ready) clock.at(clock.nowNs + stopNs, () => this.end(pod, node));
        else this.end(pod, node);
      });
    });
  }

  private end(pod: NaivePod, node: NaiveNode): void {
    pod.ended = true;
    const { clock, constants } = this.world;
    const triggerNs = clock.nowNs;
    const remove = () =>
      this.status(node, () => {
        node.pods--;
        clock.at(clock.nowNs + constants.watchDelivery, () => this.knowGone(pod, triggerNs));
      });
    if (!pod.hasAddress) {
      remove();
      return;
    }
    clock.at(triggerNs + constants.cniDel, () => {
      node.freeAddresses++;
      remove();
    });
  }

  private knowGone(pod: NaivePod, triggerNs: number): void {
    pod.knownGone = true;
    this.tell(pod, 'gone', triggerNs);
  }

  private tell(pod: NaivePod, news: PodNews, triggerNs: number): void {
    if (replacesPods(pod.workload)) this.reconcile(pod.workload);
    this.onNews(pod, news, triggerNs);
  }

  /** The kubelet's status manager: one request at a time, first in, first out. */
  private status(node: NaiveNode, committed: () => void): void {
    node.statusQueue.push(committed);
    if (!node.statusBusy) this.nextStatus(node);
  }

  private nextStatus(node: NaiveNode): void {
    const committed = node.statusQueue.shift();
    node.statusBusy = committed !== undefined;
    if (committed === undefined) return;
    const { clock } = this.world;
    clock.at(this.kubelet(node).grant(clock.nowNs), () => {
      const arrive = () =>
        this.world.write(() => {
          committed();
          clock.at(clock.nowNs + node.latencyNs, () => this.nextStatus(node));
        });
      clock.at(clock.nowNs + node.latencyNs, arrive, node.index + 1);
    });
  }

  private kubelet(node: NaiveNode): TokenBucket {
    const { qps, burst } = this.world.plan.controlPlane.kubelet;
    const bucket = this.kubelets.get(node) ?? new TokenBucket(qps, burst);
    this.kubelets.set(node, bucket);
    return bucket;
  }
}

function replacesPods(workload: NaiveWorkload): boolean {
  return workload.plan.kind !== 'Pod' && workload.plan.kind !== 'Job';
}

function isActive(pod: NaivePod): boolean {
  return !pod.deletionDecided && !pod.knownTerminating && !pod.knownGone;
}

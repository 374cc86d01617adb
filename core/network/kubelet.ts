/**
 * The nodes' side of a pod's life: sandbox and address (CNI ADD), start-up, Ready, the status
 * manager's queue, termination, CNI DEL. Owns what is true on a node: phases and addresses.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { podLife } from '../models/pod-life.ts';
import type { Plan } from '../plan.ts';
import type { RunObserver } from '../trace.ts';
import { type Addresses, NOBODY } from './addresses.ts';
import { EventKind } from './event-kind.ts';
import type { Inventory } from './inventory.ts';
import { Phase, type Pods } from './pods.ts';
import type { Recorder } from './recorder.ts';
import { StatusQueue, StatusRequest, statusEntry } from './status-queue.ts';
import { TokenBucket } from './token-bucket.ts';
import { CONTROL_PLANE, type Topology } from './topology.ts';

export interface KubeletParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly pods: Pods;
  readonly addresses: Addresses;
  readonly inventory: Inventory;
  readonly recorder: Recorder;
  readonly observer?: RunObserver | undefined;
}

export class Kubelets {
  private readonly parts: KubeletParts;
  private readonly statuses: StatusQueue;
  private readonly buckets: TokenBucket[];
  private readonly sandboxNs: number;
  private readonly exitDelayNs: number;
  private readonly cniDelNs: number;
  private readonly ipRetryNs: number;

  constructor(plan: Plan, read: ConstantReader, parts: KubeletParts) {
    const { kubelet } = plan.controlPlane;
    this.parts = parts;
    this.statuses = new StatusQueue(parts.topology.nodes);
    this.buckets = Array.from(
      { length: parts.topology.nodes },
      () => new TokenBucket(kubelet.qps, kubelet.burst),
    );
    this.sandboxNs = Math.round(read(podLife.sandbox));
    this.exitDelayNs = Math.round(read(podLife.exitDelay));
    this.cniDelNs = Math.round(read(podLife.cniDel));
    this.ipRetryNs = Math.round(read(podLife.ipRetry));
  }

  podAssigned(pod: number): void {
    this.parts.engine.schedule(this.sandboxNs, EventKind.AddressRequest, pod, 0);
  }

  addressRequest(node: number, pod: number): void {
    const { engine, pods, addresses, recorder } = this.parts;
    if (pods.deletedOnNode[pod] === 1) return;
    const address = addresses.take(node, pod);
    if (address < 0) {
      recorder.addressFailed(engine.nowNs);
      engine.schedule(this.ipRetryNs, EventKind.AddressRequest, pod, 0);
      return;
    }
    const previous = addresses.previousOf(node, address);
    if (previous !== NOBODY) {
      const reuse = { nowNs: engine.nowNs, previous, pod };
      recorder.addressReused(reuse, addresses.freedAtNs(node, address));
    }
    pods.address[pod] = address;
    pods.phase[pod] = Phase.Addressed;
    engine.schedule(pods.startupNs[pod]!, EventKind.PodReady, pod, 0);
  }

  podReady(node: number, pod: number): void {
    const { engine, inventory, pods, recorder } = this.parts;
    if (pods.phase[pod] !== Phase.Addressed) return;
    pods.phase[pod] = Phase.Ready;
    pods.readyNs[pod] = engine.nowNs;
    if (inventory.isWatched(pods.workload[pod]!)) recorder.triggered(engine.nowNs);
    this.ask(node, statusEntry(pod, StatusRequest.Ready));
  }

  podDelete(node: number, pod: number): void {
    const { engine, pods, inventory } = this.parts;
    pods.deletedOnNode[pod] = 1;
    if (pods.phase[pod] === Phase.Ready) {
      const { preStopNs, terminationGraceNs } = inventory.workloads[pods.workload[pod]!]!;
      const graceful = Math.min(preStopNs + this.exitDelayNs, terminationGraceNs);
      engine.schedule(graceful, EventKind.ProcessEnd, pod, 0);
    } else {
      this.processEnd(node, pod);
    }
  }

  processEnd(node: number, pod: number): void {
    const { engine, inventory, pods, recorder } = this.parts;
    pods.phase[pod] = Phase.Ended;
    pods.endedNs[pod] = engine.nowNs;
    if (inventory.isWatched(pods.workload[pod]!)) recorder.triggered(engine.nowNs);
    if (pods.address[pod]! < 0) this.ask(node, statusEntry(pod, StatusRequest.Delete));
    else engine.schedule(this.cniDelNs, EventKind.AddressFree, pod, 0);
  }

  addressFree(node: number, pod: number): void {
    const { engine, pods, addresses } = this.parts;
    addresses.release(node, pods.address[pod]!, pod, engine.nowNs);
    this.ask(node, statusEntry(pod, StatusRequest.Delete));
  }

  statusDone(node: number): void {
    const entry = this.statuses.pop(node);
    if (entry >= 0) this.send(node, entry);
  }

  private ask(node: number, entry: number): void {
    if (this.statuses.push(node, entry)) this.send(node, entry);
  }

  private send(node: number, entry: number): void {
    const { engine, topology, observer } = this.parts;
    const { nowNs } = engine;
    const grantNs = this.buckets[node]!.grant(nowNs);
    observer?.status({ node, pod: entry >> 1, request: entry & 1, turnNs: nowNs, grantNs });
    engine.send(
      CONTROL_PLANE,
      grantNs - nowNs + topology.controlLatencyNs[node]!,
      EventKind.StatusArrived,
      entry >> 1,
      entry & 1,
    );
  }
}

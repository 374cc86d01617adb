/** The one switch from event kinds to the parts of the world that handle them. */
import { unreachable } from '../assert.ts';
import type { Dispatch } from '../engine/engine.ts';
import { EventKind } from './event-kind.ts';
import { learn } from './learning.ts';
import type { World } from './world.ts';

export function dispatcher(world: World): Dispatch {
  const { controlPlane, kubelets, proxies, requests, slices, topology } = world;
  return (kind, process, a, b) => {
    const node = topology.nodeOfProcess(process);
    switch (kind as EventKind) {
      case EventKind.RequestStart:
        return requests.requestStart(node, a);
      case EventKind.SynAtBackend:
        return requests.synAtBackend(node, a, b);
      case EventKind.SynAckAtClient:
        return requests.synAckAtClient(node, a);
      case EventKind.RequestSend:
        return requests.requestSend(node, a);
      case EventKind.RequestAtBackend:
        return requests.requestAtBackend(node, a, b);
      case EventKind.ReplySend:
        return requests.replySend(node, a, b);
      case EventKind.ReplyAtClient:
        return requests.replyAtClient(node, a);
      case EventKind.FailureAtClient:
        return requests.failureAtClient(node, a, b);
      case EventKind.ZoneAdvance:
        return proxies.advanceZone(process - 1);
      case EventKind.ProxyListed:
        proxies.listed(node);
        return requests.startNode(node, proxies.completedNs[node]!);
      case EventKind.CreateRequest:
        return controlPlane.createRequest(a);
      case EventKind.CreateCommit:
        return controlPlane.createCommit(a);
      case EventKind.PodAtScheduler:
        return controlPlane.podAtScheduler(a);
      case EventKind.BindRequest:
        return controlPlane.bindRequest(a);
      case EventKind.DeleteRequest:
        return controlPlane.deleteRequest(a);
      case EventKind.DeleteCommit:
        return controlPlane.deleteCommit(a);
      case EventKind.StatusArrived:
        return controlPlane.statusArrived(a, b);
      case EventKind.ReadyKnown:
        return controlPlane.readyKnown(a);
      case EventKind.TerminatingKnown:
        return controlPlane.terminatingKnown(a);
      case EventKind.ObjectGone:
        return controlPlane.objectGone(a);
      case EventKind.GoneKnown:
        return controlPlane.goneKnown(a);
      case EventKind.Churn:
        return controlPlane.churn();
      case EventKind.QueueDue:
        return slices.due(a);
      case EventKind.WriteReady:
        return slices.writeReady(a);
      case EventKind.WriteRequest:
        return slices.writeRequest(a);
      case EventKind.WriteCommit:
        return slices.writeCommit(a);
      case EventKind.Scenario:
        return scenarioEvent(world, a);
      case EventKind.PodAssigned:
        return kubelets.podAssigned(a);
      case EventKind.AddressRequest:
        return kubelets.addressRequest(node, a);
      case EventKind.PodReady:
        return kubelets.podReady(node, a);
      case EventKind.StatusDone:
        return kubelets.statusDone(node);
      case EventKind.PodDelete:
        return kubelets.podDelete(node, a);
      case EventKind.ProcessEnd:
        return kubelets.processEnd(node, a);
      case EventKind.AddressFree:
        return kubelets.addressFree(node, a);
      default:
        return unreachable(kind as never);
    }
  };
}

function scenarioEvent(world: World, index: number): void {
  const event = world.plan.events[index]!;
  switch (event.kind) {
    case 'rollingUpdate':
      return world.workloads.startRollingUpdate(event.workload);
    case 'scale':
      return world.workloads.scale(event.workload, event.replicas);
    case 'addNodes':
      return addNodes(world, event.count);
  }
}

function addNodes(world: World, count: number): void {
  const { commits, engine, fanout, placement, recorder, topology, workloads } = world;
  const bytes = commits.listBytes();
  const joined: number[] = [];
  for (let i = 0; i < count; i++) {
    const node = placement.activeNodes++;
    joined.push(node);
    const join = { kind: 'nodeJoined', node, nowNs: engine.nowNs } as const;
    learn(world, join);
    world.publish?.(join);
    const sentNs = fanout.sendList(topology.apiserverOf[node]!, engine.nowNs, bytes);
    recorder.listed(engine.nowNs, bytes);
    const listedNs = sentNs + 2 * topology.controlLatencyNs[node]!;
    engine.send(topology.nodeProcess(node), listedNs - engine.nowNs, EventKind.ProxyListed, 0, 0);
  }
  workloads.nodesJoined(joined);
}

/** The one switch from event kinds to the parts of the world that handle them. */
import { unreachable } from '../assert.ts';
import type { Dispatch } from '../engine/engine.ts';
import { EventKind } from './event-kind.ts';
import { learn } from './learning.ts';
import type { World } from './world.ts';

export function dispatcher(world: World): Dispatch {
  const { controlPlane, interruptions, kubelets, proxies, requests, slices, topology } = world;
  return (kind, process, a, b) => {
    const node = topology.nodeOfProcess(process);
    switch (kind as EventKind) {
      case EventKind.RequestStart:
        return requests.requestStart(node, a);
      case EventKind.SynAtBackend:
        return requests.endpoints.synAtBackend(node, a, b);
      case EventKind.SynAckAtClient:
        return requests.synAckAtClient(node, a);
      case EventKind.RequestSend:
        return requests.requestSend(node, a);
      case EventKind.RequestAtBackend:
        return requests.endpoints.requestAtBackend(node, a, b);
      case EventKind.ReplySend:
        return requests.endpoints.replySend(node, a, b);
      case EventKind.ReplyAtClient:
        return requests.replyAtClient(node, a, b);
      case EventKind.FailureAtClient:
        return requests.failureAtClient(node, a, b);
      case EventKind.RequestBalanced:
        return requests.requestBalanced(node, a, b);
      case EventKind.DatagramAtBackend:
        return requests.endpoints.datagramAtBackend(node, a, b);
      case EventKind.SynLost:
        return requests.synLost(node, a);
      case EventKind.SynAgain:
        return requests.synAgain(node, a);
      case EventKind.ConnectionClose:
        return requests.connections.close(node, a);
      case EventKind.ConnectionClosed:
        return requests.connections.closed(node, a, b);
      case EventKind.ConnectionReset:
        return requests.stale.endpointEnded(node, a, b);
      case EventKind.ConnectionUse:
        return requests.stale.use(node, a, b);
      case EventKind.StaleAtBackend:
        return requests.endpoints.staleAtBackend(node, a, b);
      case EventKind.ZoneAdvance:
        return proxies.advanceZone(process - 1);
      case EventKind.ProxyListed:
        return proxyListed(world, node, a);
      case EventKind.ListRequest:
        return interruptions.listRequested(a, b);
      case EventKind.AgentStop:
        return interruptions.agentStop(node, a);
      case EventKind.WatchBroken:
        return interruptions.watchBroken(node, a);
      case EventKind.WatchCheck:
        return interruptions.watchCheck(node, a);
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
        kubelets.processEnd(node, a);
        return requests.connections.endpointEnded(node, a);
      case EventKind.AddressFree:
        return kubelets.addressFree(node, a);
      default:
        return unreachable(kind as never);
    }
  };
}

/** The proxy of a node, started or not, has lists: those of request `number`. */
function proxyListed(world: World, node: number, number: number): void {
  const { interruptions, proxies, requests } = world;
  const { class: classOf } = proxies.nodes;
  const former = classOf[node]!;
  const isFirst = interruptions.listed(node, number);
  if (classOf[node] !== former) world.trackFlows(node, proxies.classes[classOf[node]!]!);
  if (isFirst) requests.startNode(node, proxies.completedNs[node]!);
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
    case 'restartAgents':
    case 'changeAgents':
      return world.interruptions.restart(event);
    case 'apiserverOutage':
      return world.fanout.silence(event.apiserver, world.engine.nowNs + event.forNs);
  }
}

function addNodes(world: World, count: number): void {
  const { engine, interruptions, placement, workloads } = world;
  const joined: number[] = [];
  for (let i = 0; i < count; i++) {
    const node = placement.activeNodes++;
    joined.push(node);
    const join = { kind: 'nodeJoined', node, nowNs: engine.nowNs } as const;
    learn(world, join);
    world.publish?.(join);
    interruptions.join(node);
  }
  workloads.nodesJoined(joined);
}

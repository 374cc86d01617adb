/**
 * Which endpoints a service proxy on one node uses for a Service port. The Cluster and the Local
 * policy choose separately: each takes ready endpoints, and only where it has none those that
 * terminate but still serve. Hints narrow the Cluster choice alone. The same choice is taken for
 * every proxy mode.
 */
import type { Era } from '../../eras.ts';
import { followHints, looksAtNodeHints, type PlaceHints } from './hints.ts';
import type { Endpoint, ProxyNode, ServicePort } from './service-port.ts';

export interface EndpointChoice {
  /** For the Cluster policy; empty if nothing of the Service port goes by that policy. */
  readonly cluster: readonly Endpoint[];
  /** For the Local policy; empty if nothing of the Service port goes by that policy. */
  readonly local: readonly Endpoint[];
  /** Those in `cluster` or `local`: a hint or a fall-back can make either hold what the other lacks. */
  readonly reachable: readonly Endpoint[];
  /** Whether there is a usable endpoint anywhere in the cluster, reachable from this node or not. */
  readonly any: boolean;
}

/** Whether anything but the cluster IP leads to the Service port. */
export function isExternallyAccessible(port: ServicePort): boolean {
  return port.nodePort !== null || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
}

/** The endpoints of a Service port that a node uses. */
export function chooseEndpoints(era: Era, port: ServicePort, node: ProxyNode): EndpointChoice {
  const endpoints = distinct(port.endpoints, node);
  const external = isExternallyAccessible(port);
  // Under externalTrafficPolicy Local, clients on the node still reach every endpoint.
  const usesCluster = port.internalPolicy === 'Cluster' || external;
  const usesLocal =
    port.internalPolicy === 'Local' || (external && port.externalPolicy === 'Local');

  const ready = endpoints.filter((endpoint) => endpoint.ready);
  const fallBack = era.terminatingEndpoints
    ? endpoints.filter(({ ready, serving, terminating }) => !ready && serving && terminating)
    : [];
  const local = (candidates: readonly Endpoint[]) =>
    candidates.filter((endpoint) => isLocal(endpoint, node));

  const cluster = usesCluster ? firstFilled(hinted(era, ready, node), fallBack) : [];
  const nodeLocal = usesLocal ? firstFilled(local(ready), local(fallBack)) : [];
  return {
    cluster,
    local: nodeLocal,
    reachable: [...new Set([...cluster, ...nodeLocal])],
    any: ready.length > 0 || fallBack.length > 0,
  };
}

/** Whether an endpoint runs on the node. */
export function isLocal(endpoint: Endpoint, node: ProxyNode): boolean {
  return node.name !== null && endpoint.node === node.name;
}

/** An address and port listed twice (slices overlap) count once; the local entry is preferred. */
function distinct(endpoints: readonly Endpoint[], node: ProxyNode): readonly Endpoint[] {
  const byAddress = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const key = `${endpoint.address} ${endpoint.port}`;
    if (!byAddress.has(key) || isLocal(endpoint, node)) byAddress.set(key, endpoint);
  }
  return [...byAddress.values()];
}

/** Node hints go before zone hints. */
function hinted(era: Era, ready: readonly Endpoint[], node: ProxyNode): readonly Endpoint[] {
  const ofZones = hintsAt(node.zone, (endpoint) => endpoint.zoneHints);
  const ofNodes = hintsAt(node.name, (endpoint) => endpoint.nodeHints);
  return followHints(ready, looksAtNodeHints(era) ? [ofNodes, ofZones] : [ofZones], []);
}

function hintsAt(
  place: string | null,
  hintsOf: (endpoint: Endpoint) => readonly string[],
): PlaceHints<Endpoint> {
  return {
    has: (endpoint) => hintsOf(endpoint).length > 0,
    fits: (endpoint) => place !== null && hintsOf(endpoint).includes(place),
  };
}

function firstFilled(...choices: readonly (readonly Endpoint[])[]): readonly Endpoint[] {
  return choices.find((choice) => choice.length > 0) ?? [];
}

/**
 * Which endpoints of a Service port a node's proxy uses, written step by step as a reader of the
 * rules of endpoint choice would: two sets (cluster, local), each falling back by itself to endpoints
 * that terminate but still serve; hints narrow the cluster set of ready endpoints only.
 * Hints are followed wherever they stand: that early releases also asked for an annotation of the
 * Service is left out.
 */
import type { Era } from '../../../eras.ts';
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';

export interface ChosenEndpoints {
  /** Empty if no traffic may go to the whole cluster. */
  readonly cluster: readonly Endpoint[];
  /** Empty if no policy is Local. */
  readonly local: readonly Endpoint[];
  /** Union of the two, each endpoint once. */
  readonly reachable: readonly Endpoint[];
  /** Whether any endpoint of the cluster could take traffic, used here or not. */
  readonly any: boolean;
  /** Whether traffic to the cluster IP finds an endpoint here, and traffic from outside. */
  readonly internal: boolean;
  readonly external: boolean;
  /** Whether a node port, an external IP or a load balancer leads to the port. */
  readonly accessible: boolean;
  readonly externalLocal: boolean;
}

/** Node hints are on by default from 1.34 (PreferSameTrafficDistribution beta). */
const NODE_HINTS_MINOR = 34;
/** ProxyTerminatingEndpoints is beta, on by default, from 1.26 (KEP-1669; from memory). */
const TERMINATING_MINOR = 26;

export function minorOf(era: Era): number {
  return Number(era.version.split('.')[1]);
}

export function isLocal(endpoint: Endpoint, node: ProxyNode): boolean {
  return node.name !== null && endpoint.node === node.name;
}

/** An endpoint that several slices hold counts once: the first, unless a later one is local. */
export function distinct(endpoints: readonly Endpoint[], node: ProxyNode): Endpoint[] {
  const seen = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const key = `${endpoint.address} ${endpoint.port}`;
    if (isLocal(endpoint, node) || !seen.has(key)) seen.set(key, endpoint);
  }
  return [...seen.values()];
}

function leaving(endpoint: Endpoint): boolean {
  return !endpoint.ready && endpoint.serving && endpoint.terminating;
}

function hinted(ready: readonly Endpoint[], node: ProxyNode, era: Era): readonly Endpoint[] {
  if (ready.length === 0) return ready;
  const { name, zone } = node;
  if (minorOf(era) >= NODE_HINTS_MINOR && ready.every((e) => e.nodeHints.length > 0)) {
    const here = ready.filter((e) => name !== null && e.nodeHints.includes(name));
    if (here.length > 0) return here;
  }
  if (ready.every((e) => e.zoneHints.length > 0)) {
    const here = ready.filter((e) => zone !== null && e.zoneHints.includes(zone));
    if (here.length > 0) return here;
  }
  return ready;
}

/** The endpoints of one port as one node's proxy uses them. */
export function chooseNaively(port: ServicePort, node: ProxyNode, era: Era): ChosenEndpoints {
  const endpoints = distinct(port.endpoints, node);
  const ready = endpoints.filter((e) => e.ready);
  const fallback = minorOf(era) >= TERMINATING_MINOR ? endpoints.filter(leaving) : [];
  const accessible =
    port.nodePort !== null || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
  const internalLocal = port.internalPolicy === 'Local';
  const externalLocal = port.externalPolicy === 'Local' && accessible;

  let cluster: readonly Endpoint[] = [];
  // With a Local external policy the node's own and its pods' traffic still goes to all endpoints.
  if (!internalLocal || accessible) {
    cluster = ready.length > 0 ? hinted(ready, node, era) : fallback;
  }
  let local: readonly Endpoint[] = [];
  if (internalLocal || externalLocal) {
    local = ready.filter((e) => isLocal(e, node));
    if (local.length === 0) local = fallback.filter((e) => isLocal(e, node));
  }
  const any = ready.length + fallback.length > 0;
  return {
    cluster,
    local,
    reachable: [...new Set([...cluster, ...local])],
    any,
    internal: internalLocal ? local.length > 0 : any,
    external: externalLocal ? local.length > 0 : any,
    accessible,
    externalLocal,
  };
}

/**
 * One policy with its subject and peers as predicates and its ports as a set: the form in which
 * profiles hold rules. What a rule matches does not depend on its policy any more. Peers that cannot
 * be evaluated fail closed here: no peer in an Accept rule, a denial of everything in others.
 */
import type {
  Action,
  ClusterPeer,
  ClusterPolicy,
  ClusterPolicyRule,
  Direction,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyRule,
  Policy,
  PolicyPeer,
} from './objects.ts';
import type { NamedPort } from './port-names.ts';
import { EVERY_PORT, everyPortOf, NO_PORTS, type PortSet, portRange, union } from './port-set.ts';
import type { Predicates } from './predicates.ts';
import type { PolicySwitches } from './switches.ts';

export interface CompiledRule {
  readonly policy: Policy;
  /** Index in the policy's list of that direction. */
  readonly index: number;
  readonly action: Action;
  /** Undefined: every peer. Otherwise one of these must hold. */
  readonly peers: readonly number[] | undefined;
  /** Without those that go by a name. */
  readonly ports: PortSet;
  readonly names: readonly NamedPort[];
}

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly subject: number;
  /** Undefined for a direction that the policy says nothing on. */
  readonly rules: Readonly<Record<Direction, readonly CompiledRule[] | undefined>>;
}

const EVERYTHING: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** Adds what the policy asks to `predicates`. */
export function compilePolicy(
  policy: Policy,
  predicates: Predicates,
  switches: PolicySwitches,
): CompiledPolicy {
  return policy.kind === 'NetworkPolicy'
    ? compileNetworkPolicy(policy, predicates, switches)
    : compileClusterPolicy(policy, predicates);
}

function compileNetworkPolicy(
  policy: NetworkPolicy,
  predicates: Predicates,
  switches: PolicySwitches,
): CompiledPolicy {
  const { policyTypes, ingress, egress, namespace } = policy;
  const isDefaulted = policyTypes.length === 0;
  const rules = (list: readonly NetworkPolicyRule[]) =>
    list.map(({ peers, ports }, index): CompiledRule => {
      const [set, names] = networkPorts(ports, switches);
      const found = peers.flatMap((peer) => networkPeer(peer, namespace, predicates, switches));
      return {
        policy,
        index,
        action: 'Accept',
        peers: peers.length === 0 ? undefined : found,
        ports: set,
        names,
      };
    });
  return {
    policy,
    subject: predicates.pods(namespace, policy.podSelector),
    rules: {
      ingress: isDefaulted || policyTypes.includes('Ingress') ? rules(ingress) : undefined,
      egress:
        policyTypes.includes('Egress') || (isDefaulted && egress.length > 0)
          ? rules(egress)
          : undefined,
    },
  };
}

function networkPeer(
  { ipBlock, namespaceSelector, podSelector }: PolicyPeer,
  namespace: string,
  predicates: Predicates,
  { hostNetworkPeers }: PolicySwitches,
): number[] {
  if (ipBlock !== undefined) return [predicates.block([ipBlock.range], ipBlock.except)];
  if (namespaceSelector === undefined) {
    return podSelector === undefined ? [] : [predicates.pods(namespace, podSelector)];
  }
  const pods = predicates.pods(namespaceSelector, podSelector ?? EVERYTHING);
  const findsHostPods =
    hostNetworkPeers === 'withEmptyPodSelector' &&
    podSelector !== undefined &&
    isEmpty(podSelector);
  return findsHostPods ? [pods, predicates.hostPods(namespaceSelector)] : [pods];
}

function isEmpty({ matchLabels, matchExpressions }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function networkPorts(
  ports: NetworkPolicyRule['ports'],
  { endPortHonoured }: PolicySwitches,
): [PortSet, NamedPort[]] {
  if (ports.length === 0) return [EVERY_PORT, []];
  let set = NO_PORTS;
  const names: NamedPort[] = [];
  for (const { protocol, port, endPort } of ports) {
    if (typeof port === 'string') names.push({ name: port, protocol });
    else if (port === undefined) set = union(set, everyPortOf(protocol));
    else {
      const last = endPortHonoured ? (endPort ?? port) : port;
      set = union(set, portRange(protocol, port, last));
    }
  }
  return [set, names];
}

function compileClusterPolicy(policy: ClusterPolicy, predicates: Predicates): CompiledPolicy {
  const { subject, ingress, egress } = policy;
  const rules = (list: readonly ClusterPolicyRule[]) =>
    list.length === 0
      ? undefined
      : list.map((rule, index) => clusterRule(policy, rule, index, predicates));
  return {
    policy,
    subject: predicates.pods(subject.namespaceSelector, subject.podSelector),
    rules: { ingress: rules(ingress), egress: rules(egress) },
  };
}

function clusterRule(
  policy: ClusterPolicy,
  { action, peers, ports }: ClusterPolicyRule,
  index: number,
  predicates: Predicates,
): CompiledRule {
  const isUnknown = peers.some(({ kind }) => kind === 'unsupported');
  if (isUnknown && action !== 'Accept') {
    return { policy, index, action: 'Deny', peers: undefined, ports: EVERY_PORT, names: [] };
  }
  let set = ports.length === 0 ? EVERY_PORT : NO_PORTS;
  const names: NamedPort[] = [];
  for (const port of ports) {
    if (port.kind === 'named') names.push({ name: port.name, protocol: undefined });
    else set = union(set, portRange(port.protocol, port.first, port.last));
  }
  const found = peers.flatMap((peer) => clusterPeer(peer, predicates));
  return { policy, index, action, peers: found, ports: set, names };
}

function clusterPeer(peer: ClusterPeer, predicates: Predicates): number[] {
  switch (peer.kind) {
    case 'pods':
      return [predicates.pods(peer.namespaceSelector, peer.podSelector)];
    case 'networks':
      return [predicates.block(peer.ranges, [])];
    case 'nodes':
      return [predicates.nodes(peer.selector)];
    case 'unsupported':
      return [];
  }
}

/** Selectors, peers, ports and rules of policies in the words of their YAML, each on one line. */
import type {
  ClusterPeer,
  ClusterPolicyRule,
  ClusterPort,
  Direction,
  Labels,
  NetworkPolicyRule,
  Policy,
  PolicyPeer,
  PolicyPort,
} from '../../core/policy/objects.ts';
import { formatLabels, formatSelector } from '../../scenarios/index.ts';
import { LAST_PORT } from './names.ts';

export type Rule = NetworkPolicyRule | ClusterPolicyRule;

/** `app=web,tier=a`, or `no labels`. */
export function labelsText(labels: Labels): string {
  return formatLabels(labels) || 'no labels';
}

/** A peer of a NetworkPolicy of `namespace`. */
function peerText(peer: PolicyPeer, namespace: string): string {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock !== undefined) {
    const except = ipBlock.except.map(({ text }) => text).join(', ');
    return `ipBlock ${ipBlock.range.text}${except === '' ? '' : ` except ${except}`}`;
  }
  const pods = podSelector === undefined ? '' : formatSelector(podSelector);
  if (namespaceSelector === undefined) {
    return pods === '' ? `any pod of namespace ${namespace}` : `podSelector ${pods}`;
  }
  return podsOfNamespaces(pods, formatSelector(namespaceSelector));
}

function podsOfNamespaces(pods: string, namespaces: string): string {
  if (pods === '') {
    return namespaces === '' ? 'any pod' : `any pod of namespaceSelector ${namespaces}`;
  }
  return namespaces === ''
    ? `podSelector ${pods} of any namespace`
    : `podSelector ${pods} of namespaceSelector ${namespaces}`;
}

function clusterPeerText(peer: ClusterPeer): string {
  switch (peer.kind) {
    case 'pods':
      return podsOfNamespaces(
        formatSelector(peer.podSelector),
        formatSelector(peer.namespaceSelector),
      );
    case 'networks':
      return `networks ${peer.ranges.map(({ text }) => text).join(', ')}`;
    case 'nodes': {
      const nodes = formatSelector(peer.selector);
      return nodes === '' ? 'any node' : `nodes ${nodes}`;
    }
    case 'unsupported':
      return `${peer.what} (not evaluated, fails closed)`;
  }
}

function portText({ protocol, port, endPort }: PolicyPort): string {
  if (port === undefined) return `any ${protocol} port`;
  return `${protocol} ${endPort === undefined ? port : `${port}-${endPort}`}`;
}

function clusterPortText(port: ClusterPort): string {
  if (port.kind === 'named') return `port named ${port.name}`;
  const { protocol, first, last } = port;
  if (first === 1 && last === LAST_PORT) return `any ${protocol} port`;
  return `${protocol} ${first === last ? first : `${first}-${last}`}`;
}

/** The peers of a rule, each in words. */
export function peersOf(policy: Policy, rule: Rule): string[] {
  return rule.peers.map((peer) =>
    'kind' in peer
      ? clusterPeerText(peer)
      : peerText(peer, policy.kind === 'NetworkPolicy' ? policy.namespace : ''),
  );
}

/** The ports of a rule, each in words. */
export function portsOf(rule: Rule): string[] {
  return rule.ports.map((port) => ('kind' in port ? clusterPortText(port) : portText(port)));
}

export function rulesOf(policy: Policy, direction: Direction): readonly Rule[] {
  return direction === 'ingress' ? policy.ingress : policy.egress;
}

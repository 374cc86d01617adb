/** Selectors, peers, ports and rules of policies in the words of their YAML, each on one line. */
import type {
  ClusterPeer,
  ClusterPolicyRule,
  ClusterPort,
  Direction,
  LabelRequirement,
  LabelSelector,
  Labels,
  NetworkPolicyRule,
  Policy,
  PolicyPeer,
  PolicyPort,
} from '../../core/policy/objects.ts';

export type Rule = NetworkPolicyRule | ClusterPolicyRule;

/** `app=web,tier in (a,b),!old`; empty for a selector that selects everything. */
export function selectorText({ matchLabels, matchExpressions }: LabelSelector): string {
  return [...pairs(matchLabels), ...matchExpressions.map(requirementText)].join(',');
}

/** `app=web,tier=a`, or `no labels`. */
export function labelsText(labels: Labels): string {
  return pairs(labels).join(',') || 'no labels';
}

function pairs(labels: Labels): string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function requirementText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
  }
}

/** A peer of a NetworkPolicy of `namespace`. */
function peerText(peer: PolicyPeer, namespace: string): string {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock !== undefined) {
    const except = ipBlock.except.map(({ text }) => text).join(', ');
    return `ipBlock ${ipBlock.range.text}${except === '' ? '' : ` except ${except}`}`;
  }
  const pods = podSelector === undefined ? '' : selectorText(podSelector);
  if (namespaceSelector === undefined) {
    return pods === '' ? `any pod of namespace ${namespace}` : `podSelector ${pods}`;
  }
  return podsOfNamespaces(pods, selectorText(namespaceSelector));
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
      return podsOfNamespaces(selectorText(peer.podSelector), selectorText(peer.namespaceSelector));
    case 'networks':
      return `networks ${peer.ranges.map(({ text }) => text).join(', ')}`;
    case 'nodes': {
      const nodes = selectorText(peer.selector);
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
  if (first === 1 && last === 65535) return `any ${protocol} port`;
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

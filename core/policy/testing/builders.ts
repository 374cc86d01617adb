/** Policies and worlds in few words, for tests: what is left out is what the API takes an absent field for. */
import {
  type Action,
  type ClusterPeer,
  type ClusterPolicy,
  type ClusterPolicyRule,
  type Entity,
  type IpEntity,
  type LabelRequirement,
  type LabelSelector,
  type Labels,
  type NetworkPolicy,
  type NetworkPolicyRule,
  type NodeEntity,
  namespaceLabels,
  type PodEntity,
  type PolicyPeer,
  type PolicyPort,
  type PolicyWorld,
  type Protocol,
} from '../objects.ts';
import { address, range } from './addresses.ts';

export function labelled(
  matchLabels: Labels,
  ...matchExpressions: LabelRequirement[]
): LabelSelector {
  return { matchLabels, matchExpressions };
}

export function where(
  key: string,
  operator: LabelRequirement['operator'],
  ...values: string[]
): LabelRequirement {
  return { key, operator, values };
}

export const EVERYTHING = labelled({});

const NO_PEER: PolicyPeer = {
  podSelector: undefined,
  namespaceSelector: undefined,
  ipBlock: undefined,
};

/** Pods of the policy's own namespace. */
export function podsHere(podSelector: LabelSelector): PolicyPeer {
  return { ...NO_PEER, podSelector };
}

/** Every pod of the namespaces selected. */
export function namespaces(namespaceSelector: LabelSelector): PolicyPeer {
  return { ...NO_PEER, namespaceSelector };
}

/** Both selectors in one entry. */
export function podsIn(namespaceSelector: LabelSelector, podSelector: LabelSelector): PolicyPeer {
  return { ...NO_PEER, namespaceSelector, podSelector };
}

export function block(cidr: string, ...except: string[]): PolicyPeer {
  return { ...NO_PEER, ipBlock: { range: range(cidr), except: except.map(range) } };
}

/** Without a port: every port of the protocol. */
export function port(
  protocol: Protocol,
  port: PolicyPort['port'] = undefined,
  endPort: PolicyPort['endPort'] = undefined,
): PolicyPort {
  return { protocol, port, endPort };
}

export function rule(
  peers: readonly PolicyPeer[],
  ports: readonly PolicyPort[] = [],
): NetworkPolicyRule {
  return { peers, ports };
}

/** No peers and no ports: everybody, on every port. */
export const ANYTHING = rule([]);

export function networkPolicy(
  namespace: string,
  podSelector: LabelSelector,
  spec: Partial<Pick<NetworkPolicy, 'name' | 'policyTypes' | 'ingress' | 'egress'>> = {},
): NetworkPolicy {
  return {
    kind: 'NetworkPolicy',
    namespace,
    name: 'policy',
    podSelector,
    policyTypes: [],
    ingress: [],
    egress: [],
    ...spec,
  };
}

/** In the Admin tier, of priority 0, about every pod. */
export function clusterPolicy(
  spec: Partial<Omit<ClusterPolicy, 'kind' | 'subject'>> & {
    readonly subject?: LabelSelector;
  },
): ClusterPolicy {
  const { subject = EVERYTHING, ...others } = spec;
  return {
    kind: 'ClusterNetworkPolicy',
    name: 'policy',
    tier: 'Admin',
    priority: 0,
    subject: { kind: 'pods', namespaceSelector: EVERYTHING, podSelector: subject },
    ingress: [],
    egress: [],
    ...others,
  };
}

export function clusterRule(
  action: Action,
  peers: readonly ClusterPeer[],
  ports: ClusterPolicyRule['ports'] = [],
): ClusterPolicyRule {
  return { name: '', action, peers, ports };
}

/** Pods of every namespace that the selector finds. */
export function podPeer(podSelector: LabelSelector = EVERYTHING): ClusterPeer {
  return { kind: 'pods', namespaceSelector: EVERYTHING, podSelector };
}

export function networks(...cidrs: string[]): ClusterPeer {
  return { kind: 'networks', ranges: cidrs.map(range) };
}

/** Of namespace `shop`, without labels, addresses, ports or a known node. */
export function pod(
  name: string,
  { ip, ...spec }: Partial<Omit<PodEntity, 'kind' | 'name'>> & { readonly ip?: string } = {},
): PodEntity {
  return {
    kind: 'pod',
    namespace: 'shop',
    name,
    labels: {},
    addresses: ip === undefined ? [] : [address(ip)],
    node: null,
    hostNetwork: false,
    ports: [],
    ...spec,
  };
}

export function node(name: string, ip: string, labels: Labels = {}): NodeEntity {
  return { kind: 'node', name, labels, addresses: [address(ip)] };
}

export function outside(ip: string): IpEntity {
  return { kind: 'ip', name: ip, addresses: [address(ip)] };
}

/** The namespaces are those of the pods, each labelled `ns` with its name. */
export function world(
  entities: readonly Entity[],
  {
    networkPolicies = [],
    clusterPolicies = [],
  }: Partial<Pick<PolicyWorld, 'networkPolicies' | 'clusterPolicies'>>,
): PolicyWorld {
  const names = new Set(entities.filter((one) => one.kind === 'pod').map((one) => one.namespace));
  const namespaces = [...names].map((name) => ({
    name,
    labels: namespaceLabels(name, { ns: name }),
  }));
  return { namespaces, entities, networkPolicies, clusterPolicies };
}

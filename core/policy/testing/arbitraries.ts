/**
 * Random worlds for properties, out of small alphabets: isolated and open pods, policies that contradict
 * each other, pods and nodes that stand in each other's ranges. What a reader of Kubernetes objects
 * would refuse is not generated.
 */
import fc from 'fast-check';
import {
  type Address,
  type ClusterPeer,
  type ClusterPolicy,
  type ClusterPolicyRule,
  type Entity,
  type IpEntity,
  type Labels,
  type NetworkPolicy,
  type NetworkPolicyRule,
  type NodeEntity,
  namespaceLabels,
  type PodEntity,
  type Policy,
  type PolicyNamespace,
  type PolicyPeer,
  type PolicyWorld,
  type Probe,
} from '../objects.ts';
import { literalText, type PolicySwitches } from '../switches.ts';
import { address } from './addresses.ts';
import {
  CLUSTER_PORTS,
  CONTAINER_PORTS,
  IP_BLOCKS,
  IPV4,
  IPV6,
  LABELS,
  NAMESPACE_SELECTORS,
  POLICY_PORTS,
  RANGES,
  SELECTORS,
} from './alphabets.ts';
import { EVERYTHING } from './builders.ts';

/** Every length is as likely as any other, where `fc.array` prefers short ones. */
function upTo<T>(maxLength: number, of: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> {
  return fc.array(of, { minLength, maxLength, size: 'max' });
}

const labels = fc.constantFrom(...LABELS);
const anySelector = fc.constantFrom(...SELECTORS);
/** Mostly all there are: a policy of nobody tells nothing. */
const subjects = fc.oneof(fc.constant(EVERYTHING), anySelector);
const namespaceSelector = fc.constantFrom(...NAMESPACE_SELECTORS);

const podAddresses = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...IPV4).map((one) => [one]) },
  { weight: 1, arbitrary: fc.constantFrom(...IPV6).map((one) => [one]) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...IPV4), fc.constantFrom(...IPV6)) },
  { weight: 1, arbitrary: fc.constant([]) },
);

interface PodDraft extends Omit<PodEntity, 'kind' | 'name'> {}

/** `n3` is no entity of any world. */
const podDraft: fc.Arbitrary<PodDraft> = fc.record({
  namespace: fc.constantFrom('x', 'x', 'x', 'y', 'z'),
  labels,
  addresses: podAddresses,
  node: fc.constantFrom('n1', 'n1', 'n2', 'n3', null),
  hostNetwork: fc.constantFrom(...Array<boolean>(7).fill(false), true),
  ports: fc.constantFrom(...CONTAINER_PORTS),
});

const outside: fc.Arbitrary<IpEntity> = fc
  .constantFrom('198.51.100.7', '10.0.0.2', 'fd00::9')
  .map((text) => ({ kind: 'ip', name: text, addresses: [address(text)] }));

/** `n1`, `n2` or both, or neither. */
const nodes: fc.Arbitrary<NodeEntity[]> = fc
  .tuple(fc.constantFrom(...[[], [], ['n1'], ['n2'], ['n1', 'n2']]), labels, podAddresses)
  .map(([names, ofFirst, addresses]) =>
    names.map((name, index) => ({
      kind: 'node',
      name,
      labels: index === 0 ? ofFirst : {},
      addresses: index === 0 ? addresses : [address('10.0.0.6')],
    })),
  );

/** From few entities up, in an order that has nothing to do with their kinds. */
const entities: fc.Arbitrary<Entity[]> = fc
  .tuple(upTo(4, podDraft, 2), nodes, upTo(1, outside), fc.nat(6))
  .map(([drafts, someNodes, addresses, rotation]) => {
    const pods = drafts.map((draft, index): PodEntity => {
      const node = someNodes.find(({ name }) => name === draft.node);
      const ofNode = draft.hostNetwork && node !== undefined ? node.addresses : draft.addresses;
      return { kind: 'pod', name: `p${index}`, ...draft, addresses: ofNode };
    });
    const all = [...pods, ...someNodes, ...addresses];
    return [...all.slice(rotation), ...all.slice(0, rotation)];
  });

const peer: fc.Arbitrary<PolicyPeer> = fc.oneof(
  anySelector.map((podSelector) => ({
    podSelector,
    namespaceSelector: undefined,
    ipBlock: undefined,
  })),
  namespaceSelector.map((selected) => ({
    podSelector: undefined,
    namespaceSelector: selected,
    ipBlock: undefined,
  })),
  fc.tuple(anySelector, namespaceSelector).map(([podSelector, selected]) => ({
    podSelector,
    namespaceSelector: selected,
    ipBlock: undefined,
  })),
  fc.constantFrom(...IP_BLOCKS),
);

const policyRule: fc.Arbitrary<NetworkPolicyRule> = fc.record({
  peers: upTo(3, peer),
  ports: upTo(3, fc.constantFrom(...POLICY_PORTS)),
});

/** Left out as often as not: that is where the defaults are. */
const POLICY_TYPES: readonly NetworkPolicy['policyTypes'][] = [
  [],
  [],
  ['Ingress'],
  ['Egress'],
  ['Ingress', 'Egress'],
];

/** `w` is a namespace without pods. */
const networkPolicy: fc.Arbitrary<NetworkPolicy> = fc.record({
  kind: fc.constant('NetworkPolicy'),
  namespace: fc.constantFrom(...'xxxxxyyzw'),
  name: fc.constant('policy'),
  podSelector: subjects,
  policyTypes: fc.constantFrom(...POLICY_TYPES),
  ingress: upTo(2, policyRule),
  egress: upTo(2, policyRule),
});

const podPeer = fc.record({
  kind: fc.constant('pods' as const),
  namespaceSelector,
  podSelector: anySelector,
});

const unsupported: fc.Arbitrary<ClusterPeer> = fc.constant({
  kind: 'unsupported',
  what: 'domainNames',
});

const ingressPeer: fc.Arbitrary<ClusterPeer> = fc.oneof(
  { weight: 12, arbitrary: podPeer },
  { weight: 1, arbitrary: unsupported },
);

const egressPeer: fc.Arbitrary<ClusterPeer> = fc.oneof(
  { weight: 6, arbitrary: podPeer },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('networks' as const),
      ranges: upTo(2, fc.constantFrom(...RANGES), 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('nodes' as const), selector: anySelector }),
  },
  { weight: 1, arbitrary: unsupported },
);

function clusterRules(of: fc.Arbitrary<ClusterPeer>): fc.Arbitrary<ClusterPolicyRule[]> {
  const rule = fc.record({
    name: fc.constantFrom('', 'some'),
    action: fc.constantFrom('Accept' as const, 'Deny' as const, 'Pass' as const),
    peers: upTo(2, of, 1),
    ports: upTo(2, fc.constantFrom(...CLUSTER_PORTS)),
  });
  return upTo(3, rule);
}

const KINDS = ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'] as const;

/** Of equal name or not, of equal priority or not. */
const clusterPolicy: fc.Arbitrary<ClusterPolicy> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    name: fc.constantFrom('a', 'b', 'c'),
    tier: fc.constantFrom('Admin' as const, 'Baseline' as const),
    priority: fc.constantFrom(0, 1, 1, 1000),
    subject: fc.record({
      kind: fc.constant('pods'),
      namespaceSelector: subjects,
      podSelector: subjects,
    }),
    ingress: clusterRules(ingressPeer),
    egress: clusterRules(egressPeer),
  })
  .map((policy) => {
    if (policy.kind === 'ClusterNetworkPolicy') return policy;
    if (policy.kind === 'AdminNetworkPolicy') return { ...policy, tier: 'Admin' };
    const withoutPass = (rules: readonly ClusterPolicyRule[]) =>
      rules.filter(({ action }) => action !== 'Pass');
    return {
      ...policy,
      name: 'default',
      tier: 'Baseline',
      priority: 0,
      ingress: withoutPass(policy.ingress),
      egress: withoutPass(policy.egress),
    };
  });

const namespaces: fc.Arbitrary<PolicyNamespace[]> = fc.tuple(labels, labels, labels).map((each) =>
  each.map((own, index) => {
    const name = 'xyz'[index]!;
    return { name, labels: namespaceLabels(name, own) };
  }),
);

/** Objects of one kind differ in name, as in a cluster. */
export const policyWorld: fc.Arbitrary<PolicyWorld> = fc.record({
  namespaces,
  entities,
  networkPolicies: upTo(5, networkPolicy).map((policies) =>
    policies.map((policy, index) => ({ ...policy, name: `policy-${index}` })),
  ),
  clusterPolicies: upTo(4, clusterPolicy).map((policies) => [
    ...new Map(policies.map((one) => [`${one.kind} ${one.name}`, one])).values(),
  ]),
});

/** The text of the API as often as not. */
export const policySwitches: fc.Arbitrary<PolicySwitches> = fc.oneof(
  fc.constant(literalText),
  fc.record({
    enforces: fc.constantFrom(...Array<boolean>(19).fill(true), false),
    ipBlockMatchesPods: fc.boolean(),
    ipBlockMatchesNodes: fc.boolean(),
    ownNodeAdmitted: fc.boolean(),
    ownNodeReachable: fc.boolean(),
    hostNetworkPeers: fc.constantFrom('never' as const, 'withEmptyPodSelector' as const),
    endPortHonoured: fc.boolean(),
  }),
);

/** What connections of random worlds ask for. */
export const service: fc.Arbitrary<Pick<Probe, 'protocol' | 'port'>> = fc.record({
  protocol: fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP'),
  port: fc.constantFrom(80, 80, 81, 82, 1, 65_535),
});

/** Every entity to every entity, itself included. */
export function probesOf(
  { entities }: PolicyWorld,
  service: Pick<Probe, 'protocol' | 'port'>,
): readonly Probe[] {
  return entities.flatMap((from) => entities.map((to) => ({ from, to, ...service })));
}

/** A change of a world; which fields count depends on its kind, and `draw` chooses whom it befalls. */
export interface Change {
  readonly kind:
    | 'add policy'
    | 'remove policy'
    | 'relabel namespace'
    | 'add entity'
    | 'remove entity'
    | 'relabel'
    | 'readdress';
  readonly draw: number;
  readonly policy: Policy;
  readonly labels: Labels;
  readonly entity: Entity;
  readonly addresses: readonly Address[];
}

const KINDS_OF_CHANGE: readonly Change['kind'][] = [
  'relabel',
  'relabel namespace',
  'readdress',
  'add policy',
  'remove policy',
  'add entity',
  'remove entity',
];

export const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...KINDS_OF_CHANGE),
  draw: fc.nat(1000),
  policy: fc.oneof<fc.Arbitrary<Policy>[]>(networkPolicy, clusterPolicy),
  labels,
  entity: fc.oneof<fc.Arbitrary<Entity>[]>(
    podDraft.map((draft): PodEntity => ({ kind: 'pod', name: 'added', ...draft })),
    outside,
  ),
  addresses: podAddresses,
});

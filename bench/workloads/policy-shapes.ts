/**
 * Clusters that are hard in one way each: made of the plain one by adding to it, or by putting its
 * policies elsewhere.
 */
import type {
  ClusterPeer,
  ClusterPolicy,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyRule,
  PodEntity,
  PolicyPeer,
  PolicyWorld,
} from '../../core/policy/objects.ts';

export interface PolicyShape {
  readonly name: string;
  readonly about: string;
  of(plain: PolicyWorld, scale: number): PolicyWorld;
}

const ORDINAL = 'statefulset.kubernetes.io/pod-name';
const EVERYTHING: LabelSelector = { matchLabels: {}, matchExpressions: [] };
const NO_PEER = { podSelector: undefined, namespaceSelector: undefined, ipBlock: undefined };

export const POLICY_SHAPES: readonly PolicyShape[] = [
  {
    name: 'few-namespaces',
    about: 'all policies in 20 namespaces',
    of: (plain) => ({
      ...plain,
      networkPolicies: plain.networkPolicies.map((policy, at) => ({
        ...policy,
        namespace: plain.namespaces[at % Math.min(20, plain.namespaces.length)]!.name,
      })),
    }),
  },
  {
    name: 'one-namespace',
    about: 'a namespace of 3,000 pods with 500 policies',
    of: (plain, scale) => ({
      ...plain,
      entities: plain.entities.map((entity, at) =>
        entity.kind === 'pod' && at < 3000 * scale ? { ...entity, namespace: 'ns-0' } : entity,
      ),
      networkPolicies: plain.networkPolicies.map((policy, at) =>
        at < 500 * scale ? { ...policy, namespace: 'ns-0' } : policy,
      ),
    }),
  },
  {
    name: 'statefulsets',
    about: 'every second pod has a label of its own, 5,000 policies select by it',
    of: withStatefulSets,
  },
  {
    name: 'pod-addresses',
    about: '5,000 policies admit the addresses of ten pods each',
    of: withPodAddresses,
  },
  {
    name: 'cluster-policies',
    about: '100 cluster policies of 25 rules of 25 peers',
    of: (plain) => ({
      ...plain,
      clusterPolicies: Array.from({ length: 100 }, (_, at) => largeClusterPolicy(at)),
    }),
  },
];

function podsOf({ entities }: PolicyWorld): PodEntity[] {
  return entities.filter((entity) => entity.kind === 'pod');
}

function withStatefulSets(plain: PolicyWorld, scale: number): PolicyWorld {
  const entities = plain.entities.map((entity, at) =>
    entity.kind === 'pod' && at % 2 === 0
      ? { ...entity, labels: { ...entity.labels, [ORDINAL]: entity.name } }
      : entity,
  );
  const members = entities.filter((one) => one.kind === 'pod').filter((_, at) => at % 2 === 0);
  const added = members.slice(0, Math.ceil(5000 * scale)).map(({ namespace, name }, at) => {
    const { name: next } = members[(at + 1) % members.length]!;
    return admitting(namespace, `of-${name}`, { [ORDINAL]: name }, [
      { ...NO_PEER, podSelector: { matchLabels: { [ORDINAL]: next }, matchExpressions: [] } },
    ]);
  });
  return { ...plain, entities, networkPolicies: [...plain.networkPolicies, ...added] };
}

function withPodAddresses(plain: PolicyWorld, scale: number): PolicyWorld {
  const pods = podsOf(plain);
  const added = Array.from({ length: Math.ceil(5000 * scale) }, (_, at) => {
    const peers = Array.from({ length: 10 }, (_, place): PolicyPeer => {
      const { value } = pods[(at * 29 + place * 31) % pods.length]!.addresses[0]!;
      const range = { family: 4, first: value, last: value, text: `${value}/32` } as const;
      return { ...NO_PEER, ipBlock: { range, except: [] } };
    });
    const { namespace, labels } = pods[(at * 17) % pods.length]!;
    return admitting(namespace, `addresses-${at}`, { app: labels.app! }, peers);
  });
  return { ...plain, networkPolicies: [...plain.networkPolicies, ...added] };
}

function admitting(
  namespace: string,
  name: string,
  matchLabels: Readonly<Record<string, string>>,
  peers: readonly PolicyPeer[],
): NetworkPolicy {
  const ingress: NetworkPolicyRule[] = [
    { peers, ports: [{ protocol: 'TCP', port: 8080, endPort: undefined }] },
  ];
  const podSelector = { matchLabels, matchExpressions: [] };
  const common = { kind: 'NetworkPolicy', namespace, name, podSelector } as const;
  return { ...common, policyTypes: [], ingress, egress: [] };
}

/** About every pod; its peers are apps of teams, systems and environments. */
function largeClusterPolicy(at: number): ClusterPolicy {
  const ingress = Array.from({ length: 25 }, (_, rule) => ({
    name: '',
    action: (['Pass', 'Accept', 'Deny'] as const)[(at + rule) % 3]!,
    peers: Array.from({ length: 25 }, (_, peer): ClusterPeer => {
      const number = (at * 25 + rule) * 25 + peer;
      const team = `team-${number % 300}`;
      const app = `app-${number % 7}`;
      const system = `system-${number % 50}`;
      return {
        kind: 'pods',
        namespaceSelector: { matchLabels: { team }, matchExpressions: [] },
        podSelector: {
          matchLabels: { app, 'app.kubernetes.io/part-of': system },
          matchExpressions: [],
        },
      };
    }),
    ports: [
      { kind: 'range', protocol: 'TCP', first: 8000 + (at % 10), last: 8100 + rule } as const,
    ],
  }));
  return {
    kind: 'ClusterNetworkPolicy',
    name: `large-${at}`,
    tier: at % 10 === 0 ? 'Baseline' : 'Admin',
    priority: at,
    subject: { kind: 'pods', namespaceSelector: EVERYTHING, podSelector: EVERYTHING },
    ingress,
    egress: [],
  };
}

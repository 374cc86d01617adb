/**
 * A cluster of policies and pods of a given size for benchmarks: 150,000 pods and 13,678 policies at
 * full size. Shapes are mixed and deterministic: policies on an app of their namespace, with peers by
 * app, by namespace label, across both, by address block; named ports, ranges; and cluster policies.
 * Pods carry labels that nobody selects on, as deployments give them.
 */
import type {
  Address,
  AddressRange,
  ClusterPolicy,
  Entity,
  LabelSelector,
  Labels,
  NetworkPolicy,
  NetworkPolicyRule,
  PolicyNamespace,
  PolicyPeer,
  PolicyPort,
  PolicyWorld,
} from '../../core/policy/objects.ts';
import { namespaceLabels } from '../../core/policy/objects.ts';

export interface PolicyWorldSize {
  readonly pods: number;
  readonly policies: number;
  readonly namespaces: number;
  readonly nodes: number;
}

/** 5,000 nodes of 30 pods (envelope of SIG Scalability), and the policies of the largest published cluster. */
export const FULL_SIZE: PolicyWorldSize = {
  pods: 150_000,
  policies: 13_678,
  namespaces: 5_413,
  nodes: 5_000,
};

const APPS_PER_NAMESPACE = 7;
const CLUSTER_POLICIES = 20;
const POD_NETWORK = 10n << 24n;

export function policyWorldOf(size: PolicyWorldSize): PolicyWorld {
  const namespaces = Array.from({ length: size.namespaces }, (_, at): PolicyNamespace => {
    const name = `ns-${at}`;
    const labels = { team: `team-${at % 300}`, env: at % 3 === 0 ? 'prod' : 'dev' };
    return { name, labels: namespaceLabels(name, labels) };
  });
  const entities: Entity[] = Array.from({ length: size.pods }, (_, at) => podOf(at, size));
  for (let node = 0; node < size.nodes; node++) {
    const addresses = [{ family: 4, value: (172n << 24n) + BigInt(node) }] as const;
    const labels = { zone: `zone-${node % 3}` };
    entities.push({ kind: 'node', name: `node-${node}`, labels, addresses });
  }
  const networkPolicies = Array.from({ length: size.policies }, (_, at) => networkPolicy(at, size));
  const clusterPolicies = Array.from({ length: CLUSTER_POLICIES }, (_, at) => clusterPolicy(at));
  return { namespaces, entities, networkPolicies, clusterPolicies };
}

function podOf(at: number, size: PolicyWorldSize): Entity {
  const namespace = at % size.namespaces;
  const app = Math.floor(at / size.namespaces) % APPS_PER_NAMESPACE;
  const value = POD_NETWORK + BigInt(at);
  const addresses: readonly Address[] = [{ family: 4, value }];
  return {
    kind: 'pod',
    namespace: `ns-${namespace}`,
    name: `app-${app}-${at}`,
    labels: {
      app: `app-${app}`,
      tier: app < 3 ? 'front' : 'back',
      'app.kubernetes.io/part-of': `system-${namespace % 50}`,
      'pod-template-hash': `${(at * 2_654_435_761) % 0xffffffff}`,
    },
    addresses,
    node: `node-${at % size.nodes}`,
    hostNetwork: at % 500 === 0,
    ports: [
      { name: 'http', port: app < 3 ? 8080 : 9090, protocol: 'TCP' },
      { name: 'metrics', port: 9100, protocol: 'TCP' },
    ],
  };
}

function networkPolicy(at: number, size: PolicyWorldSize): NetworkPolicy {
  const place = at % size.namespaces;
  const round = Math.floor(at / size.namespaces);
  // The first round denies by default in half of the namespaces, later ones select an app.
  const isDefault = round === 0 && at % 2 === 0;
  const ingress: NetworkPolicyRule[] = isDefault
    ? []
    : [{ peers: [peerOf(at, place)], ports: [portOf(at)] }];
  const egress: NetworkPolicyRule[] =
    at % 5 === 0
      ? [
          { peers: [{ ...NO_PEER, ipBlock: blockOf(at) }], ports: [] },
          { peers: [namespaces({ team: `team-${place % 300}` })], ports: [portOf(at + 1)] },
        ]
      : [];
  return {
    kind: 'NetworkPolicy',
    namespace: `ns-${place}`,
    name: `policy-${at}`,
    podSelector: isDefault ? select({}) : select({ app: `app-${at % APPS_PER_NAMESPACE}` }),
    policyTypes: [],
    ingress,
    egress,
  };
}

const NO_PEER = { podSelector: undefined, namespaceSelector: undefined, ipBlock: undefined };

function peerOf(at: number, place: number): PolicyPeer {
  const app = select({ app: `app-${(at + 1) % APPS_PER_NAMESPACE}` });
  switch (at % 8) {
    case 0:
      return { ...NO_PEER, podSelector: app };
    case 1:
      return namespaces({ team: `team-${(place + 1) % 300}` });
    case 2:
      return { ...namespaces({ 'kubernetes.io/metadata.name': `ns-${place}` }), podSelector: app };
    case 3:
      return { ...NO_PEER, ipBlock: blockOf(at) };
    case 4:
      return {
        ...NO_PEER,
        podSelector: {
          matchLabels: {},
          matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }],
        },
      };
    case 5:
      return { ...namespaces({ env: 'prod' }), podSelector: select({ tier: 'front' }) };
    case 6:
      return {
        ...namespaces({}),
        podSelector: select({ 'app.kubernetes.io/part-of': `system-${at % 50}` }),
      };
    default:
      return { ...NO_PEER, podSelector: select({}) };
  }
}

function portOf(at: number): PolicyPort {
  if (at % 3 === 0) return { protocol: 'TCP', port: 'http', endPort: undefined };
  if (at % 3 === 1) return { protocol: 'TCP', port: 8080, endPort: 8090 };
  return { protocol: 'TCP', port: 9100, endPort: undefined };
}

/** A /20 of the pods' network less a /24, or everything less the pods' network. */
function blockOf(at: number) {
  if (at % 2 === 0) return { range: cidr(0n, 0), except: [cidr(POD_NETWORK, 8)] };
  const first = POD_NETWORK + BigInt(at % 37) * 4096n;
  return { range: cidr(first, 20), except: [cidr(first + BigInt(at % 16) * 256n, 24)] };
}

function clusterPolicy(at: number): ClusterPolicy {
  return {
    kind: 'ClusterNetworkPolicy',
    name: `cluster-${at}`,
    tier: at % 4 === 0 ? 'Baseline' : 'Admin',
    priority: at,
    subject: {
      kind: 'pods',
      namespaceSelector: select({ team: `team-${at * 7}` }),
      podSelector: select({}),
    },
    ingress: [
      {
        name: '',
        action: at % 3 === 0 ? 'Deny' : at % 3 === 1 ? 'Pass' : 'Accept',
        peers: [
          { kind: 'pods', namespaceSelector: select({ env: 'dev' }), podSelector: select({}) },
        ],
        ports: [{ kind: 'range', protocol: 'TCP', first: 9000, last: 9999 }],
      },
    ],
    egress: [
      {
        name: '',
        action: 'Accept',
        peers: [{ kind: 'networks', ranges: [cidr(POD_NETWORK, 12)] }],
        ports: [{ kind: 'named', name: 'metrics' }],
      },
    ],
  };
}

function namespaces(labels: Labels): PolicyPeer {
  return { ...NO_PEER, namespaceSelector: select(labels) };
}

function select(matchLabels: Labels): LabelSelector {
  return { matchLabels, matchExpressions: [] };
}

/** @param first without host bits */
function cidr(first: bigint, length: number): AddressRange {
  const last = first + (1n << BigInt(32 - length)) - 1n;
  const octets = [24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 255n).join('.');
  return { family: 4, first, last, text: `${octets}/${length}` };
}

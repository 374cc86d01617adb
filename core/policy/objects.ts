/**
 * Policies, and what they speak of, as plain data: what a reader of Kubernetes objects hands over and
 * every evaluation starts from. The shape follows the API text (networking.k8s.io/v1,
 * policy.networking.k8s.io), with absent lists as empty ones wherever the API gives both one meaning.
 * Objects here are valid: what the API server would refuse never gets this far.
 */

export type Labels = Readonly<Record<string, string>>;
export type Direction = 'ingress' | 'egress';
export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Empty for Exists and DoesNotExist. */
  readonly values: readonly string[];
}

/** All of it must hold; an empty selector selects everything of its kind. */
export interface LabelSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly LabelRequirement[];
}

/** An IPv4 address as 32 bits or an IPv6 address as 128. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** The addresses of a CIDR; host bits of the text are of no meaning (10.10.1.12/24 is 10.10.1.0/24). */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** As it was written. */
  readonly text: string;
}

export interface IpBlock {
  readonly range: AddressRange;
  /** Limits this block only; another peer, rule or policy may admit the address. */
  readonly except: readonly AddressRange[];
}

/** Either an ipBlock alone, or at least one of the selectors. */
export interface PolicyPeer {
  /** Alone: pods of the policy's own namespace. */
  readonly podSelector: LabelSelector | undefined;
  /** Alone: every pod of the namespaces it selects. */
  readonly namespaceSelector: LabelSelector | undefined;
  readonly ipBlock: IpBlock | undefined;
}

export interface PolicyPort {
  readonly protocol: Protocol;
  /** A name is resolved on the destination pod, for each pod apart. Undefined: every port. */
  readonly port: number | string | undefined;
  /** Inclusive; only with a number as `port`. */
  readonly endPort: number | undefined;
}

export interface NetworkPolicyRule {
  /** `from` or `to`; empty: every peer, those outside the cluster included. */
  readonly peers: readonly PolicyPeer[];
  /** Empty: every port of every protocol. */
  readonly ports: readonly PolicyPort[];
}

export interface NetworkPolicy {
  readonly kind: 'NetworkPolicy';
  readonly namespace: string;
  readonly name: string;
  readonly podSelector: LabelSelector;
  /** As written; empty if absent, which means ingress, and egress if there is an egress rule. */
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress: readonly NetworkPolicyRule[];
  readonly egress: readonly NetworkPolicyRule[];
}

/** AdminNetworkPolicy says Allow where ClusterNetworkPolicy says Accept; here it is `Accept`. */
export type Action = 'Accept' | 'Deny' | 'Pass';

/** Pods of namespaces: `namespaces` alone leaves `podSelector` empty. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly namespaceSelector: LabelSelector;
  readonly podSelector: LabelSelector;
}

export type ClusterPeer =
  | PodPeer
  /** Egress only. These do match addresses inside the cluster. */
  | { readonly kind: 'networks'; readonly ranges: readonly AddressRange[] }
  /** Egress only, experimental in the API. */
  | { readonly kind: 'nodes'; readonly selector: LabelSelector }
  /**
   * A peer nothing here can evaluate (domain names, a field of a later release). It fails closed:
   * in an Accept rule it matches nothing, in a Deny or Pass rule it denies everything.
   */
  | { readonly kind: 'unsupported'; readonly what: string };

export type ClusterPort =
  /** `first` to `last`, inclusive; 1 to 65,535 for every port of the protocol. */
  | {
      readonly kind: 'range';
      readonly protocol: Protocol;
      readonly first: number;
      readonly last: number;
    }
  /** Resolved on the destination pod, whatever its protocol. */
  | { readonly kind: 'named'; readonly name: string };

export interface ClusterPolicyRule {
  /** As written; may be empty. */
  readonly name: string;
  readonly action: Action;
  readonly peers: readonly ClusterPeer[];
  /** Empty: every port of every protocol. */
  readonly ports: readonly ClusterPort[];
}

/** ClusterNetworkPolicy, and its ancestors read as what they became. */
export interface ClusterPolicy {
  readonly kind: 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';
  readonly name: string;
  readonly tier: 'Admin' | 'Baseline';
  /** 0 to 1000, the lower number first; 0 for a BaselineAdminNetworkPolicy, of which there is one. */
  readonly priority: number;
  readonly subject: PodPeer;
  /** The first rule that matches decides. */
  readonly ingress: readonly ClusterPolicyRule[];
  readonly egress: readonly ClusterPolicyRule[];
}

export type Policy = NetworkPolicy | ClusterPolicy;

export interface PolicyNamespace {
  readonly name: string;
  /** With the automatic one, see `namespaceLabels`. */
  readonly labels: Labels;
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
}

/** A pod, or a workload that stands for its pods. */
export interface PodEntity {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** Of the pod; for a host-network pod those of its node. Empty if unknown: no range holds it. */
  readonly addresses: readonly Address[];
  /** Name of its node; null if unknown. */
  readonly node: string | null;
  /** Acts as its node: no policy applies to it, and of selectors only those of nodes find it. */
  readonly hostNetwork: boolean;
  readonly ports: readonly ContainerPort[];
}

export interface NodeEntity {
  readonly kind: 'node';
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly Address[];
}

/** An address outside the cluster. */
export interface IpEntity {
  readonly kind: 'ip';
  readonly name: string;
  readonly addresses: readonly Address[];
}

export type Entity = PodEntity | NodeEntity | IpEntity;

/** Everything a verdict depends on. Each pod's namespace is among the namespaces. */
export interface PolicyWorld {
  readonly namespaces: readonly PolicyNamespace[];
  readonly entities: readonly Entity[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly clusterPolicies: readonly ClusterPolicy[];
}

/** A new connection. Replies of an admitted connection are admitted and asked of nobody. */
export interface Probe {
  readonly from: Entity;
  /** After Service translation: the pod, and its own port. */
  readonly to: Entity;
  readonly protocol: Protocol;
  /** 1 to 65,535. */
  readonly port: number;
}

/** Label that the API server keeps on every namespace (KEP-2161). */
const AUTOMATIC_LABEL = 'kubernetes.io/metadata.name';

/** The labels of a namespace with the automatic one, which nobody can take away or change. */
export function namespaceLabels(name: string, labels: Labels): Labels {
  return { ...labels, [AUTOMATIC_LABEL]: name };
}

/**
 * Where policy engines differ in the meaning of a policy (not in when they enforce it). The API's
 * literal text is one setting of these switches; each engine of `core/models/policy/` is another, with
 * the source of every difference.
 */
export interface PolicySwitches {
  /** False: policies are accepted and nothing is enforced. */
  readonly enforces: boolean;
  /** Whether an ipBlock (and `networks`) finds pods by their addresses. */
  readonly ipBlockMatchesPods: boolean;
  /** Whether an ipBlock (and `networks`) finds nodes, and host-network pods as their node. */
  readonly ipBlockMatchesNodes: boolean;
  /** Whether traffic from a pod's own node is always admitted to it. */
  readonly ownNodeAdmitted: boolean;
  /** Whether traffic of a pod to its own node is always let out. */
  readonly ownNodeReachable: boolean;
  /**
   * How a host-network pod is found as a peer. `never`: by no selector. `withEmptyPodSelector`: by a
   * namespaceSelector with an explicit, empty podSelector beside it.
   */
  readonly hostNetworkPeers: 'never' | 'withEmptyPodSelector';
  /** Of NetworkPolicy. False: an endPort is ignored, its port alone counts. */
  readonly endPortHonoured: boolean;
}

/**
 * The text of the API. Traffic from a pod's own node is always admitted; for the way to it types.go
 * has no such clause (networking/v1 NetworkPolicySpec, ingress and egress).
 */
export const literalText: PolicySwitches = {
  enforces: true,
  ipBlockMatchesPods: true,
  ipBlockMatchesNodes: true,
  ownNodeAdmitted: true,
  ownNodeReachable: false,
  hostNetworkPeers: 'never',
  endPortHonoured: true,
};

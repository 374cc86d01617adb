/**
 * How much of a rule fits a connection: which of its peers, which of its ports. The evaluator
 * itself is asked about that peer or port alone, so that a near miss is told by the same semantics
 * as the verdict. For one connection at a time, not for matrices; only where policies decide, not
 * for loopback or traffic of the own node.
 */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type {
  ClusterPeer,
  ClusterPolicy,
  ClusterPort,
  Direction,
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyRule,
  Policy,
  PolicyPeer,
  PolicyPort,
  PolicyWorld,
  Probe,
} from '../../core/policy/objects.ts';
import type { PolicySwitches } from '../../core/policy/switches.ts';
import { rulesOf } from './words.ts';

export interface RuleFit {
  /** Indices of the peers that match. */
  readonly peers: readonly number[];
  /** Some peer matches, or the rule lists none. */
  readonly peerFits: boolean;
  /** Indices of the ports that match. */
  readonly ports: readonly number[];
  readonly portFits: boolean;
}

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** One connection in one direction, of a pod that policies apply to. */
export class FitFinder {
  readonly #world: PolicyWorld;
  readonly #switches: PolicySwitches;
  readonly #probe: Probe;

  constructor(world: PolicyWorld, switches: PolicySwitches, probe: Probe) {
    const entities = [probe.from, probe.to];
    const named = new Set(
      entities.map((entity) => (entity.kind === 'pod' ? entity.namespace : '')),
    );
    const namespaces = world.namespaces.filter(({ name }) => named.has(name));
    this.#world = { namespaces, entities, networkPolicies: [], clusterPolicies: [] };
    this.#switches = switches;
    this.#probe = probe;
  }

  fit(policy: Policy, direction: Direction, index: number): RuleFit {
    const rule = rulesOf(policy, direction)[index]!;
    const peers = rule.peers.flatMap((peer, at) => {
      const action = 'action' in rule ? rule.action : 'Accept';
      const found =
        'kind' in peer
          ? this.#clusterPeer(policy, direction, peer, action)
          : this.#peer(direction, peer);
      return found ? [at] : [];
    });
    const ports = rule.ports.flatMap((port, at) => (this.#port(direction, port) ? [at] : []));
    return {
      peers,
      peerFits: rule.peers.length === 0 || peers.length > 0,
      ports,
      portFits: rule.ports.length === 0 || ports.length > 0,
    };
  }

  #peer(direction: Direction, peer: PolicyPeer): boolean {
    return this.#admits(direction, { peers: [peer], ports: [] }, this.#switches);
  }

  #port(direction: Direction, port: PolicyPort | ClusterPort): boolean {
    if (!('kind' in port)) {
      return this.#admits(direction, { peers: [], ports: [port] }, this.#switches);
    }
    const ports = port.kind === 'named' ? anyProtocol(port.name) : [range(port)];
    const honoured = { ...this.#switches, endPortHonoured: true };
    return this.#admits(direction, { peers: [], ports }, honoured);
  }

  /** Whether a NetworkPolicy with this rule alone, which selects the pod, admits the connection. */
  #admits(direction: Direction, rule: NetworkPolicyRule, switches: PolicySwitches): boolean {
    const { from, to } = this.#probe;
    const subject = direction === 'ingress' ? to : from;
    const policy: NetworkPolicy = {
      kind: 'NetworkPolicy',
      namespace: subject.kind === 'pod' ? subject.namespace : '',
      name: 'alone',
      podSelector: everything,
      policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
      ingress: direction === 'ingress' ? [rule] : [],
      egress: direction === 'egress' ? [rule] : [],
    };
    return this.#verdict({ networkPolicies: [policy] }, switches)[direction].reason === 'rule';
  }

  #clusterPeer(
    policy: Policy,
    direction: Direction,
    peer: ClusterPeer,
    action: ClusterPolicy['ingress'][number]['action'],
  ): boolean {
    // Pass leads on to where nothing decides; what is not evaluated fails as its action says.
    const told = peer.kind === 'unsupported' ? action : 'Accept';
    const rule = { name: '', action: told, peers: [peer], ports: [] };
    const alone: ClusterPolicy = {
      kind: 'ClusterNetworkPolicy',
      name: policy.name,
      tier: 'Admin',
      priority: 0,
      subject: { kind: 'pods', namespaceSelector: everything, podSelector: everything },
      ingress: direction === 'ingress' ? [rule] : [],
      egress: direction === 'egress' ? [rule] : [],
    };
    return (
      this.#verdict({ clusterPolicies: [alone] }, this.#switches)[direction].reason === 'admin'
    );
  }

  #verdict(policies: Partial<PolicyWorld>, switches: PolicySwitches) {
    const { protocol, port } = this.#probe;
    const compiled = new CompiledPolicies({ ...this.#world, ...policies }, switches);
    return compiled.explain(0, 1, protocol, port);
  }
}

/** A named port of a cluster policy is resolved whatever its protocol. */
function anyProtocol(name: string): PolicyPort[] {
  return (['TCP', 'UDP', 'SCTP'] as const).map((protocol) => ({
    protocol,
    port: name,
    endPort: undefined,
  }));
}

function range({ protocol, first, last }: ClusterPort & { readonly kind: 'range' }): PolicyPort {
  return { protocol, port: first, endPort: last };
}

/**
 * What the API text says about one connection, step by step: every policy, rule, peer and port is read
 * anew for every question, in the words of networking.k8s.io/v1 and policy.networking.k8s.io/v1alpha2
 * (fact sheet "network policy", 1.1 and 1.2). It knows nothing of the compiled form, which is tested
 * against it, and makes no attempt to be quick.
 */
import type {
  Address,
  AddressRange,
  ClusterPeer,
  ClusterPolicy,
  ClusterPolicyRule,
  ClusterPort,
  Direction,
  Entity,
  IpBlock,
  LabelRequirement,
  LabelSelector,
  Labels,
  NetworkPolicy,
  NetworkPolicyRule,
  NodeEntity,
  PodEntity,
  PodPeer,
  PolicyPeer,
  PolicyPort,
  PolicyWorld,
  Probe,
} from '../objects.ts';
import type { PolicySwitches } from '../switches.ts';
import type { Decision, DirectionVerdict, Verdict } from '../verdict.ts';

/** One direction of a probe: the end whose policies are asked, and the end they speak of. */
interface Question {
  readonly world: PolicyWorld;
  readonly switches: PolicySwitches;
  readonly probe: Probe;
  readonly direction: Direction;
  readonly subject: Entity;
  readonly peer: Entity;
}

/** The verdict on a new connection. Throws if a pod's namespace is not of the world. */
export function decide(world: PolicyWorld, switches: PolicySwitches, probe: Probe): Verdict {
  const { from, to } = probe;
  const common = { world, switches, probe };
  const egress = decideDirection({ ...common, direction: 'egress', subject: from, peer: to });
  const ingress = decideDirection({ ...common, direction: 'ingress', subject: to, peer: from });
  // Both ends have to agree; an Accept or an open policy at one end binds the other to nothing.
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function decideDirection(question: Question): DirectionVerdict {
  const { switches, subject, peer, direction } = question;
  const free = { direction, allowed: true, by: [], passed: [] } as const;

  // A pod cannot cut itself off from itself.
  if (subject === peer) return { ...free, reason: 'loopback' };
  if (!switches.enforces) return { ...free, reason: 'unpoliced' };
  // Policies select pods. One on the host's network counts as the host, which no policy selects.
  if (!isPodOfItsOwn(subject)) return { ...free, reason: 'unpoliced' };
  // What the pod's own node sends (probes of the kubelet) gets in, whatever the addresses.
  const always = direction === 'ingress' ? switches.ownNodeAdmitted : switches.ownNodeReachable;
  if (always && isNodeOf(subject, peer)) return { ...free, reason: 'ownNode' };

  // Admin tier, then NetworkPolicies, then Baseline tier; each is asked only if those before say nothing.
  // A Pass rule is how a tier can say so outright.
  const passed: Decision[] = [];
  const decided = decideTier(question, subject, 'Admin', passed) ??
    decideNetworkPolicies(question, subject) ??
    decideTier(question, subject, 'Baseline', passed) ?? {
      ...free,
      reason: 'notIsolated' as const,
    };
  return { ...decided, passed };
}

function isPodOfItsOwn(entity: Entity): entity is PodEntity {
  return entity.kind === 'pod' && !entity.hostNetwork;
}

/** Whether the other is the node the pod runs on, or a pod that acts as that node. */
function isNodeOf(pod: PodEntity, other: Entity): boolean {
  if (pod.node === null) return false;
  if (other.kind === 'node') return other.name === pod.node;
  return other.kind === 'pod' && other.hostNetwork && other.node === pod.node;
}

// networking.k8s.io/v1

/** Undefined if no NetworkPolicy isolates the pod for this direction. */
function decideNetworkPolicies(
  question: Question,
  subject: PodEntity,
): Omit<DirectionVerdict, 'passed'> | undefined {
  const { world, direction } = question;
  const isolating: Decision[] = [];
  const admitting: Decision[] = [];
  for (const policy of world.networkPolicies) {
    // A policy selects pods of its own namespace, and only for the directions it has.
    if (policy.namespace !== subject.namespace) continue;
    if (!selects(policy.podSelector, subject.labels)) continue;
    if (!hasDirection(policy, direction)) continue;
    isolating.push({ policy, rule: undefined });
    // Rules add up: one is enough, of whichever policy, and none takes away from another.
    policy[direction].forEach((rule, index) => {
      if (ruleAdmits(question, policy, rule)) admitting.push({ policy, rule: index });
    });
  }
  if (isolating.length === 0) return undefined;
  return admitting.length > 0
    ? { direction, allowed: true, reason: 'rule', by: admitting }
    : { direction, allowed: false, reason: 'isolated', by: isolating };
}

function hasDirection(policy: NetworkPolicy, direction: Direction): boolean {
  if (policy.policyTypes.length > 0) {
    return policy.policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
  }
  // Left out: Ingress in every case, Egress if there is at least one egress rule.
  return direction === 'ingress' || policy.egress.length > 0;
}

function ruleAdmits(question: Question, policy: NetworkPolicy, rule: NetworkPolicyRule): boolean {
  // Peers AND ports; within each list OR; an empty list leaves its half open.
  const peer =
    rule.peers.length === 0 || rule.peers.some((one) => isPeer(question, policy.namespace, one));
  const port = rule.ports.length === 0 || rule.ports.some((one) => isPort(question, one));
  return peer && port;
}

function isPeer(question: Question, policyNamespace: string, entry: PolicyPeer): boolean {
  const { peer } = question;
  if (entry.ipBlock !== undefined) return isInBlock(question, entry.ipBlock);

  // What is not an ipBlock selects pods.
  if (peer.kind !== 'pod') return false;
  if (peer.hostNetwork && !findsHostNetworkPods(question.switches, entry)) return false;
  // Namespaces: those that are selected, or the policy's own if there is no namespaceSelector.
  const inNamespace =
    entry.namespaceSelector === undefined
      ? peer.namespace === policyNamespace
      : selects(entry.namespaceSelector, labelsOfNamespace(question.world, peer.namespace));
  // Pods: those that are selected, or all of these namespaces if there is no podSelector.
  const isSelected = entry.podSelector === undefined || selects(entry.podSelector, peer.labels);
  return inNamespace && isSelected;
}

function findsHostNetworkPods(switches: PolicySwitches, entry: PolicyPeer): boolean {
  return (
    switches.hostNetworkPeers === 'withEmptyPodSelector' &&
    entry.namespaceSelector !== undefined &&
    entry.podSelector !== undefined &&
    Object.keys(entry.podSelector.matchLabels).length === 0 &&
    entry.podSelector.matchExpressions.length === 0
  );
}

function isInBlock(question: Question, block: IpBlock): boolean {
  const { peer, switches } = question;
  if (!addressesCount(peer, switches)) return false;
  // `except` takes out of this block and of nothing else.
  return peer.addresses.some(
    (address) =>
      isWithin(address, block.range) && !block.except.some((hole) => isWithin(address, hole)),
  );
}

/** Whether the engine finds this kind of peer by its address at all. */
function addressesCount(peer: Entity, switches: PolicySwitches): boolean {
  if (peer.kind === 'ip') return true;
  return isPodOfItsOwn(peer) ? switches.ipBlockMatchesPods : switches.ipBlockMatchesNodes;
}

function isPort({ probe, switches }: Question, entry: PolicyPort): boolean {
  if (entry.protocol !== probe.protocol) return false;
  if (entry.port === undefined) return true;
  if (typeof entry.port === 'string') return isNamedPort(probe, entry.port);
  const last = switches.endPortHonoured ? (entry.endPort ?? entry.port) : entry.port;
  return entry.port <= probe.port && probe.port <= last;
}

/** A name means what the destination pod's containers call by it, in number and protocol. */
function isNamedPort({ to, protocol, port }: Probe, name: string): boolean {
  return (
    isPodOfItsOwn(to) &&
    to.ports.some((one) => one.name === name && one.protocol === protocol && one.port === port)
  );
}

// policy.networking.k8s.io/v1alpha2

/**
 * Undefined if no rule of the tier matches, or the first that does passes on to what comes next: it is
 * then added to `passed`.
 */
function decideTier(
  question: Question,
  subject: PodEntity,
  tier: ClusterPolicy['tier'],
  passed: Decision[],
): Omit<DirectionVerdict, 'passed'> | undefined {
  const { world, direction } = question;
  // Lower numbers go first. Equal ones are undefined in the API; here names order them.
  const policies = world.clusterPolicies
    .filter((policy) => policy.tier === tier)
    .sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : Number(a.name > b.name)));
  for (const policy of policies) {
    if (!isPodPeer(world, policy.subject, subject)) continue;
    for (const [index, rule] of policy[direction].entries()) {
      const action = actionOf(question, rule);
      if (action === undefined) continue;
      if (action === 'Pass') {
        passed.push({ policy, rule: index });
        return undefined;
      }
      return {
        direction,
        allowed: action === 'Accept',
        reason: tier === 'Admin' ? 'admin' : 'baseline',
        by: [{ policy, rule: index }],
      };
    }
  }
  return undefined;
}

/** Undefined if the rule does not match. */
function actionOf(
  question: Question,
  rule: ClusterPolicyRule,
): ClusterPolicyRule['action'] | undefined {
  // A peer that is not understood must not open anything: Deny and Pass then deny everything.
  if (rule.action !== 'Accept' && rule.peers.some(({ kind }) => kind === 'unsupported')) {
    return 'Deny';
  }
  const peer = rule.peers.some((one) => isClusterPeer(question, one));
  const port = rule.ports.length === 0 || rule.ports.some((one) => isClusterPort(question, one));
  return peer && port ? rule.action : undefined;
}

function isClusterPeer(question: Question, entry: ClusterPeer): boolean {
  const { world, switches, peer } = question;
  switch (entry.kind) {
    case 'pods':
      return peer.kind === 'pod' && isPodPeer(world, entry, peer);
    case 'networks':
      // These find addresses inside the cluster as well.
      return (
        addressesCount(peer, switches) &&
        peer.addresses.some((address) => entry.ranges.some((range) => isWithin(address, range)))
      );
    case 'nodes':
      return nodesActedAs(world, peer).some((node) => selects(entry.selector, node.labels));
    case 'unsupported':
      return false;
  }
}

/** Pods on the host's network are neither subjects nor pod peers. */
function isPodPeer(
  world: PolicyWorld,
  { namespaceSelector, podSelector }: PodPeer,
  pod: PodEntity,
): boolean {
  return (
    !pod.hostNetwork &&
    selects(namespaceSelector, labelsOfNamespace(world, pod.namespace)) &&
    selects(podSelector, pod.labels)
  );
}

/** A node is itself; a pod on the host's network is its node, if the world has that node. */
function nodesActedAs(world: PolicyWorld, peer: Entity): readonly NodeEntity[] {
  if (peer.kind === 'node') return [peer];
  if (peer.kind === 'ip' || !peer.hostNetwork) return [];
  return world.entities
    .filter((one) => one.kind === 'node')
    .filter(({ name }) => name === peer.node);
}

function isClusterPort({ probe }: Question, entry: ClusterPort): boolean {
  if (entry.kind === 'named') return isNamedPort(probe, entry.name);
  return entry.protocol === probe.protocol && entry.first <= probe.port && probe.port <= entry.last;
}

// Labels and addresses

function labelsOfNamespace({ namespaces }: PolicyWorld, name: string): Labels {
  const namespace = namespaces.find((one) => one.name === name);
  if (namespace === undefined) throw new Error(`no namespace ${name}`);
  return namespace.labels;
}

/** All of matchLabels and all of matchExpressions; nothing asked is everything selected. */
function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labelValue(labels, key) === value) &&
    matchExpressions.every((requirement) => meets(requirement, labels))
  );
}

function meets({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = labelValue(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      // An object without the key meets it.
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function labelValue(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function isWithin(address: Address, range: AddressRange): boolean {
  return (
    address.family === range.family && range.first <= address.value && address.value <= range.last
  );
}

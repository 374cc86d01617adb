/**
 * Which entities a change can have given another verdict: those of which policies can see something
 * else than before, and those to which policies of other content apply in a direction. A connection
 * between two others has the verdict that it had, so nobody needs to ask.
 */
import type {
  ClusterPeer,
  Direction,
  LabelSelector,
  Labels,
  Policy,
  PolicyPeer,
  PolicyWorld,
} from '../../core/policy/objects.ts';
import type { Both, Side } from './comparison.ts';
import { byCodeUnits } from './names.ts';

export interface Touched {
  /** Whether what it opens may have another verdict, by its own doing. */
  source(entity: Both): boolean;
  /** Whether what is opened to it may. */
  destination(entity: Both): boolean;
}

export function touchedBy(before: Side, after: Side): Touched {
  const looks = looksDiffer(before, after);
  const egress = policiesDiffer(before, after, 'egress');
  const ingress = policiesDiffer(before, after, 'ingress');
  return {
    source: (entity) => looks(entity) || egress(entity),
    destination: (entity) => looks(entity) || ingress(entity),
  };
}

type Differs = (entity: Both) => boolean;

function policiesDiffer(before: Side, after: Side, direction: Direction): Differs {
  const textOf = new Map<Policy, string>();
  const contentOf = (policy: Policy) => {
    const known = textOf.get(policy) ?? contentText(policy, direction);
    textOf.set(policy, known);
    return known;
  };
  const listText = ({ policies }: Side, index: number) => {
    const list = policies.policiesOf(index, direction);
    const cluster = list.filter(({ kind }) => kind !== 'NetworkPolicy').map(contentOf);
    const others = list.filter(({ kind }) => kind === 'NetworkPolicy').map(contentOf);
    // The union of NetworkPolicies has no order.
    return [...cluster, '', ...others.sort()].join('\n');
  };
  const known = new Map<string, boolean>();
  return ({ index, was }) => {
    const key = `${before.policies.subjectId(was, direction)} ${after.policies.subjectId(index, direction)}`;
    const answer = known.get(key) ?? listText(before, was) !== listText(after, index);
    known.set(key, answer);
    return answer;
  };
}

/** All that the verdict in the direction depends on for those whom the policy selects. */
function contentText(policy: Policy, direction: Direction): string {
  const place =
    policy.kind === 'NetworkPolicy'
      ? policy.namespace
      : [policy.tier, policy.priority, policy.name];
  return canonical([place, policy[direction]]);
}

function looksDiffer(before: Side, after: Side): Differs {
  const asked = askedBy([before.world, after.world]);
  const old = lookOf(before.world, asked);
  const now = lookOf(after.world, asked);
  return ({ index, was }) => old(was) !== now(index);
}

/** What some policy of either side looks at. */
interface Asked {
  readonly labels: ReadonlySet<string>;
  readonly addresses: boolean;
}

/** An entity as policies see it. Where it runs is not among it: own nodes are compared apart. */
function lookOf({ entities, namespaces }: PolicyWorld, { labels, addresses }: Asked) {
  const seen = (all: Labels | undefined) =>
    sorted(Object.entries(all ?? {}).filter(([key]) => labels.has(key)));
  const ofNamespace = new Map(namespaces.map((one) => [one.name, canonical(seen(one.labels))]));
  const ofNode = new Map(
    entities.flatMap((one) => (one.kind === 'node' ? [[one.name, one.labels] as const] : [])),
  );
  return (index: number): string => {
    const entity = entities[index]!;
    const own = addresses ? entity.addresses : [];
    if (entity.kind === 'ip') return canonical([own]);
    if (entity.kind === 'node') return canonical([own, seen(entity.labels)]);
    const { namespace, hostNetwork, ports, node } = entity;
    const host = hostNetwork ? seen(ofNode.get(node ?? '')) : null;
    return canonical([
      ...[own, seen(entity.labels), ofNamespace.get(namespace) ?? ''],
      ...[ports, hostNetwork, host],
    ]);
  };
}

function sorted<T>(members: readonly (readonly [string, T])[]) {
  return members.toSorted(([a], [b]) => byCodeUnits(a, b));
}

function askedBy(worlds: readonly PolicyWorld[]): Asked {
  const labels = new Set<string>();
  let addresses = false;
  const ask = (selector: LabelSelector | undefined) => {
    for (const key of Object.keys(selector?.matchLabels ?? {})) labels.add(key);
    for (const { key } of selector?.matchExpressions ?? []) labels.add(key);
  };
  const askPeer = (peer: PolicyPeer | ClusterPeer) => {
    if (!('kind' in peer)) {
      ask(peer.podSelector);
      ask(peer.namespaceSelector);
      addresses ||= peer.ipBlock !== undefined;
    } else if (peer.kind === 'pods') {
      ask(peer.podSelector);
      ask(peer.namespaceSelector);
    } else if (peer.kind === 'nodes') ask(peer.selector);
    else if (peer.kind === 'networks') addresses = true;
  };
  for (const { networkPolicies, clusterPolicies } of worlds) {
    for (const policy of [...networkPolicies, ...clusterPolicies]) {
      for (const { peers } of [...policy.ingress, ...policy.egress]) peers.forEach(askPeer);
    }
  }
  return { labels, addresses };
}

/** JSON in which equal things are equal texts: keys are sorted, addresses are digits. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return String(one);
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(sorted(Object.entries(one)));
  });
}

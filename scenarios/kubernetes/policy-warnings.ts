/**
 * What is valid in a policy and does less than it seems to: selectors that find no pod, names of ports
 * that no pod has, address blocks where addresses are unknown. Each is said once, however many rules
 * it is true of, and of one kind only so many; host-network pods count as found by nobody.
 */
import type { ClusterPolicy, NetworkPolicy, PolicyWorld } from '../../core/policy/objects.ts';
import { counted } from '../counted.ts';
import type { Path } from '../origins.ts';
import { suggest } from '../suggest.ts';
import type { FieldReader, Refusal } from './field-reader.ts';
import { formatSelector } from './label-selector.ts';
import { type Nearest, nearestLabels } from './nearest-labels.ts';
import { PodFinder, type PodQuery } from './pod-finder.ts';
import type { EntitySource } from './policy-input.ts';
import {
  clusterQuestionsOf,
  firstBlock,
  type PodQuestion,
  type PortQuestion,
  questionsOf,
  type ReadPolicy,
} from './policy-questions.ts';

/** Warnings of one kind beyond these are counted in the last one. */
const mostOfOneKind = 10;

export interface PoliciesToCheck {
  readonly networkPolicies: readonly ReadPolicy<NetworkPolicy>[];
  readonly clusterPolicies: readonly ReadPolicy<ClusterPolicy>[];
  readonly world: PolicyWorld;
  readonly sources: readonly EntitySource[];
  /** Namespaces that are named in the input without an object of their own. */
  readonly unknownNamespaces: readonly string[];
}

/** A warning that is made only if it is shown: looking for what was meant takes time. */
interface Pending {
  readonly reader: FieldReader;
  readonly make: () => { readonly path: Path; readonly warning: Refusal };
}

export function warnOfPolicies(input: PoliciesToCheck): void {
  const finder = new PodFinder(input.world, input.sources);
  const questions = [
    ...input.networkPolicies.map(questionsOf),
    ...input.clusterPolicies.map(clusterQuestionsOf),
  ];
  const subjects = questions.map(({ subject }) => subject);
  // The rules of a policy that selects nothing matter to nobody.
  const inForce = questions.filter(({ subject }) => finder.findsAny(subject.query));
  const peers = inForce.flatMap((asked) => asked.peers);
  const ports = inForce.flatMap((asked) => asked.ports);
  show(subjectWarnings(subjects, finder, input.unknownNamespaces));
  show(peerWarnings(peers, finder, input.unknownNamespaces));
  show(portWarnings(ports, finder));
  warnOfAddresses([...input.networkPolicies, ...input.clusterPolicies], input.world);
}

function show(pending: readonly Pending[]): void {
  const shown = pending.slice(0, mostOfOneKind);
  for (const [index, { reader, make }] of shown.entries()) {
    const { path, warning } = make();
    const more = index === shown.length - 1 ? pending.length - shown.length : 0;
    const message = more > 0 ? `${warning.message} (and ${more} more like it)` : warning.message;
    reader.warn(path, { ...warning, message });
  }
}

function subjectWarnings(
  subjects: readonly PodQuestion[],
  finder: PodFinder,
  unknownNamespaces: readonly string[],
): Pending[] {
  const idle = subjects.filter(({ query }) => !finder.findsAny(query));
  return idle.map(({ reader, path, query }) => ({
    reader,
    make: () => {
      const nearest = nearestOf(query, finder);
      const warning = {
        code: 'W303',
        message: `${reader.name} selects no pod of the input`,
        label: whyNothing(query, finder, nearest, 'no policy applies'),
        help:
          nearest?.help ??
          helpFor(query, finder, unknownNamespaces, 'in this input it changes nothing'),
      };
      return { path: labelPath(path, nearest), warning };
    },
  }));
}

/** One for each namespace and selector, at its first place. */
function peerWarnings(
  peers: readonly PodQuestion[],
  finder: PodFinder,
  unknownNamespaces: readonly string[],
): Pending[] {
  const idle = peers.filter(({ query }) => !finder.findsAny(query));
  return alike(idle, ({ query }) => JSON.stringify(query)).map(([first, others]) => ({
    reader: first.reader,
    make: () => {
      const { reader, path, query } = first;
      const nearest = nearestOf(query, finder);
      const also = others > 0 ? `; the same in ${counted(others, 'other rule')}` : '';
      const warning = {
        code: 'W304',
        message: `a peer in ${reader.name} matches nothing of the input${also}`,
        label: whyNothing(query, finder, nearest, 'no selector finds it'),
        help:
          nearest?.help ??
          helpFor(query, finder, unknownNamespaces, 'the peer stands for nobody here'),
      };
      return { path: labelPath([...path, 'podSelector'], nearest), warning };
    },
  }));
}

function helpFor(
  query: PodQuery,
  finder: PodFinder,
  unknownNamespaces: readonly string[],
  meaning: string,
): string {
  const { namespaces } = query;
  if (finder.firstOnHost(query) !== undefined) {
    return `take hostNetwork away from the pod, or leave it so: ${meaning}`;
  }
  const noNamespace = typeof namespaces !== 'string' && finder.namespaces(namespaces).size === 0;
  if (noNamespace && unknownNamespaces.length > 0) {
    const [some, more] = [unknownNamespaces.slice(0, 3).join(', '), unknownNamespaces.length > 3];
    return `add the Namespace objects of ${some}${more ? ', ...' : ''}: without them only names are known`;
  }
  return `add the objects that create its pods, or leave it so: ${meaning}`;
}

function portWarnings(ports: readonly PortQuestion[], finder: PodFinder): Pending[] {
  const idle = ports.filter(({ name, protocol, on }) => {
    const fits = on.some((query) =>
      finder
        .portsOf(query)
        .some((port) => port.name === name && (protocol ?? port.protocol) === port.protocol),
    );
    return !fits && on.some((query) => finder.findsAny(query));
  });
  const key = ({ name, protocol, on }: PortQuestion) => JSON.stringify([name, protocol, on]);
  return alike(idle, key).map(([{ reader, path, name, protocol, on }]) => ({
    reader,
    make: () => {
      const there = on.flatMap((query) => finder.portsOf(query));
      const names = [...new Set(there.flatMap((port) => port.name ?? []))];
      const other = there.find((port) => port.name === name);
      const meant = suggest(name, names);
      const warning = {
        code: 'W305',
        message: `no destination of a rule in ${reader.name} has a port named ${name}`,
        label: `it matches no port${protocol === undefined ? '' : ` of ${protocol}`}`,
        help:
          other !== undefined
            ? `the one there is of ${other.protocol}: write protocol: ${other.protocol}`
            : meant !== undefined
              ? `did you mean ${meant}?`
              : `their ports are named ${names.slice(0, 5).join(', ') || 'nothing: give the number'}`,
      };
      return { path, warning };
    },
  }));
}

/** Of all address blocks and pods without address together. */
function warnOfAddresses(
  policies: readonly ReadPolicy<NetworkPolicy | ClusterPolicy>[],
  world: PolicyWorld,
): void {
  const pods = world.entities.filter(({ kind }) => kind === 'pod');
  const without = pods.filter(({ addresses }) => addresses.length === 0);
  if (without.length === 0) return;
  for (const { policy, reader } of policies) {
    const block = firstBlock(policy);
    if (block === undefined) continue;
    reader.warn(block, {
      code: 'W306',
      message: `${without.length} of ${counted(pods.length, 'pod')} without an address, such as ${without[0]!.name}: no address block finds them`,
      label: 'the first block',
      help: 'give Pod objects with status.podIP (kubectl get pods -A -o json), if blocks are meant to find pods',
    });
    return;
  }
}

/** The first of those with one key, and how many follow it. */
function alike<T>(items: readonly T[], keyOf: (item: T) => string): (readonly [T, number])[] {
  const found = new Map<string, { readonly first: T; others: number }>();
  for (const item of items) {
    const before = found.get(keyOf(item));
    if (before === undefined) found.set(keyOf(item), { first: item, others: 0 });
    else before.others++;
  }
  return Array.from(found.values(), ({ first, others }) => [first, others] as const);
}

/** Of pods of one namespace; which namespace was meant is not guessed. */
function nearestOf({ namespaces, podSelector }: PodQuery, finder: PodFinder): Nearest | undefined {
  const { matchLabels } = podSelector;
  if (typeof namespaces !== 'string' || Object.keys(matchLabels).length === 0) return undefined;
  return nearestLabels(matchLabels, namespaces, finder.pods);
}

function labelPath(selector: Path, nearest: Nearest | undefined): Path {
  return nearest?.key === undefined ? selector : [...selector, 'matchLabels', nearest.key];
}

function whyNothing(
  query: PodQuery,
  finder: PodFinder,
  nearest: Nearest | undefined,
  consequence: string,
): string {
  const { namespaces, podSelector } = query;
  const onHost = finder.firstOnHost(query);
  if (onHost !== undefined) {
    return `${onHost.kind.toLowerCase()}/${onHost.name} uses the network of its node, where ${consequence}`;
  }
  const { key } = nearest ?? {};
  const missing = key === undefined ? undefined : `${key}=${podSelector.matchLabels[key]}`;
  const having = missing ?? formatSelector(podSelector);
  const pods = having === '' ? 'no pod' : `no pod with ${having}`;
  if (typeof namespaces === 'string') return `${pods} in namespace ${namespaces}`;
  const where = formatSelector(namespaces);
  if (finder.namespaces(namespaces).size === 0) return `no namespace has ${where}`;
  return where === '' ? pods : `${pods} in namespaces with ${where}`;
}

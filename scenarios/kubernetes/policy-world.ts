/**
 * Kubernetes objects as the world that policy verdicts depend on. A namespace that nobody declares is
 * made up, with its automatic label; a policy that would not be evaluated is never left out in silence.
 */
import type {
  ClusterPolicy,
  Entity,
  Labels,
  NetworkPolicy,
  Policy,
  PolicyNamespace,
} from '../../core/policy/objects.ts';
import { namespaceLabels } from '../../core/policy/objects.ts';
import { Problems } from '../diagnostic.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { positionOf } from '../source-text.ts';
import { dialects } from './cluster-policy-dialects.ts';
import { type ReadEntities, readEntities } from './entities.ts';
import { FieldReader } from './field-reader.ts';
import { checkUnread } from './lookalikes.ts';
import { readManifestObjects } from './manifest-objects.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from './name-syntax.ts';
import { notUsed } from './not-used.ts';
import type { ManifestText, PolicyPlaces, PolicyWorldResult, SourcePlace } from './policy-input.ts';
import type { ReadPolicy } from './policy-questions.ts';
import { apiVersions, policySchemaOf } from './policy-schemas.ts';
import { readPolicyServices } from './policy-services.ts';
import { warnOfPolicies } from './policy-warnings.ts';
import { readClusterPolicy } from './read-cluster-policy.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import type { KubernetesObject } from './read-objects.ts';
import { checkWritten } from './written-fields.ts';

const reading = {
  schemaOf: policySchemaOf,
  check: checkWritten,
  noObject: {
    message: 'not a Kubernetes object',
    help: 'every document needs apiVersion and kind; name the files that hold objects',
  },
};

/**
 * Reads the objects that say who may talk to whom. All problems are found in one pass.
 * @param inputs paths of files and folders (read recursively), `-` for standard input, or text
 * @throws MissingFileError for a path that does not exist
 */
export function readPolicyWorld(inputs: readonly (string | ManifestText)[]): PolicyWorldResult {
  const problems = new Problems();
  const read = readManifestObjects(inputs, reading, problems);
  checkUnread(read.unread, problems);
  const current = [...read.byKey.values()].filter((object) => isCurrent(object, problems));
  for (const object of current) checkNames(new FieldReader(object, problems));
  const entities = readEntities(current, problems);
  const input = worldOf(current, entities, problems);
  const leftOut = notUsed([...read.unread, ...entities.leftOut]);
  const result = { diagnostics: problems.sorted(), notUsed: leftOut };
  return input === undefined ? result : { ...result, input };
}

/** Undefined after reported errors. */
function worldOf(
  current: readonly KubernetesObject[],
  { entities, sources }: ReadEntities,
  problems: Problems,
): PolicyWorldResult['input'] {
  const networkPolicies: ReadPolicy<NetworkPolicy>[] = [];
  const clusterPolicies: ReadPolicy<ClusterPolicy>[] = [];
  for (const object of current) {
    const reader = new FieldReader(object, problems);
    if (object.kind === 'NetworkPolicy') {
      networkPolicies.push({ policy: readNetworkPolicy(reader), reader });
    } else if (Object.hasOwn(dialects, object.kind)) {
      clusterPolicies.push({ policy: readClusterPolicy(reader), reader });
    }
  }
  const services = readPolicyServices(current, entities, problems);
  const { namespaces, unknown } = namespacesOf(current, entities);
  if (problems.hasErrors) return undefined;
  const world = {
    namespaces,
    entities,
    networkPolicies: networkPolicies.map(({ policy }) => policy),
    clusterPolicies: clusterPolicies.map(({ policy }) => policy),
  };
  warnOfPolicies({ networkPolicies, clusterPolicies, world, sources, unknownNamespaces: unknown });
  return { world, sources, services, places: placesOf([...networkPolicies, ...clusterPolicies]) };
}

function isCurrent({ apiVersion, kind, name, place }: KubernetesObject, problems: Problems) {
  const isOld = apiVersion.startsWith('extensions/');
  // Versions of workloads differ in nothing that is read.
  const wanted = isOld || kind.endsWith('Policy') ? apiVersions[kind]! : apiVersion;
  if (apiVersion === wanted) return true;
  const removed = isOld ? ': Kubernetes 1.16 removed it' : '';
  problems.error('E142', place(['apiVersion']), `${kind} ${name} is of ${apiVersion}${removed}`, {
    help: `write it in ${wanted}${kind === 'NetworkPolicy' ? ', whose fields are the same' : ''}`,
  });
  return false;
}

function checkNames(reader: FieldReader): void {
  const { kind, namespace, name } = reader.object;
  const refuse = (field: string, text: string, problem: string | undefined) => {
    if (problem === undefined) return;
    const message = `${show(text)} is no name of a ${field === 'name' ? kind : 'Namespace'}`;
    reader.refuse(['metadata', field], { code: 'E149', message, help: `names have ${problem}` });
  };
  const isLabel = kind === 'Namespace' || kind === 'Service';
  refuse('name', name, isLabel ? dnsLabelProblem(name) : dnsSubdomainProblem(name));
  if (namespace !== '') refuse('namespace', namespace, dnsLabelProblem(namespace));
}

/** Those with an object, and those that objects are in. */
function namespacesOf(
  objects: readonly KubernetesObject[],
  entities: readonly Entity[],
): { readonly namespaces: readonly PolicyNamespace[]; readonly unknown: readonly string[] } {
  const declared = new Map<string, Labels>();
  for (const object of objects) {
    if (object.kind !== 'Namespace') continue;
    const labels = (object.value.metadata as { labels?: Labels }).labels ?? {};
    declared.set(object.name, labels);
  }
  const ofPods = entities.flatMap((entity) => (entity.kind === 'pod' ? [entity.namespace] : []));
  const inUse = new Set([...ofPods, ...objects.map(({ namespace }) => namespace)]);
  const unknown = [...inUse].filter((name) => name !== '' && !declared.has(name));
  const namespaces = [...declared.keys(), ...unknown].map((name) => ({
    name,
    labels: namespaceLabels(name, declared.get(name) ?? {}),
  }));
  return { namespaces, unknown };
}

function placesOf(policies: readonly ReadPolicy<Policy>[]): PolicyPlaces {
  const objects = new Map(policies.map(({ policy, reader }) => [policy, reader.object]));
  const find = (policy: Policy, path: Path): SourcePlace => {
    const object = objects.get(policy);
    if (object === undefined) throw new Error(`not a policy of this input: ${policy.name}`);
    const span = object.place(path);
    return { file: span.source.name, ...positionOf(span) };
  };
  return {
    policy: (policy) => find(policy, ['metadata', 'name']),
    rule: (policy, direction, rule) => find(policy, ['spec', direction, rule]),
  };
}

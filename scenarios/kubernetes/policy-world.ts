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
import { readJson } from '../json-documents.ts';
import type { Path } from '../origins.ts';
import { readManifests } from '../read-input.ts';
import { show } from '../schema/problems.ts';
import { positionOf, type SourceText, sourceText } from '../source-text.ts';
import { readDocuments } from '../yaml-documents.ts';
import { dialects } from './cluster-policy-dialects.ts';
import { readEntities } from './entities.ts';
import { FieldReader } from './field-reader.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from './name-syntax.ts';
import { notUsed } from './not-used.ts';
import type { ManifestText, PolicyPlaces, PolicyWorldResult, SourcePlace } from './policy-input.ts';
import type { ReadPolicy } from './policy-questions.ts';
import { policySchemaOf } from './policy-schemas.ts';
import { readPolicyServices } from './policy-services.ts';
import { warnOfPolicies } from './policy-warnings.ts';
import { readClusterPolicy } from './read-cluster-policy.ts';
import { readNetworkPolicy } from './read-network-policy.ts';
import { type KubernetesObject, placed, ReadObjects, readObjects } from './read-objects.ts';
import { checkLabels } from './read-selector.ts';

const reading = {
  schemaOf: policySchemaOf,
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
  const read = new ReadObjects(reading);
  const seen = new Set<string>();
  for (const input of inputs) {
    const texts =
      typeof input === 'string'
        ? readManifests(input, seen, problems)
        : [sourceText(input.name, input.text)];
    for (const text of texts) readText(text, read, problems);
  }
  const input = worldOf([...read.byKey.values()], problems);
  const result = { diagnostics: problems.sorted(), notUsed: notUsed(read.unread) };
  return input === undefined ? result : { ...result, input };
}

function readText(text: SourceText, read: ReadObjects, problems: Problems): void {
  const json = readJson(text, problems);
  if (json === 'refused') return;
  if (json !== undefined) {
    for (const value of json) readObjects(value, read, problems);
    return;
  }
  for (const document of readDocuments(text, problems)) {
    readObjects(placed(document), read, problems);
  }
}

/** Undefined after reported errors. */
function worldOf(
  objects: readonly KubernetesObject[],
  problems: Problems,
): PolicyWorldResult['input'] {
  const current = objects.filter((object) => isCurrent(object, problems));
  for (const object of current) checkNames(new FieldReader(object, problems));
  const { entities, sources } = readEntities(current, problems);
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
  const { namespaces, unknown } = namespacesOf(current, entities, problems);
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

/** The version of the API in which a kind is read, where there is more than one. */
const versions: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networking.k8s.io/v1',
  ClusterNetworkPolicy: 'policy.networking.k8s.io/v1alpha2',
  AdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  BaselineAdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
};

function isCurrent({ apiVersion, kind, name, place }: KubernetesObject, problems: Problems) {
  const wanted = versions[kind] ?? (apiVersion.startsWith('extensions/') ? 'apps/v1' : apiVersion);
  if (apiVersion === wanted) return true;
  const removed = apiVersion.startsWith('extensions/') ? ': Kubernetes 1.16 removed it' : '';
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
  problems: Problems,
): { readonly namespaces: readonly PolicyNamespace[]; readonly unknown: readonly string[] } {
  const declared = new Map<string, Labels>();
  for (const object of objects) {
    if (object.kind !== 'Namespace') continue;
    const labels = (object.value.metadata as { labels?: Labels }).labels ?? {};
    checkLabels(new FieldReader(object, problems), labels, ['metadata', 'labels']);
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

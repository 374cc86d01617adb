/**
 * Kubernetes objects as the Service ports that a proxy on one node programs: Services with their
 * EndpointSlices or, for a Service without any in the input, with the pods and workloads it selects.
 * A Service that the API server would refuse is an error with its place, never left out in silence.
 */
import type { Era } from '../../core/models/eras.ts';
import type { Endpoint, ServicePort } from '../../core/models/proxy/rules/service-port.ts';
import { type Diagnostic, Problems } from '../diagnostic.ts';
import { addressText } from '../values/address.ts';
import { Allocations } from './allocations.ts';
import { checkService } from './check-service.ts';
import { readEntities } from './entities.ts';
import { FieldReader } from './field-reader.ts';
import { formatLabels } from './label-selector.ts';
import { readManifestObjects } from './manifest-objects.ts';
import { nearestLabels } from './nearest-labels.ts';
import { notUsed } from './not-used.ts';
import { PlaceholderAddresses } from './placeholder-addresses.ts';
import type { ManifestText, NotUsed } from './policy-input.ts';
import {
  endpointsOf,
  readEndpointSlices,
  type SlicesByService,
  warnOfStraySlices,
} from './read-endpoint-slices.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';
import {
  type Family,
  familiesOf,
  portsOf,
  type ServiceReading,
  skipReason,
  specOf,
} from './read-service.ts';
import {
  endpointsOfPods,
  nodesOf,
  readSelectedPods,
  type SelectedPods,
  targetOf,
  zoneOf,
} from './selected-pods.ts';
import type { ServicePortsSlice } from './service-port-schemas.ts';
import { servicePortSchemaOf } from './service-port-schemas.ts';
import type { ServicePortsService } from './service-schema.ts';

export interface ServicePortsOptions {
  /** Of the release of Kubernetes. */
  readonly era: Era;
  /** The node whose proxy is asked about; null for one that none of the endpoints runs on. */
  readonly node: string | null;
  /** How many addresses the node has. */
  readonly nodeAddresses: number;
}

export interface ServicePortsResult {
  /** In the order of files and lines. */
  readonly diagnostics: readonly Diagnostic[];
  readonly notUsed: readonly NotUsed[];
  /** Absent exactly if a diagnostic is an error. */
  readonly input?: ServicePortsInput;
}

export interface ServicePortsInput {
  /** The only one read: each has tables of its own in the kernel. */
  readonly family: Family;
  /** In the order of the Services and of their ports. */
  readonly ports: readonly ServicePort[];
  readonly skipped: readonly SkippedService[];
  readonly node: {
    readonly name: string | null;
    readonly zone: string | null;
    readonly addresses: readonly string[];
    /** How many of the addresses are known; the others are made up. */
    readonly knownAddresses: number;
  };
  /** Names of the Node objects, and of those that endpoints run on. */
  readonly nodeObjects: readonly string[];
  readonly nodesOfEndpoints: readonly string[];
  /** Endpoints whose node is not known: they count as local nowhere. */
  readonly endpointsWithoutNode: number;
}

export interface SkippedService {
  readonly namespace: string;
  readonly name: string;
  readonly why: string;
}

const reading = {
  schemaOf: servicePortSchemaOf,
  noObject: {
    message: 'not a Kubernetes object',
    help: 'every document needs apiVersion and kind; name the files that hold objects',
  },
};

/**
 * Reads what decides how many rules or entries Services cost. All problems are found in one pass.
 * @param inputs paths of files and folders (read recursively), `-` for standard input, or text
 * @throws MissingFileError for a path that does not exist
 */
export function readServicePorts(
  inputs: readonly (string | ManifestText)[],
  options: ServicePortsOptions,
): ServicePortsResult {
  const problems = new Problems();
  const read = readManifestObjects(inputs, reading, problems);
  const input = inputOf([...read.byKey.values()], options, problems);
  const result = {
    diagnostics: problems.sorted(),
    notUsed: notUsed(read.unread, meaningForCounts),
  };
  return input === undefined ? result : { ...result, input };
}

const reasons: Readonly<Record<string, string>> = {
  Endpoints: 'give the EndpointSlices that Kubernetes makes of them',
  HorizontalPodAutoscaler: 'workloads have as many pods as they ask for themselves',
};

/** An operator may create pods for an object of its own kind. */
function meaningForCounts(apiVersion: string, kind: string): Pick<NotUsed, 'known' | 'why'> {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  if (group === 'extensions') {
    return { known: true, why: 'Kubernetes 1.16 removed this version; write it in apps/v1' };
  }
  if (Object.hasOwn(reasons, kind)) return { known: true, why: reasons[kind]! };
  const isBuiltIn = !group.includes('.') || group.endsWith('.k8s.io');
  return isBuiltIn
    ? { known: true, why: 'no count depends on it' }
    : { known: false, why: 'if it creates pods, give the Pods too' };
}

interface Context extends ServiceReading {
  readonly slices: SlicesByService;
  readonly pods: SelectedPods;
  readonly nodes: NodeObjects;
  readonly node: string | null;
  readonly problems: Problems;
}

/** Undefined after reported errors. */
function inputOf(
  objects: readonly KubernetesObject[],
  options: ServicePortsOptions,
  problems: Problems,
): ServicePortsInput | undefined {
  const services = objects.filter(({ kind }) => kind === 'Service');
  const allocations = new Allocations();
  for (const object of services) {
    const reader = new FieldReader(object, problems);
    if (specOf(object).type === 'ExternalName') continue;
    checkService(reader, object.value as unknown as ServicePortsService);
    allocations.claim(reader, specOf(object));
  }
  const slices = readEndpointSlices(objects, problems);
  const read = readEntities(objects, problems);
  if (problems.hasErrors) return undefined;
  warnOfStraySlices(objects, new Set(services.map(qualified)), problems);
  const programmed = services.filter((object) => skipReason(object) === undefined);
  const family = familyOf(programmed);
  const placeholders = new PlaceholderAddresses(family);
  const { node, era } = options;
  const pods = readSelectedPods(objects, read, { family, node, placeholders });
  const nodes = nodesOf(read.entities);
  const context = { family, nodes, era, allocations, placeholders, slices, pods, node, problems };
  const ports = programmed
    .filter((object) => isOf(family, object))
    .flatMap((object) => readPorts(object, context));
  return {
    family,
    ports,
    skipped: services.flatMap((object) => skippedOf(object, family)),
    ...nodeOf(options, nodes, [...slices.values()].flat(), family, placeholders),
    ...nodesOfEndpoints(ports),
  };
}

/** IPv4, unless all Services are of IPv6 first. */
function familyOf(services: readonly KubernetesObject[]): Family {
  const primary = services.map((object) => familiesOf(specOf(object))[0]);
  return primary.includes(6) && primary.every((family) => family !== 4) ? 6 : 4;
}

function isOf(family: Family, object: KubernetesObject): boolean {
  const families = familiesOf(specOf(object));
  return families.length === 0 || families.includes(family);
}

function skippedOf(object: KubernetesObject, family: Family): SkippedService[] {
  const other = isOf(family, object)
    ? undefined
    : `not of IPv${family}: in the tables of the other family`;
  const why = skipReason(object) ?? other;
  return why === undefined ? [] : [{ namespace: object.namespace, name: object.name, why }];
}

function readPorts(object: KubernetesObject, context: Context): ServicePort[] {
  const { slices, pods, family, node, era } = context;
  const spec = specOf(object);
  const selector = spec.selector ?? {};
  const own = slices.get(qualified(object));
  const groups = own === undefined ? pods.select(object.namespace, selector) : [];
  if (own === undefined && groups.length === 0) warnOfNoPods(object, context);
  for (const { kind, object: daemonSet } of groups) {
    if (kind === 'DaemonSet' && context.nodes.size === 0) warnOfNodes(daemonSet, context.problems);
  }
  return portsOf(object, context).map((port, index): ServicePort => {
    if (own !== undefined) return { ...port, endpoints: endpointsOf(own, port, family, node) };
    const target = { protocol: port.protocol, targetPort: targetPortOf(object, index) };
    const without = groups.filter((group) => targetOf(group, target) === undefined);
    if (without.length > 0) {
      warnOfTarget(object, index, String(target.targetPort), without[0]!, context.problems);
    }
    const endpoints: Endpoint[] = endpointsOfPods(groups, target, spec, era);
    return { ...port, endpoints };
  });
}

/** Absent, 0 and the empty text all mean the port of the Service. */
function targetPortOf(object: KubernetesObject, index: number): number | string {
  const { targetPort, port } = specOf(object).ports![index]!;
  return targetPort || port;
}

function warnOfNoPods(object: KubernetesObject, { pods, problems }: Context): void {
  const { selector = {} } = specOf(object);
  const reader = new FieldReader(object, problems);
  if (Object.keys(selector ?? {}).length === 0) {
    reader.warn(['metadata', 'name'], {
      code: 'W314',
      message: `endpoints of ${reader.name} are not in the input`,
      help: 'it has no selector: add its EndpointSlices; it is counted without endpoints',
    });
    return;
  }
  const { key, help } = nearestLabels(selector!, object.namespace, pods.groups);
  const wanted = formatLabels(key === undefined ? selector! : { [key]: selector![key]! });
  reader.warn(key === undefined ? ['spec', 'selector'] : ['spec', 'selector', key], {
    code: 'W301',
    message: `selector of ${reader.name} matches nothing`,
    label: `no pod in namespace ${object.namespace} has ${wanted}`,
    help: help ?? 'add what creates its pods, or its EndpointSlices; it is counted without',
  });
}

function warnOfTarget(
  object: KubernetesObject,
  index: number,
  target: string,
  { kind, name }: { readonly kind: string; readonly name: string },
  problems: Problems,
): void {
  new FieldReader(object, problems).warn(['spec', 'ports', index, 'targetPort'], {
    code: 'W312',
    message: `${kind.toLowerCase()}/${name} has no port ${target}`,
    help: 'name a container port of the same protocol, or give its number; its pods are left out',
  });
}

function warnOfNodes(object: KubernetesObject, problems: Problems): void {
  new FieldReader(object, problems).warn(['metadata', 'name'], {
    code: 'W315',
    message: `DaemonSet ${qualified(object)} counts as one pod`,
    help: 'add the Node objects: it has a pod on each',
  });
}

type NodeObjects = ReturnType<typeof nodesOf>;

function nodeOf(
  { node, nodeAddresses }: ServicePortsOptions,
  nodes: NodeObjects,
  slices: readonly ServicePortsSlice[],
  family: Family,
  placeholders: PlaceholderAddresses,
): Pick<ServicePortsInput, 'node' | 'nodeObjects'> {
  const object = node === null ? undefined : nodes.get(node);
  const ofSlices = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .find(({ nodeName, zone }) => node !== null && nodeName === node && zone)?.zone;
  const known = (object?.addresses ?? [])
    .filter((address) => address.family === family)
    .slice(0, nodeAddresses)
    .map(addressText);
  const missing = Array.from({ length: nodeAddresses - known.length }, () => placeholders.next());
  return {
    node: {
      name: node,
      zone: (object && zoneOf(object)) ?? ofSlices ?? null,
      addresses: [...known, ...missing],
      knownAddresses: known.length,
    },
    nodeObjects: [...nodes.keys()],
  };
}

function nodesOfEndpoints(
  ports: readonly ServicePort[],
): Pick<ServicePortsInput, 'nodesOfEndpoints' | 'endpointsWithoutNode'> {
  const all = ports.flatMap(({ endpoints }) => endpoints);
  return {
    nodesOfEndpoints: [...new Set(all.flatMap(({ node }) => node ?? []))],
    endpointsWithoutNode: all.filter(({ node }) => node === null).length,
  };
}

/**
 * Pods, workloads and nodes as entities: one per Pod object that has not ended, one per workload,
 * which stands for its pods, also for those that are in the input themselves. A ReplicaSet or Job of
 * a workload that is in the input is a part of it and none of its own.
 */
import type {
  Address,
  ContainerPort,
  Entity,
  Labels,
  NodeEntity,
  PodEntity,
} from '../../core/policy/objects.ts';
import type { Problems } from '../diagnostic.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { addressText, parseAddress } from '../values/address.ts';
import { FieldReader } from './field-reader.ts';
import type { LeftOut } from './not-used.ts';
import type { EntitySource } from './policy-input.ts';
import {
  type PolicyCronJobObject,
  type PolicyNodeObject,
  type PolicyPodObject,
  type PolicyPodSpec,
  type PolicyWorkloadObject,
  templatePathOf,
} from './policy-schemas.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';
import { readPortName } from './read-port.ts';

export interface ReadEntities {
  readonly entities: readonly Entity[];
  /** In the same order. */
  readonly sources: readonly EntitySource[];
  readonly leftOut: readonly LeftOut[];
}

/** In the order of the objects, nodes last. */
export function readEntities(
  objects: readonly KubernetesObject[],
  problems: Problems,
): ReadEntities {
  const nodes = objects
    .filter(({ kind }) => kind === 'Node')
    .map((object) => readNode(new FieldReader(object, problems)));
  const nodesByName = new Map(nodes.map((node) => [node.name, node]));
  const workloads = new Map(
    objects
      .filter(({ kind }) => templatePathOf(kind) !== undefined)
      .map((object) => [`${object.kind} ${qualified(object)}`, object]),
  );
  const pods: ReadPod[] = [];
  const leftOut: LeftOut[] = [];
  for (const object of objects) {
    const { apiVersion, kind } = object;
    const reader = new FieldReader(object, problems);
    if (kind === 'Pod') {
      if (hasEnded(object)) leftOut.push({ apiVersion, kind, why: 'ended' });
      else pods.push({ object, entity: readPod(reader, nodesByName) });
    } else if (templatePathOf(kind) !== undefined) {
      const controller = controllerOf(object, workloads);
      if (controller === undefined) pods.push({ object, entity: readWorkload(reader) });
      else leftOut.push({ apiVersion, kind, why: `part of a ${controller.kind} of the input` });
    }
  }
  warnOfSharedAddresses(pods, problems);
  const indices = new Map(pods.map(({ object }, index) => [object, index]));
  const sources = pods.map(({ object }) => {
    const controller = controllerOf(object, workloads);
    return { kind: object.kind, controller: controller && indices.get(controller) };
  });
  return {
    entities: [...pods.map(({ entity }) => entity), ...nodes],
    sources: [...sources, ...nodes.map(() => ({ kind: 'Node', controller: undefined }))],
    leftOut,
  };
}

interface ReadPod {
  readonly object: KubernetesObject;
  readonly entity: PodEntity;
}

/** Two clusters in one input, or dumps of two moments: an address block then finds both or neither. */
function warnOfSharedAddresses(pods: readonly ReadPod[], problems: Problems): void {
  const owners = new Map<string, KubernetesObject>();
  const shared: { object: KubernetesObject; owner: KubernetesObject; address: Address }[] = [];
  for (const { object, entity } of pods) {
    if (entity.hostNetwork) continue;
    for (const address of entity.addresses) {
      const key = `${address.family} ${address.value}`;
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, object);
      else shared.push({ object, owner, address });
    }
  }
  const [first] = shared;
  if (first === undefined) return;
  const { object, owner, address } = first;
  const more = shared.length > 1 ? ` (and ${shared.length - 1} more like it)` : '';
  const where = ({ place }: KubernetesObject) => place(['status', 'podIP']);
  problems.warning(
    'W310',
    where(object),
    `Pods ${qualified(owner)} and ${qualified(object)} both have the address ${addressText(address)}${more}`,
    {
      label: 'an address block finds both',
      also: [{ span: where(owner), label: 'the other' }],
      help: 'give the objects of one cluster at one moment',
    },
  );
}

/** Its address may be another pod's by now. */
function hasEnded({ value }: KubernetesObject): boolean {
  const { phase } = (value as unknown as PolicyPodObject).status ?? {};
  return phase === 'Succeeded' || phase === 'Failed';
}

/** The workload of the input at the top of the owners; undefined when there is none. */
function controllerOf(
  object: KubernetesObject,
  workloads: ReadonlyMap<string, KubernetesObject>,
): KubernetesObject | undefined {
  let found: KubernetesObject | undefined;
  const passed = new Set([object]);
  for (let next = ownerOf(object, workloads); next !== undefined && !passed.has(next); ) {
    passed.add(next);
    found = next;
    next = ownerOf(next, workloads);
  }
  return found;
}

function ownerOf(
  object: KubernetesObject,
  workloads: ReadonlyMap<string, KubernetesObject>,
): KubernetesObject | undefined {
  const { ownerReferences = [], labels = {} } = object.value.metadata as {
    ownerReferences?: { kind: string; name: string }[];
    labels?: Labels;
  };
  const hash = `-${labels['pod-template-hash']}`;
  for (const { kind, name } of ownerReferences) {
    const owner = workloads.get(`${kind} ${object.namespace}/${name}`);
    if (owner !== undefined) return owner;
    // A Deployment names its ReplicaSets after itself and the hash that it puts on their pods.
    if (kind !== 'ReplicaSet' || !name.endsWith(hash)) continue;
    const deployment = `Deployment ${object.namespace}/${name.slice(0, -hash.length)}`;
    const above = workloads.get(deployment);
    if (above !== undefined) return above;
  }
  return undefined;
}

function readPod(reader: FieldReader, nodes: ReadonlyMap<string, NodeEntity>): PodEntity {
  const value = reader.object.value as unknown as PolicyPodObject;
  const { podIP, podIPs, hostIP } = value.status ?? {};
  const labels = value.metadata.labels ?? {};
  const common = podOf(reader, labels, value.spec ?? {}, ['spec']);
  const node = value.spec?.nodeName || null;
  const own = [
    ...readAddress(reader, podIP, ['status', 'podIP']),
    ...(podIPs ?? []).flatMap(({ ip }, index) =>
      readAddress(reader, ip, ['status', 'podIPs', index, 'ip']),
    ),
  ];
  if (!common.hostNetwork) return { ...common, node, addresses: distinct(own) };
  const ofNode = node === null ? undefined : nodes.get(node)?.addresses;
  const ofHost = readAddress(reader, hostIP, ['status', 'hostIP']);
  return { ...common, node, addresses: distinct([...(ofNode ?? []), ...own, ...ofHost]) };
}

function readWorkload(reader: FieldReader): PodEntity {
  const { object } = reader;
  const value = object.value as unknown as PolicyWorkloadObject & PolicyCronJobObject;
  const template =
    object.kind === 'CronJob' ? value.spec?.jobTemplate?.spec?.template : value.spec?.template;
  const path = templatePathOf(object.kind)!;
  const labels = template?.metadata?.labels ?? {};
  const added = object.kind === 'Job' && value.spec?.manualSelector !== true;
  const all = added ? { ...labels, ...jobLabels(object.name) } : labels;
  return {
    ...podOf(reader, all, template?.spec ?? {}, [...path, 'spec']),
    node: null,
    addresses: [],
  };
}

/** What the API server adds to the pods of a Job (batch/v1, generated selector) and is known here. */
function jobLabels(name: string): Labels {
  return { 'job-name': name, 'batch.kubernetes.io/job-name': name };
}

function podOf(reader: FieldReader, labels: Labels, spec: PolicyPodSpec, path: Path) {
  const { namespace, name } = reader.object;
  const kind = 'pod' as const;
  const hostNetwork = spec.hostNetwork === true;
  return { kind, namespace, name, labels, hostNetwork, ports: readPorts(reader, spec, path) };
}

/** Of everything that runs as long as the pod: init containers only if they are restarted. */
function readPorts(reader: FieldReader, spec: PolicyPodSpec, path: Path): ContainerPort[] {
  const lists = ['containers', 'initContainers'] as const;
  return lists.flatMap((list) =>
    (spec[list] ?? []).flatMap(({ ports, restartPolicy }, container) => {
      if (list === 'initContainers' && restartPolicy !== 'Always') return [];
      return (ports ?? []).map(({ name, containerPort, protocol }, index) => {
        const namePath = [...path, list, container, 'ports', index, 'name'];
        if (name) readPortName(reader, name, namePath, 'names of ports have at least one letter');
        return { name: name || undefined, port: containerPort, protocol: protocol ?? 'TCP' };
      });
    }),
  );
}

function readNode(reader: FieldReader): NodeEntity {
  const value = reader.object.value as unknown as PolicyNodeObject;
  const labels = value.metadata.labels ?? {};
  const addresses = (value.status?.addresses ?? []).flatMap(({ type, address }, index) =>
    type === 'InternalIP' || type === 'ExternalIP'
      ? readAddress(reader, address, ['status', 'addresses', index, 'address'])
      : [],
  );
  return { kind: 'node', name: reader.object.name, labels, addresses: distinct(addresses) };
}

/** Empty when absent or after a reported error. */
function readAddress(reader: FieldReader, text: string | null | undefined, path: Path): Address[] {
  if (!text) return [];
  const address = parseAddress(text);
  if (address !== undefined) return [address];
  reader.refuse(path, {
    code: 'E140',
    message: `${show(text)} of ${reader.name} is no IP address`,
    help: 'Kubernetes writes addresses such as 10.0.0.1 or fd00::1 here, without leading zeros',
  });
  return [];
}

function distinct(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((one) => [`${one.family} ${one.value}`, one])).values()];
}

/**
 * Endpoints of Services whose EndpointSlices are not in the input: the pods they select, as the
 * EndpointSlice controller would list them. A workload stands for as many pods as it asks for, ready,
 * at addresses and on nodes that are not known, unless pods of it are in the input; a DaemonSet has
 * one on every Node object. Left out: taints, node selectors, hints by the topology annotation,
 * CronJobs, whose pods come and go.
 */
import type { Era } from '../../core/models/eras.ts';
import type { Endpoint, ServicePort } from '../../core/models/proxy/rules/service-port.ts';
import { endpointHints } from '../../core/models/proxy/rules/traffic-distribution.ts';
import type { Entity, NodeEntity, PodEntity } from '../../core/policy/objects.ts';
import { addressText } from '../values/address.ts';
import type { ReadEntities } from './entities.ts';
import { LabelIndex, type Labels } from './label-selector.ts';
import type { Selectable } from './nearest-labels.ts';
import type { PlaceholderAddresses } from './placeholder-addresses.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';
import { distributionOf, type Family } from './read-service.ts';
import type { ServicePortsPod, ServicePortsWorkload } from './service-port-schemas.ts';
import type { ServiceSpec } from './service-schema.ts';

/** Pods alike but for where they are: one Pod object, or all pods of a workload. */
export interface PodGroup extends Selectable {
  readonly object: KubernetesObject;
  readonly ports: PodEntity['ports'];
  readonly pods: readonly SelectedPod[];
}

interface SelectedPod {
  readonly address: string;
  readonly node: string | null;
  readonly zone: string | null;
  readonly serving: boolean;
  readonly terminating: boolean;
}

export interface PodReading {
  readonly family: Family;
  /** The node that is asked about; a DaemonSet runs there if no Node object is in the input. */
  readonly node: string | null;
  readonly placeholders: PlaceholderAddresses;
}

export class SelectedPods {
  readonly groups: readonly PodGroup[];
  readonly #index: LabelIndex;

  constructor(groups: readonly PodGroup[]) {
    this.groups = groups;
    this.#index = new LabelIndex(groups);
  }

  select(namespace: string, selector: Labels): PodGroup[] {
    return this.#index.matching(namespace, selector).map((index) => this.groups[index]!);
  }
}

export function readSelectedPods(
  objects: readonly KubernetesObject[],
  { entities, sources }: ReadEntities,
  reading: PodReading,
): SelectedPods {
  const byName = new Map(objects.map((object) => [`${object.kind} ${qualified(object)}`, object]));
  const nodes = nodesOf(entities);
  const withPods = new Set(sources.map(({ controller }) => controller));
  const place = placing(nodes, reading);
  const groups = entities.flatMap((entity, index): PodGroup[] => {
    if (entity.kind !== 'pod' || withPods.has(index)) return [];
    const { kind } = sources[index]!;
    const object = byName.get(`${kind} ${qualified(entity)}`)!;
    const { namespace, name, labels, ports } = entity;
    const pods =
      kind === 'Pod'
        ? podOf(entity, object, place)
        : nodesOfPods(object, nodes, reading).map((node) => place(entity, node));
    return [{ object, namespace, name, kind, labels, ports, pods: pods.map(withDefaults) }];
  });
  return new SelectedPods(groups);
}

type Placed = Pick<SelectedPod, 'address' | 'node' | 'zone'>;
type Place = (pod: PodEntity, node: string | null) => Placed;

function withDefaults(pod: Placed & Partial<SelectedPod>): SelectedPod {
  return { serving: true, terminating: false, ...pod };
}

function placing(nodes: ReadonlyMap<string, NodeEntity>, reading: PodReading): Place {
  return (pod, node) => {
    const found = node === null ? undefined : nodes.get(node);
    const known = pod.addresses.length > 0 || !pod.hostNetwork ? pod : found;
    return {
      address: addressOf(known?.addresses ?? [], reading.family) ?? reading.placeholders.next(),
      node,
      zone: found === undefined ? null : zoneOf(found),
    };
  };
}

export function zoneOf({ labels }: NodeEntity): string | null {
  return labels['topology.kubernetes.io/zone'] ?? null;
}

function addressOf(addresses: PodEntity['addresses'], family: Family): string | undefined {
  const found = addresses.find((address) => address.family === family);
  return found && addressText(found);
}

/** None while it has no address of the family; one that was never started is taken as running. */
function podOf(entity: PodEntity, object: KubernetesObject, place: Place) {
  const { metadata, status } = object.value as unknown as ServicePortsPod;
  const pod = place(entity, entity.node);
  const isAddressed = entity.addresses.some((address) => addressText(address) === pod.address);
  if (status && !isAddressed) return [];
  const condition = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const serving = condition === undefined ? status?.phase !== 'Pending' : condition === 'True';
  return [{ ...pod, serving, terminating: Boolean(metadata.deletionTimestamp) }];
}

/** A node for each pod of a workload; null where it is not known. */
function nodesOfPods(
  object: KubernetesObject,
  nodes: ReadonlyMap<string, NodeEntity>,
  { node }: PodReading,
): (string | null)[] {
  const { spec } = object.value as unknown as ServicePortsWorkload;
  if (object.kind === 'DaemonSet') {
    return nodes.size > 0 ? [...nodes.keys()] : [node];
  }
  if (spec?.suspend) return [];
  const count = object.kind === 'Job' ? spec?.parallelism : spec?.replicas;
  return Array.from({ length: count ?? 1 }, () => null);
}

export interface SelectedPort extends Pick<ServicePort, 'protocol'> {
  /** A name is found on each pod apart. */
  readonly targetPort: number | string;
}

/** Undefined for pods that do not have the named port: the controller leaves them out. */
export function targetOf(group: PodGroup, { targetPort, protocol }: SelectedPort) {
  if (typeof targetPort === 'number') return targetPort;
  return group.ports.find((one) => one.name === targetPort && one.protocol === protocol)?.port;
}

export function endpointsOfPods(
  groups: readonly PodGroup[],
  port: SelectedPort,
  spec: ServiceSpec,
  era: Era,
): Endpoint[] {
  const distribution = distributionOf(spec);
  const found = new Map<string, Endpoint>();
  for (const group of groups) {
    const target = targetOf(group, port);
    if (target === undefined) continue;
    for (const { zone, ...pod } of group.pods) {
      const ready = spec.publishNotReadyAddresses === true || (pod.serving && !pod.terminating);
      const hints = endpointHints(era, distribution, { ready, zone, node: pod.node });
      found.set(`${pod.address} ${target}`, { ...pod, port: target, ready, ...hints });
    }
  }
  return [...found.values()];
}

/** The Node objects of the input by name. */
export function nodesOf(entities: readonly Entity[]): ReadonlyMap<string, NodeEntity> {
  return new Map(
    entities.flatMap((one) => (one.kind === 'node' ? [[one.name, one] as const] : [])),
  );
}

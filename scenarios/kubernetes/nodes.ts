/** Node objects as the default size and node classes of the cluster. */
import { quantity } from '../values/quantity.ts';
import type { NodeObject } from './object-schemas.ts';
import type { KubernetesObject } from './read-objects.ts';
import type { Unmodelled } from './unmodelled.ts';

export interface NodeModel {
  readonly count: number;
  readonly zones: number;
  /** Characters of a node's name, and of a zone's, on average; null if no node is in a zone. */
  readonly nameLength: number;
  readonly zoneLength: number | null;
  readonly classes: readonly NodeClass[];
}

export interface NodeClass {
  readonly name: string;
  readonly share: number;
  readonly cores: number;
  readonly podsPerNode: number;
  readonly memory: string;
}

type NodeResources = Omit<NodeClass, 'name' | 'share'>;

/** Undefined without Node objects. Nodes with the same allocatable resources are one class. */
export function readNodes(
  objects: readonly KubernetesObject[],
  unmodelled: Unmodelled,
): NodeModel | undefined {
  const nodes = objects.filter(({ kind, apiVersion }) => kind === 'Node' && apiVersion === 'v1');
  if (nodes.length === 0) return undefined;
  const zones = new Set<string>();
  const classes = new Map<string, NodeResources & { count: number }>();
  for (const object of nodes) {
    const value = object.value as unknown as NodeObject;
    const zone = value.metadata.labels?.['topology.kubernetes.io/zone'];
    if (zone !== undefined) zones.add(zone);
    if (value.spec?.unschedulable)
      unmodelled.field(object, ['spec', 'unschedulable'], 'pods go to every node');
    if (value.spec?.taints?.length)
      unmodelled.field(object, ['spec', 'taints'], 'pods go to every node');
    const allocatable = value.status?.allocatable ?? {};
    const amount = (key: string, otherwise: number) =>
      quantity(allocatable[key] ?? '') ?? otherwise;
    const cores = amount('cpu', 8);
    const podsPerNode = Math.max(1, Math.round(amount('pods', 110)));
    const memory = memoryOf(value);
    const key = `${cores} ${podsPerNode} ${memory}`;
    const found = classes.get(key) ?? { cores, podsPerNode, memory, count: 0 };
    classes.set(key, { ...found, count: found.count + 1 });
  }
  return {
    count: nodes.length,
    zones: Math.max(1, zones.size),
    nameLength: meanLength(nodes.map(({ name }) => name)),
    zoneLength: zones.size > 0 ? meanLength([...zones]) : null,
    classes: [...classes.values()].map(({ count, ...resources }, index) => ({
      ...resources,
      name: `nodes-${index + 1}`,
      share: count / nodes.length,
    })),
  };
}

function meanLength(names: readonly string[]): number {
  return Math.round(names.reduce((sum, name) => sum + name.length, 0) / names.length);
}

/**
 * What the kernel has, which is what its limits follow; else what pods may have. In whole GiB: machines
 * of one kind differ by a few pages.
 */
function memoryOf({ status }: NodeObject): string {
  const bytes =
    quantity(status?.capacity?.memory ?? '') ?? quantity(status?.allocatable?.memory ?? '');
  return bytes === undefined ? '32Gi' : `${Math.max(1, Math.round(bytes / 2 ** 30))}Gi`;
}

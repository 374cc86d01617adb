/**
 * Bytes of the EndpointSlices of Services in the input, from the names in them: those of the Service, its
 * namespace and ports as written, pods as their controllers name them, nodes and zones as Node objects
 * have them on average (else of usual length), addresses as the nodes' ranges have them on average.
 */
import { eraOf } from '../../core/models/eras.ts';
import { endpointHints } from '../../core/models/proxy/rules/traffic-distribution.ts';
import { type SliceShape, sliceSize, USUAL_NAMES } from '../../core/models/slice-bytes.ts';
import type { ServicePlan } from '../../core/plan.ts';
import type { ServiceModel } from '../kubernetes/import-objects.ts';
import type { WorkloadModel } from '../kubernetes/workloads.ts';
import { addressText } from '../values/address.ts';
import { cidr } from '../values/cidr.ts';
import type { Context } from './context.ts';

/** What generateName appends, after at most 58 characters and a dash. */
const SUFFIX = 5;
const LONGEST_BASE = 58;
/** Hash of a pod template in the name of a Deployment's ReplicaSet: up to ten characters, nearly always so many. */
const TEMPLATE_HASH = 10;
const CONSTANTS = ['control-plane.slice.bytes-fixed', 'control-plane.slice.bytes-per-endpoint'];
/** Nodes, and addresses of each, that the length of an address is the mean of. */
const SAMPLES = 64;

/** Null where constants of the scenario say how large slices are, and for Services without endpoints. */
export function sliceBytesOf(
  { spec, objects }: Context,
  { namespace, name, portNames, workloads, distribution }: ServiceModel,
  addressLength: number,
): ServicePlan['slices'] {
  if (CONSTANTS.some((id) => id in spec.constants)) return null;
  const era = eraOf(spec.cluster.kubernetesVersion);
  if (era === undefined) return null;
  const place = { ready: true, node: 'node', zone: 'zone' };
  const { zoneHints, nodeHints } = endpointHints(era, distribution, place);
  const shape: SliceShape = {
    serviceName: name.length,
    namespace: namespace.length,
    nodeName: objects.nodes?.nameLength ?? USUAL_NAMES.nodeName,
    podName: podNameLength(workloads.map((index) => objects.workloads[index]!)),
    zone: objects.nodes?.zoneLength ?? USUAL_NAMES.zone,
    address: addressLength,
    portNames: portNames.map((one) => one.length),
    endpoints: 0,
    hints: nodeHints.length > 0 ? 'node' : zoneHints.length > 0 ? 'zone' : 'none',
  };
  const { eventBytes, endpointBytes } = sliceSize(shape);
  return { bytesFixed: eventBytes, bytesPerEndpoint: endpointBytes };
}

/** Of all pods alike; a DaemonSet's count as one. */
function podNameLength(workloads: readonly WorkloadModel[]): number {
  let pods = 0;
  let characters = 0;
  for (const workload of workloads) {
    const weight = Math.max(1, workload.replicas);
    pods += weight;
    characters += weight * nameLength(workload);
  }
  return pods === 0 ? USUAL_NAMES.podName : Math.round(characters / pods);
}

function nameLength({ kind, name, replicas }: WorkloadModel): number {
  switch (kind) {
    case 'Pod':
      return name.length;
    case 'StatefulSet':
      return name.length + 1 + String(Math.max(0, replicas - 1)).length;
    case 'Deployment':
      return generated(name.length + 1 + TEMPLATE_HASH);
    default:
      return generated(name.length);
  }
}

function generated(owner: number): number {
  return Math.min(owner + 1, LONGEST_BASE) + SUFFIX;
}

/** Characters of a pod's address, on average over the ranges of the nodes. */
export function meanAddressLength({ spec }: Context): number {
  const { nodes, nodeMask, podCIDR } = spec.cluster;
  const perNode = 2 ** (32 - nodeMask);
  const { base } = cidr(podCIDR)!;
  let characters = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const node = Math.floor((i * nodes) / SAMPLES);
    for (let k = 0; k < SAMPLES; k++) {
      // The first two addresses are the network's and the gateway's.
      const address = base + node * perNode + Math.min(perNode - 2, 2 + k);
      characters += addressText({ family: 4, value: BigInt(address) }).length;
    }
  }
  return Math.round(characters / SAMPLES ** 2);
}

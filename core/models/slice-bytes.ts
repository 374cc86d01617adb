/**
 * Size of an EndpointSlice on the wire, byte for byte: the protobuf form that watchers of a control
 * plane ask for, from the fields of discovery.k8s.io/v1 and the lengths of the names in them. As the
 * generated code of Kubernetes does, strings that are not optional are written even if empty. Not
 * counted: managedFields, labels that the Service brings along, and fields that the EndpointSlice
 * controller leaves out. Field numbers are those of the API's generated.proto, from memory.
 */

export interface SliceShape {
  /** Lengths of names in characters. */
  readonly serviceName: number;
  readonly namespace: number;
  readonly nodeName: number;
  readonly podName: number;
  readonly zone: number;
  /** An address as text: at most 15 for IPv4. */
  readonly address: number;
  /** Lengths of the ports' names; an entry a port. */
  readonly portNames: readonly number[];
  readonly endpoints: number;
  /** Endpoints hint at their zone, or at their node and zone. */
  readonly hints: 'none' | 'zone' | 'node';
}

export interface SliceSize {
  /** The object as it is stored, its type included. */
  readonly objectBytes: number;
  /** Of `objectBytes`, one endpoint. */
  readonly endpointBytes: number;
  /** A watch event with it. */
  readonly eventBytes: number;
}

const UID = 36;
/** A revision of etcd in the hundreds of millions, as text. */
const RESOURCE_VERSION = 9;
/** RFC 3339, whole seconds: pods become Ready at whole seconds. */
const TRIGGER_TIME = '2026-01-01T00:00:00Z'.length;
/** What generateName appends, and the dash before it. */
const SUFFIX = 5;
const DASH = 1;
const UNIX_SECONDS = 1.8e9;
/** Port numbers of two bytes, 128 to 16,383. */
const PORT = 8080;
const GENERATION = 1;
const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'.length;
const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by'.length;
const MANAGED_BY = 'endpointslice-controller.k8s.io'.length;
const TRIGGER_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time'.length;
/** `k8s\0`, before a stored or sent object; and the length of a frame of a watch. */
const MAGIC = 4;
const FRAME = 4;

/** Bytes of a base-128 number. */
export function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** A field that holds `length` bytes: a string or a message. Keys to 15 take a byte. */
function field(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** A field that holds a number, or a truth. */
function numberField(value: number): number {
  return 1 + varintBytes(value);
}

const TRUTH = numberField(1);
const EMPTY = field(0);

/** Entry of a map from texts to texts. */
function entry(key: number, value: number): number {
  return field(field(key) + field(value));
}

export function sliceSize(shape: SliceShape): SliceSize {
  const endpointBytes = field(endpoint(shape));
  const ports = shape.portNames.reduce((sum, name) => sum + field(port(name)), 0);
  const slice =
    field(metadata(shape)) + shape.endpoints * endpointBytes + ports + field('IPv4'.length);
  const typeMeta = field('discovery.k8s.io/v1'.length) + field('EndpointSlice'.length);
  // Content encoding and type are empty.
  const objectBytes = MAGIC + field(typeMeta) + field(slice) + 2 * EMPTY;
  const event = field('MODIFIED'.length) + field(field(objectBytes));
  return { objectBytes, endpointBytes, eventBytes: FRAME + event };
}

/** Names of the lengths that the constants of the fan-out were derived for (fact sheet, 7). */
export const USUAL_NAMES = {
  serviceName: 20,
  namespace: 12,
  nodeName: 38,
  podName: 26,
  zone: 10,
  address: 13,
  portNames: [4],
} as const;

/** What hints add to an endpoint whose names are of usual length. */
export function usualHintBytes(hints: SliceShape['hints']): number {
  const endpointBytes = (of: SliceShape['hints']) =>
    sliceSize({ ...USUAL_NAMES, endpoints: 1, hints: of }).endpointBytes;
  return endpointBytes(hints) - endpointBytes('none');
}

/** ObjectMeta, with the annotation of the change that the slice carries. */
function metadata({ serviceName, namespace }: SliceShape): number {
  const time = numberField(UNIX_SECONDS) + numberField(0);
  const owner =
    field('Service'.length) + field(serviceName) + field(UID) + field('v1'.length) + 2 * TRUTH;
  return (
    field(serviceName + DASH + SUFFIX) +
    field(serviceName + DASH) +
    field(namespace) +
    EMPTY + // selfLink
    field(UID) +
    field(RESOURCE_VERSION) +
    numberField(GENERATION) +
    field(time) +
    entry(SERVICE_NAME_LABEL, serviceName) +
    entry(MANAGED_BY_LABEL, MANAGED_BY) +
    entry(TRIGGER_ANNOTATION, TRIGGER_TIME) +
    field(owner)
  );
}

/** One address, three conditions, the pod, its node and zone. */
function endpoint({ namespace, nodeName, podName, zone, address, hints }: SliceShape): number {
  const conditions = 3 * TRUTH;
  // apiVersion, resourceVersion and fieldPath are empty.
  const target = field('Pod'.length) + field(namespace) + field(podName) + field(UID) + 3 * EMPTY;
  const zoneHint = hints === 'none' ? 0 : field(field(zone));
  const nodeHint = hints === 'node' ? field(field(nodeName)) : 0;
  return (
    field(address) +
    field(conditions) +
    field(target) +
    field(nodeName) +
    field(zone) +
    (hints === 'none' ? 0 : field(zoneHint + nodeHint))
  );
}

function port(name: number): number {
  return field(name) + field('TCP'.length) + numberField(PORT);
}

/**
 * Kubernetes objects as what the simulator needs: workloads, Services with the workloads they select,
 * node classes, and the list of what is in the input and not modelled. Independent of variant and size.
 */

import type { Era, TrafficDistribution } from '../../core/models/eras.ts';
import type { ServicePortPlan } from '../../core/plan.ts';
import type { NotModelled } from '../../core/results.ts';
import type { Problems } from '../diagnostic.ts';
import type { Span } from '../source-text.ts';
import { suggest } from '../suggest.ts';
import { Allocations } from './allocations.ts';
import { checkService } from './check-service.ts';
import { FieldReader } from './field-reader.ts';
import { formatLabels, LabelIndex, type Labels } from './label-selector.ts';
import { nearestLabels } from './nearest-labels.ts';
import { type NodeModel, readNodes } from './nodes.ts';
import { type KubernetesObject, qualified, type ReadObjects } from './read-objects.ts';
import { distributionOf, skipReason, specOf } from './read-service.ts';
import { assumesAddress, servicePortPlans } from './service-port-plans.ts';
import type { ServicePortsService, ServiceSpec } from './service-schema.ts';
import { Unmodelled } from './unmodelled.ts';
import { readWorkloads, type WorkloadModel, workloadKinds } from './workloads.ts';

export interface ServiceModel {
  readonly namespace: string;
  readonly name: string;
  /** Ports in the manifest; of headless Services too. */
  readonly ports: number;
  /** Empty for a port without a name. */
  readonly portNames: readonly string[];
  readonly distribution: TrafficDistribution | null;
  /** What proxies of a release program. */
  readonly portsOf: (era: Era) => ServicePortPlan[];
  /** Nothing is programmed: headless, or labelled for another proxy. */
  readonly headless: boolean;
  readonly workloads: readonly number[];
  readonly at: Span;
}

export interface ImportedObjects {
  readonly workloads: readonly WorkloadModel[];
  readonly services: readonly ServiceModel[];
  /** Services that are aliases in DNS only. */
  readonly externalNames: readonly { readonly namespace: string; readonly name: string }[];
  readonly nodes: NodeModel | undefined;
  readonly notModelled: readonly NotModelled[];
}

export function importObjects(read: ReadObjects, problems: Problems): ImportedObjects {
  const objects = [...read.byKey.values()];
  const complete = ![...read.refusedKinds].some((kind) => workloadKinds.has(kind));
  const unmodelled = new Unmodelled();
  const workloads = readWorkloads(objects, unmodelled);
  const index = new LabelIndex(workloads);
  const allocations = new Allocations();
  const services: ServiceModel[] = [];
  const externalNames: KubernetesObject[] = [];
  for (const object of objects) {
    if (object.kind === 'Service' && object.apiVersion === 'v1') {
      if (specOf(object).type === 'ExternalName') {
        externalNames.push(object);
        unmodelled.object(
          object,
          'ExternalName is an alias in DNS; kube-proxy does nothing for it',
        );
        continue;
      }
      const reader = new FieldReader(object, problems);
      checkService(reader, object.value as unknown as ServicePortsService);
      allocations.claim(reader, specOf(object));
      if (reader.hasErrors) continue;
      services.push(readService(object, workloads, index, unmodelled, problems, complete));
    } else if (!understood.has(`${object.apiVersion.split('/')[0]} ${object.kind}`)) {
      unmodelled.object(object, reasons[object.kind] ?? 'this kind has no model');
    }
  }
  readSlices(objects, unmodelled);
  return {
    workloads,
    services,
    externalNames: externalNames.map(({ namespace, name }) => ({ namespace, name })),
    nodes: readNodes(objects, unmodelled),
    notModelled: unmodelled.listed,
  };
}

const understood = new Set([
  'apps Deployment',
  'apps StatefulSet',
  'apps DaemonSet',
  'apps ReplicaSet',
  'batch Job',
  'v1 Pod',
  'v1 Service',
  'v1 Namespace',
  'v1 Node',
  'discovery.k8s.io EndpointSlice',
  // Nothing in them concerns the network.
  'v1 ServiceAccount',
  'v1 ConfigMap',
  'v1 Secret',
  'v1 PersistentVolumeClaim',
  'rbac.authorization.k8s.io Role',
  'rbac.authorization.k8s.io RoleBinding',
  'rbac.authorization.k8s.io ClusterRole',
  'rbac.authorization.k8s.io ClusterRoleBinding',
]);

const reasons: Readonly<Record<string, string>> = {
  NetworkPolicy: 'policies are not enforced in this release',
  CronJob: 'its Jobs start by the clock',
  HorizontalPodAutoscaler: 'replicas stay as written; use events with scale',
  PodDisruptionBudget: 'nothing is drained',
  Ingress: 'traffic goes to Services directly',
  Gateway: 'traffic goes to Services directly',
  HTTPRoute: 'traffic goes to Services directly',
  Endpoints: 'endpoints come from pods',
  CustomResourceDefinition: 'it declares a kind and creates nothing',
};

/** A Service without selector gets its endpoints from slices; those have no pods here. */
function readSlices(objects: readonly KubernetesObject[], unmodelled: Unmodelled): void {
  const selected = new Set(
    objects
      .filter(
        (object) =>
          object.kind === 'Service' && Object.keys(specOf(object).selector ?? {}).length > 0,
      )
      .map(qualified),
  );
  for (const object of objects) {
    if (object.kind !== 'EndpointSlice') continue;
    const labels = (object.value.metadata as { labels?: Labels }).labels ?? {};
    const service = `${object.namespace}/${labels['kubernetes.io/service-name'] ?? ''}`;
    if (!selected.has(service)) {
      unmodelled.object(
        object,
        'its addresses belong to no pod of the input; the Service has no endpoints',
      );
    }
  }
}

function readService(
  object: KubernetesObject,
  workloads: readonly WorkloadModel[],
  index: LabelIndex,
  unmodelled: Unmodelled,
  problems: Problems,
  complete: boolean,
): ServiceModel {
  const spec = specOf(object);
  listServiceFields(object, spec, unmodelled);
  const selector = spec.selector ?? {};
  const selected = index.matching(object.namespace, selector);
  // Where a workload was refused, its pods may be the ones.
  if (selected.length === 0 && Object.keys(selector).length > 0 && complete) {
    warnNoPods(object, selector, workloads, problems);
  }
  checkTargetPorts(
    object,
    spec,
    selected.map((workload) => workloads[workload]!),
    problems,
  );
  return {
    namespace: object.namespace,
    name: object.name,
    ports: spec.ports?.length ?? 0,
    portNames: (spec.ports ?? []).map((port) => port.name ?? ''),
    distribution: distributionOf(spec),
    portsOf: (era) => servicePortPlans(object, era),
    headless: skipReason(object) !== undefined,
    workloads: selected,
    at: object.place(['metadata', 'name']),
  };
}

/** The one of 1.27 on, and the one before (KEP-2433; from memory). */
const topologyAnnotations = [
  'service.kubernetes.io/topology-mode',
  'service.kubernetes.io/topology-aware-hints',
];

function listServiceFields(
  object: KubernetesObject,
  spec: ServiceSpec,
  unmodelled: Unmodelled,
): void {
  const list = (field: string, why: string) =>
    unmodelled.field(object, ['spec', ...field.split('.')], why);
  if (assumesAddress(object)) {
    unmodelled.field(
      object,
      ['status', 'loadBalancer'],
      'not in the input: one address is assumed',
    );
  }
  for (const key of topologyAnnotations) {
    const { annotations } = (object.value as unknown as ServicePortsService).metadata;
    if (String(annotations?.[key]).toLowerCase() !== 'auto') continue;
    const path = ['metadata', 'annotations', key];
    unmodelled.field(object, path, 'hints by the CPUs of zones are not given');
  }
  if (spec.publishNotReadyAddresses)
    list('publishNotReadyAddresses', 'only ready pods get connections');
  if (spec.ipFamilies?.includes('IPv6') || /DualStack/.test(spec.ipFamilyPolicy ?? '')) {
    list(spec.ipFamilies ? 'ipFamilies' : 'ipFamilyPolicy', 'only IPv4 is modelled');
  }
}

function warnNoPods(
  object: KubernetesObject,
  selector: Labels,
  workloads: readonly WorkloadModel[],
  problems: Problems,
): void {
  const { key, help } = nearestLabels(selector, object.namespace, workloads);
  const path = key === undefined ? ['spec', 'selector'] : ['spec', 'selector', key];
  problems.warning(
    'W301',
    object.place(path),
    `selector of Service ${qualified(object)} matches nothing`,
    {
      label: `no pod template in namespace ${object.namespace} has ${formatLabels(key === undefined ? selector : { [key]: selector[key]! })}`,
      help:
        help ??
        'add the workload that creates its pods, or leave it so: the Service has no endpoints',
    },
  );
}

function checkTargetPorts(
  object: KubernetesObject,
  spec: ServiceSpec,
  selected: readonly WorkloadModel[],
  problems: Problems,
): void {
  if (selected.length === 0) return;
  for (const [index, port] of (spec.ports ?? []).entries()) {
    if (typeof port.targetPort !== 'string' || /^\d+$/.test(port.targetPort)) continue;
    const names = selected.flatMap(({ portNames }) => portNames);
    if (names.includes(port.targetPort)) continue;
    const meant = suggest(port.targetPort, names);
    problems.warning(
      'W302',
      object.place(['spec', 'ports', index, 'targetPort']),
      `no container port is named ${port.targetPort}`,
      {
        label: `port of Service ${qualified(object)}`,
        help:
          meant === undefined
            ? `its pods name ${names.join(', ') || 'no ports'}; the endpoints are kept`
            : `did you mean ${meant}? The endpoints are kept`,
      },
    );
  }
}

/**
 * What creates pods: Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs and single Pods. What
 * another object of the input owns is left to its owner.
 */
import type { Span } from '../source-text.ts';
import type { Labels } from './label-selector.ts';
import type { PodObject, PodSpec, WorkloadObject } from './object-schemas.ts';
import { type KubernetesObject, qualified } from './read-objects.ts';
import {
  deploymentLimits,
  type IntOrPercent,
  type RolloutLimits,
  roundedUpLimits,
} from './rollout.ts';
import type { Unmodelled } from './unmodelled.ts';

export interface WorkloadModel {
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly labels: Labels;
  readonly portNames: readonly string[];
  readonly replicas: number;
  readonly perNode: boolean;
  /** For a number of pods, or of nodes for a DaemonSet. */
  readonly limits: (total: number) => RolloutLimits;
  readonly terminationGraceNs: number;
  readonly preStopNs: number;
  readonly at: Span;
}

/** PodSpec.terminationGracePeriodSeconds when absent (API reference of Kubernetes). */
export const defaultTerminationGraceNs = 30e9;
/** Deployments: both limits of a rolling update when absent (API reference of Kubernetes). */
const defaultRollout = '25%';

export const workloadKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'Pod',
]);

export function readWorkloads(
  objects: readonly KubernetesObject[],
  unmodelled: Unmodelled,
): WorkloadModel[] {
  const creators = objects.filter(({ kind }) => workloadKinds.has(kind));
  const present = new Set(creators.map((object) => `${object.kind} ${qualified(object)}`));
  return creators.flatMap((object) => {
    const metadata = object.value.metadata as {
      ownerReferences?: { kind: string; name: string }[];
    };
    const owned = (metadata.ownerReferences ?? []).some(({ kind, name }) =>
      present.has(`${kind} ${object.namespace}/${name}`),
    );
    if (owned) return [];
    return object.kind === 'Pod' ? readPod(object, unmodelled) : [readWorkload(object, unmodelled)];
  });
}

function readPod(object: KubernetesObject, unmodelled: Unmodelled): WorkloadModel[] {
  const value = object.value as unknown as PodObject;
  if (value.status?.phase === 'Succeeded' || value.status?.phase === 'Failed') return [];
  const labels = value.metadata.labels ?? {};
  return [
    {
      ...common(object, labels, value.spec ?? {}, ['spec'], unmodelled),
      replicas: 1,
      perNode: false,
      limits: () => ({ maxSurge: 0, maxUnavailable: 1 }),
    },
  ];
}

function readWorkload(object: KubernetesObject, unmodelled: Unmodelled): WorkloadModel {
  const { spec } = object.value as unknown as WorkloadObject;
  const labels = spec.template?.metadata?.labels ?? {};
  const pods = common(
    object,
    labels,
    spec.template?.spec ?? {},
    ['spec', 'template', 'spec'],
    unmodelled,
  );
  const list = (field: string, why: string) =>
    unmodelled.field(object, ['spec', ...field.split('.')], why);
  if (spec.minReadySeconds) list('minReadySeconds', 'a pod counts as available when it is ready');
  if (spec.paused) list('paused', 'events roll it out all the same');
  if (spec.completions) list('completions', 'pods of a Job run until the end');
  if (spec.updateStrategy?.type === 'OnDelete')
    list('updateStrategy.type', 'events roll it out all the same');
  if (spec.updateStrategy?.rollingUpdate?.partition) {
    list('updateStrategy.rollingUpdate.partition', 'events roll out every pod');
  }
  const replicas =
    object.kind === 'Job' ? (spec.suspend ? 0 : (spec.parallelism ?? 1)) : (spec.replicas ?? 1);
  return {
    ...pods,
    replicas: object.kind === 'DaemonSet' ? 0 : replicas,
    perNode: object.kind === 'DaemonSet',
    limits: rolloutOf(object.kind, spec),
  };
}

function rolloutOf(kind: string, spec: WorkloadObject['spec']): (total: number) => RolloutLimits {
  const strategy = (kind === 'Deployment' ? spec.strategy : spec.updateStrategy) ?? {};
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate ?? {};
  const or = (value: IntOrPercent | null | undefined, otherwise: IntOrPercent) =>
    value ?? otherwise;
  if (kind === 'Deployment') {
    if (strategy.type === 'Recreate') return (total) => ({ maxSurge: 0, maxUnavailable: total });
    return (total) =>
      deploymentLimits(or(maxSurge, defaultRollout), or(maxUnavailable, defaultRollout), total);
  }
  return (total) => roundedUpLimits(or(maxSurge, 0), or(maxUnavailable, 1), total);
}

function common(
  object: KubernetesObject,
  labels: Labels,
  pod: PodSpec,
  path: readonly string[],
  unmodelled: Unmodelled,
) {
  const list = (field: readonly (string | number)[], why: string) =>
    unmodelled.field(object, [...path, ...field], why);
  if (pod.hostNetwork) list(['hostNetwork'], 'its pods get addresses of the pod network');
  if (
    pod.nodeSelector &&
    Object.keys(pod.nodeSelector).length > 0 &&
    !isLinuxOnly(pod.nodeSelector)
  ) {
    list(['nodeSelector'], 'pods are spread over all nodes');
  }
  if (pod.affinity) list(['affinity'], 'pods are spread over all nodes');
  if (pod.topologySpreadConstraints?.length) {
    list(['topologySpreadConstraints'], 'pods are spread over all nodes');
  }
  let preStopSeconds = 0;
  for (const [index, { lifecycle, readinessProbe }] of (pod.containers ?? []).entries()) {
    const preStop = lifecycle?.preStop;
    if (preStop) {
      const seconds = preStop.sleep?.seconds ?? sleepSeconds(preStop.exec?.command ?? []);
      preStopSeconds = Math.max(preStopSeconds, seconds ?? 0);
      if (seconds === undefined) {
        list(['containers', index, 'lifecycle', 'preStop'], 'only a plain sleep is understood');
      }
    }
    if (readinessProbe?.initialDelaySeconds) {
      list(
        ['containers', index, 'readinessProbe', 'initialDelaySeconds'],
        'the time to readiness is the same for all pods',
      );
    }
  }
  const graceNs =
    pod.terminationGracePeriodSeconds === undefined || pod.terminationGracePeriodSeconds === null
      ? defaultTerminationGraceNs
      : pod.terminationGracePeriodSeconds * 1e9;
  return {
    namespace: object.namespace,
    name: object.name,
    kind: object.kind,
    labels,
    portNames: (pod.containers ?? []).flatMap(({ ports }) =>
      (ports ?? []).flatMap(({ name }) => name ?? []),
    ),
    terminationGraceNs: graceNs,
    preStopNs: Math.min(preStopSeconds * 1e9, graceNs),
    at: object.place(['metadata', 'name']),
  };
}

/** All nodes run Linux here, so this selector changes nothing. */
function isLinuxOnly(selector: Labels): boolean {
  return Object.entries(selector).every(
    ([key, value]) => key === 'kubernetes.io/os' && value === 'linux',
  );
}

/** `sleep 5`, alone or in a shell; undefined for anything else. */
function sleepSeconds(command: readonly string[]): number | undefined {
  const [, seconds] =
    /^(?:\/\S*\/)?(?:(?:ba)?sh -c )?(?:\/\S*\/)?sleep (\d{1,9})s?;?$/.exec(command.join(' ')) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/**
 * The part of Kubernetes objects that verdicts depend on: labels, addresses, nodes and ports. Policies
 * are checked field by field elsewhere; here they only need a name. Everything else is not read.
 */
import { z } from 'zod';
import type { Path } from '../origins.ts';
import { metadata } from './object-metadata.ts';

const optional = <S extends z.ZodType>(schema: S) => schema.nullish();
const labels = z.record(z.string(), z.string());
const port = z.int().min(1).max(65_535);
const protocol = optional(z.enum(['TCP', 'UDP', 'SCTP']));
const base = { apiVersion: z.string(), kind: z.string(), metadata };

const container = z.object({
  name: optional(z.string()),
  restartPolicy: optional(z.string()),
  ports: optional(z.array(z.object({ name: optional(z.string()), containerPort: port, protocol }))),
});

const podSpec = z.object({
  containers: optional(z.array(container)),
  initContainers: optional(z.array(container)),
  hostNetwork: optional(z.boolean()),
  nodeName: optional(z.string()),
});

const template = optional(
  z.object({ metadata: optional(z.object({ labels: optional(labels) })), spec: optional(podSpec) }),
);

const pod = z.object({
  ...base,
  spec: optional(podSpec),
  status: optional(
    z.object({
      phase: optional(z.string()),
      podIP: optional(z.string()),
      podIPs: optional(z.array(z.object({ ip: optional(z.string()) }))),
      hostIP: optional(z.string()),
    }),
  ),
});

const workload = z.object({
  ...base,
  spec: optional(z.object({ template, manualSelector: optional(z.boolean()) })),
});

const cronJob = z.object({
  ...base,
  spec: optional(
    z.object({
      jobTemplate: optional(z.object({ spec: optional(z.object({ template })) })),
    }),
  ),
});

const node = z.object({
  ...base,
  status: optional(
    z.object({
      addresses: optional(z.array(z.object({ type: z.string(), address: z.string() }))),
    }),
  ),
});

const service = z.object({
  ...base,
  spec: optional(
    z.object({
      type: optional(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: optional(z.string()),
      externalName: optional(z.string()),
      selector: optional(labels),
      ports: optional(
        z.array(
          z.object({
            name: optional(z.string()),
            port,
            protocol,
            targetPort: optional(z.union([z.int().min(0).max(65_535), z.string()])),
          }),
        ),
      ),
    }),
  ),
});

const policy = z.looseObject({ ...base });
const namespace = z.object({ ...base });

export type PolicyPodSpec = z.output<typeof podSpec>;
export type PolicyPodObject = z.output<typeof pod>;
export type PolicyWorkloadObject = z.output<typeof workload>;
export type PolicyCronJobObject = z.output<typeof cronJob>;
export type PolicyNodeObject = z.output<typeof node>;
export type PolicyServiceObject = z.output<typeof service>;

const schemas = new Map<string, z.ZodType>([
  ['/Pod', pod],
  ['/Namespace', namespace],
  ['/Node', node],
  ['/Service', service],
  ['/ReplicationController', workload],
  ['apps/Deployment', workload],
  ['apps/StatefulSet', workload],
  ['apps/DaemonSet', workload],
  ['apps/ReplicaSet', workload],
  ['batch/Job', workload],
  ['batch/CronJob', cronJob],
  // Versions that no longer exist or are not read: refused, rather than left out in silence.
  ['extensions/Deployment', namespace],
  ['extensions/DaemonSet', namespace],
  ['extensions/ReplicaSet', namespace],
  ['extensions/NetworkPolicy', namespace],
  ['networking.k8s.io/NetworkPolicy', policy],
  ['policy.networking.k8s.io/ClusterNetworkPolicy', policy],
  ['policy.networking.k8s.io/AdminNetworkPolicy', policy],
  ['policy.networking.k8s.io/BaselineAdminNetworkPolicy', policy],
]);

/** In which the kinds are written that are read. */
export const apiVersions: Readonly<Record<string, string>> = {
  Pod: 'v1',
  Namespace: 'v1',
  Node: 'v1',
  Service: 'v1',
  ReplicationController: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  ClusterNetworkPolicy: 'policy.networking.k8s.io/v1alpha2',
  AdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  BaselineAdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
};

const templateKinds = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job)$/;

/** Where a workload has the template of its pods; undefined for everything else. */
export function templatePathOf(kind: string): Path | undefined {
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template'];
  return templateKinds.test(kind) ? ['spec', 'template'] : undefined;
}

/** Undefined for kinds that no verdict depends on. */
export function policySchemaOf(apiVersion: string, kind: string): z.ZodType | undefined {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  return schemas.get(`${group}/${kind}`);
}

/**
 * The part of Kubernetes objects that is read: fields that change the plan, and fields whose presence
 * is reported as not modelled. Everything else (images, environment, annotations) is left out, also of
 * the stored document. Absent and `null` mean the same.
 */
import { z } from 'zod';
import { metadata } from './object-metadata.ts';
import { serviceSchema } from './service-schema.ts';

const optional = <S extends z.ZodType>(schema: S) => schema.nullish();
const count = z.int().min(0).max(1_000_000_000);
const labels = z.record(z.string(), z.string());
const intOrPercent = z.union([count, z.string().regex(/^\d{1,9}%$/)]);
const anything = optional(z.unknown());

const probe = optional(
  z.object({ initialDelaySeconds: optional(count), periodSeconds: optional(count) }),
);

const container = z.object({
  name: optional(z.string()),
  ports: optional(
    z.array(z.object({ name: optional(z.string()), containerPort: optional(count) })),
  ),
  readinessProbe: probe,
  lifecycle: optional(
    z.object({
      preStop: optional(
        z.object({
          sleep: optional(z.object({ seconds: count })),
          exec: optional(z.object({ command: optional(z.array(z.string())) })),
          httpGet: anything,
          tcpSocket: anything,
        }),
      ),
    }),
  ),
});

export const podSpec = z.object({
  containers: optional(z.array(container)),
  terminationGracePeriodSeconds: optional(count),
  hostNetwork: optional(z.boolean()),
  nodeSelector: optional(labels),
  affinity: anything,
  topologySpreadConstraints: optional(z.array(z.unknown())),
  nodeName: optional(z.string()),
});

export const podTemplate = z.object({
  metadata: optional(z.object({ labels: optional(labels) })),
  spec: optional(podSpec),
});

const base = { apiVersion: z.string(), kind: z.string(), metadata };
const rolling = optional(
  z.object({
    type: optional(z.string()),
    rollingUpdate: optional(
      z.object({
        maxSurge: optional(intOrPercent),
        maxUnavailable: optional(intOrPercent),
        partition: optional(count),
      }),
    ),
  }),
);
const workloadFields = {
  replicas: optional(count),
  minReadySeconds: optional(count),
  paused: optional(z.boolean()),
  strategy: rolling,
  updateStrategy: rolling,
  /** Jobs. */
  parallelism: optional(count),
  completions: optional(count),
  suspend: optional(z.boolean()),
};

export const workloadObject = z.object({
  ...base,
  spec: z.object({ ...workloadFields, template: optional(podTemplate) }),
});

export const podObject = z.object({
  ...base,
  spec: optional(podSpec),
  status: optional(z.object({ phase: optional(z.string()) })),
});

export const sliceObject = z.object({ ...base });

const amounts = optional(z.record(z.string(), z.union([z.string(), z.number()])));

export const nodeObject = z.object({
  ...base,
  spec: optional(
    z.object({ unschedulable: optional(z.boolean()), taints: optional(z.array(z.unknown())) }),
  ),
  status: optional(z.object({ allocatable: amounts, capacity: amounts })),
});

export const otherObject = z.object({ ...base });

export type WorkloadObject = z.output<typeof workloadObject>;
export type PodObject = z.output<typeof podObject>;
export type NodeObject = z.output<typeof nodeObject>;
export type PodSpec = z.output<typeof podSpec>;

/** What reads an object of a kind, by `apiVersion/kind` without the version of the group. */
export function schemaOf(apiVersion: string, kind: string): z.ZodType {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
  return schemas.get(`${group}/${kind}`) ?? otherObject;
}

const schemas = new Map<string, z.ZodType>([
  ['apps/Deployment', workloadObject],
  ['apps/StatefulSet', workloadObject],
  ['apps/DaemonSet', workloadObject],
  ['apps/ReplicaSet', workloadObject],
  ['batch/Job', workloadObject],
  ['/Pod', podObject],
  ['/Service', serviceSchema],
  ['/Node', nodeObject],
  ['discovery.k8s.io/EndpointSlice', sliceObject],
]);

/**
 * The part of Kubernetes objects that decides what a Service costs in the kernel: Services and
 * EndpointSlices and, of pods and workloads, what the policies read and how many there are and
 * whether they are ready. Everything else is not read.
 */
import { z } from 'zod';
import { metadata } from './object-metadata.ts';
import { policySchemaOf } from './policy-schemas.ts';
import { serviceSchema } from './service-schema.ts';

const optional = <S extends z.ZodType>(schema: S) => schema.nullish();
const text = optional(z.string());
const flag = optional(z.boolean());
const port = z.int().min(1).max(65_535);
const protocol = optional(z.enum(['TCP', 'UDP', 'SCTP']));
const base = { apiVersion: z.string(), kind: z.string(), metadata };

const named = z.object({ name: z.string() });

const endpoint = z.object({
  addresses: z.array(z.string()).min(1),
  conditions: optional(z.object({ ready: flag, serving: flag, terminating: flag })),
  nodeName: text,
  zone: text,
  hints: optional(
    z.object({ forZones: optional(z.array(named)), forNodes: optional(z.array(named)) }),
  ),
});

const slice = z.object({
  ...base,
  addressType: z.enum(['IPv4', 'IPv6', 'FQDN']),
  endpoints: optional(z.array(endpoint)),
  ports: optional(z.array(z.object({ name: text, protocol, port: optional(port) }))),
});

const podStatus = z.object({
  metadata: z.object({ deletionTimestamp: text }),
  status: optional(
    z.object({
      phase: text,
      conditions: optional(z.array(z.object({ type: z.string(), status: z.string() }))),
    }),
  ),
});

const count = optional(z.int().min(0).max(100_000));
const podCount = z.object({
  spec: optional(z.object({ replicas: count, parallelism: count, suspend: flag })),
});

export type ServicePortsSlice = z.output<typeof slice>;
export type ServicePortsPod = z.output<typeof podStatus>;
export type ServicePortsWorkload = z.output<typeof podCount>;

/** Beside what policies read of the kind. */
const more: Readonly<Record<string, z.ZodType>> = {
  Pod: podStatus,
  Deployment: podCount,
  StatefulSet: podCount,
  DaemonSet: z.object({}),
  ReplicaSet: podCount,
  ReplicationController: podCount,
  Job: podCount,
  Node: z.object({}),
};

/** Undefined for kinds that no count depends on. */
export function servicePortSchemaOf(apiVersion: string, kind: string): z.ZodType | undefined {
  if (apiVersion === 'v1' && kind === 'Service') return serviceSchema;
  if (apiVersion.startsWith('discovery.k8s.io/') && kind === 'EndpointSlice') return slice;
  const known = policySchemaOf(apiVersion, kind);
  const own = more[kind];
  return known === undefined || own === undefined ? undefined : z.intersection(known, own);
}

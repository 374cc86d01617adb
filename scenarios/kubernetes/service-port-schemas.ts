/**
 * The part of Kubernetes objects that decides what a Service costs in the kernel: Services and
 * EndpointSlices and, of pods and workloads, what the policies read and how many there are and
 * whether they are ready. Everything else is not read.
 */
import { z } from 'zod';
import { metadata } from './object-schemas.ts';
import { policySchemaOf } from './policy-schemas.ts';

const optional = <S extends z.ZodType>(schema: S) => schema.nullish();
const text = optional(z.string());
const texts = optional(z.array(z.string()));
const flag = optional(z.boolean());
const labels = z.record(z.string(), z.string());
const port = z.int().min(1).max(65_535);
/** 0 stands for "not written" wherever the API server allocates. */
const portOrNone = optional(z.int().min(0).max(65_535));
const protocol = optional(z.enum(['TCP', 'UDP', 'SCTP']));
const policy = optional(z.enum(['Cluster', 'Local']));
const base = { apiVersion: z.string(), kind: z.string(), metadata };

const servicePort = z.object({
  name: text,
  protocol,
  port,
  targetPort: optional(z.union([z.int().min(0).max(65_535), z.string()])),
  nodePort: portOrNone,
});

const service = z.object({
  ...base,
  /** Loose, so that a misspelt field can be refused. */
  spec: optional(
    z.looseObject({
      type: optional(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: text,
      clusterIPs: texts,
      ipFamilies: optional(z.array(z.enum(['IPv4', 'IPv6']))),
      selector: optional(labels),
      ports: optional(z.array(servicePort)),
      externalIPs: texts,
      loadBalancerSourceRanges: texts,
      allocateLoadBalancerNodePorts: flag,
      healthCheckNodePort: portOrNone,
      sessionAffinity: optional(z.enum(['None', 'ClientIP', ''])),
      internalTrafficPolicy: policy,
      externalTrafficPolicy: optional(z.enum(['Cluster', 'Local', ''])),
      trafficDistribution: text,
      publishNotReadyAddresses: flag,
    }),
  ),
  status: optional(
    z.object({
      loadBalancer: optional(
        z.object({
          ingress: optional(
            z.array(z.object({ ip: text, ipMode: optional(z.enum(['VIP', 'Proxy'])) })),
          ),
        }),
      ),
    }),
  ),
});

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

export type ServicePortsService = z.output<typeof service>;
export type ServiceSpec = NonNullable<ServicePortsService['spec']>;
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
  if (apiVersion === 'v1' && kind === 'Service') return service;
  if (apiVersion.startsWith('discovery.k8s.io/') && kind === 'EndpointSlice') return slice;
  const known = policySchemaOf(apiVersion, kind);
  const own = more[kind];
  return known === undefined || own === undefined ? undefined : z.intersection(known, own);
}

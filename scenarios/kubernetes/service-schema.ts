/**
 * The part of a Service that decides what it costs in the kernel and where connections to it go. Its
 * spec is loose, so that a misspelt field can be refused.
 */
import { z } from 'zod';
import { metadata } from './object-metadata.ts';

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

export const serviceSchema = z.object({
  ...base,
  metadata: metadata.extend({ annotations: optional(z.record(z.string(), z.unknown())) }),
  /** Loose, so that a misspelt field can be refused. */
  spec: optional(
    z.looseObject({
      type: optional(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: text,
      clusterIPs: texts,
      ipFamilyPolicy: text,
      ipFamilies: optional(z.array(z.enum(['IPv4', 'IPv6']))),
      selector: optional(labels),
      ports: optional(z.array(servicePort)),
      externalIPs: texts,
      loadBalancerSourceRanges: texts,
      allocateLoadBalancerNodePorts: flag,
      healthCheckNodePort: portOrNone,
      sessionAffinity: optional(z.enum(['None', 'ClientIP', ''])),
      sessionAffinityConfig: optional(
        z.object({ clientIP: optional(z.object({ timeoutSeconds: optional(z.int()) })) }),
      ),
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

export type ServicePortsService = z.output<typeof serviceSchema>;
export type ServiceSpec = NonNullable<ServicePortsService['spec']>;

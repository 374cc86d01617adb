/** `spec.workload`: what runs in the cluster. */
import { z } from 'zod';
import { duration, field, name } from './field.ts';

const none = 'nothing is added to what is written';

const serviceApi = 'the Service API of Kubernetes';

const endpointCount = () => z.int().min(0).max(1_000_000);

const endpoints = z.union([
  z.strictObject({ constant: field(endpointCount(), 'The same number for every Service') }),
  z.strictObject({
    distribution: field(z.literal('uniform'), 'Every number from min to max alike'),
    min: field(endpointCount(), 'Least endpoints'),
    max: field(endpointCount(), 'Most endpoints'),
  }),
  z.strictObject({
    distribution: field(z.literal('lognormal'), 'Many small Services and few large ones'),
    median: field(z.number().positive().max(1e6), 'Half of the Services have fewer'),
    p99: field(z.number().positive().max(1e6), 'One in a hundred has more'),
    max: field(endpointCount(), 'Cut off here'),
  }),
]);

const population = z.strictObject({
  name: field(name().optional(), 'Name, for traffic and paths', {
    default: 'services-1, services-2, ...',
    source: 'the place in the list',
  }),
  count: field(z.int().min(0).max(1_000_000), 'Services, at the size that cluster.scale refers to'),
  ports: field(z.int().min(1).max(100).default(1), 'Ports of each Service', { source: none }),
  protocol: field(z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'), 'Of every port', {
    source: serviceApi,
  }),
  type: field(
    z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP'),
    'How each Service is reached: by its cluster IP; also by a port of every node; also by one address of a load balancer',
    { source: serviceApi },
  ),
  externalIPs: field(z.int().min(0).max(100).default(0), 'External IPs of each Service', {
    source: none,
  }),
  loadBalancerSourceRanges: field(
    z.int().min(0).max(1000).default(0),
    'Ranges of addresses that may use the load balancer, each Service; only with type LoadBalancer',
    { source: none },
  ),
  internalTrafficPolicy: field(
    z.enum(['Cluster', 'Local']).default('Cluster'),
    'Whether the cluster IP leads to endpoints of the same node only',
    { source: serviceApi },
  ),
  externalTrafficPolicy: field(
    z.enum(['Cluster', 'Local']).optional(),
    'Whether node ports and load balancers lead to endpoints of the same node only, keeping the address of the client; not with type ClusterIP alone',
    { default: 'Cluster', source: serviceApi },
  ),
  sessionAffinity: field(
    z.enum(['None', 'ClientIP']).default('None'),
    'Whether a client keeps its endpoint',
    { source: serviceApi },
  ),
  sessionAffinityTimeout: field(
    duration().optional(),
    'How long after its last connection; only with sessionAffinity ClientIP',
    { default: '3h', source: serviceApi },
  ),
  trafficDistribution: field(
    z.enum(['PreferClose', 'PreferSameZone', 'PreferSameNode']).optional(),
    'Where connections go first: to endpoints of the same zone, or of the same node and then of the same zone',
    { default: 'every endpoint alike', source: serviceApi },
  ),
  endpoints: field(endpoints, 'Endpoints of each Service', {
    allowed:
      '{constant: n}, {distribution: uniform, min, max} or {distribution: lognormal, median, p99, max}',
  }),
});

const churnRate = z.number().min(0).max(100_000);
const churn = z.union([
  z.strictObject({
    podChangesPerSecond: field(
      churnRate.default(0),
      'Creations plus deletions a second in the whole cluster',
      {
        source: none,
      },
    ),
  }),
  z.strictObject({
    podChangesPerNodeHour: field(churnRate, 'Creations plus deletions an hour and node'),
  }),
]);

export const workloadSchema = z.strictObject({
  services: field(
    z.array(population).max(1000).default([]),
    'Populations of Services nobody writes by hand',
    {
      source: none,
    },
  ),
  objects: field(
    z
      .array(field(z.string().min(1).max(1000), 'A file or folder'))
      .max(1000)
      .default([]),
    'Files or folders of Kubernetes objects, relative to this file',
    { source: none },
  ),
  churn: field(churn.prefault({}), 'Background restarts and roll-outs', {
    allowed: '{podChangesPerSecond: n} or {podChangesPerNodeHour: n}',
    source: none,
  }),
});

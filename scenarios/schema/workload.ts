/** `spec.workload`, `spec.traffic` and `spec.events`: what runs, who talks, and what happens. */
import { z } from 'zod';
import { duration, field, name, rate, workloadReference } from './field.ts';

const none = 'nothing is added to what is written';

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

const trafficRate = z.union([
  z.strictObject({ perNode: field(rate(), 'New connections from every node') }),
  z.strictObject({ total: field(rate(), 'New connections in the whole cluster') }),
  z.strictObject({ perPod: field(rate(), 'New connections for every pod behind the target') }),
]);

export const trafficSchema = z.strictObject({
  name: field(name(), 'Name'),
  to: field(
    z
      .string()
      .regex(
        /^(\*|(([a-z0-9.-]+\/)?service\/[a-z0-9.-]+)|[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$/,
      ),
    'Where connections go',
    {
      allowed:
        'service/NAME, NAMESPACE/service/NAME, the name of an entry of workload.services, or "*" for every Service',
    },
  ),
  rate: field(trafficRate, 'New connections, from all nodes alike', {
    allowed: "{perNode: 2/s}, {total: 100/s} or {perPod: 120/s} (for each of the target's pods)",
  }),
});

const eventAt = () => field(duration(), 'When, counted from the end of the warm-up');
const label = () =>
  field(z.string().min(1).max(100).optional(), 'Text in charts', {
    default: 'what happens',
    source: 'the event itself',
  });

export const eventSchema = z.union([
  z.strictObject({
    at: eventAt(),
    rollingUpdate: field(workloadReference(), 'Replace every pod of a workload', {
      allowed:
        'deployment/NAME, statefulset/NAME or daemonset/NAME; NAMESPACE/deployment/NAME where two fit',
    }),
    label: label(),
  }),
  z.strictObject({
    at: eventAt(),
    scale: field(workloadReference(), 'Change the number of pods of a workload', {
      allowed: 'deployment/NAME, statefulset/NAME or replicaset/NAME',
    }),
    replicas: field(z.int().min(0).max(1_000_000), 'The new number'),
    label: label(),
  }),
  z.strictObject({
    at: eventAt(),
    addNodes: field(z.int().min(1).max(100_000), 'Nodes that join at once'),
    label: label(),
  }),
]);

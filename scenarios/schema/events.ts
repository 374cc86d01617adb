/** `spec.events`: what happens during the run. */
import { z } from 'zod';
import { duration, field, share, workloadReference } from './field.ts';
import { proxyChangeSchema } from './proxy.ts';

const eventAt = () => field(duration(), 'When, counted from the end of the warm-up');
const label = () =>
  field(z.string().min(1).max(100).optional(), 'Text in charts', {
    default: 'what happens',
    source: 'the event itself',
  });

const before = 'as before the event';
const poolName = () => z.string().regex(/^(\*|[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$/);
const poolsAllowed = 'the name of an entry of cluster.pools, or "*" for every node';
const selection = () => ({
  share: field(share().default('100%'), 'Of these nodes, the first so many', {
    source: 'all that are named',
  }),
  over: field(duration().default('0s'), 'From the first node to the last; one after another', {
    source: 'all at once',
  }),
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
  z.strictObject({
    at: eventAt(),
    restartAgents: field(poolName(), 'Restart the Service proxies of the nodes of a pool', {
      allowed: poolsAllowed,
    }),
    ...selection(),
    label: label(),
  }),
  z.strictObject({
    at: eventAt(),
    upgradeAgents: field(
      poolName(),
      'Restart the Service proxies of the nodes of a pool as other ones: a rolling upgrade',
      { allowed: poolsAllowed },
    ),
    to: field(
      z.strictObject({
        kubernetesVersion: field(z.string().min(1).max(20).optional(), 'Release they are of then', {
          allowed: 'a release in quotes, such as "1.34"',
          default: before,
          source: before,
        }),
        proxy: field(
          proxyChangeSchema(before).optional(),
          'What changes in their configuration, merged over what they have',
          { default: before, source: before },
        ),
      }),
      'What they become; merged over the pool, and over upgrades of it that were earlier',
      { allowed: '{kubernetesVersion: "1.35"}, {proxy: {mode: nftables}}, or both' },
    ),
    ...selection(),
    label: label(),
  }),
  z.strictObject({
    at: eventAt(),
    apiserverOutage: field(
      z.int().min(0).max(99),
      'A kube-apiserver stops, by its number from 0: the watches of its nodes break',
    ),
    for: field(duration(), 'How long it stays away'),
    label: label(),
  }),
]);

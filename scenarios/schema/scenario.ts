/** The whole document: `apiVersion: knetsim.dev/v1`, `kind: Scenario`. */
import { z } from 'zod';
import { clusterSchema } from './cluster.ts';
import { controlPlaneSchema } from './control-plane.ts';
import { eventSchema } from './events.ts';
import {
  assumptionSchema,
  runSchema,
  sloSchema,
  sweepSchema,
  targetSchema,
  variantSchema,
} from './experiment.ts';
import { field, name } from './field.ts';
import { proxySchema } from './proxy.ts';
import { trafficSchema } from './traffic.ts';
import { workloadSchema } from './workload.ts';

const none = { source: 'nothing is added to what is written' };

export const specSchema = z.strictObject({
  cluster: field(clusterSchema.prefault({}), 'Nodes, addresses, release'),
  controlPlane: field(controlPlaneSchema.prefault({}), 'Limits and timers of the control plane'),
  proxy: field(proxySchema.prefault({}), 'Service proxy of every node'),
  constants: field(
    z.record(z.string().min(1).max(200), z.number()).default({}),
    'Constants of the models, by id, in the unit of their declaration; knetsim explain ID',
    { allowed: '{id: number}', source: 'the declaration of each constant' },
  ),
  workload: field(
    workloadSchema.prefault({}),
    'What runs in the cluster, besides the objects in this file',
  ),
  traffic: field(z.array(trafficSchema).max(1000).default([]), 'Who opens connections', none),
  events: field(z.array(eventSchema).max(10_000).default([]), 'What happens during the run', none),
  run: field(runSchema.prefault({}), 'Length, warm-up, replications, seed'),
  variants: field(z.array(variantSchema).max(100).default([]), 'Alternatives to compare', none),
  sweep: field(z.array(sweepSchema).max(4).default([]), 'Sizes to run', none),
  slos: field(z.array(sloSchema).max(100).default([]), 'Objectives', none),
  target: field(targetSchema.optional(), 'The size that objectives are judged at', {
    default: 'the unswept value if it is one of the sizes, else the largest size',
    source: 'chosen by knetsim',
  }),
  assumptions: field(z.array(assumptionSchema).max(200).default([]), 'Printed in the report', none),
});

const texts = z.record(z.string().max(300), z.string().max(10_000));

export const scenarioSchema = z.strictObject({
  apiVersion: field(z.literal('knetsim.dev/v1'), 'Version of this format'),
  kind: field(z.literal('Scenario'), 'Kind of document'),
  metadata: field(
    z.strictObject({
      name: field(name(), 'Name of the scenario'),
      annotations: field(texts.optional(), 'Owner, decision, ...; printed in the report'),
      labels: field(texts.optional(), 'Printed in the report'),
    }),
    'Name and notes',
  ),
  spec: field(specSchema.prefault({}), 'The experiment'),
  objects: field(
    z.array(z.record(z.string(), z.unknown())).optional(),
    'Kubernetes objects, as results embed them; in a file of your own write them as documents after ---',
  ),
});

export type ScenarioDocument = z.output<typeof scenarioSchema>;
export type Spec = z.output<typeof specSchema>;
export type SloEntry = z.output<typeof sloSchema>;

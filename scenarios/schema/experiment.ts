/** The rest of `spec`: how long and how often, variants, sizes, objectives, and what is assumed. */
import { z } from 'zod';
import { duration, field, limit, name } from './field.ts';

const chosen = 'chosen by knetsim';

export const runSchema = z.strictObject({
  duration: field(duration().default('10m'), 'Measured time', {
    source: `${chosen}: ten thousand changes at 20 a second`,
  }),
  warmup: field(
    z.union([z.literal('auto'), duration()]).default('auto'),
    'Simulated before measuring. auto: the longest of 30s, proxy.syncPeriod and the longest time a pod takes to end; timers start with random phases, so nothing slower has to settle',
    { allowed: 'a duration, or auto', source: chosen },
  ),
  replications: field(
    z
      .union([
        z.int().min(1).max(1000),
        z.strictObject({ min: field(z.int().min(1).max(1000), 'Replications') }),
      ])
      .default(5),
    'Independent runs of every point; intervals come from the spread between them',
    {
      allowed: 'a whole number from 1 to 1000, or {min: number}',
      source: `${chosen}: the t quantile falls from 12.7 at 2 to 2.8 at 5 runs`,
    },
  ),
  seed: field(
    z.union([z.int(), z.string().min(1).max(200)]).default(1),
    'Root of all random numbers',
    {
      allowed: 'a whole number or text',
      source: chosen,
    },
  ),
});

export const sloSchema = z.strictObject({
  name: field(name(), 'Name'),
  metric: field(z.string().min(1).max(100), 'What is measured', {
    allowed: 'a metric of the catalogue, such as networkProgramming',
  }),
  quantile: field(z.number().gt(0).lt(1).optional(), 'For metrics with a distribution', {
    allowed: 'a number between 0 and 1, such as 0.99',
    default: 'the mean',
    source: chosen,
  }),
  as: field(z.enum(['ratio']).optional(), 'Says that the metric is a share; for the reader'),
  max: field(limit(), 'Upper limit', {
    allowed:
      'a duration for times (5s), a number or percentage for ratios (1e-6), else a number or rate',
  }),
  gate: field(z.enum(['gate', 'warn']).default('gate'), 'Whether a miss changes the exit code', {
    source: chosen,
  }),
});

export const variantSchema = z.strictObject({
  name: field(name(), 'Name'),
  set: field(
    z.record(z.string(), z.unknown()).default({}),
    'Merged over spec: maps merge, values and plain lists replace, lists of named things merge by name, null removes',
    {
      allowed: 'any part of spec but variants, sweep, target, slos, run.seed and run.replications',
      source: 'no change',
    },
  ),
  candidate: field(z.boolean().default(true), 'Whether it counts for the exit code', {
    source: chosen,
  }),
  note: field(z.string().max(2000).optional(), 'Printed beside it'),
});

const swept = z.union([z.number(), z.string().max(200), z.boolean()]);

export const sweepSchema = z.strictObject({
  path: field(z.string().min(1).max(300), 'Field below spec, such as cluster.nodes'),
  values: field(z.array(swept).min(1).max(1000), 'The values, each valid for the field'),
});

export const targetSchema = z.strictObject({
  path: field(z.string().min(1).max(300).default('cluster.nodes'), 'Field the target is about', {
    source: chosen,
  }),
  value: field(z.number().positive().max(1e9), 'The size to plan for'),
  headroom: field(
    z.number().min(1).max(100).default(1),
    'Objectives must hold at value x headroom',
    {
      source: 'no margin unless asked for',
    },
  ),
  gateAt: field(
    z.number().positive().max(1e9).optional(),
    'Judge here instead, as --set on the path of the target does',
    {
      default: 'value x headroom',
      source: chosen,
    },
  ),
});

export const assumptionSchema = z.strictObject({
  id: field(name().optional(), 'Short name to refer to'),
  text: field(z.string().min(1).max(2000), 'The assumption, printed in the report'),
  source: field(z.string().max(2000).optional(), 'Where it comes from'),
});

/**
 * What the points of a variant depend on besides the swept values and the seed: nothing of other
 * variants, of other sizes, of objectives or of notes. It stands in the results, so that the hash of
 * a point can be recomputed from them; objects stand in it by their own hash.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { KubernetesObject } from '../kubernetes/read-objects.ts';
import type { Context } from './context.ts';

/** As plain JSON. */
export function pointSpec(context: Context, objects: readonly KubernetesObject[]): unknown {
  const { cluster, controlPlane, proxy, constants, traffic, events } = context.spec;
  const { services, churn } = context.spec.workload;
  const { duration, warmup } = context.spec.run;
  const simulated = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
  const spec = {
    cluster,
    controlPlane,
    proxy,
    constants,
    workload: { services, churn, objects: hashOf(simulated.map(({ value }) => value)) },
    traffic,
    events,
    run: { duration, warmup },
    referenceNodes: referenceNodesOf(context),
  };
  return JSON.parse(JSON.stringify(spec));
}

/** Nodes that the counts of `workload` are written for, see `cluster.scale`. */
export function referenceNodesOf({ spec }: Context): number {
  return spec.target?.path === 'cluster.nodes' ? spec.target.value : spec.cluster.nodes;
}

function hashOf(values: readonly unknown[]): string {
  return `sha256:${createHash('sha256').update(canonicalJson(values)).digest('hex')}`;
}

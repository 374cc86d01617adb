/** Node objects of the input as defaults of `cluster.nodes`, `zones` and `pools`. */
import type { NodeModel } from '../kubernetes/nodes.ts';
import { merge } from '../merge.ts';
import { at, type Origins } from '../origins.ts';

/** With `cluster.nodes` written, Node objects are a sample of the fleet: nothing but classes. */
export function withNodeObjects(
  raw: unknown,
  nodes: NodeModel | undefined,
  origins: Origins,
): unknown {
  if (nodes === undefined) return raw;
  const unwritten = (path: readonly string[]) =>
    at(raw, ['spec', 'cluster', ...path]) === undefined;
  const cluster: Record<string, unknown> = {};
  if (unwritten(['nodes'])) cluster.nodes = nodes.count;
  if (unwritten(['zones', 'count'])) cluster.zones = { count: nodes.zones };
  if (unwritten(['pools'])) {
    cluster.pools = nodes.classes;
  }
  return merge(raw, { spec: { cluster } }, origins, []);
}

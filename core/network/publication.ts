/**
 * What the control plane tells every partition of a run: the slice writes it has committed, and the
 * nodes that have joined, in its order. Each partition applies them to its own copy of the log and of
 * the fan-out. They arrive at the barrier that ends a window; no node can notice that, because what
 * the control plane does reaches a node a lookahead later at the earliest.
 */
import type { Emission } from './fanout.ts';
import type { EndpointChange } from './slice-packing.ts';
import type { WriteInstants } from './write-times.ts';

export interface PublishedWrite {
  readonly kind: 'write';
  readonly service: number;
  readonly changes: readonly EndpointChange[];
  readonly instants: WriteInstants;
  readonly emission: Emission;
}

export interface NodeJoined {
  readonly kind: 'nodeJoined';
  readonly node: number;
  readonly nowNs: number;
}

export type Publication = PublishedWrite | NodeJoined;

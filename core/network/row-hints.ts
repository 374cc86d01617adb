/** Hints of the rows of the slice log, as the proxy of one node reads them. */
import { followHints, type PlaceHints } from '../models/proxy/rules/hints.ts';
import { type HintRules, NO_HINT } from './hint-rules.ts';
import type { SliceLog } from './slice-log.ts';

export class RowHints {
  private readonly rules: HintRules;
  private readonly ofZones: readonly PlaceHints<number>[];
  private readonly ofNodesAndZones: readonly PlaceHints<number>[];
  /** Of the node whose view is asked for. */
  private node = 0;
  private zone = 0;

  /** `nodeOfPod`: where each pod is. */
  constructor(log: SliceLog, rules: HintRules, pods: { readonly node: Int32Array }) {
    this.rules = rules;
    const has = (row: number) => log.rowHint[row] !== NO_HINT;
    const zones = { has, fits: (row: number) => log.rowHint[row] === this.zone };
    const nodes = { has, fits: (row: number) => pods.node[log.rowPod[row]!] === this.node };
    this.ofZones = [zones];
    this.ofNodesAndZones = [nodes, zones];
  }

  /** Whether the endpoints of a Service have hints, and such for their nodes. */
  hasHints(service: number): boolean {
    return this.rules.zone[service] === 1;
  }

  /** Of `ready` rows of a Service, those that hints for a zone leave; `into` is filled anew. */
  inZone(ready: readonly number[], zone: number, into: number[]): readonly number[] {
    this.zone = zone;
    return followHints(ready, this.ofZones, into);
  }

  /** Of `ready` rows of a Service, those that all hints leave on a node. */
  onNode(
    ready: readonly number[],
    service: number,
    place: { readonly node: number; readonly zone: number; readonly looksAtNodeHints: boolean },
    into: number[],
  ): readonly number[] {
    this.node = place.node;
    this.zone = place.zone;
    const hintsAtNodes = this.rules.node[service] === 1 && place.looksAtNodeHints;
    return followHints(ready, hintsAtNodes ? this.ofNodesAndZones : this.ofZones, into);
  }
}

/** An explanation as one JSON document: times in seconds of simulated time, from the start of the run. */
import type { ReplicationExplanation } from '../../core/why/explain-replication.ts';
import type { Choice } from './choose.ts';

export interface Explained extends Choice {
  readonly replication: number;
  readonly explanation: ReplicationExplanation;
  /** Of the results. */
  readonly resultHash: string;
}

const NS = 1e9;

export function explanationDocument(explained: Explained): Record<string, unknown> {
  const { point, metric, quantile, slo, replication, explanation, resultHash } = explained;
  const { samples, censored, quantileNs, tail, worst } = explanation;
  return {
    apiVersion: 'knetsim.dev/v1',
    kind: 'Explanation',
    resultHash,
    variant: point.variant,
    at: point.at,
    replication,
    metric,
    ...(slo === undefined ? {} : { slo: { name: slo.name, limit: slo.limit } }),
    samples,
    inFlight: censored,
    quantile,
    ...(quantileNs === null ? {} : { value: quantileNs / NS }),
    tail: {
      rule: tail.rule,
      from: tail.fromNs / NS,
      samples: tail.samples,
      explained: tail.explained,
      causes: tail.causes.map((one) => ({ ...one, share: one.samples / tail.explained })),
    },
    worst: worst.map(
      ({ triggerNs, visibleNs, stages, node, zone, apiserver, nodeName: _, ...chain }) => ({
        ...chain,
        node: `node-${node}`,
        zone: `zone-${zone}`,
        apiserver: `apiserver-${apiserver}`,
        from: triggerNs / NS,
        to: visibleNs / NS,
        seconds: (visibleNs - triggerNs) / NS,
        nanoseconds: visibleNs - triggerNs,
        stages: stages.map(({ stage, fromNs, toNs, waits }) => ({
          stage,
          from: fromNs / NS,
          to: toNs / NS,
          nanoseconds: toNs - fromNs,
          waits: waits.map(({ cause, behind, fromNs, toNs }) => ({
            cause,
            behind,
            from: fromNs / NS,
            to: toNs / NS,
          })),
        })),
      }),
    ),
  };
}

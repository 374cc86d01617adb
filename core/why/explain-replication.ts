/**
 * Explains one replication: it is simulated again, watched, and its worst changes are kept with what
 * they waited for, besides the cause of every sample of the tail. The cell of the first time says where
 * the tail begins, so that only samples of the tail are looked at, of a large
 * one a fixed share. Memory grows with writes.
 */
import { assert } from '../assert.ts';
import { constantReader } from '../constant.ts';
import type { Cell } from '../metrics/cell.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { nodesEver, Topology } from '../network/topology.ts';
import { poolOfNodes } from '../network/world.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { type Buckets, bucketsOfHistogram, samplesIn, withSamplesAt } from '../stats/buckets.ts';
import { quantileOf } from '../stats/quantile.ts';
import { emptyTrace } from '../trace.ts';
import { behindText, CAUSE_IDS, CAUSES, type Cause } from './causes.ts';
import { type Names, namesOf } from './names.ts';
import type { Stage } from './waits.ts';
import { type KeptChain, WhyObserver } from './why-observer.ts';

/** Metrics whose samples have stages. */
export const EXPLAINED = ['networkProgramming', 'endpointConvergence'] as const;
export type ExplainedMetric = (typeof EXPLAINED)[number];

/** About so many samples have their causes found out: enough for shares to a tenth of a percent or so. */
const MOST_EXPLAINED = 100_000;

export interface Question {
  readonly metric: ExplainedMetric;
  readonly quantile: number;
  /** Samples beyond it are the tail if there are any; else those at or beyond the quantile. */
  readonly limitNs: number | null;
  /** Changes to explain. */
  readonly worst: number;
}

export interface ChainWait {
  readonly cause: Cause;
  readonly title: string;
  readonly behind: string;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface ChainStage {
  readonly stage: Stage;
  readonly fromNs: number;
  readonly toNs: number;
  /** Without gaps from `fromNs` to `toNs`. */
  readonly waits: readonly ChainWait[];
}

/** A change of a Service on its way to one node. */
export interface Chain {
  readonly service: string;
  readonly change: string;
  readonly node: number;
  /** With its zone and apiserver, and its pool where there are several. */
  readonly nodeName: string;
  readonly pool: string;
  readonly zone: number;
  readonly apiserver: number;
  readonly triggerNs: number;
  readonly visibleNs: number;
  readonly cause: Cause;
  readonly stages: readonly ChainStage[];
}

export interface TailCause {
  readonly cause: Cause;
  readonly title: string;
  readonly samples: number;
}

export interface Tail {
  /** `limit`: samples longer than the limit; `quantile`: in its bucket or beyond. */
  readonly rule: 'quantile' | 'limit';
  /** Its shortest sample may be this long. */
  readonly fromNs: number;
  readonly samples: number;
  /** Samples whose cause was found out: all, or every so many-th of a large tail. */
  readonly explained: number;
  /** By number of samples explained. */
  readonly causes: readonly TailCause[];
}

export interface ReplicationExplanation {
  readonly samples: number;
  readonly censored: number;
  readonly quantileNs: number | null;
  readonly tail: Tail;
  /** One chain a change, on the node where it took longest; the worst first. */
  readonly worst: readonly Chain[];
}

/** @param cell what this replication of `plan` has given. */
export function explainReplication(
  plan: Plan,
  replication: number,
  cell: Cell,
  question: Question,
): ReplicationExplanation {
  const { metric, worst } = question;
  const { histogram, censored } = cell.distributions[metric]!;
  const buckets = bucketsOfHistogram(histogram);
  const samples = samplesIn(buckets);
  const bounds = tailOf(buckets, censored, question);
  const topology = new Topology(plan, nodesEver(plan));
  const observer = new WhyObserver({
    plan,
    read: constantReader(plan.constants),
    topology,
    tailFromNs: bounds.fromNs,
    worst,
    inFlight: metric === 'endpointConvergence' ? censored : 0,
    lastNodeOnly: metric === 'endpointConvergence',
    every: Math.max(1, Math.ceil(countFrom(buckets, bounds.fromNs) / MOST_EXPLAINED)),
  });
  simulate(plan, replication, undefined, { ...emptyTrace(), observer });
  const { inTail, counts, chains } = observer.result();
  const placeOf = placesOf(plan, topology);
  const names = namesOf(
    plan,
    (position) => observer.memory.writeAt(position)?.service,
    (pod) => observer.memory.workloadOf(pod),
  );
  const atLeast = countFrom(buckets, bounds.fromNs);
  // A limit may lie inside a bucket, of which any share may be beyond it.
  const atMost = bounds.rule === 'quantile' ? atLeast : countUpTo(buckets, bounds.fromNs);
  assert(
    inTail >= atLeast && inTail <= atMost,
    `${inTail} samples in the tail, ${atLeast} to ${atMost} by the cell`,
  );
  const causes = CAUSE_IDS.map((cause, i) => ({
    cause,
    title: CAUSES[cause].title,
    samples: counts[i]!,
  }));
  return {
    samples,
    censored,
    quantileNs: bounds.quantileNs,
    tail: {
      rule: bounds.rule,
      fromNs: bounds.fromNs,
      samples: inTail,
      explained: counts.reduce((sum, count) => sum + count, 0),
      causes: causes.filter((one) => one.samples > 0).sort((a, b) => b.samples - a.samples),
    },
    worst: chains.map((chain) => chainOf(chain, names, placeOf(chain.sample.node))),
  };
}

function tailOf(
  buckets: Buckets,
  censored: number,
  { quantile, limitNs }: Question,
): Pick<Tail, 'rule' | 'fromNs'> & { readonly quantileNs: number | null } {
  const all = withSamplesAt(buckets, censored, Number.POSITIVE_INFINITY);
  const found = quantileOf(all, quantile);
  const value = found?.value ?? Number.POSITIVE_INFINITY;
  const quantileNs = Number.isFinite(value) ? value : null;
  const longest = buckets.high.at(-1) ?? 0;
  if (limitNs !== null && longest > limitNs) {
    return { rule: 'limit', fromNs: Math.floor(limitNs) + 1, quantileNs };
  }
  // A quantile among samples in flight leaves the bucket of the longest that ended.
  const position = Math.min(found?.position ?? 0, buckets.low.length - 1);
  return { rule: 'quantile', fromNs: buckets.low[position] ?? 0, quantileNs };
}

function countFrom(buckets: Buckets, fromNs: number): number {
  return buckets.count.reduce((sum, count, i) => sum + (buckets.low[i]! >= fromNs ? count : 0), 0);
}

/** Samples of buckets that reach `fromNs`. */
function countUpTo(buckets: Buckets, fromNs: number): number {
  return buckets.count.reduce((sum, count, i) => sum + (buckets.high[i]! >= fromNs ? count : 0), 0);
}

type NodePlace = Pick<Chain, 'nodeName' | 'pool' | 'zone'>;

function placesOf(plan: Plan, topology: Topology): (node: number) => NodePlace {
  const { cluster } = plan;
  const poolOf = poolOfNodes(plan, topology.nodes);
  return (node) => {
    const pool = cluster.pools[poolOf[node]!]!.name;
    const zone = topology.zoneOf[node]!;
    const parts = [
      ...(cluster.pools.length > 1 ? [`pool ${pool}`] : []),
      ...(topology.zones > 1 ? [`zone-${zone}`] : []),
      `apiserver-${topology.apiserverOf[node]!}`,
    ];
    const joined = node >= cluster.nodes ? ', which joined' : '';
    return { pool, zone, nodeName: `node-${node}${joined} (${parts.join(', ')})` };
  };
}

function chainOf(
  { remembered, sample, waits, cause }: KeptChain,
  names: Names,
  place: NodePlace,
): Chain {
  const { write } = remembered;
  const { receivedNs, syncStartNs, kernelStartNs, visibleNs, node, apiserver } = sample;
  const ends = [
    write.knownNs,
    write.syncStartNs,
    write.requestNs,
    write.commitNs,
    receivedNs,
    syncStartNs,
    kernelStartNs,
    visibleNs,
  ];
  const stages = PROGRAMMING_STAGES.map((stage, i) => ({
    stage,
    fromNs: i === 0 ? write.triggerNs : ends[i - 1]!,
    toNs: ends[i]!,
    waits: waits.stages[stage].map((wait) => ({
      cause: wait.cause,
      title: CAUSES[wait.cause].title,
      behind: behindText(wait.cause, wait.detail, names, wait.surface),
      fromNs: wait.fromNs,
      toNs: wait.toNs,
    })),
  }));
  return {
    service: names.service(write.service),
    change: `${names.pod(write.pod)} ${STATES[write.known] ?? 'changed'}`,
    node,
    ...place,
    apiserver,
    triggerNs: write.triggerNs,
    visibleNs,
    cause,
    stages,
  };
}

/** By `Known`. */
const STATES = ['changed', 'Ready', 'terminating', 'gone'];

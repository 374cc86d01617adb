/**
 * The results document (`results.json`). The contract of section 6 of the design: keys may be
 * added, never renamed. Times in seconds. Nothing in it depends on the wall clock, the number of
 * workers or the order in which cells finished.
 */

export interface Results {
  apiVersion: 'knetsim.dev/v1';
  kind: 'Results';
  scenario: { name: string; hash: string; document: unknown };
  knetsim: { version: string };
  seed: string;
  resultHash: string;
  points: Point[];
  scaling: Scaling[];
  capacity: Capacity[];
  comparisons: Comparison[];
  advice: Advice[];
  provenance: Provenance[];
  /** The models that ran, in their own words. */
  models: ModelText[];
  notModelled: NotModelled[];
  warnings: Warning[];
  /** The gate's decision and the sentence that states it. */
  verdict: Verdict;
  /** Where the gate looks: `spec.target` with its headroom applied, or the largest size. */
  target: { path: string; value: number; headroom: number; gateAt: number } | null;
  /** Declared variants in order, with whether they gate, and the spec in the hash of their points. */
  variants: { name: string; candidate: boolean; title: string; note?: string; spec: unknown }[];
}

/**
 * An estimate with its interval. `low` and `high` are the total; `parts` are half-widths.
 * `confidence` 0 and no parts: there is no interval (one replication), and no verdict rests on it.
 */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  confidence: number;
  parts: { noise?: number; constants?: number; model?: number };
}

export interface Metric {
  unit: string;
  kind: 'distribution' | 'ratio' | 'rate' | 'gauge' | 'count';
  samples: number;
  effectiveSamples: number;
  mean?: Estimate;
  p50?: Estimate;
  p90?: Estimate;
  p99?: Estimate;
  p999?: Estimate;
  value?: Estimate;
  max?: Estimate;
  /** Why there is no value. */
  reason?: string;
  /** Why one statistic is absent while others are there, by its key (`p99`, ...). */
  missing?: Record<string, string>;
  /** Samples that had not ended when the runs did. */
  censored?: number;
  /** Ratios of exposures only. */
  exposure?: {
    hits: number;
    trials: number;
    windows: number;
    hitWindows: number;
    exposedSeconds: number;
  };
}

export interface Point {
  variant: string;
  at: Record<string, number | string | boolean>;
  hash: string;
  replications: number;
  /**
   * What each replication gave, as the sha256 of its cell: what replaying it must give again; and the
   * means, in seconds, of the metrics with stages.
   */
  cells?: { replication: number; hash: string; means: Record<string, number> }[];
  warmUpSeconds: number;
  horizonSeconds: number;
  events: number;
  workload: {
    nodes: number;
    pods: number;
    services: number;
    endpoints: number;
    /** NetworkPolicies that were simulated; those listed in `notModelled` are not among them. */
    policies: number;
    podChangesPerSecond: number;
    requestsPerSecond: number;
  };
  metrics: Record<string, Metric>;
  /** Seconds by stage; each adds up to the metric's mean, its p99 (within a bucket), its tail mean. */
  stages: Record<string, StageTables>;
  /** What each class of service proxies takes, where a fleet is mixed; means of the replications. */
  proxyClasses?: ProxyClassResult[];
  slos: SloResult[];
  audits: { name: string; ok: boolean; detail?: string }[];
  series: { binSeconds: number; columns: Record<string, number[]> };
  /** Cumulative distribution for figures: value (seconds) and share of samples at or below it. */
  histograms: Record<string, { upTo: number[]; share: number[] }>;
}

/** Nodes with one release, mode and configuration of their proxy, when the measured window ends. */
export interface ProxyClassResult {
  kubernetesVersion: string;
  /** Id of the proxy mode. */
  proxy: string;
  nodes: number;
  /** Of all nodes together, while they were of the class. */
  proxyCpuCores: number;
  /** Of one node, on average; null without a node. */
  kernelRules: number | null;
  kernelMemoryBytes: number | null;
  proxyMemoryBytes: number | null;
}

export interface StageTables {
  mean: Record<string, number>;
  p99: Record<string, number>;
  tail: Record<string, number>;
}

export type VerdictWord = 'holds' | 'fails' | 'inconclusive';

export interface SloResult {
  name: string;
  metric: string;
  /** Absent when the SLO is on a ratio, rate or gauge. */
  quantile?: number;
  limit: number;
  unit: string;
  gate: 'gate' | 'warn';
  verdict: VerdictWord;
  /** What is counted never had a chance to happen: the interval proves nothing. */
  untested?: true;
  basis: ('noise' | 'constants' | 'model')[];
  value?: number;
  low?: number;
  high?: number;
  reason?: string;
}

export interface Scaling {
  variant: string;
  metric: string;
  /** The statistic that was fitted. */
  statistic: 'p99' | 'value';
  along: string;
  /** Values of the other swept paths, where there are any. */
  at?: Record<string, number | string | boolean>;
  exponent: { value: number; low: number; high: number };
}

export interface Capacity {
  variant: string;
  along: string;
  /** Values of the other swept paths, where there are any. */
  at?: Record<string, number | string | boolean>;
  /**
   * Largest simulated size up to which every gated SLO holds, and smallest at which one fails.
   * Sizes between the two are inconclusive.
   */
  holdsUpTo: number | null;
  failsFrom: number | null;
  low: number | null;
  high: number | null;
  confidence: number;
  verdict: VerdictWord;
  limitedBy: string | null;
}

export interface Comparison {
  baseline: string;
  variant: string;
  metric: string;
  /** The statistic that was compared. */
  statistic: 'p99' | 'value';
  at: Record<string, number | string | boolean>;
  /** Variant minus baseline, in the unit of the metric. */
  difference: { value: number; low: number; high: number };
  significant: boolean;
  /** Half-width of the interval: the smallest difference that could have been seen. */
  detectable: number;
}

export interface Advice {
  set: Record<string, unknown>;
  metric: string;
  gain: { value: number; low: number; high: number };
  sideEffects: string[];
  evidence: string[];
}

export interface Provenance {
  id: string;
  value: number;
  unit: string;
  range: [number, number];
  about: string;
  source: { kind: string; ref: string; setup?: string };
  overridden: boolean;
}

export interface ModelText {
  id: string;
  title: string;
  models: string[];
  ignores: string[];
  lifecycle?: { since: string; deprecated?: string; removed?: string };
  minimumKernel?: string;
}

/** Names the object and the field, never a line of a file: results do not depend on its layout. */
export interface NotModelled {
  /** `NetworkPolicy shop/cart`, `spec.type of Service shop/web`, ... */
  what: string;
  why: string;
}

export interface Warning {
  code: string;
  text: string;
  /** Points it is about, such as `iptables at 5,000 nodes`; never a line of a file. */
  where?: string;
}

export interface Verdict {
  word: VerdictWord | 'none';
  sentence: string;
  /** Exit code that `--gate slo` gives. */
  exitCode: 0 | 4 | 5;
}

/**
 * A cell: what one replication of one point produces. Mergeable integer accumulators, plain data,
 * written to disk as JSON. Every number of a report is derived from cells afterwards.
 */
import type { HistogramCell } from './histogram.ts';

/** An exact non-negative integer: `high * 2^52 + low`, `low` below 2^52. */
export type Wide = readonly [high: number, low: number];

export interface Cell {
  readonly format: 1;
  readonly replication: number;
  /** Events the engine executed. */
  readonly events: number;
  /** Distributions of times (ns) or counts, by metric id. */
  readonly distributions: Readonly<Record<string, DistributionCell>>;
  /** Counts over fixed bounds, by metric id: what a Prometheus histogram would hold. */
  readonly buckets: Readonly<Record<string, BucketCell>>;
  /** Means as quotients of integers, by metric id: gauges and rates. */
  readonly quotients: Readonly<Record<string, QuotientCell>>;
  /** Hits among trials, with the windows in which a hit was possible, by metric id. */
  readonly exposures: Readonly<Record<string, ExposureCell>>;
  /** Integer columns over equal bins of the measured window. */
  readonly series: SeriesCell;
  readonly workload: WorkloadCell;
  /** What each class of service proxies takes, where there are several in the run. */
  readonly proxyClasses?: readonly ProxyClassCell[];
  /** Invariants checked in this replication. */
  readonly audits: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
  /** Facts to print beside the verdict, such as samples still in flight at the end. */
  readonly warnings: readonly string[];
}

export interface DistributionCell {
  readonly histogram: HistogramCell;
  /** Independent causes behind the samples (changes, not packets). */
  readonly effective: number;
  /**
   * Samples that had not ended when the run did; not in the histogram. Their causes lie in the
   * measured window, so each has lasted at least the plan's `drainNs`.
   */
  readonly censored: number;
}

/** `counts[i]` samples in `(bounds[i - 1], bounds[i]]` ns; the last bound is null: no upper end. */
export interface BucketCell {
  readonly bounds: readonly (number | null)[];
  readonly counts: readonly number[];
}

export interface QuotientCell {
  readonly numerator: Wide;
  readonly denominator: Wide;
  /** Greatest single contribution, in the unit of the quotient, where that means something. */
  readonly max?: number;
  /** Independent causes behind the numerator. */
  readonly effective: number;
}

export interface ExposureCell {
  readonly hits: number;
  readonly trials: number;
  /** Windows in which a hit could happen, and windows with at least one. */
  readonly windows: number;
  readonly hitWindows: number;
  /** Total length of the windows, nanoseconds. */
  readonly exposedNs: Wide;
}

export interface SeriesCell {
  readonly binNs: number;
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

/** Nodes with one release, mode and configuration of their proxy, when the measured window ends. */
export interface ProxyClassCell {
  readonly kubernetesVersion: string;
  /** Id of the proxy mode. */
  readonly proxy: string;
  readonly nodes: number;
  /** Sums over the nodes. */
  readonly kernelRules: Wide;
  readonly kernelBytes: Wide;
  readonly proxyBytes: Wide;
  /** Microseconds of CPU in the measured window, of nodes while they were of the class. */
  readonly proxyCpuUs: number;
}

/** What was really simulated, for the line under every size. */
export interface WorkloadCell {
  readonly nodes: number;
  readonly pods: number;
  readonly services: number;
  readonly endpoints: number;
  readonly policies: number;
  /** Creations and deletions counted in the measured window. */
  readonly podChanges: number;
  readonly requests: number;
}

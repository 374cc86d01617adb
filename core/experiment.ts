/**
 * An experiment: the points (variant x size) a scenario asks for, each with its plan, and how they
 * are judged. Made by `scenarios/`, executed by `workers/`, summarised by `core/stats/`.
 */

import type { Plan } from './plan.ts';
import type { NotModelled, Warning } from './results.ts';

export interface Experiment {
  readonly name: string;
  /** sha256 of the canonical JSON of the effective document and of the bytes it refers to. */
  readonly hash: string;
  /** The effective document, printed in the report and replayed by later commands. */
  readonly document: unknown;
  readonly seed: string;
  readonly replications: number;
  readonly variants: readonly ExperimentVariant[];
  readonly points: readonly ExperimentPoint[];
  readonly slos: readonly SloSpec[];
  readonly target: ExperimentTarget | null;
  readonly notModelled: readonly NotModelled[];
  readonly warnings: readonly Warning[];
}

export interface ExperimentVariant {
  readonly name: string;
  /** Candidates gate the exit code. */
  readonly candidate: boolean;
  /** Title of what it runs, for example the proxy model's. */
  readonly title: string;
  readonly note?: string;
  /**
   * What its points depend on besides the swept values and the seed, as plain data: the variant's
   * effective spec before sweep values are applied. Part of the hash of its points.
   */
  readonly spec: unknown;
}

export interface ExperimentPoint {
  readonly variant: string;
  readonly at: Readonly<Record<string, number | string | boolean>>;
  readonly plan: Plan;
  /** Gates are judged at this point. */
  readonly gated: boolean;
}

/** Where gates are judged: `gateAt` = value x headroom, one of the sizes of the sweep. */
export interface ExperimentTarget {
  readonly path: string;
  readonly value: number;
  readonly headroom: number;
  readonly gateAt: number;
}

export interface SloSpec {
  readonly name: string;
  /** A metric id of the catalogue. */
  readonly metric: string;
  /** For distributions; the mean when absent. */
  readonly quantile?: number;
  /** Upper limit in the unit of the results document (seconds for times). */
  readonly limit: number;
  readonly gate: 'gate' | 'warn';
}

/** Replications of a point whose cells are there; `cells` in order of replication. */
export interface PointCells {
  readonly point: ExperimentPoint;
  readonly cells: readonly import('./metrics/cell.ts').Cell[];
}

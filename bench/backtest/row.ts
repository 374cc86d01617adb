/**
 * A row of the ledger: one published or measured figure and what the models say under the same
 * conditions. A row holds no prediction, only how to make one from constants, so that intervals
 * (`propagate.ts`) and estimates without a source (`leave-out.ts`) come from the same functions.
 */
import type { Constant, ConstantReader } from '../../core/constant.ts';
import { constant } from '../../core/constant.ts';
import { assumed } from '../../core/models/sources.ts';
import type { SourceId } from './sources.ts';

export type Unit = 'ns' | 'bytes' | 'count' | 'ratio';

/** A value and what it is known to lie between; all three alike where that is not known. */
export interface Known {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** One reading of what the source leaves open, such as the back end of iptables. */
export interface Reading {
  readonly setting: string;
  /** In the unit of the row. Reads constants of the models and unknown conditions alike. */
  readonly at: (read: ConstantReader) => number;
  /** What to move one by one; all that `at` reads when absent. For runs, which are dear. */
  readonly moves?: () => readonly Constant[];
  /** Figures of further replications at the declared constants. */
  readonly replications?: () => readonly number[];
}

export interface Row {
  readonly id: string;
  /** Models the row is about: ids of proxy modes, or `pipeline`, `control-plane`, `dataplane`. */
  readonly models: readonly string[];
  readonly source: SourceId;
  readonly about: string;
  /** What the source states of the conditions, and what had to be assumed. */
  readonly conditions: string;
  readonly unit: Unit;
  readonly measured: Known;
  readonly readings: readonly Reading[];
  /** Constants whose value was set from this row. */
  readonly sets: readonly string[];
  /** Constants an end of whose range was set with this row in sight. */
  readonly ranges?: readonly string[];
  /**
   * `calculated`: published, but not measured. `count`: exact arithmetic, without constants. Neither is
   * evidence for a cost.
   */
  readonly kind: 'published' | 'calculated' | 'kernel' | 'count';
  /** Section of docs/validation.md on why the prediction is where it is. */
  readonly why?: string;
}

/** A figure without a stated error. */
export function exactly(value: number): Known {
  return { value, low: value, high: value };
}

/** A figure with a reading error. */
export function plusMinus(value: number, error: number): Known {
  return { value, low: value - error, high: value + error };
}

/** A condition that the source does not state: a constant of the row, with the range it may have. */
export function unknown(
  name: string,
  value: number,
  range: readonly [number, number],
  unit: string,
  about: string,
): Constant {
  const source = assumed('not stated by the source');
  return constant({ id: `unknown.${name}`, value, unit, range, about, source });
}

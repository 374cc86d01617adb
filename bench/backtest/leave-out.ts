/**
 * How well a model describes a source that it has not seen. The constants that the source's rows set
 * are estimated again from all other rows of the model that set constants, by relative least squares
 * (the models are linear in their costs; counts at which a cache overflows stay), and the source's
 * rows are predicted with the estimates. A constant that no other row determines leaves the rows that
 * feel it without a prediction; one that was published takes the geometric middle of its range.
 */
import type { Constant } from '../../core/constant.ts';
import { constantById } from '../../core/models/index.ts';
import { solve } from '../fit/least-squares.ts';
import type { Row } from './row.ts';
import type { SourceId } from './sources.ts';

export interface LeftOut {
  readonly model: string;
  readonly source: SourceId;
  /** Rows of the source that set constants, and those that the rest predicts. */
  readonly rows: number;
  readonly predicted: number;
  /** Median and greatest absolute relative error of the predicted ones; null without any. */
  readonly medianError: number | null;
  readonly greatestError: number | null;
}

/** Standard deviation of a relative residual: what runs differ by, and what a straight model misses. */
const NOISE = 0.1;
/** So little is known of a constant before: a hundred times itself. */
const PRIOR = 100;
/** Relative standard deviation of an estimate up to which the rows determine it. */
const DETERMINED = 0.5;
/** Share of a prediction that may rest on constants which nothing determines. */
const FELT = 0.1;

/** Units of costs, in which the models are linear; the others are counts and sleep apart. */
const isCost = ({ unit }: Constant) => unit.startsWith('ns') || unit.startsWith('bytes');

/** A row as a linear function of constants in multiples of their declared values. */
interface Line {
  readonly row: Row;
  readonly offset: number;
  readonly slopes: readonly number[];
}

function lineOf(row: Row, constants: readonly Constant[]): Line {
  const { at } = row.readings[0]!;
  const declared = at((one) => one.value);
  const slopes = constants.map((moved) => {
    if (!row.sets.includes(moved.id)) return 0;
    return at((one) => (one.id === moved.id ? 2 * one.value : one.value)) - declared;
  });
  return { row, slopes, offset: declared - slopes.reduce((sum, one) => sum + one, 0) };
}

interface Estimate {
  /** In multiples of the declared values. */
  readonly values: readonly number[];
  readonly determined: readonly boolean[];
}

function estimate(lines: readonly Line[], constants: readonly Constant[]): Estimate {
  const n = constants.length;
  const normal = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n + 1 }, (_, j) => (j === i || j === n ? PRIOR ** -2 : 0)),
  );
  for (const { row, offset, slopes } of lines) {
    const scale = row.measured.value * NOISE;
    const target = (row.measured.value - offset) / scale;
    for (let i = 0; i < n; i++) {
      const slope = slopes[i]! / scale;
      for (let j = 0; j < n; j++) normal[i]![j]! += (slope * slopes[j]!) / scale;
      normal[i]![n]! += slope * target;
    }
  }
  const variance = (i: number) =>
    solve(normal.map((line, j) => [...line.slice(0, n), +(i === j)]))[i]!;
  return {
    determined: constants.map((_, i) => Math.sqrt(variance(i)) < DETERMINED),
    values: solve(normal.map((line) => [...line])),
  };
}

/** One entry for each source from which constants of `model` were set. */
export function leaveSourcesOut(model: string, rows: readonly Row[]): LeftOut[] {
  const setting = rows.filter(({ models, sets }) => models.includes(model) && sets.length > 0);
  const constants = [...new Set(setting.flatMap(({ sets }) => sets))]
    .map((id) => constantById(id)!)
    .filter(isCost);
  const lines = setting.map((row) => lineOf(row, constants));
  return [...new Set(setting.map(({ source }) => source))].map((source) => {
    const others = lines.filter(({ row }) => row.source !== source);
    const own = lines.filter(({ row }) => row.source === source);
    const { values, determined } = estimate(others, constants);
    const known = constants.map((one, i) => (determined[i] ? values[i]! : middle(one)));
    const errors = own.flatMap((line) => {
      const felt = line.slopes.reduce((sum, slope, i) => sum + (known[i] === null ? slope : 0), 0);
      if (felt > FELT * line.row.measured.value) return [];
      const predicted = line.slopes.reduce(
        (sum, slope, i) => sum + slope * (known[i] ?? 1),
        line.offset,
      );
      return [Math.abs(predicted / line.row.measured.value - 1)];
    });
    errors.sort((a, b) => a - b);
    return {
      model,
      source,
      rows: own.length,
      predicted: errors.length,
      medianError: errors[errors.length >> 1] ?? null,
      greatestError: errors.at(-1) ?? null,
    };
  });
}

/** What is known of a constant without any row, in multiples of its value; null: nothing. */
function middle({ value, range: [low, high], source }: Constant): number | null {
  return source.kind === 'published' || source.kind === 'assumed'
    ? Math.sqrt(low * high) / value
    : null;
}

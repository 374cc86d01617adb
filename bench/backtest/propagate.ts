/**
 * From declared ranges to a predicted interval. A range is read as the 95 % limits of a constant (or
 * of an unknown condition); each is moved to either end alone, and the factors by which the
 * prediction moves are combined in quadrature, upwards and downwards apart: linear error propagation
 * on a logarithmic scale, without random numbers. Readings that a source leaves open (the back end)
 * are united: the interval spans all of theirs.
 */
import type { Constant, ConstantReader } from '../../core/constant.ts';
import type { Known, Reading, Row } from './row.ts';

const declared: ConstantReader = ({ value }) => value;

/** A reader with one constant at another value. */
export function withOne(moved: Constant, value: number): ConstantReader {
  return (one) => (one.id === moved.id ? value : one.value);
}

/** Every constant that a reading reads, in order of first use. */
export function constantsRead({ at }: Reading): readonly Constant[] {
  const seen = new Map<string, Constant>();
  at((one) => {
    seen.set(one.id, one);
    return one.value;
  });
  return [...seen.values()];
}

/** What a reading says at the declared constants. */
export function atDeclared({ at }: Reading): number {
  return at(declared);
}

/** How far one constant moves a reading: logarithms of the factors at its two ends. */
export function pull(reading: Reading, moved: Constant, value: number): readonly [number, number] {
  const [low, high] = moved.range;
  const at = (end: number) => {
    const there = reading.at(withOne(moved, end));
    return value > 0 && there > 0 ? Math.log(there / value) : 0;
  };
  return [at(low), at(high)];
}

export function predictReading(reading: Reading): Known {
  const value = atDeclared(reading);
  let up = 0;
  let down = 0;
  for (const moved of reading.moves?.() ?? constantsRead(reading)) {
    const pulls = pull(reading, moved, value);
    up += Math.max(0, ...pulls) ** 2;
    down += Math.min(0, ...pulls) ** 2;
  }
  for (const other of reading.replications?.() ?? []) {
    const spread = Math.log(other / value) ** 2;
    up += spread;
    down += spread;
  }
  return { value, low: value * Math.exp(-Math.sqrt(down)), high: value * Math.exp(Math.sqrt(up)) };
}

/** Over all readings: their geometric middle, from the lowest end to the highest. */
export function predict({ readings }: Row): Known {
  const all = readings.map(predictReading);
  const logs = all.map(({ value }) => Math.log(value));
  const middle = Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
  return {
    value: all.length === 1 ? all[0]!.value : middle,
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
  };
}

/** Whether what was measured, with its reading error, and the predicted interval have a point in common. */
export function isInside(measured: Known, predicted: Known): boolean {
  return measured.high >= predicted.low && measured.low <= predicted.high;
}

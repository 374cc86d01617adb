/**
 * How a metric grows with size: the slope of log(metric) over log(size), by least squares. An
 * exponent describes the sizes that were simulated; it is no licence to extrapolate.
 */
import type { Scaling } from '../results.ts';
import { halfWidth } from './interval.ts';
import type { Sweep } from './judged-point.ts';
import { headlineOf, readHeadline } from './reading.ts';

/** With two sizes a line always fits. */
const FEWEST_SIZES = 3;

/** The exponents of the metrics that have a positive value at three sizes or more. */
export function scalingOf(sweep: Sweep, metrics: readonly string[]): Scaling[] {
  return metrics.flatMap((metric) => {
    const exponent = exponentOf(sweep, metric);
    const definition = sweep.steps[0]?.judged.measured.get(metric)?.definition;
    if (exponent === null || definition === undefined) return [];
    const statistic = headlineOf(definition);
    const at = Object.keys(sweep.at).length > 0 && { at: { ...sweep.at } };
    return [{ variant: sweep.variant, metric, statistic, along: sweep.along, ...at, exponent }];
  });
}

function exponentOf(sweep: Sweep, metric: string): Scaling['exponent'] | null {
  const steps = sweep.steps.flatMap(({ size, judged }) => {
    const measured = judged.measured.get(metric);
    const reading = measured && readHeadline(measured);
    if (!reading?.estimate || !(reading.estimate.value > 0) || !(size > 0)) return [];
    const byReplication = new Map(
      judged.replications.map((replication, i) => [replication, reading.replications[i] ?? 0]),
    );
    return [{ size, value: reading.estimate.value, byReplication }];
  });
  if (steps.length < FEWEST_SIZES) return null;
  const sizes = steps.map((step) => step.size);
  const value = logLogSlope(
    sizes,
    steps.map((step) => step.value),
  );
  const slopes = [...steps[0]!.byReplication.keys()].flatMap((replication) => {
    const values = steps.map((step) => step.byReplication.get(replication) ?? 0);
    return values.every((one) => one > 0) ? [logLogSlope(sizes, values)] : [];
  });
  const half = halfWidth(value, slopes);
  return half === null ? null : { value, low: value - half, high: value + half };
}

/** Least-squares slope of ln(values) over ln(sizes); all of them positive. */
export function logLogSlope(sizes: readonly number[], values: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = values.map(Math.log);
  const meanX = x.reduce((a, b) => a + b, 0) / x.length;
  const meanY = y.reduce((a, b) => a + b, 0) / y.length;
  let across = 0;
  let along = 0;
  for (let i = 0; i < x.length; i++) {
    across += (x[i]! - meanX) * (y[i]! - meanY);
    along += (x[i]! - meanX) ** 2;
  }
  return across / along;
}

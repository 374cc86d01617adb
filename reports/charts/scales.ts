/**
 * Log scales with a place for zero. Zero cannot stand on a log axis, so a scale that meets one
 * gets a stub below its lower end, drawn as a broken axis and marked 0.
 */
import { scaleLog } from 'd3-scale';

const STUB = 24;

export interface LogScale {
  (value: number): number;
  readonly ticks: readonly number[];
  readonly domain: readonly [number, number];
  /** Where zero is drawn, when a zero has to be. */
  readonly zeroAt: number | undefined;
  /** Where the log part of the axis begins. */
  readonly startAt: number;
}

/** A scale over the positive ones among `values`, padded a little; `range` may run either way. */
export function logScale(
  values: readonly number[],
  range: readonly [number, number],
  padding = 0.06,
): LogScale {
  const positive = values.filter((v) => v > 0 && Number.isFinite(v));
  const low = positive.length === 0 ? 1 : Math.min(...positive);
  const high = positive.length === 0 ? 10 : Math.max(...positive);
  const stretch = Math.max((high / low) ** padding, low === high ? 2 : 1);
  const domain: [number, number] = [low / stretch, high * stretch];
  const hasZero = values.some((v) => v <= 0);
  const startAt = hasZero ? range[0] + Math.sign(range[1] - range[0]) * STUB : range[0];
  const scale = scaleLog().domain(domain).range([startAt, range[1]]);
  const at = (value: number): number => (value > 0 ? scale(value) : range[0]);
  return Object.assign(at, {
    ticks: ticksOf(domain),
    domain,
    zeroAt: hasZero ? range[0] : undefined,
    startAt,
  });
}

/** 1-2-5 ticks on a short axis, powers of ten on a long one. */
export function ticksOf([low, high]: readonly [number, number]): number[] {
  const decades = Math.log10(high / low);
  const steps = decades > 3.2 ? [1] : decades > 1.7 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  const every = Math.ceil(ticks.length / 9);
  return ticks.filter((_, i) => i % every === 0);
}

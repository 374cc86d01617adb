/**
 * Textbook queues on the product's own engine, samplers and station: if any of them were off, the
 * mean time in system would leave its interval.
 */
import { describe, expect, it } from 'vitest';
import { Engine } from './engine.ts';
import { exponential } from './samplers.ts';
import { visit } from './station.ts';
import { Streams } from './stream.ts';

const MEAN_SERVICE_NS = 1e6;
const WARM_UP = 5_000;
const CUSTOMERS = 60_000;
const REPLICATIONS = 20;
/** 99.5% quantile of Student's t with 19 degrees of freedom. */
const T_99 = 2.861;

const ARRIVAL = 1;
const DEPARTURE = 2;

interface Run {
  readonly meanInSystemNs: number;
  /** Integral of the number in system over time, and sum of the times in system. */
  readonly area: number;
  readonly timesInSystem: number;
}

/** Poisson arrivals of load `rho` at one FIFO server, until all have left. */
function queue(rho: number, replication: number, deterministic: boolean): Run {
  const engine = new Engine({
    groupOf: Int32Array.of(0),
    groups: 1,
    lookaheadNs: Float64Array.of(0),
  });
  const streams = new Streams();
  const arrivals = streams.add(`queue/${rho}/${replication}/arrivals`);
  const services = streams.add(`queue/${rho}/${replication}/services`);
  const station = new Float64Array(1);
  const meanGapNs = MEAN_SERVICE_NS / rho;
  let arrived = 0;
  let measuredNs = 0;
  let timesInSystem = 0;
  let inSystem = 0;
  let area = 0;
  let lastNs = 0;
  const step = (change: number) => {
    area += inSystem * (engine.nowNs - lastNs);
    lastNs = engine.nowNs;
    inSystem += change;
  };
  engine.start(0, 0, ARRIVAL, 0, 0);
  engine.run(Number.POSITIVE_INFINITY, (kind) => {
    if (kind === DEPARTURE) {
      step(-1);
      return;
    }
    step(1);
    const serviceNs = deterministic
      ? MEAN_SERVICE_NS
      : Math.round(MEAN_SERVICE_NS * exponential(streams, services));
    const leavesNs = visit(station, 0, engine.nowNs, serviceNs);
    engine.schedule(leavesNs - engine.nowNs, DEPARTURE, 0, 0);
    timesInSystem += leavesNs - engine.nowNs;
    if (arrived >= WARM_UP) measuredNs += leavesNs - engine.nowNs;
    arrived++;
    if (arrived < WARM_UP + CUSTOMERS) {
      engine.schedule(Math.round(meanGapNs * exponential(streams, arrivals)), ARRIVAL, 0, 0);
    }
  });
  expect(inSystem).toBe(0);
  return { meanInSystemNs: measuredNs / CUSTOMERS, area, timesInSystem };
}

describe.each([0.5, 0.8, 0.9])('at load %d', (rho) => {
  // Pollaczek-Khinchine: W = S (1 + rho / (1 - rho) * (1 + C^2) / 2), C^2 = 1 or 0.
  it.each([
    ['M/M/1', false, 1 / (1 - rho)],
    ['M/D/1', true, 1 + rho / (2 * (1 - rho))],
  ] as const)('%s has its mean time in system inside a 99% interval', (_, deterministic, mean) => {
    const means = Array.from({ length: REPLICATIONS }, (_unused, replication) => {
      const run = queue(rho, replication, deterministic);
      // Little's law over a busy-to-empty run is an identity of whole nanoseconds.
      expect(run.area).toBe(run.timesInSystem);
      return run.meanInSystemNs / MEAN_SERVICE_NS;
    });
    const average = means.reduce((sum, x) => sum + x, 0) / REPLICATIONS;
    const variance = means.reduce((sum, x) => sum + (x - average) ** 2, 0) / (REPLICATIONS - 1);
    const halfWidth = T_99 * Math.sqrt(variance / REPLICATIONS);
    expect(Math.abs(average - mean)).toBeLessThan(halfWidth);
    expect(halfWidth).toBeLessThan(0.06 * mean);
  });
});

describe('visit', () => {
  it('starts at the arrival at an idle station and behind the last departure at a busy one', () => {
    const station = Float64Array.of(0, 100);
    expect(visit(station, 0, 50, 7)).toBe(57);
    expect(visit(station, 0, 55, 7)).toBe(64);
    expect(visit(station, 0, 64, 7)).toBe(71);
    expect(visit(station, 1, 50, 7)).toBe(107);
    expect([...station]).toEqual([71, 107]);
  });
});

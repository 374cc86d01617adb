/**
 * Textbook queues of one station with Poisson arrivals, on the product's own engine, samplers and
 * stations: if any of them were off, a mean would leave its interval. Formulas: Kleinrock, Queueing
 * Systems I, 1975.
 */
import { describe, expect, it } from 'vitest';
import { exponential, lognormalAt } from './samplers.ts';
import { DROPPED, visit } from './station.ts';
import { PacketBuffers } from './stations/packet-buffers.ts';
import { SharedQueues } from './stations/shared-queues.ts';
import { Streams } from './stream.ts';
import { expectMean, replicate, soloEngine } from './testing/replications.ts';

const MEAN_SERVICE_NS = 1e6;
const WARM_UP = 5_000;

const ARRIVAL = 1;
const DEPARTURE = 2;

interface Queue {
  /** Names the random streams. */
  readonly name: string;
  /** Arrivals in a mean service. */
  readonly load: number;
  readonly customers: number;
  /** A service in units of the mean. */
  readonly service: (streams: Streams, stream: number) => number;
  /** A new station: its departure of a visit, or DROPPED. */
  readonly station: () => (arrivalNs: number, serviceNs: number) => number;
}

interface Run {
  /** Of those admitted, in mean services. */
  readonly meanInSystem: number;
  /** Time average of the number in the system. */
  readonly meanNumber: number;
  readonly lostShare: number;
}

/** One replication, until all have left; statistics begin when `WARM_UP` have arrived. */
function simulate(queue: Queue, replication: number): Run {
  const engine = soloEngine();
  const streams = new Streams();
  const arrivals = streams.add(`${queue.name}/${queue.load}/${replication}/arrivals`);
  const services = streams.add(`${queue.name}/${queue.load}/${replication}/services`);
  const enter = queue.station();
  const meanGapNs = MEAN_SERVICE_NS / queue.load;
  let arrived = 0;
  let lost = 0;
  let admitted = 0;
  let measuredNs = 0;
  let timesInSystem = 0;
  let inSystem = 0;
  let area = 0;
  let lastNs = 0;
  let from = { area: 0, ns: 0 };
  let to = from;
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
    step(0);
    if (arrived === WARM_UP) from = { area, ns: engine.nowNs };
    to = { area, ns: engine.nowNs };
    const isMeasured = arrived >= WARM_UP;
    const serviceNs = Math.round(MEAN_SERVICE_NS * queue.service(streams, services));
    const leavesNs = enter(engine.nowNs, serviceNs);
    if (leavesNs === DROPPED) {
      if (isMeasured) lost++;
    } else {
      step(1);
      engine.schedule(leavesNs - engine.nowNs, DEPARTURE, 0, 0);
      timesInSystem += leavesNs - engine.nowNs;
      if (isMeasured) {
        admitted++;
        measuredNs += leavesNs - engine.nowNs;
      }
    }
    arrived++;
    if (arrived < WARM_UP + queue.customers) {
      engine.schedule(Math.round(meanGapNs * exponential(streams, arrivals)), ARRIVAL, 0, 0);
    }
  });
  expect(inSystem).toBe(0);
  // Little's law over a run from empty to empty is an identity of whole nanoseconds.
  expect(area).toBe(timesInSystem);
  return {
    meanInSystem: measuredNs / admitted / MEAN_SERVICE_NS,
    meanNumber: (to.area - from.area) / (to.ns - from.ns),
    lostShare: lost / queue.customers,
  };
}

function simulateAll(queue: Queue): Run[] {
  return replicate((replication) => simulate(queue, replication));
}

const singleServer: Queue['station'] = () => {
  const lastDepartureNs = new Float64Array(1);
  return (arrivalNs, serviceNs) => visit(lastDepartureNs, 0, arrivalNs, serviceNs);
};

/** A mixture of two exponentials with balanced means and C^2 = 4, both from one stream. */
const SHORT_SHARE = (1 + Math.sqrt(3 / 5)) / 2;
function hyperexponential(streams: Streams, stream: number): number {
  const share = streams.uniform(stream) < SHORT_SHARE ? SHORT_SHARE : 1 - SHORT_SHARE;
  return exponential(streams, stream) / (2 * share);
}

/** Of mean 1: the median is exp(-sigma^2 / 2); C^2 = exp(sigma^2) - 1. */
const SIGMA = 1;
function lognormal(streams: Streams, stream: number): number {
  const median = Math.exp(-(SIGMA ** 2) / 2);
  const p99 = median * Math.exp(SIGMA * 2.3263478740408408);
  return lognormalAt(streams.uniform(stream), median, p99);
}

describe.each([
  [0.5, 0.05],
  [0.8, 0.08],
  [0.9, 0.15],
])('one server at load %d', (load, precision) => {
  // Pollaczek-Khinchine: T = S (1 + rho / (1 - rho) * (1 + C^2) / 2).
  it.each([
    ['M/M/1', exponential, 1],
    ['M/D/1', () => 1, 0],
    ['M/G/1 with hyperexponential service', hyperexponential, 4],
    ['M/G/1 with lognormal service', lognormal, Math.exp(SIGMA ** 2) - 1],
  ] as const)('%s has the mean time in system of Pollaczek and Khinchine', (name, service, c2) => {
    const runs = simulateAll({ name, load, customers: 40_000, service, station: singleServer });
    const formula = 1 + ((load / (1 - load)) * (1 + c2)) / 2;
    expectMean(
      runs.map((run) => run.meanInSystem),
      formula,
      precision,
    );
  });
});

/** Erlang's C: the share of customers that wait, at `load` Erlang; from the recurrence of Erlang's B. */
function erlangC(servers: number, load: number): number {
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

describe.each([
  [2, 0.8],
  [5, 0.8],
  [16, 0.9],
])('one queue before %d servers at load %d each', (servers, rho) => {
  it('M/M/c has the mean time in system of Erlang', () => {
    const load = servers * rho;
    const runs = simulateAll({
      name: `M/M/${servers}`,
      load,
      customers: 60_000,
      service: exponential,
      station: () => {
        const stations = new SharedQueues(Int32Array.of(servers));
        return (arrivalNs, serviceNs) => stations.visit(0, arrivalNs, serviceNs);
      },
    });
    // The wait is what tells: T - S = C / (c - a) services.
    expectMean(
      runs.map((run) => run.meanInSystem - 1),
      erlangC(servers, load) / (servers - load),
      0.12,
    );
  });
});

describe('erlangC', () => {
  it('is the load of one server, and a^2 / (2 + a) for two', () => {
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 12);
    expect(erlangC(2, 4 / 3)).toBeCloseTo(16 / 9 / (2 + 4 / 3), 12);
  });
});

describe.each([
  [1, 0.8],
  [5, 0.8],
  [5, 1.3],
  [20, 1],
])('one server with room for %d at load %d', (places, load) => {
  it('M/M/1/K loses the share that finds K there (PASTA), and has its mean number in system', () => {
    const runs = simulateAll({
      name: `M/M/1/${places}`,
      load,
      customers: 60_000,
      service: exponential,
      station: () => {
        const buffers = new PacketBuffers(Int32Array.of(places));
        return (arrivalNs, serviceNs) => buffers.visit(0, arrivalNs, serviceNs);
      },
    });
    // n customers have a weight of rho^n, up to K.
    const weights = Array.from({ length: places + 1 }, (_, n) => load ** n);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expectMean(
      runs.map((run) => run.lostShare),
      weights[places]! / total,
      0.05,
    );
    expectMean(
      runs.map((run) => run.meanNumber),
      weights.reduce((sum, weight, n) => sum + n * weight, 0) / total,
      0.05,
    );
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

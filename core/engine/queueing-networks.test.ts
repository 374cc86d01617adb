/**
 * Textbook queues in which customers meet more than one queue, on the product's own engine, samplers
 * and stations: a tandem, and two classes on one core. A station that broke the order or the timing
 * of what passes it would move the means behind it.
 */
import { describe, expect, it } from 'vitest';
import { exponential } from './samplers.ts';
import { visit } from './station.ts';
import { PreemptiveCores } from './stations/preemptive-cores.ts';
import { Streams } from './stream.ts';
import { expectMean, replicate, soloEngine } from './testing/replications.ts';

const MEAN_SERVICE_NS = 1e6;
const WARM_UP = 5_000;
const CUSTOMERS = 40_000;

const ARRIVAL = 1;
const SECOND_STATION = 2;

/** Two FIFO stations in a row; mean times at each, and what the second sees, in mean services. */
function tandem(load: number, secondSpeed: number, replication: number) {
  const engine = soloEngine();
  const streams = new Streams();
  const name = `tandem/${load}/${replication}`;
  const arrivals = streams.add(`${name}/arrivals`);
  const services = [streams.add(`${name}/first`), streams.add(`${name}/second`)] as const;
  const lastDepartureNs = new Float64Array(2);
  const inStationNs = [0, 0];
  let arrived = 0;
  let passed = 0;
  const serve = (station: 0 | 1, speed: number, isMeasured: boolean) => {
    const meanNs = MEAN_SERVICE_NS / speed;
    const serviceNs = Math.round(meanNs * exponential(streams, services[station]));
    const delayNs = visit(lastDepartureNs, station, engine.nowNs, serviceNs) - engine.nowNs;
    if (isMeasured) inStationNs[station]! += delayNs;
    return delayNs;
  };
  engine.start(0, 0, ARRIVAL, 0, 0);
  engine.run(Number.POSITIVE_INFINITY, (kind) => {
    if (kind === SECOND_STATION) {
      serve(1, secondSpeed, passed++ >= WARM_UP);
      return;
    }
    engine.schedule(serve(0, 1, arrived >= WARM_UP), SECOND_STATION, 0, 0);
    if (++arrived === WARM_UP + CUSTOMERS) return;
    const gapNs = (MEAN_SERVICE_NS / load) * exponential(streams, arrivals);
    engine.schedule(Math.round(gapNs), ARRIVAL, 0, 0);
  });
  expect(passed).toBe(arrived);
  return inStationNs.map((sumNs) => sumNs / CUSTOMERS / MEAN_SERVICE_NS);
}

describe('a tandem of two M/M/1', () => {
  it.each([
    [0.5, 1],
    [0.8, 1],
    [0.6, 0.75],
  ])('at load %d, the second %d times as fast: each is as if alone (Burke)', (load, speed) => {
    const runs = replicate((replication) => tandem(load, speed, replication));
    expectMean(
      runs.map(([first]) => first!),
      1 / (1 - load),
      0.05,
    );
    expectMean(
      runs.map(([, second]) => second!),
      1 / (speed - load),
      0.05,
    );
  });
});

const PACKET = 3;
const JOB = 4;
const JOB_MAY_END = 5;
/** More jobs than are ever in the system at once; numbers are taken in turn. */
const JOB_NUMBERS = 1024;

interface TwoClasses {
  readonly packetLoad: number;
  readonly jobLoad: number;
  /** Mean work of a job in mean services of packets. */
  readonly jobWork: number;
}

/** Mean times in system of packets and jobs, in mean services of packets. */
function priorities({ packetLoad, jobLoad, jobWork }: TwoClasses, replication: number) {
  const engine = soloEngine();
  const streams = new Streams();
  const name = `priorities/${packetLoad}/${jobLoad}/${jobWork}/${replication}`;
  const [packetGaps, packetServices, jobGaps, jobWorks] = ['a', 'b', 'c', 'd'].map((purpose) =>
    streams.add(`${name}/${purpose}`),
  ) as [number, number, number, number];
  const cores = new PreemptiveCores(1, JOB_NUMBERS);
  const submittedNs = new Float64Array(JOB_NUMBERS);
  const variate = (stream: number, meanNs: number) =>
    Math.max(1, Math.round(meanNs * exponential(streams, stream)));
  const packets = { seen: 0, ns: 0 };
  const jobs = { seen: 0, ns: 0, ended: 0 };
  const armEnd = (job: number) =>
    engine.schedule(cores.endNs(job) - engine.nowNs, JOB_MAY_END, job, 0);
  engine.start(0, 0, PACKET, 0, 0);
  engine.start(0, 0, JOB, 0, 0);
  engine.run(Number.POSITIVE_INFINITY, (kind, core, job) => {
    const { nowNs } = engine;
    const isOver = jobs.ended >= WARM_UP + CUSTOMERS / 2;
    if (kind === PACKET && !isOver) {
      engine.schedule(variate(packetGaps, MEAN_SERVICE_NS / packetLoad), PACKET, 0, 0);
      const delayNs = cores.visit(core, nowNs, variate(packetServices, MEAN_SERVICE_NS)) - nowNs;
      if (++packets.seen > WARM_UP) packets.ns += delayNs;
    } else if (kind === JOB && !isOver) {
      engine.schedule(variate(jobGaps, (MEAN_SERVICE_NS * jobWork) / jobLoad), JOB, 0, 0);
      const number = jobs.seen++ % JOB_NUMBERS;
      submittedNs[number] = nowNs;
      cores.submit(number, core, nowNs, variate(jobWorks, MEAN_SERVICE_NS * jobWork));
      armEnd(number);
    } else if (kind === JOB_MAY_END) {
      if (cores.endNs(job) > nowNs) armEnd(job);
      else if (++jobs.ended > WARM_UP) jobs.ns += nowNs - submittedNs[job]!;
    }
  });
  expect(jobs.ended).toBe(jobs.seen);
  return {
    packet: packets.ns / (packets.seen - WARM_UP) / MEAN_SERVICE_NS,
    job: jobs.ns / (jobs.ended - WARM_UP) / MEAN_SERVICE_NS,
  };
}

describe('M/M/1 with two classes, preemptive resume', () => {
  it.each([
    { packetLoad: 0.3, jobLoad: 0.3, jobWork: 1 },
    { packetLoad: 0.5, jobLoad: 0.3, jobWork: 4 },
    { packetLoad: 0.2, jobLoad: 0.6, jobWork: 3 },
  ])('packets at $packetLoad are as if alone, jobs at $jobLoad wait for them', (classes) => {
    const { packetLoad, jobLoad, jobWork } = classes;
    const runs = replicate((replication) => priorities(classes, replication));
    expectMean(
      runs.map(({ packet }) => packet),
      1 / (1 - packetLoad),
      0.05,
    );
    // Kleinrock, Queueing Systems II, 1976, 3.4: the residual work that a job finds is the sum of
    // lambda E[S^2] / 2, for exponential services rho E[S].
    const residual = packetLoad + jobLoad * jobWork;
    expectMean(
      runs.map(({ job }) => job),
      jobWork / (1 - packetLoad) + residual / (1 - packetLoad) / (1 - packetLoad - jobLoad),
      0.05,
    );
  });
});

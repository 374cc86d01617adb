/**
 * Benchmarks of the engine: PHOLD (the classical workload of event lists: every event schedules one
 * more at a random process), a queue with one server, the histogram with stages.
 */
import { Engine } from '../core/engine/engine.ts';
import { exponential } from '../core/engine/samplers.ts';
import { visit } from '../core/engine/station.ts';
import { Streams } from '../core/engine/stream.ts';
import { Histogram } from '../core/metrics/histogram.ts';

export interface BenchmarkResult {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** Of everything computed, in order. */
  readonly hash: string;
}

const LOOKAHEAD_NS = 100;
const EVENTS = 2e6;

/** Runs all of them, about a second each. `events` is reduced by the tests. */
export function runEngineBenchmarks(events = EVENTS): BenchmarkResult[] {
  return [
    timed('phold-1024-r10', events, () => phold(1024, 0.1, events)),
    timed('phold-1024-r50', events, () => phold(1024, 0.5, events)),
    timed('phold-65536-r10', events, () => phold(65536, 0.1, events)),
    timed('mm1', events, () => singleServer(events)),
    timed('histogram', events, () => histogram(events)),
  ];
}

function timed(name: string, events: number, body: () => number): BenchmarkResult {
  const start = process.hrtime.bigint();
  const hash = body();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { name, eventsPerSecond: events / seconds, hash: (hash >>> 0).toString(16) };
}

/** 16 events a process; a share `remote` of them goes to another process, over a link. */
function phold(processes: number, remote: number, events: number): number {
  const groupOf = Int32Array.from({ length: processes }, (_, i) => i % 2);
  const lookaheadNs = Float64Array.of(0, LOOKAHEAD_NS, LOOKAHEAD_NS, 0);
  const engine = new Engine({ groupOf, groups: 2, lookaheadNs });
  const streams = new Streams();
  const stream = streams.add('phold');
  for (let process = 0; process < processes; process++) {
    for (let i = 0; i < 16; i++) engine.start(process, streams.below(stream, 1000), 0, i, 0);
  }
  let hash = 0;
  let left = events;
  const dispatch = (_kind: number, process: number, a: number, b: number): void => {
    hash = (Math.imul(hash, 31) + process + engine.nowNs) | 0;
    left--;
    const delayNs = LOOKAHEAD_NS + Math.round(exponential(streams, stream) * 900);
    if (streams.uniform(stream) < remote) {
      engine.send(streams.below(stream, processes), delayNs, 0, a, b);
    } else {
      engine.schedule(delayNs, 0, a, b);
    }
  };
  while (left > 0) engine.run(engine.nowNs + 1000, dispatch);
  return hash;
}

/** Poisson arrivals at a station, load 0.8; the hash is of the total time in system. */
function singleServer(events: number): number {
  const streams = new Streams();
  const stream = streams.add('mm1');
  const engine = new Engine({
    groupOf: new Int32Array(1),
    groups: 1,
    lookaheadNs: new Float64Array(1),
  });
  const departures = new Float64Array(1);
  let totalNs = 0;
  let left = events;
  engine.start(0, 0, 0, 0, 0);
  const dispatch = (): void => {
    left--;
    const serviceNs = Math.round(exponential(streams, stream) * 800);
    totalNs += visit(departures, 0, engine.nowNs, serviceNs) - engine.nowNs;
    engine.schedule(Math.round(exponential(streams, stream) * 1000), 0, 0, 0);
  };
  while (left > 0) engine.run(engine.nowNs + 1e6, dispatch);
  return totalNs % 2 ** 32;
}

function histogram(events: number): number {
  const streams = new Streams();
  const stream = streams.add('histogram');
  const stages = new Float64Array(8);
  const target = new Histogram(8);
  for (let i = 0; i < events; i++) {
    const value = Math.round(exponential(streams, stream) * 1e9);
    stages[5] = value;
    target.recordEightStages(value, stages);
  }
  return target
    .toCell(Array.from(stages, String))
    .buckets.reduce((sum, b) => (sum * 31 + b) | 0, 0);
}

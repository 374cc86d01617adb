/**
 * The benchmarks of the engine and of what runs on it, in the order in which they are reported.
 * `docs/benchmarks.md` says what each is for and how to read its figures.
 */
import type { Benchmark } from './benchmark.ts';
import { type Amount, timedLoop, type Workload } from './timed-loop.ts';
import { automatic } from './workloads/automatic.ts';
import { barrier } from './workloads/barrier.ts';
import type { ListName } from './workloads/event-lists.ts';
import { histogram, histogramStages } from './workloads/histogram.ts';
import { holdMixed } from './workloads/hold-mixed.ts';
import { mm1 } from './workloads/mm1.ts';
import { packetPath } from './workloads/packet-path.ts';
import { pholdBenchmark } from './workloads/phold-variants.ts';
import { programmingLoop } from './workloads/programming-loop.ts';
import { stations } from './workloads/stations.ts';
import { tieFlood } from './workloads/tie-flood.ts';

export const ENGINE: readonly Benchmark[] = [
  ...[0, 150].flatMap((workNs) => [
    pholdBenchmark(1024, 10, workNs),
    pholdBenchmark(1024, 50, workNs),
    pholdBenchmark(65_536, 10, workNs),
    pholdBenchmark(65_536, 50, workNs),
  ]),
  onBothLists('hold-mixed', '16,384 pending: packets, timers, ticks and long waits', holdMixed, {
    warmUp: 1e6,
    timed: 2e6,
  }),
  onBothLists('tie-flood', '100,000 events at one instant, again and again', tieFlood, {
    warmUp: 5e5,
    timed: 1e6,
  }),
  onBothLists('mm1', 'one queue with one server, an event a customer', mm1, {
    warmUp: 4e6,
    timed: 8e6,
  }),
  onItsOwn('histogram', 'one value recorded', histogram, { warmUp: 2e7, timed: 2e7 }),
  onItsOwn('histogram-stages', 'one value recorded with its eight stages', histogramStages, {
    warmUp: 2e6,
    timed: 2e7,
  }),
  onItsOwn('stations', 'packets through one station of every kind: events', stations, {
    warmUp: 1e6,
    timed: 4e6,
  }),
  {
    name: 'barrier',
    about: 'two workers that do nothing but wait for each other: windows',
    variants: { engine: barrier },
  },
  {
    name: 'packet-path',
    about: 'a run of 100 nodes that do nothing but talk: events of packets',
    variants: { engine: packetPath },
  },
  {
    name: 'programming-loop',
    about: '5,000 kube-proxies that follow 20 pod changes a second: (write, node) samples',
    variants: { engine: programmingLoop },
  },
  automatic('far'),
  automatic('near'),
];

/** A workload of the bare engine, over its own event list and over the heap. */
function onBothLists(
  name: string,
  about: string,
  make: (list: ListName) => Workload,
  amount: Amount,
): Benchmark {
  return {
    name,
    about,
    variants: {
      engine: (size) => timedLoop(make('engine'), amount, size),
      heap: (size) => timedLoop(make('heap'), amount, size),
    },
  };
}

/** A workload without an event list. */
function onItsOwn(name: string, about: string, make: () => Workload, amount: Amount): Benchmark {
  return { name, about, variants: { engine: (size) => timedLoop(make(), amount, size) } };
}

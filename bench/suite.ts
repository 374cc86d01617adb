/**
 * Runs the benchmarks by turns: the variants of one (and, beside the first, the peers) follow each
 * other in every round, A B A B, so that a neighbour on the machine slows all of them alike. Ratios
 * are taken within a round and reported as their medians.
 */
import { availableParallelism, cpus } from 'node:os';
import { assert } from '../core/assert.ts';
import {
  type Benchmark,
  type Measurement,
  type OnceFigure,
  type Size,
  VARIANTS,
  type Variant,
} from './benchmark.ts';
import { inFreshProcess } from './fresh-process.ts';
import { PEERS } from './peers/index.ts';
import { PEER_BENCHMARK, type Peer } from './peers/peer.ts';
import { mixingRoundsPerNs } from './phold.ts';
import { BENCHMARKS } from './suites.ts';

export interface SuiteOptions {
  /** Names of benchmarks. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly scale: number;
  readonly peers: boolean;
}

/** A figure has null where it means nothing for the benchmark. */
export interface BenchmarkResult {
  readonly name: string;
  /** Events, records, windows or samples: median of the rounds. */
  readonly eventsPerSecond: number;
  /** Over the same on the 4-ary heap. */
  readonly ratioToHeap: number | null;
  /** Two workers, or the automatic choice, over one core. */
  readonly speedup: number | null;
  readonly bytesPerPending: number | null;
  readonly collections: number | null;
  readonly hash: string;
  readonly nsPerEvent: number;
  /** Slowest and fastest round. */
  readonly spread: readonly [least: number, most: number];
  readonly heapEventsPerSecond: number | null;
  readonly parallelEventsPerSecond: number | null;
  readonly rounds: number;
  /** Of two workers: times one fell asleep, by window. Near 1, they had no core each. */
  readonly sleepsPerWindow?: number;
  /** What else a benchmark tells, by name. */
  readonly [extra: string]: unknown;
}

export interface PeerResult {
  readonly name: string;
  readonly benchmark: string;
  readonly eventsPerSecond: number | null;
  /** How many times as fast the benchmark was, in the same rounds. */
  readonly ratio: number | null;
  /** Why it was not measured. */
  readonly skipped: string | null;
}

export interface SuiteResult {
  readonly benchmarks: readonly BenchmarkResult[];
  readonly peers: readonly PeerResult[];
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly node: string;
  };
}

type Rounds = Partial<Record<Variant, Measurement[]>>;

/**
 * Hands every benchmark to `measured` as soon as its rounds are over.
 * @throws when a measurement fails, or variants of a benchmark did not compute the same.
 */
export async function runSuite(
  options: SuiteOptions,
  measured?: (result: BenchmarkResult) => void,
): Promise<SuiteResult> {
  const benchmarks: BenchmarkResult[] = [];
  const peers: PeerResult[] = [];
  const size = { scale: options.scale, mixingRoundsPerNs: mixingRoundsPerNs() };
  for (const benchmark of BENCHMARKS) {
    if (!options.only.includes(benchmark.name)) continue;
    const beside = benchmark.name === PEER_BENCHMARK && options.peers ? await findPeers() : [];
    const rounds: Rounds = {};
    for (let round = 0; round < options.rounds; round++) {
      await measureVariants(benchmark, size, rounds);
      for (const found of beside) await measurePeer(found);
    }
    const result = await summarise(benchmark, rounds, size);
    benchmarks.push(result);
    peers.push(...beside.map((found) => summarisePeer(found, rounds.engine!)));
    measured?.(result);
  }
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
  };
  return { benchmarks, peers, machine };
}

interface FoundPeer {
  readonly peer: Peer;
  readonly skipped: string | null;
  /** Events a second, by round. */
  readonly rates: number[];
}

async function findPeers(): Promise<FoundPeer[]> {
  const found: FoundPeer[] = [];
  for (const peer of PEERS) found.push({ peer, skipped: await peer.absent(), rates: [] });
  return found;
}

async function measurePeer({ peer, skipped, rates }: FoundPeer): Promise<void> {
  if (skipped !== null) return;
  const { events, seconds } = await peer.measure();
  rates.push(events / seconds);
}

function summarisePeer(
  { peer, skipped, rates }: FoundPeer,
  engine: readonly Measurement[],
): PeerResult {
  const isMeasured = skipped === null;
  return {
    name: peer.name,
    benchmark: PEER_BENCHMARK,
    eventsPerSecond: isMeasured ? median(rates) : null,
    ratio: isMeasured ? median(rates.map((rate, round) => rateOf(engine[round]!) / rate)) : null,
    skipped,
  };
}

async function measureVariants(benchmark: Benchmark, size: Size, rounds: Rounds): Promise<void> {
  for (const variant of VARIANTS) {
    if (benchmark.variants[variant] === undefined) continue;
    const ask = { benchmark: benchmark.name, variant, size };
    const measurement = await inFreshProcess({ kind: 'variant', ...ask });
    rounds[variant] = [...(rounds[variant] ?? []), measurement];
  }
}

async function summarise(
  benchmark: Benchmark,
  { engine = [], heap, parallel }: Rounds,
  size: Size,
): Promise<BenchmarkResult> {
  const { name } = benchmark;
  const hashes = [engine, heap, parallel].flatMap((of) => of?.map(({ hash }) => hash) ?? []);
  const [hash] = hashes;
  assert(hash !== undefined, `${name} was not measured`);
  assert(
    hashes.every((other) => other === hash),
    `${name}: variants or rounds computed different things: ${[...new Set(hashes)].join(', ')}`,
  );
  const rates = engine.map(rateOf);
  const over = (of: readonly Measurement[] | undefined, turn: (ratio: number) => number) =>
    of === undefined ? null : median(of.map((one, round) => turn(rateOf(one) / rates[round]!)));
  return {
    name,
    eventsPerSecond: median(rates),
    ratioToHeap: over(heap, (ratio) => 1 / ratio),
    speedup: over(parallel, (ratio) => ratio),
    bytesPerPending: await once(benchmark, 'bytesPerPending', size),
    collections: (await once(benchmark, 'collections', size)) ?? collectionsOf(engine),
    hash,
    nsPerEvent: 1e9 / median(rates),
    spread: [Math.min(...rates), Math.max(...rates)],
    heapEventsPerSecond: heap ? median(heap.map(rateOf)) : null,
    parallelEventsPerSecond: parallel ? median(parallel.map(rateOf)) : null,
    rounds: engine.length,
    ...medians(engine),
    ...medians(parallel ?? []),
  };
}

async function once(
  { name, once = {} }: Benchmark,
  figure: OnceFigure,
  size: Size,
): Promise<number | null> {
  if (once[figure] === undefined) return null;
  return inFreshProcess({ kind: 'once', benchmark: name, figure, size });
}

/** Of all rounds together; null where they are not counted. */
function collectionsOf(rounds: readonly Measurement[]): number | null {
  const counts = rounds.map(({ collections }) => collections).filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function rateOf({ units, seconds }: Measurement): number {
  return units / seconds;
}

/** The extra figures of a variant, each the median of its rounds. */
function medians(rounds: readonly Measurement[]): Record<string, number> {
  const names = Object.keys(rounds[0]?.extras ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map(({ extras }) => extras![name]!))]),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * How a loop is timed: a warm-up that compiles it and fills its arrays, a collection of whatever the
 * set-up left behind, then the loop alone. Garbage collections are those that V8 reports between
 * the start and the end of the loop; a loop that allocates nothing has none however long it is.
 */
import { PerformanceObserver, performance } from 'node:perf_hooks';
import type { Measurement, Size } from './benchmark.ts';

/** Something that can go on. */
export interface Workload {
  /** Goes on for at least `units` events (or records, ...); returns how many it was. */
  run(units: number): number;
  /** Of everything computed so far, in order. */
  hash(): number;
}

/** Units at full size. */
export interface Amount {
  readonly warmUp: number;
  readonly timed: number;
}

export async function timedLoop(
  workload: Workload,
  amount: Amount,
  { scale }: Size,
): Promise<Measurement> {
  workload.run(Math.ceil(amount.warmUp * scale));
  collectGarbage();
  // A full collection can throw optimised code away: what follows brings it back.
  workload.run(Math.ceil((amount.warmUp * scale) / 4));
  const collections = watchCollections();
  const start = process.hrtime.bigint();
  const units = workload.run(Math.ceil(amount.timed * scale));
  const seconds = secondsSince(start);
  return {
    units,
    seconds,
    collections: await collections.inTheLast(seconds),
    hash: hex(workload.hash()),
  };
}

export function secondsSince(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Twice: what weak references kept goes the second time. Nothing without `--expose-gc`. */
export function collectGarbage(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}

/** Watches V8's garbage collections from now on. */
export function watchCollections(): { inTheLast(seconds: number): Promise<number> } {
  const times: number[] = [];
  const note = (entries: readonly { readonly startTime: number }[]) => {
    for (const { startTime } of entries) times.push(startTime);
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    /** Collections that began in the `seconds` before this call; ends the watch. */
    async inTheLast(seconds) {
      const nowMs = performance.now();
      // V8's reports are delivered by the event loop, some turns later.
      for (let turn = 0; turn < 3; turn++) await new Promise((resume) => setImmediate(resume));
      note(observer.takeRecords());
      observer.disconnect();
      return times.filter((time) => time <= nowMs && time >= nowMs - seconds * 1e3).length;
    },
  };
}

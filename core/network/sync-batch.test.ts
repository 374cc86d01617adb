/** Syncs added up in batches, against each of their samples recorded for itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketOf, Histogram } from '../metrics/histogram.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { SliCounts } from '../metrics/sli.ts';
import { LastNodes } from './last-nodes.ts';
import { NodeProxy } from './node-proxy.ts';
import { SyncBatch } from './sync-batch.ts';
import { WRITE, WriteTimes } from './write-times.ts';

const MS = 1e6;
const APISERVERS = 3;

interface Write {
  readonly gapNs: number;
  readonly stagesNs: readonly number[];
  readonly unitNs: number;
  readonly measured: boolean;
}

interface Sync {
  readonly node: number;
  readonly afterNs: number;
  readonly buildNs: number;
  readonly kernelNs: number;
  readonly covers: number;
}

const write: fc.Arbitrary<Write> = fc.record({
  gapNs: fc.integer({ min: 0, max: 60 * MS }),
  stagesNs: fc.array(fc.integer({ min: 0, max: 40 * MS }), { minLength: 4, maxLength: 4 }),
  unitNs: fc.constantFrom(9_000, 9_000.25, 31_416.5),
  measured: fc.boolean(),
});

/** A node that starts a sync now and then covers all it has received, or an old write and much later ones. */
const sync: fc.Arbitrary<Sync> = fc.record({
  node: fc.nat(9),
  afterNs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -300 * MS, max: 300 * MS }) },
    { weight: 1, arbitrary: fc.constantFrom(900e9, -900e9, 3_000e9) },
  ),
  buildNs: fc.integer({ min: 0, max: 300 * MS }),
  kernelNs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900 * MS })),
  covers: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(40)),
});

function timesOf(writes: readonly Write[]): WriteTimes {
  const times = new WriteTimes(APISERVERS);
  let triggerNs = 1e9;
  writes.forEach(({ gapNs, stagesNs, unitNs, measured }, index) => {
    triggerNs += gapNs;
    const at = (stages: number) =>
      stagesNs.slice(0, stages).reduce((sum, ns) => sum + ns, triggerNs);
    const commitNs = at(4);
    times.enter(
      index + 1,
      { triggerNs, knownNs: at(1), syncStartNs: at(2), requestNs: at(3), commitNs },
      measured,
      { unitNs, bytes: 0, startNs: [commitNs, commitNs + 5, commitNs + 7 * MS] },
    );
  });
  return times;
}

function proxiesOf(syncs: readonly Sync[], writes: number, times: WriteTimes): NodeProxy[] {
  return syncs.map(({ node, afterNs, buildNs, kernelNs, covers }, index) => {
    const at = new NodeProxy();
    at.node = node;
    at.apiserver = node % APISERVERS;
    at.place = Math.floor(node / APISERVERS);
    at.latencyNs = 250_000 * (1 + (node % 2));
    at.position = 1 + Math.floor(((index + 1) * (writes - 1)) / syncs.length);
    at.previous = Math.max(0, at.position - covers);
    const receivedNs = times.receivedNs(at.position, at.apiserver, at.place, at.latencyNs);
    at.startNs = receivedNs + Math.max(0, afterNs);
    at.kernelStartNs = at.startNs + buildNs;
    at.kernelNs = kernelNs;
    at.completedNs = at.kernelStartNs + kernelNs;
    return at;
  });
}

function emptySums(writes: number) {
  const last = new LastNodes();
  for (let index = 1; index <= writes; index++) last.enter(index);
  return { histogram: new Histogram(PROGRAMMING_STAGES.length), sli: new SliCounts(), last };
}

function recordEach(syncs: readonly NodeProxy[], times: WriteTimes, writes: number) {
  const sums = emptySums(writes);
  for (const at of syncs) {
    for (let index = at.previous + 1; index <= at.position; index++) {
      const receivedNs = times.receivedNs(index, at.apiserver, at.place, at.latencyNs);
      const { startNs, kernelStartNs, completedNs } = at;
      sums.last.seen(index, at.node, completedNs, receivedNs, startNs, kernelStartNs);
      if (!times.isMeasured(index)) continue;
      const row = times.rows.subarray(index * WRITE.stride, (index + 1) * WRITE.stride);
      const valueNs = completedNs - row[WRITE.triggerNs]!;
      const stages = [
        ...row.subarray(WRITE.kubeletNs, WRITE.apiserverNs + 1),
        receivedNs - row[WRITE.commitNs]!,
        startNs - receivedNs,
        kernelStartNs - startNs,
        completedNs - kernelStartNs,
      ];
      sums.histogram.recordStages(valueNs, Float64Array.from(stages));
      sums.sli.recorded(bucketOf(valueNs), valueNs);
    }
  }
  return sums;
}

const shown = ({ histogram, sli, last }: ReturnType<typeof emptySums>) => ({
  histogram: histogram.toCell(PROGRAMMING_STAGES),
  sli: sli.toCounts(histogram),
  last: last.columns(),
});

describe('SyncBatch', () => {
  it('adds up what each sample for itself adds up to', () => {
    fc.assert(
      fc.property(
        fc.array(write, { minLength: 1, maxLength: 60 }),
        fc.array(sync, { minLength: 1, maxLength: 80 }),
        fc.nat(80),
        (writes, syncs, settledAfter) => {
          const times = timesOf(writes);
          const proxies = proxiesOf(syncs, writes.length, times);
          const sums = emptySums(writes.length);
          const batch = new SyncBatch({ times, ...sums });
          const taken = proxies.filter((at, index) => {
            if (index === settledAfter) batch.settle();
            return batch.takes(at);
          });
          batch.settle();
          expect(shown(sums)).toEqual(shown(recordEach(taken, times, writes.length)));
        },
      ),
    );
  });

  it('takes in any number of syncs', () => {
    const times = timesOf([{ gapNs: 0, stagesNs: [1, 2, 3, 4], unitNs: 100, measured: true }]);
    const proxies = Array.from({ length: 10_000 }, (_, node) => {
      const at = new NodeProxy();
      at.node = node;
      at.position = 1;
      at.startNs = 2e9 + ((node * 7919) % 10_007) * 1e5;
      at.kernelStartNs = at.startNs + node;
      at.completedNs = at.kernelStartNs + 100;
      return at;
    });
    const sums = emptySums(1);
    const batch = new SyncBatch({ times, ...sums });
    expect(proxies.every((at) => batch.takes(at))).toBe(true);
    batch.settle();
    expect(shown(sums)).toEqual(shown(recordEach(proxies, times, 1)));
  });

  it('does not take a sync that covers many times as many writes as usual', () => {
    const writes = Array.from({ length: 200 }, () => ({
      gapNs: MS,
      stagesNs: [1, 2, 3, 4],
      unitNs: 100,
      measured: true,
    }));
    const times = timesOf(writes);
    const batch = new SyncBatch({ times, ...emptySums(200) });
    const at = new NodeProxy();
    at.position = 200;
    at.previous = 50;
    expect(batch.takes(at)).toBe(false);
    const taken = Array.from({ length: 2000 }, () => batch.takes(at));
    expect(taken.at(-1)).toBe(true);
  });

  it('leaves the histogram behind until it is settled', () => {
    const times = timesOf([{ gapNs: 0, stagesNs: [1, 2, 3, 4], unitNs: 100, measured: true }]);
    const sums = emptySums(1);
    const batch = new SyncBatch({ times, ...sums });
    const [at] = proxiesOf([{ node: 0, afterNs: 0, buildNs: 1, kernelNs: 1, covers: 1 }], 1, times);
    expect(batch.takes(at!)).toBe(true);
    const samples = () => sums.histogram.toCell([]).lines[0] ?? 0;
    expect(samples()).toBe(0);
    batch.settle();
    batch.settle();
    expect(samples()).toBe(1);
  });
});

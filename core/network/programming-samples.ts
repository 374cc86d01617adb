/**
 * The (write, node) loop: a sample of the programming time for each write that a node's sync covers.
 * Runs take hundreds of millions of them, so an ordinary sample reads one row of the write, adds to
 * five sums (`sample-sums.ts`), calls nothing and allocates nothing. The others, a few in a hundred,
 * are noted and done after the loop.
 */
import { bucketOf, type Histogram } from '../metrics/histogram.ts';
import { type SliCounts, SPLIT_BUCKETS } from '../metrics/sli.ts';
import { Visibility } from '../models/proxy/proxy-model.ts';
import type { LastNodes } from './last-nodes.ts';
import { type NodeProxy, OWN_RECEIPTS } from './node-proxy.ts';
import type { Receipts } from './receipts.ts';
import { SampleSums } from './sample-sums.ts';
import type { SliceLog } from './slice-log.ts';
import { visibleNs as visibleNsOf } from './visibility.ts';
import { WRITE, wholeNs } from './write-times.ts';

// The compiler takes constants of this module for numbers, and those of another for variables.
const UNIT = WRITE.unitNs;
const COUNTED = WRITE.countedNs;
const STRIDE = WRITE.stride;
const RING = SampleSums.ring;
const ROW = SampleSums.row;
/** All ones, and more than there are writes: an index within has no overflow to be checked for. */
const MASK = 2 ** 26 - 1;

export interface SampleParts {
  readonly log: SliceLog;
  readonly last: LastNodes;
  readonly histogram: Histogram;
  readonly sli: SliCounts;
  readonly visibility: Visibility;
  /** Services that kube-proxy programs. */
  readonly services: number;
  readonly receipts: Receipts;
}

export class ProgrammingSamples {
  private readonly parts: SampleParts;
  private readonly sums: SampleSums;
  private readonly placeOf = SampleSums.placeOf;
  /** When the writes of the sync at hand are visible, its first at 0, if not all at once. */
  private visible = new Float64Array(64);
  /** Writes of the sync at hand whose samples are not ordinary. */
  private others = new Int32Array(64);

  constructor(parts: SampleParts) {
    this.parts = parts;
    this.sums = new SampleSums(parts.log.times, parts.histogram);
  }

  /** One sample for each write that the last sync of a node covers; see `settle`. */
  record(at: NodeProxy): void {
    const { log, last, visibility } = this.parts;
    const { sums, placeOf } = this;
    const { latencyNs, previous, position, startNs, kernelStartNs, startedNs } = at;
    this.makeRoom(position - previous);
    const atOnce = visibility === Visibility.Commit;
    if (!atOnce) this.findVisible(at);
    if ((at.flags & OWN_RECEIPTS) !== 0) {
      this.recordEach(at);
      return;
    }
    sums.open(at, log.length);
    const { visible, others } = this;
    const { rows } = log.times;
    const { base, counts, bySync } = sums;
    const sendingNs = log.times.startNs[at.apiserver]!;
    const lastNs = last.visibleNs;
    const served = at.place + 1;
    const fromBaseNs = startNs - sums.baseNs;
    const sendToStartNs = latencyNs - sums.baseNs;
    const buildNs = kernelStartNs - startNs;
    let visibleNs = at.completedNs;
    let noted = 0;
    for (let write = previous + 1; write <= position; write++) {
      const row = (write & MASK) * STRIDE;
      if (!atOnce) visibleNs = visible[write - previous - 1]!;
      const countedNs = rows[row + COUNTED]!;
      const place = placeOf[bucketOf(visibleNs - countedNs)]!;
      if (visibleNs >= lastNs[write]! || place < 0 || countedNs < startedNs || write < base) {
        others[noted++] = write;
        continue;
      }
      counts[(write & RING) * ROW + place]! += 1;
      const sum = 4 * place;
      bySync[sum]! += sendingNs[write]! + wholeNs(served * rows[row + UNIT]!) + sendToStartNs;
      bySync[sum + 1]! += fromBaseNs;
      bySync[sum + 2]! += buildNs;
      bySync[sum + 3]! += visibleNs - kernelStartNs;
    }
    if (noted > 0) this.recordOthers(at, noted);
  }

  /** Brings the histogram up to date. */
  settle(): void {
    this.sums.settle();
  }

  /** Of a node whose receipts `sums` cannot know. */
  private recordEach(at: NodeProxy): void {
    const covered = at.position - at.previous;
    for (let i = 0; i < covered; i++) this.others[i] = at.previous + 1 + i;
    this.recordOthers(at, covered);
  }

  private recordOthers(at: NodeProxy, noted: number): void {
    const { log, last, histogram, sli, visibility, receipts } = this.parts;
    const { startNs, kernelStartNs } = at;
    const { rows } = log.times;
    for (let i = 0; i < noted; i++) {
      const write = this.others[i]!;
      const row = write * STRIDE;
      const receivedNs = receipts.receivedNs(at, write);
      const visibleNs =
        visibility === Visibility.Commit ? at.completedNs : this.visible[write - at.previous - 1]!;
      last.seen(write, at.node, visibleNs, receivedNs, startNs, kernelStartNs);
      if (!log.times.isMeasured(write)) continue;
      const triggerNs = rows[row + WRITE.triggerNs]!;
      const valueNs = visibleNs - triggerNs;
      const bucket = bucketOf(valueNs);
      histogram.addEight(
        bucket,
        1,
        valueNs,
        rows[row + WRITE.kubeletNs]!,
        rows[row + WRITE.controllerQueueNs]!,
        rows[row + WRITE.controllerWriteNs]!,
        rows[row + WRITE.apiserverNs]!,
        receivedNs - rows[row + WRITE.commitNs]!,
        startNs - receivedNs,
        kernelStartNs - startNs,
        visibleNs - kernelStartNs,
      );
      if (SPLIT_BUCKETS[bucket] === 1) sli.recorded(bucket, valueNs);
      if (triggerNs < at.startedNs) sli.leaveOut(valueNs);
    }
  }

  private findVisible(at: NodeProxy): void {
    const { log, visibility, services } = this.parts;
    const { previous, position } = at;
    const { visible } = this;
    for (let write = previous + 1; write <= position; write++) {
      const service = log.service[write]!;
      visible[write - previous - 1] = visibleNsOf(visibility, at, write, service, services);
    }
  }

  private makeRoom(writes: number): void {
    if (writes <= this.others.length) return;
    this.others = new Int32Array(2 * writes);
    this.visible = new Float64Array(2 * writes);
  }
}

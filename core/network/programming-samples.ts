/**
 * The (write, node) loop: a sample of the programming time for each write that a node's sync covers.
 * Runs take hundreds of millions of them, so a sample reads one row of the write, adds to one
 * line of the histogram, and allocates nothing.
 */
import { bucketOf, CARRY as CARRY_AT, type Histogram } from '../metrics/histogram.ts';
import { type SliCounts, SPLIT_BUCKETS } from '../metrics/sli.ts';
import { Visibility } from '../models/proxy/proxy-model.ts';
import type { LastNodes } from './last-nodes.ts';
import type { NodeProxy } from './node-proxy.ts';
import type { SliceLog } from './slice-log.ts';
import { visibleNs as visibleNsOf } from './visibility.ts';
import { WRITE, wholeNs } from './write-times.ts';

// The compiler takes constants of this module for numbers, and those of another for variables.
const TRIGGER = WRITE.triggerNs;
const KUBELET = WRITE.kubeletNs;
const CONTROLLER_QUEUE = WRITE.controllerQueueNs;
const CONTROLLER_WRITE = WRITE.controllerWriteNs;
const APISERVER = WRITE.apiserverNs;
const COMMIT = WRITE.commitNs;
const UNIT = WRITE.unitNs;
const MEASURED = WRITE.measured;
const STRIDE = WRITE.stride;
const CARRY = CARRY_AT;
/** Length of a line of the histogram. */
const LINE = 10;
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
}

export class ProgrammingSamples {
  private readonly parts: SampleParts;
  /** When the writes of the sync at hand are visible, its first at 0, if not all at once. */
  private visible = new Float64Array(64);

  constructor(parts: SampleParts) {
    this.parts = parts;
  }

  /** One sample for each write that the last sync of a node covers. */
  record(at: NodeProxy): void {
    const { log, last, histogram, sli, visibility } = this.parts;
    const { rows } = log.times;
    const { apiserver, latencyNs, previous, position, startNs, kernelStartNs, joinedNs } = at;
    const sendingNs = log.times.startNs[apiserver]!;
    const lastNs = last.visibleNs;
    const atOnce = visibility === Visibility.Commit;
    if (!atOnce) this.findVisible(at);
    const { visible } = this;
    const served = at.place + 1;
    const { lines } = histogram;
    const buildNs = kernelStartNs - startNs;
    let visibleNs = at.completedNs;
    for (let write = previous + 1; write <= position; write++) {
      const row = (write & MASK) * STRIDE;
      if (!atOnce) visibleNs = visible[write - previous - 1]!;
      const receivedNs = sendingNs[write]! + wholeNs(served * rows[row + UNIT]!) + latencyNs;
      if (visibleNs >= lastNs[write]!) {
        last.seen(write, at.node, visibleNs, receivedNs, startNs, kernelStartNs);
      }
      if (rows[row + MEASURED] === 0) continue;
      const triggerNs = rows[row + TRIGGER]!;
      const valueNs = visibleNs - triggerNs;
      const bucket = bucketOf(valueNs);
      // `Histogram.addEight`, written out: as a call with eleven numbers it is not always inlined.
      const line = bucket * LINE;
      lines[line]! += 1;
      lines[line + 2]! += rows[row + KUBELET]!;
      lines[line + 3]! += rows[row + CONTROLLER_QUEUE]!;
      lines[line + 4]! += rows[row + CONTROLLER_WRITE]!;
      lines[line + 5]! += rows[row + APISERVER]!;
      lines[line + 6]! += receivedNs - rows[row + COMMIT]!;
      lines[line + 7]! += startNs - receivedNs;
      lines[line + 8]! += buildNs;
      lines[line + 9]! += visibleNs - kernelStartNs;
      const sum = lines[line + 1]! + valueNs;
      lines[line + 1] = sum;
      if (sum >= CARRY) histogram.carry(line);
      if (SPLIT_BUCKETS[bucket] === 1) sli.recorded(bucket, valueNs);
      if (triggerNs < joinedNs) sli.leaveOut(valueNs);
    }
  }

  private findVisible(at: NodeProxy): void {
    const { log, visibility, services } = this.parts;
    const { previous } = at;
    const covered = at.position - previous;
    if (covered > this.visible.length) this.visible = new Float64Array(2 * covered);
    const { visible } = this;
    for (let i = 0; i < covered; i++) {
      const write = previous + 1 + i;
      visible[i] = visibleNsOf(visibility, at, write, log.service[write]!, services);
    }
  }
}

/**
 * A sample of the programming time for each write that a node's sync covers. Runs take hundreds of
 * millions of them, so those of ordinary nodes, where all that a sync covers is visible at once, are
 * added up many syncs together (`sync-batch.ts`). The others are added one by one.
 */
import { bucketOf, type Histogram } from '../metrics/histogram.ts';
import type { SliCounts } from '../metrics/sli.ts';
import { Visibility } from '../models/proxy/proxy-model.ts';
import type { LastNodes } from './last-nodes.ts';
import { type NodeProxy, OWN_RECEIPTS } from './node-proxy.ts';
import type { Receipts } from './receipts.ts';
import type { SliceLog } from './slice-log.ts';
import type { SyncBatch } from './sync-batch.ts';
import { visibleNs as visibleNsOf } from './visibility.ts';
import { WRITE } from './write-times.ts';

const STRIDE = WRITE.stride;

export interface SampleParts {
  readonly log: SliceLog;
  readonly last: LastNodes;
  readonly histogram: Histogram;
  readonly sli: SliCounts;
  readonly visibility: Visibility;
  /** Services that kube-proxy programs. */
  readonly services: number;
  readonly receipts: Receipts;
  readonly batch: SyncBatch;
}

export class ProgrammingSamples {
  private readonly parts: SampleParts;

  constructor(parts: SampleParts) {
    this.parts = parts;
  }

  /** One sample for each write that the last sync of a node covers; some wait in the batch. */
  record(at: NodeProxy): void {
    const { batch, visibility } = this.parts;
    if (at.position === at.previous) return;
    const isPlain = visibility === Visibility.Commit && at.flags === 0 && !this.precedes(at);
    if (!isPlain || !batch.takes(at)) this.recordEach(at);
  }

  /** Whether a sync covers a write whose trigger is older than its node's proxy. */
  private precedes(at: NodeProxy): boolean {
    const { rows } = this.parts.log.times;
    const { previous, position, startedNs } = at;
    if (startedNs === 0) return false;
    for (let write = previous + 1; write <= position; write++) {
      if (rows[write * STRIDE + WRITE.triggerNs]! < startedNs) return true;
    }
    return false;
  }

  private recordEach(at: NodeProxy): void {
    const { log, last, histogram, sli, visibility, receipts, services } = this.parts;
    const { startNs, kernelStartNs, previous, position, apiserver, place, latencyNs } = at;
    const { times } = log;
    const { rows } = times;
    const ownReceipts = (at.flags & OWN_RECEIPTS) !== 0;
    for (let write = previous + 1; write <= position; write++) {
      const row = write * STRIDE;
      const receivedNs = ownReceipts
        ? receipts.receivedNs(at, write)
        : times.receivedNs(write, apiserver, place, latencyNs);
      const visibleNs = visibleNsOf(visibility, at, write, log.service[write]!, services);
      if (visibleNs >= last.visibleNs[write]!) {
        last.seen(write, at.node, visibleNs, receivedNs, startNs, kernelStartNs);
      }
      if (!times.isMeasured(write)) continue;
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
      sli.recorded(bucket, valueNs);
      if (triggerNs < at.startedNs) sli.leaveOut(valueNs);
    }
  }
}

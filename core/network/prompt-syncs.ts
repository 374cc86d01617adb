/**
 * Proxies that handle every write as it comes (eBPF agents): without a minimum period or a timer,
 * and at a cost that does not depend on when the last full sync was. Nearly every sync of theirs
 * covers one write, so what differs between nodes is only when it starts. What the syncs of a write
 * have in common is added once, for all nodes with a sample in the same bucket. The rest (several
 * writes in a sync, the edges of the measured window, long fan-outs) is left to `KubeProxies`, which
 * knows the rules in full.
 */
import { bucketOf } from '../metrics/histogram.ts';
import type { LastNodes } from './last-nodes.ts';
import { NODE, type NodeProxies, type NodeProxy } from './node-proxy.ts';
import type { Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import type { SyncCosts } from './sync-costs.ts';
import { WRITE, wholeNs } from './write-times.ts';

/** Writes looked at together. */
const WRITES = 32;
/** Buckets of the histogram that the samples of one write may span. */
const SPAN = 256;

// Columns of what is kept of a write while nodes pass over it. The compiler takes constants of this
// module for numbers.
const UNIT = 0;
const COMMIT = 1;
const TRIGGER = 2;
const MEASURED = 3;
const BUILD = 4;
const LENGTH = 5;
const CPU = 6;
/** Syncs that start from EARLIEST to LATEST are ordinary: in one second, in SPAN buckets. */
const EARLIEST = 7;
const LATEST = 8;
/** The first and the last of these buckets. */
const LOWEST = 9;
const HIGHEST = 10;
const SYNCS = 11;
const LAST_VISIBLE = 12;
const LAST_NODE = 13;
const LAST_RECEIVED = 14;
const LAST_START = 15;
const STRIDE = 16;

const EXACT = 2 ** 52;

export interface PromptSyncParts {
  readonly log: SliceLog;
  readonly nodes: NodeProxies;
  /** Of syncs of a node; the same for all nodes of a zone. */
  readonly costsAt: (node: number) => SyncCosts;
  readonly last: LastNodes;
  readonly recorder: Recorder;
  /** Whose nodes it handles: those of the class that are ordinary. */
  readonly class: number;
  /** Watching nodes of each apiserver. */
  readonly watchers: Int32Array;
  /** Makes the next sync of a node, whatever it covers. */
  syncNext(node: number): void;
  /** Told of each sync that is made here, unless null. */
  readonly traced: ((at: NodeProxy) => void) | null;
}

export class PromptSyncs {
  private readonly parts: PromptSyncParts;
  private readonly writes = new Float64Array(WRITES * STRIDE);
  /** By write and bucket: samples and their fan-out, and what they waited. */
  private readonly sums = new Float64Array(WRITES * SPAN * 2);
  private readonly waitedNs = new Float64Array(WRITES * SPAN);
  private readonly greatestLatencyNs: number;

  constructor(parts: PromptSyncParts) {
    this.parts = parts;
    const { nodes, rows } = parts.nodes;
    let greatestNs = 0;
    for (let node = 0; node < nodes; node++) {
      greatestNs = Math.max(greatestNs, rows[node * NODE.stride + NODE.latencyNs]!);
    }
    this.greatestLatencyNs = greatestNs;
  }

  /** Makes the syncs that start up to `nowNs`, on the nodes of a zone: `first`, `first + step`, ... */
  advance(first: number, step: number, nowNs: number): void {
    const { log, nodes, costsAt, syncNext } = this.parts;
    const costs = costsAt(first);
    let base = log.length + 1;
    for (let node = first; node < nodes.nodes; node += step) {
      if (this.handles(node)) base = Math.min(base, nodes.position[node]! + 1);
    }
    for (; base <= log.length; base += WRITES) {
      const end = Math.min(base + WRITES, log.length + 1);
      for (let write = base; write < end; write++) this.prepare(base, write, costs);
      for (let node = first; node < nodes.nodes; node += step) {
        // A node behind `base` has yet to receive an earlier write.
        if (!this.handles(node) || nodes.position[node]! + 1 < base) continue;
        while (!this.pass(node, base, end, nowNs)) syncNext(node);
      }
      for (let write = base; write < end; write++) this.settle(base, write);
    }
  }

  private handles(node: number): boolean {
    const { nodes } = this.parts;
    return (
      nodes.running[node] === 1 && nodes.class[node] === this.parts.class && nodes.flags[node] === 0
    );
  }

  /** Notes what the syncs of `write` have in common. */
  private prepare(base: number, write: number, costs: SyncCosts): void {
    const { log } = this.parts;
    const { writes } = this;
    const { rows } = log.times;
    const row = write * WRITE.stride;
    const at = (write - base) * STRIDE;
    writes[at + UNIT] = rows[row + WRITE.unitNs]!;
    writes[at + COMMIT] = rows[row + WRITE.commitNs]!;
    writes[at + TRIGGER] = rows[row + WRITE.triggerNs]!;
    writes[at + MEASURED] = log.times.isMeasured(write) ? 1 : 0;
    writes[at + SYNCS] = 0;
    writes[at + LAST_VISIBLE] = Number.NEGATIVE_INFINITY;
    writes[at + LATEST] = Number.NEGATIVE_INFINITY;
    const cost = costs.ageless(write - 1, write);
    if (cost === null) return;
    writes[at + BUILD] = cost.buildNs;
    writes[at + LENGTH] = cost.buildNs + cost.kernelNs;
    writes[at + CPU] = cost.cpuNs;
    // A node must not receive the next write in the same nanosecond.
    if (write < log.length && rows[row + WRITE.stride + WRITE.unitNs]! < 1) return;
    this.bound(write, at);
  }

  /** Sets the bounds of ordinary syncs, if such there can be. */
  private bound(write: number, at: number): void {
    const { log, nodes, recorder, watchers } = this.parts;
    const { writes } = this;
    const unitNs = writes[at + UNIT]!;
    let earliestNs = Number.POSITIVE_INFINITY;
    let latestNs = 0;
    log.times.startNs.forEach((startNs, apiserver) => {
      earliestNs = Math.min(earliestNs, startNs[write]!);
      latestNs = Math.max(latestNs, startNs[write]! + Math.ceil(watchers[apiserver]! * unitNs));
    });
    latestNs += this.greatestLatencyNs;
    const fromTriggerNs = writes[at + LENGTH]! - writes[at + TRIGGER]!;
    const lowest = bucketOf(earliestNs + fromTriggerNs);
    const greatestNs = latestNs + fromTriggerNs;
    const highest = bucketOf(greatestNs);
    if (
      recorder.bin(earliestNs) === recorder.bin(latestNs) &&
      recorder.measures(earliestNs) === recorder.measures(latestNs) &&
      highest < lowest + SPAN &&
      greatestNs * nodes.nodes < EXACT
    ) {
      writes[at + EARLIEST] = earliestNs;
      writes[at + LATEST] = latestNs;
      writes[at + LOWEST] = lowest;
      writes[at + HIGHEST] = highest;
    }
  }

  /**
   * Makes the syncs of a node for the writes from `base` on and before `end`, up to `nowNs`; false
   * at one that is not ordinary.
   */
  private pass(node: number, base: number, end: number, nowNs: number): boolean {
    const { log, nodes, recorder, traced } = this.parts;
    const { writes, sums, waitedNs } = this;
    const { sli } = recorder;
    const { rows } = nodes;
    const row = node * NODE.stride;
    const sendingNs = log.times.startNs[rows[row + NODE.apiserver]!]!;
    const served = rows[row + NODE.place]! + 1;
    const latencyNs = rows[row + NODE.latencyNs]!;
    const proxyStartedNs = nodes.startedNs[node]!;
    const first = nodes.position[node]! + 1;
    let completedNs = nodes.completedNs[node]!;
    let isOrdinary = true;
    let write = first;
    let at = (write - base) * STRIDE;
    for (; write < end; write++, at += STRIDE) {
      const receivedNs = sendingNs[write]! + wholeNs(served * writes[at + UNIT]!) + latencyNs;
      const startNs = receivedNs > completedNs ? receivedNs : completedNs;
      if (startNs > nowNs) break;
      isOrdinary =
        startNs <= writes[at + LATEST]! &&
        (startNs === receivedNs || !this.receivesNext(node, write, startNs));
      if (!isOrdinary) break;
      completedNs = startNs + writes[at + LENGTH]!;
      writes[at + SYNCS]! += 1;
      const lastNs = writes[at + LAST_VISIBLE]!;
      if (completedNs > lastNs || (completedNs === lastNs && node < writes[at + LAST_NODE]!)) {
        writes[at + LAST_VISIBLE] = completedNs;
        writes[at + LAST_NODE] = node;
        writes[at + LAST_RECEIVED] = receivedNs;
        writes[at + LAST_START] = startNs;
      }
      if (traced !== null) this.trace(traced, node, write, at, startNs);
      if (writes[at + MEASURED] === 0) continue;
      const triggerNs = writes[at + TRIGGER]!;
      const valueNs = completedNs - triggerNs;
      const bucket = bucketOf(valueNs);
      // A whole number, and so that the compiler knows it.
      const sum = (write - base) * SPAN + bucket - (writes[at + LOWEST]! | 0);
      sums[2 * sum]! += 1;
      sums[2 * sum + 1]! += receivedNs - writes[at + COMMIT]!;
      if (startNs > receivedNs) waitedNs[sum]! += startNs - receivedNs;
      sli.recorded(bucket, valueNs);
      if (triggerNs < proxyStartedNs) sli.leaveOut(valueNs);
    }
    if (write > first) {
      const buildNs = writes[at - STRIDE + BUILD]!;
      const kernelNs = writes[at - STRIDE + LENGTH]! - buildNs;
      nodes.previous[node] = write - 2;
      nodes.position[node] = write - 1;
      nodes.completedNs[node] = completedNs;
      rows[row + NODE.kernelStartNs] = completedNs - kernelNs;
      rows[row + NODE.syncs]! += write - first;
      rows[row + NODE.nextStartNs] = 0;
    }
    return isOrdinary;
  }

  /** Whether a sync that starts at `startNs` covers the write after `write`, too. */
  private receivesNext(node: number, write: number, startNs: number): boolean {
    const { log, nodes } = this.parts;
    if (write === log.length) return false;
    const { apiserver, place, latencyNs } = nodes.take(node);
    return log.times.receivedNs(write + 1, apiserver, place, latencyNs) <= startNs;
  }

  private trace(
    traced: (at: NodeProxy) => void,
    node: number,
    write: number,
    row: number,
    startNs: number,
  ): void {
    const { writes } = this;
    const at = this.parts.nodes.take(node);
    at.previous = write - 1;
    at.position = write;
    at.startNs = startNs;
    at.kernelStartNs = startNs + writes[row + BUILD]!;
    at.kernelNs = writes[row + LENGTH]! - writes[row + BUILD]!;
    at.completedNs = startNs + writes[row + LENGTH]!;
    traced(at);
  }

  /** Adds up what `pass` has left of a write. */
  private settle(base: number, write: number): void {
    const { last, recorder } = this.parts;
    const { writes } = this;
    const at = (write - base) * STRIDE;
    const syncs = writes[at + SYNCS]!;
    if (syncs === 0) return;
    const startNs = writes[at + LAST_START]!;
    last.seen(
      write,
      writes[at + LAST_NODE]!,
      writes[at + LAST_VISIBLE]!,
      writes[at + LAST_RECEIVED]!,
      startNs,
      startNs + writes[at + BUILD]!,
    );
    recorder.synced(
      writes[at + EARLIEST]!,
      syncs,
      writes[at + LENGTH]!,
      writes[at + CPU]!,
      this.parts.class,
    );
    if (writes[at + MEASURED] === 1) this.addSamples(base, write);
  }

  private addSamples(base: number, write: number): void {
    const { log, recorder } = this.parts;
    const { sums, waitedNs, writes } = this;
    const { rows } = log.times;
    const row = write * WRITE.stride;
    const at = (write - base) * STRIDE;
    const buildNs = writes[at + BUILD]!;
    const kernelNs = writes[at + LENGTH]! - buildNs;
    const commonNs = writes[at + COMMIT]! - writes[at + TRIGGER]! + writes[at + LENGTH]!;
    const lowest = writes[at + LOWEST]!;
    const highest = writes[at + HIGHEST]!;
    for (let bucket = lowest; bucket <= highest; bucket++) {
      const sum = (write - base) * SPAN + bucket - lowest;
      const count = sums[2 * sum]!;
      if (count === 0) continue;
      const fanoutNs = sums[2 * sum + 1]!;
      const waitNs = waitedNs[sum]!;
      recorder.networkProgramming.addEight(
        bucket,
        count,
        count * commonNs + fanoutNs + waitNs,
        count * rows[row + WRITE.kubeletNs]!,
        count * rows[row + WRITE.controllerQueueNs]!,
        count * rows[row + WRITE.controllerWriteNs]!,
        count * rows[row + WRITE.apiserverNs]!,
        fanoutNs,
        waitNs,
        count * buildNs,
        count * kernelNs,
      );
      sums[2 * sum] = 0;
      sums[2 * sum + 1] = 0;
      waitedNs[sum] = 0;
    }
  }
}

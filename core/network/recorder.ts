/**
 * The probe points of the network models and the accumulators behind them. Everything here is an
 * integer that adds up; only what lies in the measured window counts. What needs the whole run
 * (windows of exposure, the last node) is evaluated from the logs in `harvest.ts`.
 */
import { assert } from '../assert.ts';
import type { Wide } from '../metrics/cell.ts';
import { Histogram } from '../metrics/histogram.ts';
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { SliCounts } from '../metrics/sli.ts';
import { WideSum } from '../metrics/wide-sum.ts';

const BIN_NS = 1e9;

/** Outcomes of a request besides success. */
export const FailureCause = { DeadEndpoint: 0, Misdelivered: 1, NoEndpoints: 2 } as const;

/** An address went from one pod to another. */
export interface AddressReuse {
  readonly nowNs: number;
  readonly previous: number;
  readonly pod: number;
}

/** Times of a sync. */
export type MadeSync = Readonly<Record<'startNs' | 'completedNs' | 'cpuNs', number>>;

/** By name of the accumulator. */
export type RecorderParts = Record<string, unknown>;

/** Not accumulators. */
const EDGES: ReadonlySet<string> = new Set(['fromNs', 'toNs']);

export class Recorder {
  readonly fromNs: number;
  readonly toNs: number;
  readonly networkProgramming = new Histogram(PROGRAMMING_STAGES.length);
  readonly sli = new SliCounts();
  readonly proxySync = new Histogram();
  readonly nodeNetworkReady = new Histogram();
  readonly podStartup = new Histogram();
  readonly firstPacketProxy = new Histogram();
  readonly establishedProxy = new Histogram();
  readonly requestClusterIp = new Histogram();
  readonly requestCrossNode = new Histogram();
  readonly requestIntraNode = new Histogram();
  readonly ipReuseAge = new Histogram();

  readonly proxyCpuNs = new WideSum();
  readonly softirqCpuNs = new WideSum();
  readonly egressBytes = new WideSum();
  watchEvents = 0;
  addressFailures = 0;
  podChanges = 0;
  requests = 0;
  succeeded = 0;
  /** By `FailureCause`. */
  readonly failures = new Float64Array(3);
  /** Requests over the whole run, for conservation. */
  started = 0;
  ended = 0;
  /** Triggers in the window of which the controllers have yet to hear. */
  openTriggers = 0;
  readonly reuses: AddressReuse[] = [];

  readonly podChangeBins: Float64Array;
  readonly writeBins: Float64Array;
  readonly syncBins: Float64Array;
  readonly requestBins: Float64Array;
  readonly failureBins: Float64Array;

  constructor(fromNs: number, toNs: number) {
    this.fromNs = fromNs;
    this.toNs = toNs;
    const bins = Math.ceil((toNs - fromNs) / BIN_NS);
    this.podChangeBins = new Float64Array(bins);
    this.writeBins = new Float64Array(bins);
    this.syncBins = new Float64Array(bins);
    this.requestBins = new Float64Array(bins);
    this.failureBins = new Float64Array(bins);
  }

  /** What another partition of the run has to hand over, as plain data. */
  parts(): RecorderParts {
    const parts: RecorderParts = {};
    for (const [name, value] of Object.entries(this)) {
      if (EDGES.has(name)) continue;
      parts[name] =
        value instanceof Histogram
          ? { lines: value.lines, high: value.high }
          : value instanceof WideSum
            ? { wide: value.toWide() }
            : value instanceof SliCounts
              ? value.corrections()
              : value;
    }
    return parts;
  }

  /** Adds what another partition has recorded. */
  absorb(parts: RecorderParts): void {
    const own = this as unknown as Record<string, unknown>;
    for (const [name, part] of Object.entries(parts)) {
      const value = own[name];
      if (value instanceof Histogram) value.absorb(part as Histogram);
      else if (value instanceof WideSum) value.addWide((part as { wide: Wide }).wide);
      else if (value instanceof SliCounts) value.absorb(part as Float64Array);
      else if (value instanceof Float64Array) addTo(value, part as Float64Array);
      else if (value === this.reuses) {
        for (const reuse of part as AddressReuse[]) this.reuses.push(reuse);
      } else {
        // A sum of anything else would be a text, and only of a run that is divided.
        assert(typeof value === 'number', `accumulator ${name} cannot be added up`);
        own[name] = value + (part as number);
      }
    }
  }

  get binNs(): number {
    return BIN_NS;
  }

  measures(timeNs: number): boolean {
    return timeNs >= this.fromNs && timeNs < this.toNs;
  }

  bin(timeNs: number): number {
    return Math.floor((timeNs - this.fromNs) / BIN_NS);
  }

  triggered(triggerNs: number): void {
    if (this.measures(triggerNs)) this.openTriggers++;
  }

  settled(triggerNs: number): void {
    if (this.measures(triggerNs)) this.openTriggers--;
  }

  podChange(nowNs: number): void {
    if (!this.measures(nowNs)) return;
    this.podChanges++;
    this.podChangeBins[this.bin(nowNs)]!++;
  }

  podStarted(createdNs: number, nowNs: number): void {
    if (this.measures(createdNs)) this.podStartup.record(nowNs - createdNs);
  }

  addressFailed(nowNs: number): void {
    if (this.measures(nowNs)) this.addressFailures++;
  }

  addressReused(reuse: AddressReuse, freedNs: number): void {
    if (!this.measures(reuse.nowNs)) return;
    this.ipReuseAge.record(reuse.nowNs - freedNs);
    this.reuses.push(reuse);
  }

  /** A slice write has been committed and is sent to `watchers` nodes. */
  written(commitNs: number, watchers: number, bytes: number): void {
    if (!this.measures(commitNs)) return;
    this.writeBins[this.bin(commitNs)]!++;
    this.watchEvents += watchers;
    this.egressBytes.addProduct(Math.round(bytes), watchers);
  }

  /** A joining node's lists of `bytes` are sent. */
  listed(nowNs: number, bytes: number): void {
    if (this.measures(nowNs)) this.egressBytes.add(Math.round(bytes));
  }

  /** `syncs` syncs have started at, or in the same second as, `startNs`. */
  synced(startNs: number, syncs: number, lengthNs: number, cpuNs: number): void {
    if (!this.measures(startNs)) return;
    this.syncBins[this.bin(startNs)]! += syncs;
    this.proxySync.recordMany(lengthNs, syncs);
    this.proxyCpuNs.addProduct(cpuNs, syncs);
  }

  /** One sync. Its times come as an object, because numbers handed over may be allocated. */
  syncMade({ startNs, completedNs, cpuNs }: MadeSync): void {
    if (!this.measures(startNs)) return;
    this.syncBins[this.bin(startNs)]!++;
    this.proxySync.record(completedNs - startNs);
    this.proxyCpuNs.add(cpuNs);
  }

  requestStarted(startNs: number): void {
    this.started++;
    if (!this.measures(startNs)) return;
    this.requests++;
    this.requestBins[this.bin(startNs)]!++;
  }

  requestSucceeded(startNs: number, nowNs: number, sameNode: boolean): void {
    this.ended++;
    if (!this.measures(startNs)) return;
    this.succeeded++;
    const latencyNs = nowNs - startNs;
    this.requestClusterIp.record(latencyNs);
    if (sameNode) this.requestIntraNode.record(latencyNs);
    else this.requestCrossNode.record(latencyNs);
  }

  requestFailed(startNs: number, cause: number): void {
    this.ended++;
    if (!this.measures(startNs)) return;
    this.failures[cause]!++;
    this.failureBins[this.bin(startNs)]!++;
  }
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += values[i]!;
}

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
export const FailureCause = {
  DeadEndpoint: 0,
  Misdelivered: 1,
  NoEndpoints: 2,
  NoLocalEndpoint: 3,
  Reset: 4,
  ConntrackFull: 5,
  SnatPortsExhausted: 6,
} as const;

/** An address went from one pod to another. */
export interface AddressReuse {
  readonly nowNs: number;
  readonly previous: number;
  readonly pod: number;
}

/** Times of a sync. */
export type MadeSync = Readonly<Record<'startNs' | 'completedNs' | 'cpuNs' | 'class', number>>;

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
  readonly agentRestartGap = new Histogram();
  readonly podStartup = new Histogram();
  readonly firstPacketProxy = new Histogram();
  readonly establishedProxy = new Histogram();
  readonly requestClusterIp = new Histogram();
  readonly requestCrossNode = new Histogram();
  readonly requestIntraNode = new Histogram();
  readonly requestNodePort = new Histogram();
  readonly requestLoadBalancer = new Histogram();
  readonly requestExternal = new Histogram();
  readonly ipReuseAge = new Histogram();

  readonly proxyCpuNs = new WideSum();
  readonly softirqCpuNs = new WideSum();
  /** By class of proxies, in microseconds; of one class alone `proxyCpuNs` tells. */
  readonly proxyCpuUsOfClass: Float64Array;
  readonly egressBytes = new WideSum();
  watchEvents = 0;
  addressFailures = 0;
  flowsDropped = 0;
  portSearchesFailed = 0;
  failedSyncs = 0;
  podChanges = 0;
  requests = 0;
  /** Requests to cluster IPs that were answered. */
  succeeded = 0;
  /** Requests of outside clients that were answered, and those that came with the client's address. */
  external = 0;
  addressesKept = 0;
  /** Answered requests whose endpoint is in another zone than the node that chose it. */
  zonesCrossed = 0;
  /** By `FailureCause`. */
  readonly failures = new Float64Array(Object.keys(FailureCause).length);
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

  /** @param classes of proxies */
  constructor(fromNs: number, toNs: number, classes = 1) {
    this.fromNs = fromNs;
    this.proxyCpuUsOfClass = new Float64Array(classes);
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

  /** A full table of connections had no place for a new flow's first packet. */
  flowDropped(nowNs: number): void {
    if (this.measures(nowNs)) this.flowsDropped++;
  }

  /** No source port was found for a flow to be masqueraded. */
  portsExhausted(nowNs: number): void {
    if (this.measures(nowNs)) this.portSearchesFailed++;
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

  /** Lists of `bytes` are sent to one node. */
  listed(nowNs: number, bytes: number): void {
    if (this.measures(nowNs)) this.egressBytes.add(Math.round(bytes));
  }

  /** `syncs` syncs have started at, or in the same second as, `startNs`. */
  synced(startNs: number, syncs: number, lengthNs: number, cpuNs: number, ofClass = 0): void {
    if (!this.measures(startNs)) return;
    this.syncBins[this.bin(startNs)]! += syncs;
    this.proxySync.recordMany(lengthNs, syncs);
    this.proxyCpuNs.addProduct(cpuNs, syncs);
    if (this.proxyCpuUsOfClass.length > 1) {
      this.proxyCpuUsOfClass[ofClass]! += syncs * Math.round(cpuNs / 1000);
    }
  }

  /** One sync. Its times come as an object, because numbers handed over may be allocated. */
  syncMade({ startNs, completedNs, cpuNs, class: ofClass }: MadeSync): void {
    if (!this.measures(startNs)) return;
    if (this.proxyCpuUsOfClass.length > 1) {
      this.proxyCpuUsOfClass[ofClass]! += Math.round(cpuNs / 1000);
    }
    this.syncBins[this.bin(startNs)]!++;
    this.proxySync.record(completedNs - startNs);
    this.proxyCpuNs.add(cpuNs);
  }

  /** A sync that has been counted fails. */
  syncFailed(startNs: number): void {
    if (this.measures(startNs)) this.failedSyncs++;
  }

  requestStarted(startNs: number): void {
    this.started++;
    if (!this.measures(startNs)) return;
    this.requests++;
    this.requestBins[this.bin(startNs)]!++;
  }

  /** The reply has come; the request ends now or, if the connection stays open, later. */
  requestAnswered(startNs: number, nowNs: number, sameNode: boolean): void {
    if (!this.measures(startNs)) return;
    this.succeeded++;
    const latencyNs = nowNs - startNs;
    this.requestClusterIp.record(latencyNs);
    if (sameNode) this.requestIntraNode.record(latencyNs);
    else this.requestCrossNode.record(latencyNs);
  }

  /** The same, of an outside client. */
  externalAnswered(startNs: number, nowNs: number, isNodePort: boolean, isKept: boolean): void {
    if (!this.measures(startNs)) return;
    this.external++;
    if (isKept) this.addressesKept++;
    const latencyNs = nowNs - startNs;
    this.requestExternal.record(latencyNs);
    if (isNodePort) this.requestNodePort.record(latencyNs);
    else this.requestLoadBalancer.record(latencyNs);
  }

  /** An answered request has gone to another zone. */
  zoneCrossed(startNs: number): void {
    if (this.measures(startNs)) this.zonesCrossed++;
  }

  /** An answered request is over. */
  requestEnded(): void {
    this.ended++;
  }

  /** A request that was counted as failed for one cause has met a graver one. */
  failedWorse(startNs: number, from: number, to: number): void {
    if (!this.measures(startNs)) return;
    this.failures[from]!--;
    this.failures[to]!++;
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

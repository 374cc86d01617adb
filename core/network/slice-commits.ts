/**
 * What happens when an EndpointSlice write commits: it enters the log, the truth log learns which
 * pods Services use, watchers are sent it. Also knows what a list would return, which is the sum of
 * what has committed.
 */
import type { ConstantReader } from '../constant.ts';
import type { Engine } from '../engine/engine.ts';
import { controlPlane } from '../models/control-plane.ts';
import type { Trace, TracedWrite } from '../trace.ts';
import type { CommittedWrite } from './endpoint-slice-controller.ts';
import { EventKind } from './event-kind.ts';
import type { Emission, Fanout } from './fanout.ts';
import type { KubeProxies } from './kube-proxies.ts';
import type { Pods } from './pods.ts';
import type { PublishedWrite } from './publication.ts';
import type { Recorder } from './recorder.ts';
import type { SliceLog } from './slice-log.ts';
import type { SliceSizes } from './slice-sizes.ts';
import type { Topology } from './topology.ts';

/** Rows of the log that no node can see are forgotten every so many writes. */
const COMPACT_EVERY = 1024;

export interface SliceCommitParts {
  readonly engine: Engine;
  readonly topology: Topology;
  readonly log: SliceLog;
  readonly fanout: Fanout;
  readonly sizes: SliceSizes;
  readonly pods: Pods;
  readonly proxies: KubeProxies;
  readonly recorder: Recorder;
  /** Ports by Service; 0 for those that kube-proxy does not watch. */
  readonly ports: Int32Array;
  /** Tells the other partitions of the run, if there are any. */
  readonly publish: ((write: PublishedWrite) => void) | null;
  readonly trace: Trace | null;
  /** Filled with the index in the trace of each write of the log. */
  readonly traced: number[];
}

export class SliceCommits {
  private readonly parts: SliceCommitParts;
  private readonly serviceBytes: number;

  constructor(read: ConstantReader, parts: SliceCommitParts) {
    this.parts = parts;
    this.serviceBytes = read(controlPlane.serviceBytes);
  }

  /** Slices that are there at the start. */
  adopt(service: number, endpointsOfSlices: readonly number[]): void {
    if (this.parts.ports[service] === 0) return;
    for (const endpoints of endpointsOfSlices) this.parts.sizes.list(service, 1, endpoints);
  }

  commit(commit: CommittedWrite): void {
    const { engine, log, fanout, pods, recorder, ports, publish, sizes, trace, traced } =
      this.parts;
    const { service, write } = commit;
    const { nowNs } = engine;
    const before = write.slice.committed;
    write.slice.committed = write.kind === 'delete' ? 0 : write.carried;
    const { triggerNs, knownNs, syncStartNs, requestNs } = commit;
    const instants = { triggerNs, knownNs, syncStartNs, requestNs, commitNs: nowNs };
    const entry = { service, ...instants, endpoints: write.slice.committed };
    trace?.writes.push(entry);
    if (ports[service] === 0) {
      if (trace !== null) this.observe(trace, commit, entry, 0, null);
      return;
    }
    const more = write.kind === 'create' ? 1 : write.kind === 'delete' ? -1 : 0;
    sizes.list(service, more, write.slice.committed - before);
    const bytes = sizes.bytes(service, write.carried);

    const published: PublishedWrite = {
      kind: 'write',
      service,
      changes: write.changes,
      instants,
      emission: fanout.send(nowNs, bytes),
    };
    const w = this.append(published);
    publish?.(published);
    if (trace !== null) {
      traced[w] = trace.writes.length - 1;
      this.observe(trace, commit, entry, w, published.emission);
    }
    for (const pod of log.gained) pods.usedBy[pod]!++;
    for (const pod of log.lost) if (--pods.usedBy[pod]! === 0) pods.withdrawnBy[pod] = w;
    recorder.written(nowNs, fanout.served(nowNs), bytes);
    this.checkSlowWatchers(w);
  }

  private observe(
    { observer }: Trace,
    { sync, write }: CommittedWrite,
    entry: TracedWrite,
    position: number,
    emission: Emission | null,
  ): void {
    if (observer === undefined) return;
    const { pod, known, computedNs, askedNs } = sync;
    observer.write({
      ...entry,
      position,
      kind: write.kind,
      pod,
      workload: this.parts.pods.workload[pod]!,
      known,
      index: sync.next - 1,
      writes: sync.writes.length,
      computedNs,
      askedNs,
      emission,
      watchers: this.parts.fanout.watchers.slice(),
    });
  }

  /** A write that the control plane, in another partition of the run, has committed. */
  learn(write: PublishedWrite): void {
    this.append(write);
  }

  private append({ service, changes, instants, emission }: PublishedWrite): number {
    const { log, proxies, recorder } = this.parts;
    const w = log.append(service, changes);
    log.times.enter(w, instants, recorder.measures(instants.triggerNs), emission);
    proxies.appended(w, emission.bytes);
    if (w % COMPACT_EVERY === 0) log.compact(proxies.lowestPosition());
    return w;
  }

  /** Slow nodes look whether their watch goes on when the write might reach them. */
  private checkSlowWatchers(write: number): void {
    const { engine, fanout, proxies, topology } = this.parts;
    const watching = fanout.watching();
    for (const node of proxies.links.nodes) {
      // Nodes are numbered as they join.
      if (node >= watching) return;
      const latencyNs = topology.controlLatencyNs[node]!;
      engine.send(topology.nodeProcess(node), latencyNs, EventKind.WatchCheck, write, 0);
    }
  }

  /** Bytes of the lists of Services and EndpointSlices that a starting kube-proxy asks for. */
  listBytes(): number {
    const { proxies, sizes } = this.parts;
    return proxies.programmedServices * this.serviceBytes + sizes.listed();
  }
}

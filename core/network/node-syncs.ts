/**
 * The syncs of one node's kube-proxy, one after the other: when the next starts, what it covers, whether
 * it fails, what is known afterwards. Ordinary nodes pay a comparison for what may happen to others.
 * Rules: docs/models/network-programming.md.
 */
import type { Trace } from '../trace.ts';
import { Irregular, type NodeProxies, type NodeProxy, OWN_RECEIPTS } from './node-proxy.ts';
import { isTold, observedSync, watcherOf } from './observed-sync.ts';
import type { ProxyClass } from './proxy-class.ts';
import type { Receipts } from './receipts.ts';
import type { Recorder } from './recorder.ts';
import type { RestartGaps } from './restart-gaps.ts';
import type { SliceLog } from './slice-log.ts';
import { SyncKind } from './sync-costs.ts';
import { visibleNs } from './visibility.ts';

export interface NodeSyncParts {
  readonly log: SliceLog;
  readonly nodes: NodeProxies;
  readonly classes: readonly ProxyClass[];
  readonly receipts: Receipts;
  readonly gaps: RestartGaps;
  readonly recorder: Recorder;
  /** Services that kube-proxy programs. */
  readonly services: number;
  readonly trace: Trace | null;
  /** Index in the trace of each write of the log. */
  readonly traced: readonly number[];
}

export class NodeSyncs {
  private readonly parts: NodeSyncParts;
  private readonly classes: readonly ProxyClass[];

  constructor(parts: NodeSyncParts) {
    this.parts = parts;
    this.classes = parts.classes;
  }

  /** Makes the next sync of an ordinary node, which there is. */
  syncNext(node: number): void {
    const { nodes } = this.parts;
    const at = nodes.take(node);
    this.findNextStart(at);
    this.sync(at, SyncKind.Plain);
    nodes.putBack(at);
  }

  /** `at.startNs`: of the next sync as far as the log tells; Infinity if nothing asks for one. */
  findNextStart(at: NodeProxy): void {
    const { log, receipts } = this.parts;
    const { runner, forcedNs, retryNs } = this.classes[at.class]!;
    const next = at.attempted + 1;
    at.startNs = Number.POSITIVE_INFINITY;
    if (next <= log.length) {
      at.startNs =
        (at.flags & OWN_RECEIPTS) === 0
          ? log.times.receivedNs(next, at.apiserver, at.place, at.latencyNs)
          : receipts.receivedNs(at, next);
      runner.delay(at);
    }
    if (forcedNs > 0) at.startNs = Math.min(at.startNs, Math.max(0, at.completedNs + forcedNs));
    if ((at.flags & Irregular.Failed) !== 0) {
      at.startNs = Math.min(at.startNs, at.completedNs + retryNs);
    }
  }

  /** The sync that starts at `at.startNs`, of kind `least` or of one that does more. */
  sync(at: NodeProxy, least: SyncKind): void {
    const { log, receipts } = this.parts;
    const proxyClass = this.classes[at.class]!;
    at.previous = at.position;
    at.position =
      (at.flags & OWN_RECEIPTS) === 0
        ? log.times.receivedBy(at, log.length)
        : receipts.receivedBy(at);
    at.attempted = at.position;
    at.sync++;
    if (at.flags !== 0 || proxyClass.failing > 0) this.irregularSync(at, proxyClass, least);
    else this.program(at, proxyClass, least);
  }

  /** A sync that succeeds. */
  private program(at: NodeProxy, proxyClass: ProxyClass, least: SyncKind): void {
    const { recorder, trace } = this.parts;
    const { runner, samples } = proxyClass;
    proxyClass.at(at.node).costs.apply(at, least);
    runner.started(at);
    recorder.syncMade(at);
    samples.record(at);
    if (trace !== null) this.trace(trace, at);
  }

  /** A sync that may fail, or of a node to which something has happened. */
  private irregularSync(at: NodeProxy, proxyClass: ProxyClass, least: SyncKind): void {
    const { nodes, gaps, receipts } = this.parts;
    const isRestarted = (at.flags & Irregular.Restarted) !== 0;
    const replaces = isRestarted && this.isForeign(nodes.kernelClass[at.node]!, at.class);
    let kind: SyncKind = least;
    if (replaces) kind = SyncKind.Initial;
    else if ((at.flags & Irregular.Failed) !== 0) kind = SyncKind.Full;
    // The first sync of a node that joins does not fail.
    if (nodes.running[at.node] === 1 && proxyClass.fails(at)) {
      this.fail(at, proxyClass, kind);
      return;
    }
    at.isWhole = replaces;
    this.program(at, proxyClass, kind);
    at.isWhole = false;
    nodes.succeeded(at);
    if (isRestarted) {
      nodes.fillKernel(at);
      gaps.close(at);
      at.flags &= ~Irregular.Restarted;
    }
    if (!receipts.owesRelisted(at)) at.flags &= ~Irregular.Relisted;
  }

  private fail(at: NodeProxy, proxyClass: ProxyClass, kind: SyncKind): void {
    const { nodes, recorder, trace } = this.parts;
    const { lastFullNs, lastListNs } = at;
    proxyClass.at(at.node).costs.apply(at, kind);
    at.lastFullNs = lastFullNs;
    at.lastListNs = lastListNs;
    at.position = at.previous;
    proxyClass.runner.started(at);
    recorder.syncMade(at);
    recorder.syncFailed(at.startNs);
    nodes.failed(at);
    const { node, startNs, completedNs } = at;
    trace?.failures.push({ node, startNs, completedNs });
    trace?.observer?.sync(observedSync(at, true));
  }

  /** Whether what is in the kernel is of another model than that of a class. */
  private isForeign(inKernel: number, index: number): boolean {
    return this.classes[inKernel]!.model !== this.classes[index]!.model;
  }

  /** Whether the last sync of a node has replaced another model's objects. */
  hasReplaced({ node, completedNs }: NodeProxy): boolean {
    const { switchedNs, formerClass, kernelClass } = this.parts.nodes;
    return (
      switchedNs[node] === completedNs && this.isForeign(formerClass[node]!, kernelClass[node]!)
    );
  }

  /** When a write of the last sync is visible. */
  visibleNs(at: NodeProxy, write: number, service: number): number {
    const { visibility } = this.classes[at.class]!.model;
    return visibleNs(visibility, at, write, service, this.parts.services);
  }

  /** Writes the last sync down. */
  trace(trace: Trace, at: NodeProxy): void {
    const { log, receipts, traced } = this.parts;
    const { observer } = trace;
    observer?.sync(observedSync(at, false));
    for (let write = at.previous + 1; write <= at.position; write++) {
      const visibleNs = this.visibleNs(at, write, log.service[write]!);
      if (observer !== undefined && !isTold(observer, log.times, at.node, write, visibleNs)) {
        continue;
      }
      const sample = {
        write: traced[write]!,
        node: at.node,
        receivedNs: receipts.receivedNs(at, write),
        syncStartNs: at.startNs,
        kernelStartNs: at.kernelStartNs,
        visibleNs,
      };
      if (observer === undefined) trace.samples.push(sample);
      else observer.sample({ ...sample, ...watcherOf(at) });
    }
  }
}

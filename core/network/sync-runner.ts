/**
 * kube-proxy's bounded-frequency runner on every node: when it lets a sync start that is asked for.
 * From Kubernetes 1.34 on a gap after the last completion, before that a token bucket of burst 2
 * (docs/models/network-programming.md). Timers that force a sync are not its business.
 */
import type { NodeProxy } from './node-proxy.ts';

const BURST = 2;

export class SyncRunner {
  private readonly minSyncNs: number;
  private readonly isGap: boolean;
  private readonly lastStartNs: Float64Array;
  private readonly tokens: Float64Array;

  constructor(kind: 'gap' | 'token-bucket', minSyncNs: number, nodes: number) {
    this.minSyncNs = minSyncNs;
    this.isGap = kind === 'gap';
    this.lastStartNs = new Float64Array(nodes);
    this.tokens = new Float64Array(nodes);
  }

  /** A node that has been running: its last sync was at `lastStartNs`, and one token is left. */
  resume(node: number, lastStartNs: number): void {
    this.lastStartNs[node] = lastStartNs;
    this.tokens[node] = 1;
  }

  /** A node whose proxy starts at `nowNs`. */
  begin(node: number, nowNs: number): void {
    this.lastStartNs[node] = nowNs;
    this.tokens[node] = BURST;
  }

  /** Puts off a sync asked for at `at.startNs` until it may start. */
  delay(at: NodeProxy): void {
    const attemptNs = Math.max(at.startNs, at.completedNs);
    const isFree = this.minSyncNs === 0 || (!this.isGap && this.tokensAt(at.node, attemptNs) >= 1);
    at.startNs = isFree ? attemptNs : Math.max(attemptNs, at.completedNs + this.minSyncNs);
  }

  /** A sync starts at `at.startNs`, asked for or forced. */
  started(at: NodeProxy): void {
    if (this.isGap || this.minSyncNs === 0) return;
    const { node, startNs } = at;
    this.tokens[node] = Math.max(0, this.tokensAt(node, startNs) - 1);
    this.lastStartNs[node] = startNs;
  }

  private tokensAt(node: number, nowNs: number): number {
    return Math.min(BURST, this.tokens[node]! + (nowNs - this.lastStartNs[node]!) / this.minSyncNs);
  }
}

/**
 * kube-proxy's bounded-frequency runner on every node: when it lets a sync start that is asked for.
 * From Kubernetes 1.34 on a gap after the last completion, before that a token bucket of burst 2
 * (docs/models/network-programming.md). Timers that force a sync are not its business.
 */
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

  /** When a sync asked for at `askedNs` may start; the last one was completed at `completedNs`. */
  earliestNs(node: number, askedNs: number, completedNs: number): number {
    const attemptNs = Math.max(askedNs, completedNs);
    if (this.minSyncNs === 0) return attemptNs;
    if (!this.isGap && this.tokensAt(node, attemptNs) >= 1) return attemptNs;
    return Math.max(attemptNs, completedNs + this.minSyncNs);
  }

  /** A sync starts, asked for or forced. */
  started(node: number, startNs: number): void {
    if (this.isGap || this.minSyncNs === 0) return;
    this.tokens[node] = Math.max(0, this.tokensAt(node, startNs) - 1);
    this.lastStartNs[node] = startNs;
  }

  private tokensAt(node: number, nowNs: number): number {
    return Math.min(BURST, this.tokens[node]! + (nowNs - this.lastStartNs[node]!) / this.minSyncNs);
  }
}

/**
 * Restarts of kube-proxies that no sync has made up for yet: `agentRestartGap`, from the stop of a proxy
 * to the end of the first sync after it that succeeds. Another restart before that goes on with the gap.
 */
import type { Trace } from '../trace.ts';
import type { NodeProxy } from './node-proxy.ts';
import type { Recorder } from './recorder.ts';

interface Gap {
  readonly stopNs: number;
  readonly isMeasured: boolean;
}

export class RestartGaps {
  /** Measured ones that are open. */
  open = 0;
  private readonly recorder: Recorder;
  private readonly trace: Trace | null;
  /** By node. */
  private readonly gaps = new Map<number, Gap>();

  constructor(recorder: Recorder, trace: Trace | null) {
    this.recorder = recorder;
    this.trace = trace;
  }

  /** The proxy of a node, which hears of it at `heardNs`, stops at `stopNs`. */
  begin(node: number, heardNs: number, stopNs: number): void {
    if (this.gaps.has(node)) return;
    const isMeasured = this.recorder.measures(heardNs);
    this.gaps.set(node, { stopNs, isMeasured });
    if (isMeasured) this.open++;
  }

  /** The last sync of a restarted node has succeeded. */
  close({ node, completedNs }: NodeProxy): void {
    const gap = this.gaps.get(node);
    if (gap === undefined) return;
    this.gaps.delete(node);
    this.trace?.restarts.push({ node, stopNs: gap.stopNs, completedNs });
    if (!gap.isMeasured) return;
    this.open--;
    this.recorder.agentRestartGap.record(completedNs - gap.stopNs);
  }
}

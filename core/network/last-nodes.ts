/**
 * By write, the node on which it was visible last (the lowest on a tie), and the times of its sync
 * there: `endpointConvergence`, once every node has it. Nodes may be looked at in any order.
 */
const INITIAL = 1024;

export type LastNodeColumns = Pick<
  LastNodes,
  'visibleNs' | 'node' | 'receivedNs' | 'syncStartNs' | 'kernelStartNs'
>;

export class LastNodes {
  visibleNs = new Float64Array(INITIAL);
  node = new Int32Array(INITIAL);
  receivedNs = new Float64Array(INITIAL);
  syncStartNs = new Float64Array(INITIAL);
  kernelStartNs = new Float64Array(INITIAL);

  /** Makes room for a write. */
  enter(write: number): void {
    if (write < this.node.length) return;
    const length = 2 * this.node.length;
    const times = ['visibleNs', 'receivedNs', 'syncStartNs', 'kernelStartNs'] as const;
    for (const name of times) {
      const longer = new Float64Array(length);
      longer.set(this[name]);
      this[name] = longer;
    }
    const longer = new Int32Array(length);
    longer.set(this.node);
    this.node = longer;
  }

  /** Adds what nodes of another partition have seen of the writes up to `newest`. */
  absorb(other: LastNodeColumns, newest: number): void {
    for (let write = 1; write <= newest; write++) {
      this.seen(
        write,
        other.node[write]!,
        other.visibleNs[write]!,
        other.receivedNs[write]!,
        other.syncStartNs[write]!,
        other.kernelStartNs[write]!,
      );
    }
  }

  /** The columns alone, as plain data. */
  columns(): LastNodeColumns {
    const { visibleNs, node, receivedNs, syncStartNs, kernelStartNs } = this;
    return { visibleNs, node, receivedNs, syncStartNs, kernelStartNs };
  }

  /** `write` is visible on `node` at `visibleNs`, with these times of its sync there. */
  seen(
    write: number,
    node: number,
    visibleNs: number,
    receivedNs: number,
    syncStartNs: number,
    kernelStartNs: number,
  ): void {
    const lastNs = this.visibleNs[write]!;
    if (visibleNs < lastNs || (visibleNs === lastNs && node >= this.node[write]!)) return;
    this.visibleNs[write] = visibleNs;
    this.node[write] = node;
    this.receivedNs[write] = receivedNs;
    this.syncStartNs[write] = syncStartNs;
    this.kernelStartNs[write] = kernelStartNs;
  }
}

/**
 * Where the scheduler puts a pod: of two nodes drawn at random the one with fewer pods. This stands
 * in for LeastAllocated scoring over a sample of nodes; resources, affinity and taints are not
 * modelled.
 */
import type { Streams } from '../engine/stream.ts';

const DRAWS_MAX = 50;

export class Placement {
  /** Nodes that may get pods; grows when nodes join. */
  activeNodes: number;
  private readonly pods: Int32Array;
  private readonly capacity: Int32Array;
  private readonly streams: Streams;
  private readonly stream: number;

  constructor(activeNodes: number, capacity: Int32Array, streams: Streams, stream: number) {
    this.activeNodes = activeNodes;
    this.capacity = capacity;
    this.pods = new Int32Array(capacity.length);
    this.streams = streams;
    this.stream = stream;
  }

  podsOn(node: number): number {
    return this.pods[node]!;
  }

  add(node: number): void {
    this.pods[node]!++;
  }

  remove(node: number): void {
    this.pods[node]!--;
  }

  /** A node with room, or -1. `limit` is one more bound on the pods of every node. */
  choose(limit = Number.POSITIVE_INFINITY): number {
    const { pods, capacity } = this;
    const full = (node: number) => pods[node]! >= Math.min(capacity[node]!, limit);
    for (let draw = 0; draw < DRAWS_MAX; draw++) {
      const first = this.streams.below(this.stream, this.activeNodes);
      const second = this.streams.below(this.stream, this.activeNodes);
      if (full(first) && full(second)) continue;
      if (full(first)) return second;
      if (full(second)) return first;
      return pods[second]! < pods[first]! ? second : first;
    }
    for (let node = 0; node < this.activeNodes; node++) if (!full(node)) return node;
    return -1;
  }
}

/**
 * Watch fan-out. Each apiserver sends a write to its watchers one after the other, at the rate of
 * the slower of its CPU and its egress bandwidth, and writes follow one another. A node's receipt is
 * then computed from when the write was emitted and the node's place, in O(1); nothing is sent per
 * node. Order is kept: all watchers have a write before the next one starts.
 */
import type { ConstantReader } from '../constant.ts';
import type { Streams } from '../engine/stream.ts';
import { controlPlane } from '../models/control-plane.ts';
import type { Topology } from './topology.ts';

/** How a write goes out to its watchers. */
export interface Emission {
  /** Time an apiserver spends on one watcher; not rounded. */
  readonly unitNs: number;
  readonly bytes: number;
  /** When each apiserver starts to send. */
  readonly startNs: readonly number[];
}

export class Fanout {
  /** Watching nodes of each apiserver. */
  readonly watchers: Int32Array;
  /** Place of each node among the watchers of its apiserver. */
  readonly placeOf: Int32Array;
  private readonly freeNs: Float64Array;
  /** By apiserver: time that sending has taken, or will take, so far. */
  readonly bookedNs: Float64Array;
  /** By apiserver: until when its outage lasts, or lasted. */
  private readonly silentUntilNs: Float64Array;
  private readonly perWatcherNs: number;
  private readonly perByteNs: number;
  private readonly cores: number;
  private readonly bytesPerSecond: number;

  /** Places of the first `nodes` nodes are a random permutation; others come when they join. */
  constructor(
    read: ConstantReader,
    topology: Topology,
    bytesPerSecond: number,
    nodes: number,
    streams: Streams,
    stream: number,
  ) {
    this.watchers = new Int32Array(topology.apiservers);
    this.placeOf = new Int32Array(topology.nodes);
    this.freeNs = new Float64Array(topology.apiservers);
    this.bookedNs = new Float64Array(topology.apiservers);
    this.silentUntilNs = new Float64Array(topology.apiservers);
    this.perWatcherNs = read(controlPlane.fanoutPerWatcher);
    this.perByteNs = read(controlPlane.fanoutPerByte);
    this.cores = read(controlPlane.fanoutCores);
    this.bytesPerSecond = bytesPerSecond;
    for (let a = 0; a < topology.apiservers; a++) {
      const members: number[] = [];
      for (let node = a; node < nodes; node += topology.apiservers) members.push(node);
      for (let i = members.length - 1; i > 0; i--) {
        const j = streams.below(stream, i + 1);
        [members[i], members[j]] = [members[j]!, members[i]!];
      }
      for (const [place, node] of members.entries()) this.placeOf[node] = place;
      this.watchers[a] = members.length;
    }
  }

  /** Gives a joining node the next place at its apiserver. */
  join(node: number, apiserver: number): void {
    this.placeOf[node] = this.watchers[apiserver]!++;
  }

  /** Watching nodes, over all apiservers. */
  watching(): number {
    return this.watchers.reduce((sum, count) => sum + count, 0);
  }

  /** Watching nodes of the apiservers that are there at `nowNs`. */
  served(nowNs: number): number {
    return this.watchers.reduce(
      (sum, count, a) => sum + (nowNs < this.silentUntilNs[a]! ? 0 : count),
      0,
    );
  }

  /** An apiserver is gone until `untilNs`: what it sent is lost, what commits until then is never sent. */
  silence(apiserver: number, untilNs: number): void {
    this.silentUntilNs[apiserver] = Math.max(untilNs, this.silentUntilNs[apiserver]!);
    this.freeNs[apiserver] = Math.max(untilNs, this.freeNs[apiserver]!);
  }

  /** Time an apiserver spends on one watcher of an event of so many bytes; not rounded. */
  unitNs(bytes: number): number {
    return Math.max(
      (this.perWatcherNs + this.perByteNs * bytes) / this.cores,
      (1e9 * bytes) / this.bytesPerSecond,
    );
  }

  /** Books a write on an apiserver; returns when sending starts. */
  book(apiserver: number, commitNs: number, unitNs: number): number {
    const start = Math.max(commitNs, this.freeNs[apiserver]!);
    if (commitNs < this.silentUntilNs[apiserver]!) return start;
    const tookNs = Math.ceil(this.watchers[apiserver]! * unitNs);
    this.freeNs[apiserver] = start + tookNs;
    this.bookedNs[apiserver]! += tookNs;
    return start;
  }

  /** Sends a slice of `bytes`, committed at `commitNs`, from every apiserver. */
  send(commitNs: number, bytes: number): Emission {
    const unitNs = this.unitNs(bytes);
    const startNs = Array.from(this.freeNs, (_, a) => this.book(a, commitNs, unitNs));
    return { unitNs, bytes, startNs };
  }

  /** Sends `bytes` to one node (a list); returns when the last byte has left. */
  sendList(apiserver: number, nowNs: number, bytes: number): number {
    const start = Math.max(nowNs, this.freeNs[apiserver]!);
    const tookNs = Math.ceil((1e9 * bytes) / this.bytesPerSecond);
    this.freeNs[apiserver] = start + tookNs;
    this.bookedNs[apiserver]! += tookNs;
    return this.freeNs[apiserver]!;
  }
}

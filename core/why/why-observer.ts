/**
 * Watches a run for an explanation: counts the causes of the tail and keeps the worst changes, each
 * once, with everything that held them up. Of `endpointConvergence` only the last node of a change is
 * a sample, which is known at the end.
 */
import type { ConstantReader } from '../constant.ts';
import type { Topology } from '../network/topology.ts';
import type { Plan } from '../plan.ts';
import type {
  ObservedQueueStep,
  ObservedSample,
  ObservedStatus,
  ObservedSync,
  ObservedWrite,
  RunObserver,
} from '../trace.ts';
import { CAUSE_IDS, type Cause } from './causes.ts';
import { NodeWaits } from './node-waits.ts';
import { type RememberedWrite, RunMemory } from './run-memory.ts';
import { KeptWaits, WaitSums } from './waits.ts';
import { WriteWaits } from './write-waits.ts';

export interface WhyParts {
  readonly plan: Plan;
  readonly read: ConstantReader;
  readonly topology: Topology;
  readonly tailFromNs: number;
  /** Changes to keep. */
  readonly worst: number;
  /** Changes that the end of the run leaves unfinished: kept besides, as only the end tells them apart. */
  readonly inFlight: number;
  /** Samples of a change on other nodes than its last do not count. */
  readonly lastNodeOnly: boolean;
  /** Of the tail, the cause of every so many-th sample is found out. */
  readonly every: number;
}

export interface KeptChain {
  readonly remembered: RememberedWrite;
  readonly sample: ObservedSample;
  readonly valueNs: number;
  readonly waits: KeptWaits;
  readonly cause: Cause;
}

export interface WhyResult {
  /** Samples in the tail, whether their causes were found out or not. */
  readonly inTail: number;
  /** By cause, in the order of `CAUSE_IDS`. */
  readonly counts: Float64Array;
  /** The worst changes, the worst first. */
  readonly chains: readonly KeptChain[];
}

/** The last node of a change so far. */
interface Last {
  readonly valueNs: number;
  readonly node: number;
  readonly cause: number;
}

export class WhyObserver implements RunObserver {
  readonly memory: RunMemory;
  private readonly parts: WhyParts;
  private readonly writeWaits: WriteWaits;
  private readonly nodeWaits: NodeWaits;
  private readonly counts = new Float64Array(CAUSE_IDS.length);
  private readonly sums = new WaitSums();
  /** By write, what it waited for up to its commit, by cause. */
  private readonly upToCommit: (Float64Array | undefined)[] = [];
  /** By write of the tail, if only its last node counts. */
  private readonly last = new Map<number, Last>();
  private readonly kept: KeptChain[] = [];
  /** Samples from here on may be among the worst changes. */
  private keptFromNs = 0;
  private inTail = 0;
  /** By position: the longest sample so far, if only the last node counts. */
  private readonly longestNs: number[] = [];
  private everywhere = 0;

  constructor(parts: WhyParts) {
    this.parts = parts;
    const { plan, read, topology } = parts;
    this.memory = new RunMemory(topology.nodes);
    this.writeWaits = new WriteWaits(read, this.memory, topology.controlLatencyNs);
    this.nodeWaits = new NodeWaits(plan, this.memory);
  }

  wants(position: number, node: number, valueNs: number): boolean {
    const { tailFromNs, lastNodeOnly, every } = this.parts;
    const { keptFromNs, longestNs } = this;
    const isTail = valueNs >= tailFromNs;
    if (!isTail && valueNs < keptFromNs) return false;
    if (lastNodeOnly) {
      if (valueNs < (longestNs[position] ?? 0)) return false;
      longestNs[position] = valueNs;
      return true;
    }
    if (isTail) this.inTail++;
    return valueNs >= keptFromNs || isChosen(position, node, every);
  }

  status(sent: ObservedStatus): void {
    this.memory.status(sent);
  }

  queueStep(step: ObservedQueueStep): void {
    this.memory.queueStep(step);
  }

  write(write: ObservedWrite): void {
    this.memory.write(write);
  }

  sync(sync: ObservedSync): void {
    this.memory.sync(sync);
  }

  sample(sample: ObservedSample): void {
    const remembered = this.memory.writes[sample.write]!;
    const valueNs = sample.visibleNs - remembered.write.triggerNs;
    if (valueNs >= this.parts.tailFromNs) this.count(remembered, sample, valueNs);
    this.keep(remembered, sample, valueNs);
  }

  ended(everywhere: number): void {
    this.everywhere = everywhere;
  }

  result(): WhyResult {
    const { kept, last, counts, memory, inTail } = this;
    if (!this.parts.lastNodeOnly) return { inTail, counts, chains: kept };
    const isDone = ({ write }: RememberedWrite) => write.position <= this.everywhere;
    for (const [write, { cause }] of last) if (isDone(memory.writes[write]!)) counts[cause]!++;
    const changes = counts.reduce((sum, count) => sum + count, 0);
    const done = kept.filter(({ remembered }) => isDone(remembered));
    return { inTail: changes, counts, chains: done.slice(0, this.parts.worst) };
  }

  private count(remembered: RememberedWrite, sample: ObservedSample, valueNs: number): void {
    const { last } = this;
    const { lastNodeOnly, every } = this.parts;
    if (!lastNodeOnly) {
      if (!isChosen(remembered.write.position, sample.node, every)) return;
      this.counts[this.causeOf(remembered, sample)]!++;
      return;
    }
    const before = last.get(sample.write);
    if (before !== undefined && !isLater(valueNs, sample.node, before)) return;
    const cause = this.causeOf(remembered, sample);
    last.set(sample.write, { valueNs, node: sample.node, cause });
  }

  private causeOf(remembered: RememberedWrite, sample: ObservedSample): number {
    const { sums, upToCommit } = this;
    const known = upToCommit[sample.write];
    if (known === undefined) {
      sums.sumsNs.fill(0);
      this.writeWaits.walk(remembered, sums);
      upToCommit[sample.write] = sums.sumsNs.slice();
    } else sums.sumsNs.set(known);
    this.nodeWaits.walk(remembered.write, sample, sums);
    return sums.dominant();
  }

  private keep(remembered: RememberedWrite, sample: ObservedSample, valueNs: number): void {
    const { kept } = this;
    const most = this.parts.worst + this.parts.inFlight;
    const same = kept.findIndex((chain) => chain.sample.write === sample.write);
    const rival = same >= 0 ? kept[same] : kept.length >= most ? kept.at(-1) : undefined;
    const wins =
      rival === undefined ||
      valueNs > rival.valueNs ||
      (valueNs === rival.valueNs && same >= 0 && sample.node < rival.sample.node);
    if (!wins) return;
    if (rival !== undefined) kept.splice(kept.indexOf(rival), 1);
    const cause = CAUSE_IDS[this.causeOf(remembered, sample)]!;
    const waits = new KeptWaits();
    this.writeWaits.walk(remembered, waits);
    this.nodeWaits.walk(remembered.write, sample, waits);
    const place = kept.findIndex((chain) => chain.valueNs < valueNs);
    const chain = { remembered, sample, valueNs, waits, cause };
    kept.splice(place < 0 ? kept.length : place, 0, chain);
    if (kept.length >= most) this.keptFromNs = kept.at(-1)!.valueNs;
  }
}

/** Spreads over nodes of every write and over writes of every node. */
function isChosen(position: number, node: number, every: number): boolean {
  return (position + node) % every === 0;
}

function isLater(valueNs: number, node: number, before: Last): boolean {
  return valueNs > before.valueNs || (valueNs === before.valueNs && node < before.node);
}

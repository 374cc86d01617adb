/**
 * The sequential engine: logical processes that schedule events for themselves or send them to
 * others over links. There is no third way, and the contract of a partitioned run is asserted here
 * already: what crosses two groups of processes takes at least the lookahead between them, so a
 * model that would break a parallel run fails in its first test.
 *
 * Processes of one group are never separated; between them any latency >= 0 is legal.
 */
import { assert } from '../assert.ts';
import { FutureEventList } from './future-event-list.ts';
import type { EnginePartition, Outbox } from './partition.ts';

/** The model's hand-written switch over its event kinds. */
export type Dispatch = (kind: number, process: number, a: number, b: number) => void;

export interface EngineOptions {
  /** Group of each logical process. */
  readonly groupOf: Int32Array;
  readonly groups: number;
  /** `lookaheadNs[from * groups + to]`: the least latency of a link between them. */
  readonly lookaheadNs: Float64Array;
  /** Of a run on several threads: events of other partitions' processes are posted to them. */
  readonly partition?: EnginePartition;
}

/** What the engine needs of an event list; `FutureEventList` says what each member means. */
export type EventList = Pick<
  FutureEventList,
  | 'timeNs'
  | 'process'
  | 'kind'
  | 'a'
  | 'b'
  | 'insertNs'
  | 'size'
  | 'nextNs'
  | 'push'
  | 'insert'
  | 'popBefore'
>;

export class Engine {
  /** Simulated time, integer nanoseconds. */
  nowNs = 0;
  /** The logical process whose event is running. */
  process = 0;
  /** Events executed so far. */
  executed = 0;

  private readonly events: EventList;
  /** By process: the sequence number of its next event. */
  private readonly sequences: Int32Array;
  private readonly groupOf: Int32Array;
  private readonly groups: number;
  private readonly lookaheadNs: Float64Array;

  private readonly partitionOf: Int32Array;
  /** This engine's partition; 0 when there is only one. */
  private readonly here: number;
  private readonly outbox: Outbox | null;

  /** `events` is another event list than the engine's own, for comparisons. */
  constructor(options: EngineOptions, events: EventList = new FutureEventList()) {
    this.events = events;
    this.here = options.partition?.link.index ?? 0;
    this.outbox = options.partition?.link ?? null;
    this.partitionOf = options.partition?.partitionOf ?? new Int32Array(options.groups);
    this.groupOf = options.groupOf;
    this.groups = options.groups;
    this.lookaheadNs = options.lookaheadNs;
    this.sequences = new Int32Array(options.groupOf.length);
  }

  /** Whether this engine executes the events of `process`. */
  owns(process: number): boolean {
    return this.partitionOf[this.groupOf[process]!] === this.here;
  }

  /** An event of process `process` that is there before the run starts; another partition's is left to it. */
  start(process: number, timeNs: number, kind: number, a: number, b: number): void {
    assert(timeNs >= this.nowNs, 'an initial event lies in the past');
    if (!this.owns(process)) return;
    this.events.push(timeNs, process, this.sequenceOf(process), process, kind, a, b);
  }

  /** An event for the running process, `delayNs` >= 0 from now. */
  schedule(delayNs: number, kind: number, a: number, b: number): void {
    if (!(delayNs >= 0)) this.past(delayNs, kind);
    const { events, process } = this;
    events.insertNs = this.nowNs + delayNs;
    events.insert(process, this.sequenceOf(process), process, kind, a, b);
  }

  /** An event for another process, at the far end of a link of `latencyNs`. */
  send(to: number, latencyNs: number, kind: number, a: number, b: number): void {
    const from = this.process;
    const fromGroup = this.groupOf[from]!;
    const toGroup = this.groupOf[to]!;
    if (!(latencyNs >= this.lookaheadNs[fromGroup * this.groups + toGroup]!)) {
      this.tooSoon(to, latencyNs, kind);
    }
    const sequence = this.sequenceOf(from);
    const partition = this.partitionOf[toGroup]!;
    if (partition === this.here) {
      this.events.insertNs = this.nowNs + latencyNs;
      this.events.insert(from, sequence, to, kind, a, b);
    } else {
      this.outbox!.post(partition, this.nowNs + latencyNs, from, sequence, to, kind, a, b);
    }
  }

  /** An event that another partition has sent to a process of this one. */
  receive(
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    this.events.push(timeNs, source, sequence, process, kind, a, b);
  }

  /** Time of the next event; Infinity when there is none. */
  get nextNs(): number {
    return this.events.nextNs;
  }

  get pending(): number {
    return this.events.size;
  }

  /** Executes all events before `untilNs`; afterwards now is `untilNs`. */
  run(untilNs: number, dispatch: Dispatch): void {
    const events = this.events;
    while (events.popBefore(untilNs)) {
      this.nowNs = events.timeNs;
      this.process = events.process;
      this.executed++;
      dispatch(events.kind, events.process, events.a, events.b);
    }
    this.nowNs = untilNs;
  }

  private sequenceOf(process: number): number {
    const sequence = this.sequences[process]!++;
    if (sequence < 0) this.exhausted(process);
    return sequence;
  }

  private exhausted(process: number): never {
    assert(false, `process ${process} has scheduled 2^31 events, the most a sequence can count`);
  }

  private past(delayNs: number, kind: number): never {
    assert(
      false,
      `event kind ${kind} of process ${this.process} at ${this.nowNs} ns: delay ${delayNs} ns`,
    );
  }

  private tooSoon(to: number, latencyNs: number, kind: number): never {
    assert(
      false,
      `event kind ${kind} from process ${this.process} to ${to} at ${this.nowNs} ns: ` +
        `latency ${latencyNs} ns is below the lookahead between their groups`,
    );
  }
}

/**
 * A partition's link to the others over shared memory (messages, times) and message ports (values
 * to clone). The window protocol is Nicol's YAWNS with one barrier: each partition announces the
 * earliest time at which it, or whom it has written to, has something to do; the minimum over all
 * is the floor, and nothing can arrive before floor + lookahead. Announcements alternate between two
 * lines, as mailboxes do, because a fast partition announces again while a slow one still reads.
 *
 * Deterministic: the floor, the messages and the publications of a window are functions of what was
 * posted before its barrier, never of who was faster. A port may already hold publications of the
 * next window, so their number is announced, and no more are taken.
 *
 * Left out: finding out that a thread has died, which only the host can (`gang.ts`).
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { assert } from '../../core/assert.ts';
import type { PartitionLink, Receiver } from '../../core/engine/partition.ts';
import type { Barrier } from './barrier.ts';
import type { Mailboxes } from './mailboxes.ts';

/** Float64 values of a line of 64 bytes; an announcement is one line. */
const LINE = 8;
const HELD = 1;
const PUBLISHED = 2;

/** To one other partition. Publications and collectives do not wait for each other. */
export interface PeerPorts {
  readonly publications: MessagePort;
  readonly collectives: MessagePort;
}

export interface ThreadLinkParts {
  readonly index: number;
  readonly partitions: number;
  readonly lookaheadNs: number;
  readonly barrier: Barrier;
  readonly mailboxes: Mailboxes;
  /** `announcementBytes` of shared memory. */
  readonly announcements: Float64Array;
  /** By partition; null for this one. */
  readonly ports: readonly (PeerPorts | null)[];
}

export function announcementBytes(partitions: number): number {
  return 2 * partitions * LINE * Float64Array.BYTES_PER_ELEMENT;
}

export class ThreadLink implements PartitionLink {
  readonly index: number;
  readonly partitions: number;

  private readonly lookaheadNs: number;
  private readonly barrier: Barrier;
  private readonly mailboxes: Mailboxes;
  private readonly announcements: Float64Array;
  private readonly ports: readonly (PeerPorts | null)[];
  /** Word of the announcement of partition 0 in this window. */
  private window = 0;
  private published = 0;
  /** Publications taken so far, by partition. */
  private readonly taken: Float64Array;

  /** `lookaheadNs` > 0 is the same for all partitions. */
  constructor(parts: ThreadLinkParts) {
    assert(parts.lookaheadNs > 0, 'partitions without a lookahead between them');
    this.index = parts.index;
    this.partitions = parts.partitions;
    this.lookaheadNs = parts.lookaheadNs;
    this.barrier = parts.barrier;
    this.mailboxes = parts.mailboxes;
    this.announcements = parts.announcements;
    this.ports = parts.ports;
    this.taken = new Float64Array(parts.partitions);
  }

  post(
    partition: number,
    timeNs: number,
    source: number,
    sequence: number,
    process: number,
    kind: number,
    a: number,
    b: number,
  ): void {
    this.mailboxes.post(partition, timeNs, source, sequence, process, kind, a, b);
  }

  exchange(nextNs: number, receiver: Receiver): number {
    const { mailboxes } = this;
    this.announce(nextNs);
    mailboxes.close();
    this.barrier.pass();
    const safeNs = this.readAnnouncements(receiver);
    mailboxes.read(receiver);
    mailboxes.open();
    this.window = this.window === 0 ? LINE * this.partitions : 0;
    return safeNs;
  }

  publish(value: unknown): void {
    for (const peer of this.ports) peer?.publications.postMessage(value);
    this.published++;
  }

  sum(values: Float64Array): void {
    for (const peer of this.ports) peer?.collectives.postMessage(values);
    this.barrier.pass();
    const all = this.ports.map((peer) => (peer ? collected<Float64Array>(peer) : values.slice()));
    values.fill(0);
    for (const addends of all) {
      assert(addends.length === values.length, 'partitions add up different numbers of values');
      for (let i = 0; i < values.length; i++) values[i]! += addends[i]!;
    }
  }

  gather(value: unknown): unknown[] {
    if (this.index !== 0) this.ports[0]!.collectives.postMessage(value);
    this.barrier.pass();
    return this.index === 0 ? this.ports.map((peer) => (peer ? collected(peer) : value)) : [];
  }

  private announce(nextNs: number): void {
    const { announcements, mailboxes } = this;
    const at = this.window + this.index * LINE;
    announcements[at] = Math.min(nextNs, mailboxes.postedNs);
    announcements[at + HELD] = mailboxes.heldNs;
    announcements[at + PUBLISHED] = this.published;
  }

  private readAnnouncements(receiver: Receiver): number {
    const { announcements } = this;
    let floorNs = Number.POSITIVE_INFINITY;
    let heldNs = Number.POSITIVE_INFINITY;
    for (let from = 0; from < this.partitions; from++) {
      const at = this.window + from * LINE;
      floorNs = Math.min(floorNs, announcements[at]!);
      heldNs = Math.min(heldNs, announcements[at + HELD]!);
      if (from !== this.index)
        this.takePublications(from, announcements[at + PUBLISHED]!, receiver);
    }
    return Math.min(floorNs + this.lookaheadNs, heldNs);
  }

  private takePublications(from: number, published: number, receiver: Receiver): void {
    for (; this.taken[from]! < published; this.taken[from]!++) {
      receiver.published(received(this.ports[from]!.publications));
    }
  }
}

function collected<T>(peer: PeerPorts): T {
  return received(peer.collectives) as T;
}

/** A message that is there: whoever has passed the barrier has posted it before. */
function received(port: MessagePort): unknown {
  const envelope = receiveMessageOnPort(port) as { message: unknown } | undefined;
  assert(envelope !== undefined, 'partitions do not make the same calls');
  return envelope.message;
}

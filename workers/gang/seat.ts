/**
 * What a thread of a gang is given for one run: its place, the shared memory, ports to the others
 * and the task. Memory belongs to the gang and is used by one run after
 * another; ports are made for a run, because nobody knows which thread will take which seat.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { PartitionLink } from '../../core/engine/partition.ts';
import { type BarrierStats, barrierBytes } from './barrier.ts';
import { mailboxBytes } from './mailboxes.ts';
import { announcementBytes, type PeerPorts } from './thread-link.ts';

/** The place of a partition among those of its run. */
export interface Place {
  readonly index: number;
  readonly partitions: number;
  /** The link to the others, once a run; `lookaheadNs` > 0 as all of them give it. */
  link(lookaheadNs: number): PartitionLink;
}

export interface SharedMemory {
  readonly barrier: SharedArrayBuffer;
  readonly announcements: SharedArrayBuffer;
  readonly mailboxes: SharedArrayBuffer;
  /** Messages a mailbox holds. */
  readonly capacity: number;
}

export interface Seat<Task> {
  readonly index: number;
  readonly partitions: number;
  readonly memory: SharedMemory;
  readonly ports: readonly (PeerPorts | null)[];
  readonly task: Task;
}

/** How a thread leaves its seat; `lost` when it gave up because of another partition. */
export type SeatOutcome<Result> =
  | { readonly kind: 'result'; readonly result: Result; readonly barrier: BarrierStats }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string }
  | { readonly kind: 'lost' };

export function allocate(partitions: number, capacity: number): SharedMemory {
  return {
    barrier: new SharedArrayBuffer(barrierBytes(partitions)),
    announcements: new SharedArrayBuffer(announcementBytes(partitions)),
    mailboxes: new SharedArrayBuffer(mailboxBytes(partitions, capacity)),
    capacity,
  };
}

/** The ports of each partition: a pair of channels between any two. */
export function connect(partitions: number): (PeerPorts | null)[][] {
  const ports = Array.from({ length: partitions }, () =>
    Array.from({ length: partitions }, (): PeerPorts | null => null),
  );
  for (let one = 0; one < partitions; one++) {
    for (let other = one + 1; other < partitions; other++) {
      const publications = new MessageChannel();
      const collectives = new MessageChannel();
      ports[one]![other] = { publications: publications.port1, collectives: collectives.port1 };
      ports[other]![one] = { publications: publications.port2, collectives: collectives.port2 };
    }
  }
  return ports;
}

export function portsOf(seat: Pick<Seat<unknown>, 'ports'>): MessagePort[] {
  return seat.ports.flatMap((peer) => (peer ? [peer.publications, peer.collectives] : []));
}

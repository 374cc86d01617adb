/**
 * What a worker module of a gang exports: the work of one partition, made into what the pool calls.
 * However the work ends, the other partitions are told, and the host gets an answer; a rejection
 * means that the thread itself is lost.
 */
import { Barrier } from './barrier.ts';
import { Mailboxes } from './mailboxes.ts';
import { PartitionLostError } from './partition-errors.ts';
import { type Place, portsOf, type Seat, type SeatOutcome } from './seat.ts';
import { ThreadLink } from './thread-link.ts';

/** One partition's part of a run; its result is plain data. */
export type PartitionWork<Task, Result> = (place: Place, task: Task) => Result;

/** `export const simulatePart = partitionWork((place, task: Task): Result => ...)`. */
export function partitionWork<Task, Result>(
  work: PartitionWork<Task, Result>,
): (seat: Seat<Task>) => SeatOutcome<Result> {
  return (seat) => {
    const barrier = new Barrier(new Int32Array(seat.memory.barrier), seat.partitions, seat.index);
    try {
      const result = work(placeOf(seat, barrier), seat.task);
      barrier.leave();
      return { kind: 'result', result, barrier: barrier.stats };
    } catch (error) {
      barrier.abort();
      if (error instanceof PartitionLostError) return { kind: 'lost' };
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'bug', message, stack: stack ?? message };
    } finally {
      for (const port of portsOf(seat)) port.close();
    }
  };
}

function placeOf(seat: Seat<unknown>, barrier: Barrier): Place {
  const { index, partitions, memory, ports } = seat;
  return {
    index,
    partitions,
    link: (lookaheadNs) =>
      new ThreadLink({
        index,
        partitions,
        lookaheadNs,
        barrier,
        mailboxes: new Mailboxes(memory.mailboxes, partitions, index, memory.capacity),
        announcements: new Float64Array(memory.announcements),
        ports,
      }),
  };
}

/**
 * How a partitioned run can end without a result. A bug comes back the same in a second attempt; a
 * lost thread may have died of its neighbours. Both name the partition, from 0.
 */

/** The work of a partition threw an exception. */
export class PartitionBugError extends Error {
  override readonly name = 'PartitionBugError';
  readonly partition: number;

  constructor(partition: number, bug: { readonly message: string; readonly stack: string }) {
    super(`partition ${partition}: ${bug.message}`);
    this.partition = partition;
    this.stack = `partition ${partition}: ${bug.stack}`;
  }
}

/** A partition will not go on: its thread is gone, or, told to the others, it has failed. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
  readonly partition: number;

  constructor(partition: number, reason = 'it has failed') {
    super(`partition ${partition} was lost: ${reason}`);
    this.partition = partition;
  }
}

/** What the threads of a benchmark gang run: one partition of PHOLD, or nothing but windows. */
import { hrtime } from 'node:process';
import type { Receiver } from '../core/engine/partition.ts';
import { partitionWork } from '../workers/gang/partition-work.ts';
import { type PholdResult, type PholdTask, phold, pholdLookaheadNs } from './phold.ts';

export const pholdPartition = partitionWork(
  (place, task: PholdTask): PholdResult =>
    phold(task, place.link(pholdLookaheadNs(place.partitions))),
);

/** Nanoseconds an empty window takes, over `windows` of them. */
export const emptyWindows = partitionWork((place, windows: number): number => {
  const link = place.link(1);
  const nobody: Receiver = { receive: () => {}, published: () => {} };
  const began = hrtime.bigint();
  for (let i = 0; i < windows; i++) link.exchange(i, nobody);
  return Number(hrtime.bigint() - began) / windows;
});

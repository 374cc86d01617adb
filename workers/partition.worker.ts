/** What each thread of a gang runs: one partition of one replication. Everything else is in `core/`. */
import type { Cell } from '../core/metrics/cell.ts';
import { simulate, simulatePartition } from '../core/simulate.ts';
import { partitionWork } from './gang/partition-work.ts';
import type { Place } from './gang/seat.ts';
import type { PartitionTask } from './gang-pool.ts';

/** The cell of the run from the first partition, null from the others. */
export const runPartition = partitionWork((place: Place, task: PartitionTask): Cell | null => {
  const { plan, replication } = task;
  const progress = place.index === 0 ? new Float64Array(task.progress) : undefined;
  const { partitionOf, lookaheadNs, tables, podCapacity } = task;
  if (tables === null) return simulate(plan, replication, progress);
  const partition = { link: place.link(lookaheadNs), partitionOf, tables, podCapacity };
  return simulatePartition(plan, replication, partition, progress);
});

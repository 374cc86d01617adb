/** Stands in for the simulator in a gang: the second partition does what the seed of the plan says. */
import type { Cell } from '../../core/metrics/cell.ts';
import { partitionWork } from '../gang/partition-work.ts';
import type { PartitionTask } from '../gang-pool.ts';

export const runPartition = partitionWork((place, task: PartitionTask): Cell | null => {
  const { seed } = task.plan;
  if (place.index === 1) {
    if (seed === 'throw') throw new Error('assertion of the model');
    if (seed === 'exit') process.exit(9);
    new Float64Array(task.progress)[1] = 1;
    while (seed === 'hang');
  }
  return place.index === 0 ? ({ replication: task.replication } as Cell) : null;
});

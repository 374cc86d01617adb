/** What the benchmarks on two workers share: a gang of them, for one run. */
import type { BarrierStats } from '../../workers/gang/barrier.ts';
import { type GangRun, makeGang } from '../../workers/gang/gang.ts';

const WORKERS = 2;

/** Runs `name` of `bench/phold.worker.ts` on two workers. */
export async function onTwoWorkers<Task, Result>(
  name: string,
  task: Task,
): Promise<GangRun<Result>> {
  const worker = import.meta.url.endsWith('.ts')
    ? new URL('../phold.worker.ts', import.meta.url)
    : new URL('../phold.worker.js', import.meta.url);
  const gang = makeGang<Task, Result>({ partitions: WORKERS, worker, name });
  try {
    return await gang.run(task);
  } finally {
    await gang.destroy();
  }
}

/** Windows of a run, and how often a worker fell asleep at the end of one instead of spinning. */
export function waits(barriers: readonly BarrierStats[]) {
  const windows = barriers[0]!.passed;
  const sleeps = barriers.reduce((sum, barrier) => sum + barrier.sleeps, 0);
  return { windows, sleepsPerWindow: sleeps / windows };
}

/** What becomes of a pool of gangs when runs fail, differ in size, or are given up. */
import { describe, expect, it } from 'vitest';
import { testPlan } from '../core/testing/plans.ts';
import { makeGangPool } from './gang-pool.ts';

describe('a pool of gangs', () => {
  /** The worker does what the seed of the plan says. */
  const task = (seed: string, zones = 2) => {
    const { cluster } = testPlan();
    const plan = testPlan({
      seed,
      cluster: { ...cluster, topology: { ...cluster.topology, zones } },
    });
    return { plan, replication: 3, progress: new SharedArrayBuffer(16) };
  };
  const poolOfFakes = () => {
    const worker = new URL('./testing/fake-partition.worker.ts', import.meta.url);
    return makeGangPool({
      execution: { lanes: 1, partitions: 3, reason: '' },
      wanted: 3,
      worker,
    });
  };

  it('answers with the exception of a partition, and goes on with a new gang', async () => {
    const pool = poolOfFakes();
    const bug = await pool.run(task('throw'));
    expect(bug).toMatchObject({ kind: 'bug', message: 'partition 1: assertion of the model' });
    expect(await pool.run(task('fine'))).toEqual({ kind: 'cell', cell: { replication: 3 } });
    await pool.destroy();
  });

  it('rejects when a thread is lost, and goes on with a new gang', async () => {
    const pool = poolOfFakes();
    await expect(pool.run(task('exit'))).rejects.toThrow('partition 1 was lost');
    expect(await pool.run(task('fine'))).toMatchObject({ kind: 'cell' });
    await pool.destroy();
  });

  it('serves runs that are divided into different numbers of partitions', async () => {
    const pool = poolOfFakes();
    for (const zones of [2, 1, 2]) {
      expect(await pool.run(task('fine', zones))).toMatchObject({ kind: 'cell' });
    }
    await pool.destroy();
  });

  it('rejects what is under way when it is destroyed', async () => {
    const pool = poolOfFakes();
    const hanging = task('hang');
    const outcome = pool.run(hanging);
    outcome.catch(() => {});
    const progress = new Float64Array(hanging.progress);
    await expect.poll(() => progress[1], { timeout: 60_000 }).toBe(1);
    await pool.destroy();
    await expect(outcome).rejects.toThrow('was lost');
  });

  it('runs nothing after it was destroyed, not even what has a gang already', async () => {
    const pool = poolOfFakes();
    await pool.run(task('fine'));
    const begun = pool.run(task('fine'));
    await Promise.all([
      expect(begun).rejects.toThrow('the pool has been destroyed'),
      pool.destroy(),
    ]);
    await expect(pool.run(task('fine'))).rejects.toThrow('the pool has been destroyed');
    await pool.destroy();
  });
});

import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { InvariantError } from '../../core/assert.ts';
import { type Gang, makeGang } from './gang.ts';
import { PartitionBugError, PartitionLostError } from './partition-errors.ts';
import type { Misbehaviour } from './testing/gang-work.worker.ts';

const worker = new URL('./testing/gang-work.worker.ts', import.meta.url);
const gangs: Pick<Gang<never, unknown>, 'destroy'>[] = [];

function gangOf<Task, Result>(partitions: number, name: string): Gang<Task, Result> {
  const gang = makeGang<Task, Result>({ partitions, worker, name });
  gangs.push(gang);
  return gang;
}

afterEach(() => Promise.all(gangs.splice(0).map((gang) => gang.destroy())));

/** The threads started since the call that have not ended. */
function watchThreads(): { readonly alive: Worker[]; stop(): void } {
  const alive: Worker[] = [];
  const onWorker = (thread: Worker) => {
    alive.push(thread);
    thread.once('exit', () => alive.splice(alive.indexOf(thread), 1));
  };
  process.on('worker', onWorker);
  return { alive, stop: () => process.off('worker', onWorker) };
}

function misbehaviour(partition: number, how: Misbehaviour['how']): Misbehaviour {
  return { partition, how, underWay: new SharedArrayBuffer(4) };
}

async function untilUnderWay({ underWay }: Misbehaviour): Promise<void> {
  const word = new Int32Array(underWay);
  while (Atomics.load(word, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a gang', () => {
  it('gives every partition a thread of its own, run after run', async () => {
    const gang = gangOf<string, { index: number; threadId: number }>(3, 'whoAmI');
    for (const task of ['first', 'second', 'third']) {
      const { results, barriers } = await gang.run(task);
      expect(results).toMatchObject([0, 1, 2].map((index) => ({ task, index, partitions: 3 })));
      expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(3);
      expect(barriers.map(({ passed }) => passed)).toEqual([3, 3, 3]);
    }
  });

  it('works with more partitions than there are cores', async () => {
    const partitions = availableParallelism() + 2;
    const { results } = await gangOf<string, unknown>(partitions, 'whoAmI').run('crowd');
    expect(results).toHaveLength(partitions);
  });

  it('lets a partition compute for longer than the others sleep', async () => {
    const gang = gangOf<Misbehaviour, string>(2, 'misbehave');
    expect((await gang.run(misbehaviour(1, 'be slow'))).results).toEqual(['done', 'done']);
  });

  it('has one run at a time, and none when it is over', async () => {
    const gang = gangOf<string, unknown>(2, 'whoAmI');
    const first = gang.run('first');
    await expect(gang.run('second')).rejects.toThrow(InvariantError);
    await first;
    await gang.destroy();
    await expect(gang.run('third')).rejects.toThrow('over');
  });
});

describe('a run of a gang that fails', () => {
  it('rejects with the message of the partition that threw, and ends all threads', async () => {
    const watch = watchThreads();
    const gang = gangOf<Misbehaviour, string>(3, 'misbehave');
    const run = gang.run(misbehaviour(1, 'throw'));
    await expect(run).rejects.toThrow(PartitionBugError);
    await expect(run).rejects.toMatchObject({
      partition: 1,
      message: 'partition 1: assertion of the model',
      stack: expect.stringContaining('gang-work.worker.ts'),
    });
    await expect.poll(() => watch.alive.length, { timeout: 60_000 }).toBe(0);
    watch.stop();
    await expect(gang.run(misbehaviour(1, 'throw'))).rejects.toThrow('over');
  });

  it('names the partition whose thread exits', async () => {
    const run = gangOf<Misbehaviour, string>(3, 'misbehave').run(misbehaviour(2, 'exit'));
    await expect(run).rejects.toThrow(PartitionLostError);
    await expect(run).rejects.toThrow('partition 2 was lost: worker exited with code: 9');
  });

  it('names a partition whose thread is terminated', async () => {
    const watch = watchThreads();
    const gang = gangOf<Misbehaviour, string>(2, 'misbehave');
    const task = misbehaviour(0, 'hang');
    const run = gang.run(task);
    run.catch(() => {});
    await untilUnderWay(task);
    await watch.alive[1]!.terminate();
    await expect(run).rejects.toThrow(/^partition 1 was lost: worker exited with code: 1$/);
    await expect.poll(() => watch.alive.length, { timeout: 60_000 }).toBe(0);
    watch.stop();
  });

  it('is told when a partition ends while others wait for it', async () => {
    const gang = gangOf<Misbehaviour, string>(2, 'misbehave');
    await expect(gang.run(misbehaviour(0, 'end'))).rejects.toThrow(
      'partition 1: partition 0 ended while partition 1 waits for it',
    );
  });

  it('is told when partitions do not make the same calls', async () => {
    const gang = gangOf<Misbehaviour, string>(2, 'misbehave');
    await expect(gang.run(misbehaviour(1, 'sum'))).rejects.toThrow('the same calls');
  });

  it('is told when the worker module does not export the work', async () => {
    const watch = watchThreads();
    const run = gangOf<null, never>(2, 'nothing').run(null);
    await expect(run).rejects.toThrow(PartitionLostError);
    await expect.poll(() => watch.alive.length, { timeout: 60_000 }).toBe(0);
    watch.stop();
  });

  it('rejects with the reason of its signal, and leaves no thread behind', async () => {
    const watch = watchThreads();
    const gang = gangOf<Misbehaviour, string>(2, 'misbehave');
    const [abort, task] = [new AbortController(), misbehaviour(1, 'hang')];
    const run = gang.run(task, abort.signal);
    run.catch(() => {});
    await untilUnderWay(task);
    expect(watch.alive.length).toBe(2);
    abort.abort('interrupted');
    await expect(run).rejects.toBe('interrupted');
    await expect.poll(() => watch.alive.length, { timeout: 60_000 }).toBe(0);
    watch.stop();
  });

  it('does not begin when its signal is aborted already', async () => {
    const gang = gangOf<string, unknown>(2, 'whoAmI');
    await expect(gang.run('late', AbortSignal.abort('too late'))).rejects.toBe('too late');
    expect((await gang.run('next')).results).toHaveLength(2);
  });
});

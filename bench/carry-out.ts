/** What a process that was started for one measurement does: that one, and nothing before it. */
import { assert } from '../core/assert.ts';
import type { Questions, Task } from './fresh-process.ts';
import { JAVASCRIPT_PEERS } from './peers/javascript.ts';
import { BENCHMARKS } from './suites.ts';

export async function carryOut(task: Task): Promise<Questions[Task['kind']]['answer']> {
  if (task.kind === 'peer') {
    const measure = JAVASCRIPT_PEERS[task.peer];
    assert(measure !== undefined, `no peer ${task.peer}`);
    return measure();
  }
  const benchmark = BENCHMARKS.find(({ name }) => name === task.benchmark);
  assert(benchmark !== undefined, `no benchmark ${task.benchmark}`);
  const measure =
    task.kind === 'once' ? benchmark.once?.[task.figure] : benchmark.variants[task.variant];
  assert(measure !== undefined, `${task.benchmark} has no such ${task.kind}`);
  return measure(task.size);
}

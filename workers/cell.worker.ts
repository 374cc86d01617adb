/** What a worker thread runs: one replication of one plan. Everything else is in `core/`. */
import { simulate } from '../core/simulate.ts';
import type { CellOutcome, CellTask } from './pool.ts';

export function runCell(task: CellTask): CellOutcome {
  try {
    const progress = new Float64Array(task.progress);
    return { kind: 'cell', cell: simulate(task.plan, task.replication, progress) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'bug', message, stack: stack ?? message };
  }
}

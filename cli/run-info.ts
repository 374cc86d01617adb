/** The facts of this execution (`run-info.json`): clock, machine, command. None is in the results. */
import type { RunInfo } from '../reports/run-info.ts';
import type { RunOutcome } from '../workers/run-experiment.ts';

/** `argv` as the process got it; `startedAt` when the command began. */
export function runInfoOf(
  { stats, incomplete }: Pick<RunOutcome, 'stats' | 'incomplete'>,
  argv: readonly string[],
  startedAt: Date,
): RunInfo {
  const partitions = stats.execution?.partitions ?? 1;
  return {
    command: ['knetsim', ...argv.slice(2)].map(quoted).join(' '),
    startedAt: startedAt.toISOString(),
    wallSeconds: stats.wallSeconds,
    workers: stats.workers,
    events: stats.events,
    eventsPerSecond: stats.wallSeconds > 0 ? Math.round(stats.events / stats.wallSeconds) : 0,
    // Kilobytes, of the whole process: worker threads included.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    node: process.version,
    cells: stats.cells,
    reusedCells: stats.cachedCells,
    ...(partitions > 1 ? { partitions } : {}),
    ...(incomplete === undefined ? {} : { incomplete }),
  };
}

/** As a shell would take it again. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

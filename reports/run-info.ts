/**
 * Facts of one execution that depend on the machine and the clock (`run-info.json`). They are kept
 * apart from the results, which do not change when the same scenario is run again elsewhere.
 */

export interface RunInfo {
  /** The command line as typed. */
  command: string;
  /** ISO 8601. */
  startedAt: string;
  wallSeconds: number;
  workers: number;
  /** Threads that each run was divided among, at most; absent when none was divided. */
  partitions?: number;
  events: number;
  eventsPerSecond: number;
  peakMemoryBytes: number;
  /** Version of Node. */
  node: string;
  cells: number;
  /** Cells read from the cache instead of being simulated. */
  reusedCells: number;
  /** Why the run stopped early. */
  incomplete?: string;
}

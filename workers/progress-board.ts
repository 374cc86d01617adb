/**
 * Where a run stands, for whoever draws it. Running cells write their share and their events into
 * shared memory, one small buffer a lane, so progress costs the workers no message and no pause.
 * Reading while a worker writes may show a share and an event count of different instants.
 */
import type { Cell } from '../core/metrics/cell.ts';
import type { CellJob } from './cell-jobs.ts';

export interface ProgressSnapshot {
  readonly cells: number;
  readonly cachedCells: number;
  readonly endedCells: number;
  /** Share of the expected work that is done, 0..1; cached cells are no work. */
  readonly share: number;
  /** Events executed so far in this run. */
  readonly events: number;
  /** Simulated time so far in this run, seconds. */
  readonly simulatedSeconds: number;
  /** One entry a worker; null while it has no cell. */
  readonly lanes: readonly (LaneSnapshot | null)[];
}

export interface LaneSnapshot {
  readonly label: string;
  readonly share: number;
  readonly events: number;
  readonly simulatedSeconds: number;
  readonly totalSeconds: number;
}

interface Lane {
  readonly buffer: SharedArrayBuffer;
  readonly view: Float64Array;
  job: CellJob | null;
}

export class ProgressBoard {
  readonly #lanes: readonly Lane[];
  readonly #cells: number;
  #workLeftAtStart: number;
  #workDone = 0;
  #cachedCells = 0;
  #endedCells = 0;
  #events = 0;
  #simulatedSeconds = 0;

  constructor(jobs: readonly CellJob[], lanes: number) {
    this.#cells = jobs.length;
    this.#workLeftAtStart = jobs.reduce((sum, job) => sum + job.cost, 0);
    this.#lanes = Array.from({ length: lanes }, () => {
      const buffer = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
      return { buffer, view: new Float64Array(buffer), job: null };
    });
  }

  cached(job: CellJob): void {
    this.#cachedCells += 1;
    this.#endedCells += 1;
    this.#workLeftAtStart -= job.cost;
  }

  /** The buffer the lane's next cell writes its progress to. */
  begin(lane: number, job: CellJob): SharedArrayBuffer {
    const entry = this.#lanes[lane]!;
    entry.view.fill(0);
    entry.job = job;
    return entry.buffer;
  }

  end(lane: number, job: CellJob, cell: Cell): void {
    this.#lanes[lane]!.job = null;
    this.#endedCells += 1;
    this.#workDone += job.cost;
    this.#events += cell.events;
    this.#simulatedSeconds += secondsOf(job);
  }

  /** The lane's cell will not come: its work is never done. */
  giveUp(lane: number): void {
    this.#lanes[lane]!.job = null;
  }

  read(): ProgressSnapshot {
    const lanes = this.#lanes.map(readLane);
    const running = this.#lanes.map(({ job }, i) => (job ? job.cost * lanes[i]!.share : 0));
    const work = this.#workDone + sum(running);
    return {
      cells: this.#cells,
      cachedCells: this.#cachedCells,
      endedCells: this.#endedCells,
      share: this.#workLeftAtStart > 0 ? Math.min(1, work / this.#workLeftAtStart) : 1,
      events: this.#events + sum(lanes.map((lane) => lane?.events ?? 0)),
      simulatedSeconds:
        this.#simulatedSeconds + sum(lanes.map((lane) => lane?.simulatedSeconds ?? 0)),
      lanes,
    };
  }
}

function readLane({ job, view }: Lane): LaneSnapshot | null {
  if (!job) return null;
  const share = Math.min(1, view[0]!);
  const totalSeconds = secondsOf(job);
  const simulatedSeconds = share * totalSeconds;
  return { label: job.label, share, events: view[1]!, simulatedSeconds, totalSeconds };
}

function secondsOf({ point: { plan } }: CellJob): number {
  return (plan.warmUpNs + plan.horizonNs + plan.drainNs) / 1e9;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

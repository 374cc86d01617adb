/**
 * How the cells of an experiment are to be computed: side by side, each on a thread of its own, or one
 * after another, each divided into partitions. Replications need no barrier, so they come first; a run
 * is divided where there are fewer cells than cores, or one that outweighs all others. Whatever is
 * chosen, the cells are the same.
 */
import type { Cut } from '../core/engine/cut.ts';
import { bestCut, expectedSpeedUp } from '../core/network/partitioning.ts';
import type { Plan } from '../core/plan.ts';

/** As `--partitions` says. */
export type Partitions = number | 'auto';

export interface Execution {
  /** Cells that are computed at the same time. */
  readonly lanes: number;
  /** Partitions a run is divided into at most; runs that it would not speed up are left whole. */
  readonly partitions: number;
  /** One line: what is done, and why. */
  readonly reason: string;
}

/** A gain that is worth more threads: less is lost where a core has something else to do. */
const WORTH_IT = 1.2;

/** What is known of a cell before it is computed. */
export interface ExpectedCell {
  readonly plan: Plan;
  /** In any unit. */
  readonly cost: number;
}

export function chooseExecution(
  cells: readonly ExpectedCell[],
  workers: number,
  wanted: Partitions,
): Execution {
  return wanted === 'auto' ? fastest(cells, workers) : asTold(cells, workers, wanted);
}

function fastest(cells: readonly ExpectedCell[], workers: number): Execution {
  const sideBySide = Math.max(1, Math.min(workers, cells.length));
  const whole = makespan(cells, sideBySide, 1);
  let best = { lanes: sideBySide, partitions: 1, cost: whole };
  for (let partitions = 2; partitions <= workers; partitions++) {
    const lanes = Math.floor(workers / partitions);
    const cost = makespan(cells, lanes, partitions);
    if (cost * WORTH_IT < best.cost) best = { lanes, partitions, cost };
  }
  const { lanes, partitions, cost } = best;
  if (partitions > 1) {
    const reason = `${divided(lanes, partitions)}: expected ${factor(whole / cost)} as side by side`;
    return { lanes, partitions, reason };
  }
  const why =
    cells.length >= workers
      ? 'cells side by side need no barrier'
      : 'windows of a divided run would carry too little to pay for their barriers';
  return { lanes, partitions, reason: `${atOnce(lanes)}, each on one thread: ${why}` };
}

function asTold(cells: readonly ExpectedCell[], workers: number, wanted: number): Execution {
  const cuts = new Map(cells.map(({ plan }) => [plan, bestCut(plan, wanted)]));
  const partitions = Math.max(1, ...[...cuts.values()].map((cut) => cut.partitions));
  const lanes = Math.max(1, Math.min(cells.length, Math.floor(workers / partitions)));
  if (partitions === 1) {
    const why = wanted === 1 ? 'as told' : 'there is no link to cut';
    return { lanes, partitions, reason: `${atOnce(lanes)}, each on one thread: ${why}` };
  }
  const sum = (costOf: (cell: ExpectedCell) => number) =>
    cells.reduce((total, cell) => total + costOf(cell), 0);
  const whole = sum(({ cost }) => cost);
  const cut = sum(({ plan, cost }) => cost / expectedSpeedUp(plan, cuts.get(plan)!));
  const expected = `expected ${factor(whole / cut)} as whole runs, if each thread has a core`;
  return { lanes, partitions, reason: `${divided(lanes, partitions)}, as told: ${expected}` };
}

/**
 * The cut of one run in an execution with `partitions`; `wanted` is what the user asked for. With
 * `auto`, a run that a cut would not speed up stays whole.
 */
export function cutOf(plan: Plan, partitions: number, wanted: Partitions): Cut {
  const cut = bestCut(plan, partitions);
  if (wanted !== 'auto' || expectedSpeedUp(plan, cut) > WORTH_IT) return cut;
  return bestCut(plan, 1);
}

/** Expected time until the last cell ends: the costliest first, each on the lane that is free first. */
function makespan(cells: readonly ExpectedCell[], lanes: number, partitions: number): number {
  const speedUps = new Map<Plan, number>();
  const costs = cells.map(({ plan, cost }) => {
    const speedUp = speedUps.get(plan) ?? expectedSpeedUp(plan, cutOf(plan, partitions, 'auto'));
    speedUps.set(plan, speedUp);
    return cost / speedUp;
  });
  const busyUntil = new Float64Array(lanes);
  for (const cost of costs.toSorted((a, b) => b - a)) {
    const free = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[free]! += cost;
  }
  return Math.max(...busyUntil);
}

function divided(lanes: number, partitions: number): string {
  return `${atOnce(lanes)}, each divided into up to ${partitions} partitions`;
}

function factor(speedUp: number): string {
  return `${speedUp.toFixed(1)} times as fast`;
}

function atOnce(lanes: number): string {
  return lanes === 1 ? 'one cell at a time' : `${lanes} cells at a time`;
}

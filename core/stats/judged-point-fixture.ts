/**
 * Judged points for tests of what walks over sizes and variants: `networkProgramming` around given
 * seconds, in three replications that share their luck across variants. Used by tests only.
 */
import type { SloSpec } from '../experiment.ts';
import type { Cell } from '../metrics/cell.ts';
import { cell, PROGRAMMING_SLO, point, programming, ramp, SECOND } from './cell-fixture.ts';
import type { JudgedPoint } from './judged-point.ts';
import { measure } from './measured.ts';
import { judge } from './slo.ts';

/** How far replications are from each other, as factors; the same for every variant. */
export const LUCK = [0.97, 1, 1.03];

export function cellsAround(seconds: number, luck: readonly number[] = LUCK): Cell[] {
  return luck.map((factor, i) => {
    const centre = seconds * factor * SECOND;
    const samples = ramp(200, centre * 0.9, centre);
    return cell(i, { distributions: { networkProgramming: programming(samples) } });
  });
}

export function judgedFrom(
  variant: string,
  nodes: number,
  cells: readonly Cell[],
  { gated = false, slos = [PROGRAMMING_SLO] }: { gated?: boolean; slos?: readonly SloSpec[] } = {},
): JudgedPoint {
  const measured = measure(cells, 60 * SECOND);
  return {
    point: point(variant, { 'cluster.nodes': nodes }, { gated }),
    replications: cells.map((one) => one.replication),
    measured,
    slos: slos.map((slo) => judge(slo, measured)),
  };
}

export function judgedAt(variant: string, nodes: number, seconds: number, gated = false) {
  return judgedFrom(variant, nodes, cellsAround(seconds), { gated });
}

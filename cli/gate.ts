/**
 * From a judged result to an exit code. The results say what `slo` means; `strict` also wants every
 * SLO that only warns to hold, and no warning beside the verdict; `none` only wants the run to end.
 */

import type { Experiment } from '../core/experiment.ts';
import type { Point, Results } from '../core/results.ts';
import { labelOf } from '../workers/cell-jobs.ts';
import { decisive, ExitCode } from './exit-codes.ts';

export type Gate = 'strict' | 'slo' | 'none';

/** Whether gates are judged at a point. */
export type Gated = (point: Pick<Point, 'variant' | 'at'>) => boolean;

/** The points of `experiment` at which gates are judged, by variant and size. */
export function gatedPoints(experiment: Experiment): Gated {
  const labels = new Set(experiment.points.filter((point) => point.gated).map(labelOf));
  return (point) => labels.has(labelOf(point));
}

export function gateCode(
  gate: Gate,
  results: Pick<Results, 'verdict' | 'warnings' | 'points'>,
  gated: Gated,
): ExitCode {
  if (gate === 'none') return ExitCode.Done;
  if (gate === 'slo') return results.verdict.exitCode;
  const warning = results.points
    .filter(gated)
    .flatMap((point) => point.slos)
    .map(({ verdict }) =>
      verdict === 'fails'
        ? ExitCode.Negative
        : verdict === 'inconclusive'
          ? ExitCode.Inconclusive
          : ExitCode.Done,
    );
  const doubt = results.warnings.length > 0 ? ExitCode.Inconclusive : ExitCode.Done;
  return decisive([results.verdict.exitCode, doubt, ...warning]);
}

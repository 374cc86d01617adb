/**
 * From a judged result to an exit code. The results say what `slo` means; `none` only wants the run
 * to end. `strict` also wants every SLO that only warns to hold, and nothing beside the verdict that
 * puts it in doubt: samples in flight, or one of `doubtful`. Other warnings inform, whatever the gate.
 */

import type { Experiment } from '../core/experiment.ts';
import type { Point, Results, SloResult } from '../core/results.ts';
import { WARNING_CODES } from '../core/stats/warning-codes.ts';
import { labelOf } from '../workers/cell-jobs.ts';
import { decisive, ExitCode } from './exit-codes.ts';

export type Gate = 'strict' | 'slo' | 'none';

/**
 * Warnings about the validity of a verdict: costs beyond what was measured, a gate below the target,
 * one replication, missing ones, what replications reported (changes in flight), lost churn.
 */
const doubtful: ReadonlySet<string> = new Set([
  'W502',
  'W503',
  WARNING_CODES.oneReplication,
  WARNING_CODES.incomplete,
  WARNING_CODES.replication,
  WARNING_CODES.lostChurn,
]);

/** Whether gates are judged at a point. */
export type Gated = (point: Pick<Point, 'variant' | 'at'>) => boolean;

/** The points of `experiment` at which gates are judged, by variant and size. */
export function gatedPoints(experiment: Experiment): Gated {
  const labels = new Set(experiment.points.filter((point) => point.gated).map(labelOf));
  return (point) => labels.has(labelOf(point));
}

export function gateCode(
  gate: Gate,
  results: Pick<Results, 'verdict' | 'warnings' | 'points' | 'variants'>,
  gated: Gated,
): ExitCode {
  if (gate === 'none') return ExitCode.Done;
  if (gate === 'slo') return results.verdict.exitCode;
  const candidates = results.variants.filter(({ candidate }) => candidate).map(({ name }) => name);
  const codes = results.points
    .filter((point) => gated(point) && candidates.includes(point.variant))
    .flatMap((point) => point.slos)
    .map(strictCode);
  const doubt = results.warnings.some(({ code }) => doubtful.has(code));
  return decisive([results.verdict.exitCode, ...codes, ...(doubt ? [ExitCode.Inconclusive] : [])]);
}

/** An SLO that holds with a reason holds although samples are missing. */
function strictCode({ verdict, reason }: SloResult): ExitCode {
  if (verdict === 'fails') return ExitCode.Negative;
  if (verdict === 'inconclusive' || reason !== undefined) return ExitCode.Inconclusive;
  return ExitCode.Done;
}

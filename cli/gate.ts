/**
 * From a judged result to an exit code. The results say what `slo` means; `strict` also wants every
 * SLO that only warns to hold, and no warning beside the verdict; `none` only wants the run to end.
 */
import type { Point, Results } from '../core/results.ts';
import { decisive, ExitCode } from './exit-codes.ts';

export type Gate = 'strict' | 'slo' | 'none';

/** `gated` tells the points at which candidates are judged. */
export function gateCode(
  gate: Gate,
  results: Pick<Results, 'verdict' | 'warnings' | 'points'>,
  gated: (point: Pick<Point, 'variant' | 'at'>) => boolean,
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

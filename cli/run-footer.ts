/** The last lines of a run: what it took, where the files are, and what to do next. */
import { join } from 'node:path';
import type { Results } from '../core/results.ts';
import { formatCount } from '../reports/format.ts';
import type { RunOutcome } from '../workers/run-experiment.ts';
import type { Gated } from './gate.ts';
import { nextStep } from './next-step.ts';
import { compact, counted, shortDuration } from './numbers.ts';

/** Characters of the hash that are shown: enough to tell two results apart by eye. */
const SHORT_HASH = 12;

export function runFooter(
  results: Results,
  { stats, incomplete }: Pick<RunOutcome, 'stats' | 'incomplete'>,
  { out, gated, cached }: { readonly out: string; readonly gated: Gated; readonly cached: boolean },
): string[] {
  const rate = stats.wallSeconds > 0 ? stats.events / stats.wallSeconds : 0;
  const took = [
    `${counted(stats.cells - stats.missingCells, 'cell')} (${formatCount(stats.cachedCells)} reused)`,
    `${compact(stats.events)} events in ${shortDuration(stats.wallSeconds)} (${compact(rate)} ev/s)`,
    `seed ${results.seed}`,
  ];
  const { length } = results.notModelled;
  return [
    ...(length > 0
      ? [`  ${counted(length, 'thing')} of the scenario not modelled: see the report`]
      : []),
    `  ${took.join(' · ')}`,
    `  result ${results.resultHash.slice(0, SHORT_HASH)}  →  ${join(out, 'results.json')}, ${join(out, 'report.html')}`,
    `  next: ${nextStep(results, gated, incomplete, cached)}`,
  ];
}

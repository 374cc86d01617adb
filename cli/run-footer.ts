/** The last lines of a run: what it took, where the files are, and what to do next. */
import { join } from 'node:path';
import type { Results } from '../core/results.ts';
import { formatCount } from '../reports/format.ts';
import type { RunOutcome } from '../workers/run-experiment.ts';
import { compact, counted, shortDuration } from './numbers.ts';

/** Characters of the hash that are shown: enough to tell two results apart by eye. */
const SHORT_HASH = 12;

export function runFooter(
  results: Results,
  { stats, incomplete }: Pick<RunOutcome, 'stats' | 'incomplete'>,
  { out }: { readonly out: string },
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
    `  next: ${nextStep(results, incomplete)}`,
  ];
}

function nextStep(results: Results, incomplete: string | undefined): string {
  if (incomplete !== undefined) {
    return `${incomplete}: the same command goes on where this one stopped`;
  }
  const limiting = results.capacity.find((entry) => entry.limitedBy !== null)?.limitedBy;
  switch (results.verdict.word) {
    case 'inconclusive': {
      const silent = results.points.flatMap(({ slos }) => slos).find((slo) => !('value' in slo));
      return silent
        ? `knetsim explain ${silent.metric} tells what ${silent.name} needs to have a value`
        : 'more replications narrow the intervals (--replications N; finished ones are kept)';
    }
    case 'fails':
      return limiting === null || limiting === undefined
        ? 'the report shows where the time goes'
        : `knetsim explain ${metricOf(results, limiting)}`;
    case 'holds':
    case 'none':
      return 'open the report, or knetsim report --md for a pull request';
  }
}

/** `limitedBy` names an SLO; its metric has an explanation. */
function metricOf(results: Results, slo: string): string {
  const judged = results.points.flatMap((point) => point.slos);
  return judged.find(({ name }) => name === slo)?.metric ?? slo;
}

/**
 * What to do after a run, in one line, from the verdicts at the gate: for a failure where the time
 * goes, for an undecided one what would decide it. More replications are named only where they help.
 */
import type { Point, Results, SloResult } from '../core/results.ts';
import { causesNeeded } from '../core/stats/quantile.ts';
import { formatCount, formatSeconds } from '../reports/format.ts';
import { stagesOf, subjectName } from '../reports/words.ts';
import type { Gated } from './gate.ts';
import { isUntested } from './untested.ts';

/** One SLO that decides, where it was judged. */
interface Finding {
  readonly point: Point;
  readonly slo: SloResult;
}

/**
 * @param incomplete why cells are missing; undefined when none is.
 * @param cached finished cells are read again by the same command
 */
export function nextStep(
  results: Results,
  gated: Gated,
  incomplete: string | undefined,
  cached = true,
): string {
  if (incomplete !== undefined) {
    const next = cached
      ? 'the same command goes on where this one stopped'
      : 'without --no-cache the same command would go on where this one stopped';
    return `${incomplete}: ${next}`;
  }
  const { word } = results.verdict;
  if (word === 'none') return 'spec.slos sets limits to judge: knetsim explain spec.slos';
  if (word === 'holds') return 'open the report, or knetsim report --md for a pull request';
  const found = findings(results, gated, word);
  return word === 'fails' ? afterFailure(found) : afterDoubt(found);
}

function findings(results: Results, gated: Gated, word: SloResult['verdict']): Finding[] {
  const candidates = results.variants.filter(({ candidate }) => candidate).map(({ name }) => name);
  return results.points
    .filter((point) => gated(point) && candidates.includes(point.variant))
    .flatMap((point) => point.slos.map((slo) => ({ point, slo })))
    .filter(({ slo }) => slo.gate === 'gate' && slo.verdict === word);
}

function afterFailure(found: readonly Finding[]): string {
  for (const finding of found) {
    const sentence = dominantStage(finding);
    if (sentence !== undefined) return sentence;
  }
  const [first] = found;
  if (!first) return 'the report shows what was measured';
  return `the report shows ${first.slo.metric} over the sizes; knetsim explain ${first.slo.metric} says what is counted`;
}

/** The longest of the stages that make up the metric: of its mean, else of the samples at p99. */
function dominantStage({ point, slo }: Finding): string | undefined {
  const { quantile, metric } = slo;
  const tables = point.stages[metric];
  const seconds = (quantile === undefined ? tables?.mean : tables?.p99) ?? {};
  const longest = Object.entries(seconds).sort(([, a], [, b]) => b - a)[0];
  if (longest === undefined) return undefined;
  const [id, value] = longest;
  const [stage] = stagesOf([id]);
  const total = Object.values(seconds).reduce((sum, one) => sum + one, 0);
  const subject = subjectName(metric, quantile === undefined ? undefined : 0.99, 'distribution');
  return (
    `${point.variant}, ${stage!.name}: ${formatSeconds(value)} of ${formatSeconds(total)} ` +
    `(${subject}); knetsim why says what the worst waited for`
  );
}

function afterDoubt(found: readonly Finding[]): string {
  const reasons = found.map(adviceFor);
  // What replications cannot mend comes first: with it the verdict stays open.
  return reasons.find((advice) => advice !== NARROW) ?? NARROW;
}

const NARROW = 'more replications narrow the intervals (--replications N; finished ones are kept)';

function adviceFor({ point, slo }: Finding): string {
  const metric = point.metrics[slo.metric];
  if (slo.value === undefined) {
    const causes = metric?.effectiveSamples ?? 0;
    const needed = slo.quantile === undefined ? 0 : causesNeeded(slo.quantile);
    if (causes > 0 && causes < needed) {
      const times = formatCount(Math.ceil(needed / causes));
      return (
        `${slo.name}: too few slice writes, ${formatCount(causes)} of the ${formatCount(needed)} ` +
        `needed: run longer (about ${times} times) or add replications`
      );
    }
    if ((metric?.censored ?? 0) > 0) return `${slo.name}: ${slo.reason}; run longer`;
    return `${slo.name}: ${slo.reason}; give the scenario what the limit is about, or run longer`;
  }
  if (isUntested(slo)) return `${slo.name}: ${slo.reason}; more replications would not tell`;
  if (slo.low === undefined) return `${slo.name}: ${slo.reason} (--replications 5)`;
  return NARROW;
}

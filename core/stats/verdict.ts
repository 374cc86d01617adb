/**
 * The decision of the gate: the verdict on every candidate variant at the points where gates are
 * judged, the exit code that follows, and the sentence that says so to somebody who reads nothing
 * else. A variant that is no candidate never changes the exit code: a losing alternative is an
 * answer, not a failure.
 */
import type { Experiment } from '../experiment.ts';
import type { MetricUnit } from '../metrics/metric-definition.ts';
import { metricById } from '../metrics/registry.ts';
import type { SloResult, Verdict, VerdictWord } from '../results.ts';
import type { JudgedPoint } from './judged-point.ts';
import { gatedVerdict, worstOf } from './judged-point.ts';
import { formatAt, formatQuantity, listOf, percentileName } from './plain-words.ts';

const EXIT_CODE = { fails: 4, inconclusive: 5, holds: 0, none: 0 } as const;

interface VariantVerdict {
  readonly variant: string;
  readonly candidate: boolean;
  readonly word: VerdictWord;
  /** The gate point that decided, absent when a gate point was not simulated. */
  readonly decisive?: JudgedPoint;
}

/** @param points the points that were simulated, in the experiment's order. */
export function decide(experiment: Experiment, points: readonly JudgedPoint[]): Verdict {
  if (!experiment.slos.some((slo) => slo.gate === 'gate')) {
    const sentence =
      experiment.slos.length === 0
        ? 'The scenario has no slos: nothing is judged.'
        : 'Every SLO only warns: nothing is gated.';
    return { word: 'none', sentence, exitCode: 0 };
  }
  const verdicts = experiment.variants.map(({ name, candidate }) =>
    verdictOn(name, candidate, experiment, points),
  );
  const words = verdicts.filter((one) => one.candidate).map((one) => one.word);
  const word = worstWord(words);
  return { word, sentence: sentenceOf(verdicts), exitCode: EXIT_CODE[word] };
}

function verdictOn(
  variant: string,
  candidate: boolean,
  experiment: Experiment,
  points: readonly JudgedPoint[],
): VariantVerdict {
  const expected = experiment.points.filter((point) => point.variant === variant && point.gated);
  const judged = points.filter(({ point }) => point.variant === variant && point.gated);
  const words = judged.map(({ slos }) => gatedVerdict(slos) ?? 'inconclusive');
  if (words.includes('fails')) {
    return { variant, candidate, word: 'fails', decisive: judged[words.indexOf('fails')]! };
  }
  if (expected.length === 0 || judged.length < expected.length) {
    return { variant, candidate, word: 'inconclusive' };
  }
  const word = words.includes('inconclusive') ? 'inconclusive' : 'holds';
  return { variant, candidate, word, decisive: judged[words.indexOf(word)]! };
}

function worstWord(words: readonly VerdictWord[]): VerdictWord | 'none' {
  if (words.length === 0) return 'none';
  return (['fails', 'inconclusive'] as const).find((word) => words.includes(word)) ?? 'holds';
}

/** Bad news first; variants that are no candidates last. */
function sentenceOf(verdicts: readonly VariantVerdict[]): string {
  const candidates = verdicts.filter((one) => one.candidate);
  const others = verdicts.filter((one) => !one.candidate);
  const sentences = [
    ...candidates.filter((one) => one.word === 'fails').map(failure),
    ...candidates.filter((one) => one.word === 'inconclusive').map(doubt),
    ...success(candidates.filter((one) => one.word === 'holds')),
    ...(candidates.length === 0 ? ['No variant is a candidate, so nothing is gated.'] : []),
    ...(['fails', 'inconclusive', 'holds'] as const).flatMap((word) => aside(others, word)),
  ];
  return sentences.join(' ');
}

function failure({ variant, decisive }: VariantVerdict): string {
  const slo = worstOf(decisive!.slos, 'fails')!;
  return `${variant} fails${at(decisive)}: ${finding(slo)}.`;
}

function doubt({ variant, decisive }: VariantVerdict): string {
  if (!decisive)
    return `${variant} is undecided: it was not simulated where the limits are judged.`;
  const slo = worstOf(decisive.slos, 'inconclusive')!;
  return `${variant} is undecided${at(decisive)}: ${finding(slo)}.`;
}

function success(verdicts: readonly VariantVerdict[]): string[] {
  if (verdicts.length === 0) return [];
  const meet = verdicts.length === 1 ? 'meets' : 'meet';
  const names = listOf(verdicts.map((one) => one.variant));
  const where = at(verdicts[0]!.decisive);
  return [`${names} ${meet} every limit${where}, if the constants of the model are right.`];
}

function aside(verdicts: readonly VariantVerdict[], word: VerdictWord): string[] {
  const names = verdicts.filter((one) => one.word === word).map((one) => one.variant);
  if (names.length === 0) return [];
  const verb = {
    fails: names.length === 1 ? 'fails' : 'fail',
    inconclusive: names.length === 1 ? 'is undecided' : 'are undecided',
    holds: names.length === 1 ? 'holds' : 'hold',
  }[word];
  const noun = names.length === 1 ? 'no candidate' : 'no candidates';
  return [`${listOf(names)}, ${noun}, ${verb} there.`];
}

/** ` at 6,500 nodes`, or nothing for a scenario without a sweep. */
function at(judged: JudgedPoint | undefined): string {
  const where = judged ? formatAt(judged.point.at) : '';
  return where && ` at ${where}`;
}

function finding(slo: SloResult): string {
  const unit = slo.unit as MetricUnit;
  const say = (value: number) => formatQuantity(value, unit);
  const title = metricById(slo.metric)?.title ?? slo.metric;
  const what = slo.quantile === undefined ? title : `${title} (${percentileName(slo.quantile)})`;
  const limit = `the limit is ${say(slo.limit)}`;
  if (slo.value === undefined) return `${what} has no value because ${slo.reason}; ${limit}`;
  if (slo.low === undefined || slo.high === undefined) {
    return `${what} is ${say(slo.value)}, but ${slo.reason}; ${limit}`;
  }
  const interval = `95% interval ${say(slo.low)} to ${say(slo.high)}`;
  // The interval does not explain a doubt when all of it is within the limit.
  const why =
    slo.untested === true || (slo.verdict === 'inconclusive' && slo.high <= slo.limit)
      ? `, but ${slo.reason}`
      : '';
  return `${what} is ${say(slo.value)} (${interval})${why}; ${limit}`;
}

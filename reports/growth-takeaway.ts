/**
 * The sentence over a figure of growth: from the verdicts at each size, never from the values, so
 * that a heading cannot say more than the interval allows.
 */
import type { VerdictWord } from '../core/results.ts';
import { formatValue } from './format.ts';
import type { Series, Sli, View } from './view.ts';
import { readingAt, sloAt } from './view.ts';
import { capital, listed, sizeName, sizeNames } from './words.ts';

interface Step {
  readonly size: number;
  readonly verdict: VerdictWord;
}

/** A phrase about variants, for one and for several of them. */
type Phrase = readonly [one: string, several: string];

/** Who is within the limit up to which size, over it from which, and undecided where. */
export function growthTakeaway(view: View, sli: Sli): string {
  if (sli.limit === undefined) return `${capital(sli.subject)} by size; no limit is set`;
  const limit = formatValue(sli.limit, sli.unit);
  const axis = view.axis ?? 'cluster.nodes';
  const groups = new Map<string, { phrase: Phrase; labels: string[] }>();
  for (const series of view.series) {
    const steps = stepsOf(series, sli);
    if (steps.length === 0) continue;
    const phrase = phraseOf(steps, limit, axis);
    const group = groups.get(phrase[0]) ?? { phrase, labels: [] };
    group.labels.push(series.label);
    groups.set(phrase[0], group);
  }
  const known = view.series.some(({ points }) =>
    points.some(({ point }) => {
      const slo = sloAt(point, sli);
      return readingAt(point, sli) !== undefined || (slo && slo.verdict !== 'inconclusive');
    }),
  );
  if (!known) return `No samples at any size: ${sli.subject}`;
  const sentences = [...groups.values()].map(({ phrase, labels }) => {
    const everyone = labels.length > 1 && labels.length === view.series.length;
    if (everyone) return `every variant ${phrase[0]}`;
    return `${listed(labels)} ${labels.length === 1 ? phrase[0] : phrase[1]}`;
  });
  const sentence = sentences.join('; ');
  return sentence.startsWith('every variant') ? capital(sentence) : sentence;
}

function stepsOf(series: Series, sli: Sli): Step[] {
  return series.points.flatMap(({ size, point }) => {
    const slo = sloAt(point, sli);
    return slo === undefined ? [] : [{ size, verdict: slo.verdict }];
  });
}

function phraseOf(steps: readonly Step[], limit: string, axis: string): Phrase {
  const words = steps.map((step) => step.verdict);
  const name = (i: number): string => sizeName(steps[i]!.size, axis);
  const where = (word: VerdictWord): string =>
    sizeNames(
      steps.filter((step) => step.verdict === word).map((step) => step.size),
      axis,
    );
  const fails = words.indexOf('fails');
  const stop = words.findIndex((word) => word !== 'holds');
  const holds = words.lastIndexOf('holds');
  if (stop < 0) return within(`${limit} at every size`);
  if (fails < 0) {
    if (holds < 0) return undecided('at every size');
    if (holds < stop) return within(`${limit} up to ${name(holds)}`, ', undecided beyond');
    return within(limit, ` where it is decided; undecided at ${where('inconclusive')}`);
  }
  if (holds > fails) {
    return [
      `is over ${limit} at ${where('fails')} and within it at ${where('holds')}`,
      `are over ${limit} at ${where('fails')} and within it at ${where('holds')}`,
    ];
  }
  if (fails === 0) return over(limit, name(0), '');
  if (holds === fails - 1) {
    const between = `${limit} between ${sizeNames([steps[holds]!.size, steps[fails]!.size], axis)}`;
    return [`passes ${between}`, `pass ${between}`];
  }
  const below = holds < 0 ? 'undecided below' : `undecided between that and ${name(holds)}`;
  return over(limit, name(fails), `, ${below}`);
}

function within(what: string, rest = ''): Phrase {
  return [`stays within ${what}${rest}`, `stay within ${what}${rest}`];
}

function over(limit: string, from: string, rest: string): Phrase {
  return [`is over ${limit} from ${from}${rest}`, `are over ${limit} from ${from}${rest}`];
}

function undecided(where: string): Phrase {
  return [`is undecided ${where}`, `are undecided ${where}`];
}

import { describe, expect, it } from 'vitest';
import type { VerdictWord } from '../core/results.ts';
import { growthTakeaway } from './growth-takeaway.ts';
import { sampleResults } from './testing/sample-results.ts';
import { quietResults } from './testing/sample-variations.ts';
import { viewOf } from './view.ts';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');
const WORDS: Readonly<Record<string, VerdictWord>> = { h: 'holds', f: 'fails', i: 'inconclusive' };

/** The heading over verdicts of all variants at 100, 500, 1000, 3900 and 5000 nodes: `hhiff`. */
function heading(...verdicts: readonly string[]): string {
  const results = sampleResults();
  const variants = results.variants.slice(0, verdicts.length).map(({ name }) => name);
  results.points = results.points.filter(({ variant }) => variants.includes(variant));
  variants.forEach((variant, v) => {
    const points = results.points.filter((point) => point.variant === variant);
    points.forEach((point, i) => {
      point.slos[0]!.verdict = WORDS[verdicts[v]![i]!]!;
    });
  });
  const view = viewOf(results);
  return plain(growthTakeaway(view, view.slis[0]!));
}

describe('heading of a growth figure', () => {
  it('names what every variant does once', () => {
    expect(heading('hhhhh', 'hhhhh')).toBe('Every variant stays within 5 s at every size');
    expect(heading('iiiii', 'iiiii')).toBe('Every variant is undecided at every size');
    expect(heading('hhhff', 'hhhff', 'hhhhh')).toBe(
      'iptables-today and ipvs pass 5 s between 1 000 and 3 900 nodes; ' +
        'nftables stays within 5 s at every size',
    );
  });

  it.each([
    ['fffff', 'is over 5 s from 100 nodes'],
    ['iffff', 'is over 5 s from 500 nodes, undecided below'],
    ['hhiif', 'is over 5 s from 5 000 nodes, undecided between that and 500 nodes'],
    ['hhhii', 'stays within 5 s up to 1 000 nodes, undecided beyond'],
    ['hihhi', 'stays within 5 s where it is decided; undecided at 500 and 5 000 nodes'],
    ['hfhff', 'is over 5 s at 500, 3 900 and 5 000 nodes and within it at 100 and 1 000 nodes'],
  ])('follows the verdicts %s', (verdicts, phrase) => {
    expect(heading(verdicts, 'hhhhh')).toContain(`iptables-today ${phrase}`);
  });

  it('says that there are no samples, or no limit', () => {
    const quiet = viewOf(quietResults());
    const sli = quiet.slis[0]!;
    const subject = 'p99 of network programming latency';
    expect(growthTakeaway(quiet, sli)).toBe(`No samples at any size: ${subject}`);
    expect(growthTakeaway(quiet, { ...sli, limit: undefined })).toBe(
      `${subject} by size; no limit is set`,
    );
  });
});

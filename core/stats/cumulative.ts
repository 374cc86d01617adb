/**
 * The cumulative distribution of samples for a figure: few enough points for a document, each of
 * them exact. Samples in flight are in the denominator only, so the curve ends below 1 with them.
 */
import { scaled } from '../metrics/metric-definition.ts';
import type { Point } from '../results.ts';
import type { SampleSet } from './measured.ts';

/** Points a curve has at most. */
const MOST = 200;

/** `share[i]` of all samples are at most `upTo[i]`, which is in the unit of the document. */
export function cumulativeOf(set: SampleSet, scale: number): Point['histograms'][string] {
  const all = set.count + set.censored;
  const upTo: number[] = [];
  const share: number[] = [];
  const last = set.buckets.count.length - 1;
  const step = Math.max(1, last / (MOST - 1));
  let sum = 0;
  let next = 0;
  for (let position = 0; position <= last; position++) {
    sum += set.buckets.count[position]!;
    if (position < Math.round(next * step)) continue;
    next++;
    upTo.push(scaled(set.buckets.high[position]!, scale));
    share.push(sum / all);
  }
  return { upTo, share };
}

/** How many samples a histogram holds. */
import type { Histogram } from '../metrics/histogram.ts';

/** Samples of all buckets. */
export function sampleCount(histogram: Histogram): number {
  let count = 0;
  for (let at = 0; at < histogram.lines.length; at += histogram.stride)
    count += histogram.lines[at]!;
  return count;
}

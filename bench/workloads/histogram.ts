/**
 * One record into a histogram, without stages and with the eight stages of a programming latency.
 * The values are drawn before: exponential with a mean of a second, as in a run.
 */
import { exponential } from '../../core/engine/samplers.ts';
import { Streams } from '../../core/engine/stream.ts';
import { Histogram } from '../../core/metrics/histogram.ts';
import type { Workload } from '../timed-loop.ts';

const VALUES = 2 ** 16;
const MEAN_NS = 1e9;
const STAGES = 8;

export function histogram(): Workload {
  const values = drawValues();
  const target = new Histogram();
  return {
    run(records) {
      for (let i = 0; i < records; i++) target.record(values[i % VALUES]!);
      return records;
    },
    hash: () => hashOf(target),
  };
}

export function histogramStages(): Workload {
  const values = drawValues();
  const target = new Histogram(STAGES);
  const stages = new Float64Array(STAGES);
  return {
    run(records) {
      for (let i = 0; i < records; i++) {
        const value = values[i % VALUES]!;
        stages[5] = value;
        target.recordEightStages(value, stages);
      }
      return records;
    },
    hash: () => hashOf(target),
  };
}

function drawValues(): Float64Array {
  const streams = new Streams();
  const stream = streams.add('histogram');
  return Float64Array.from({ length: VALUES }, () =>
    Math.round(exponential(streams, stream) * MEAN_NS),
  );
}

function hashOf(target: Histogram): number {
  const { buckets, lines } = target.toCell(new Array<string>(target.stages).fill(''));
  return [...buckets, ...lines].reduce((hash, value) => (Math.imul(hash, 31) + value) | 0, 0);
}

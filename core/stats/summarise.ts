/**
 * The entry of one metric in the results document: its statistics with their intervals, or the
 * reason why there are none. `max` is the largest value seen, a fact about the runs: it is known to
 * its bucket, and says nothing about what a longer run would see.
 */
import { scaled } from '../metrics/metric-definition.ts';
import type { Estimate, Metric } from '../results.ts';
import type { Measured, MeasuredSamples } from './measured.ts';
import { formatCount } from './plain-words.ts';
import type { Reading } from './reading.ts';
import { read } from './reading.ts';
import { wideToNumber } from './wide.ts';

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;
/** Of a number that is observed and not estimated. */
const CERTAIN = 1;

type Shown = 'mean' | 'p50' | 'p90' | 'p99' | 'p999' | 'value' | 'max';

export function summarise(measured: Measured): Metric {
  switch (measured.source) {
    case 'samples':
      return summariseSamples(measured);
    case 'quotient': {
      const { definition, pooled, replications } = measured;
      const observed = replications.filter((cell) => wideToNumber(cell.denominator) > 0).length;
      const metric: Metric = {
        unit: definition.unit,
        kind: definition.kind,
        samples: definition.countedDenominator ? wideToNumber(pooled.denominator) : observed,
        effectiveSamples: pooled.effective,
      };
      show(metric, 'value', read(measured, 'value'));
      if (metric.value && pooled.max !== undefined) {
        metric.max = certain(scaled(pooled.max, definition.scale));
      }
      return metric;
    }
    case 'exposure': {
      const { definition, pooled } = measured;
      const { hits, trials, windows, hitWindows } = pooled;
      const metric: Metric = {
        unit: definition.unit,
        kind: definition.kind,
        samples: trials,
        effectiveSamples: windows,
        exposure: {
          hits,
          trials,
          windows,
          hitWindows,
          exposedSeconds: wideToNumber(pooled.exposedNs) / 1e9,
        },
      };
      show(metric, 'value', read(measured, 'value'));
      return metric;
    }
  }
}

function summariseSamples(measured: MeasuredSamples): Metric {
  const { definition, pooled, effective } = measured;
  const metric: Metric = {
    unit: definition.unit,
    kind: definition.kind,
    samples: pooled.count,
    effectiveSamples: effective,
    ...(pooled.censored > 0 && { censored: pooled.censored }),
  };
  if (pooled.count + pooled.censored === 0) return { ...metric, reason: definition.whenEmpty };
  if (definition.source === 'distribution') {
    show(metric, 'mean', read(measured, 'mean'));
    show(metric, 'max', largest(measured));
  }
  for (const [key, quantile] of Object.entries(QUANTILES)) {
    show(metric, key as keyof typeof QUANTILES, read(measured, { quantile }));
  }
  return metric;
}

/** Puts a statistic into the metric, or why it is not there. */
function show(metric: Metric, key: Shown, reading: Reading): void {
  if (reading.estimate) metric[key] = reading.estimate;
  else if (key === 'value') metric.reason = reading.reason;
  else metric.missing = { ...metric.missing, [key]: reading.reason };
}

function largest({ definition, pooled }: MeasuredSamples): Reading {
  if (pooled.censored > 0) {
    const reason = `${formatCount(pooled.censored)} samples were still in flight when the runs ended`;
    return { estimate: null, reason, atLeast: null };
  }
  const low = scaled(pooled.buckets.low.at(-1)!, definition.scale);
  const high = scaled(pooled.buckets.high.at(-1)!, definition.scale);
  const estimate = { ...certain(high), low };
  return { estimate, replications: [], resolution: high - low, openAbove: false };
}

function certain(value: number): Estimate {
  return { value, low: value, high: value, confidence: CERTAIN, parts: {} };
}

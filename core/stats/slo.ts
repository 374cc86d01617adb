/**
 * The verdict on one SLO at one point. It holds only when the whole interval is within the limit,
 * fails only when the whole interval is beyond it, and is inconclusive otherwise: also without
 * samples, without an interval, or when samples in flight could still turn it.
 */
import { assert } from '../assert.ts';
import type { SloSpec } from '../experiment.ts';
import { metricById } from '../metrics/registry.ts';
import type { SloResult } from '../results.ts';
import { hasInterval } from './interval.ts';
import type { Measured } from './measured.ts';
import { formatCount } from './plain-words.ts';
import type { KnownReading, Reading, UnknownReading } from './reading.ts';
import { read, statisticOf } from './reading.ts';

/** What an SLO's result says beyond naming the SLO. */
type Judgement = Pick<
  SloResult,
  'verdict' | 'untested' | 'basis' | 'value' | 'low' | 'high' | 'reason'
>;

/**
 * @param measured every metric of the point, by id.
 * @throws InvariantError when the SLO names a metric that the catalogue does not know.
 */
export function judge(slo: SloSpec, measured: ReadonlyMap<string, Measured>): SloResult {
  const definition = metricById(slo.metric);
  assert(definition !== undefined, `SLO ${slo.name}: no metric ${slo.metric}`);
  const found = measured.get(slo.metric);
  const reading: Reading = found
    ? read(found, statisticOf(definition, slo.quantile))
    : { estimate: null, reason: definition.whenEmpty, atLeast: null };
  return {
    name: slo.name,
    metric: slo.metric,
    ...(slo.quantile !== undefined && { quantile: slo.quantile }),
    limit: slo.limit,
    unit: definition.unit,
    gate: slo.gate,
    ...(reading.estimate === null
      ? judgeUnknown(reading, slo.limit)
      : judgeKnown(reading, slo.limit, inFlight(found))),
  };
}

function inFlight(measured: Measured | undefined): number {
  return measured?.source === 'samples' ? measured.pooled.censored : 0;
}

function judgeUnknown({ reason, atLeast }: UnknownReading, limit: number): Judgement {
  if (atLeast === null) return { verdict: 'inconclusive', basis: [], reason };
  const verdict = atLeast > limit ? 'fails' : 'inconclusive';
  return { verdict, basis: ['noise'], low: atLeast, reason };
}

function judgeKnown(reading: KnownReading, limit: number, censored: number): Judgement {
  const { value, low, high } = reading.estimate;
  if (!hasInterval(reading.estimate)) {
    const reason = 'one replication gives no interval: run at least two';
    return { verdict: 'inconclusive', basis: [], value, reason };
  }
  const known = { basis: ['noise' as const], value, low, high };
  const flying = `${formatCount(censored)} samples were still in flight when the runs ended`;
  if (low > limit) return { verdict: 'fails', ...known };
  if (reading.untested !== undefined) {
    return { verdict: 'inconclusive', ...known, untested: true, reason: reading.untested };
  }
  if (high > limit) {
    const reason = 'the interval straddles the limit: more replications or a longer run narrow it';
    return { verdict: 'inconclusive', ...known, reason };
  }
  if (reading.openAbove) {
    return { verdict: 'inconclusive', ...known, reason: `${flying} and could raise the mean` };
  }
  if (censored === 0) return { verdict: 'holds', ...known };
  return { verdict: 'holds', ...known, reason: `${flying}; they count as beyond every quantile` };
}

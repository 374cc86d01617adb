/**
 * Differences between variants at the same point, paired by replication: variants meet the same
 * arrivals, so what they share cancels. A difference is significant when its interval excludes
 * zero; the half-width says which difference could have been seen.
 */
import { canonicalJson } from '../canonical-json.ts';
import type { Comparison, Estimate } from '../results.ts';
import { halfWidth } from './interval.ts';
import type { JudgedPoint } from './judged-point.ts';
import type { Measured } from './measured.ts';
import type { KnownReading } from './reading.ts';
import { headlineOf, readHeadline } from './reading.ts';

/** Every metric of every other variant against `baseline`, wherever both have a value. */
export function compareVariants(points: readonly JudgedPoint[], baseline: string): Comparison[] {
  const bases = new Map(
    points
      .filter((judged) => judged.point.variant === baseline)
      .map((judged) => [canonicalJson(judged.point.at), judged]),
  );
  return points
    .filter((judged) => judged.point.variant !== baseline)
    .flatMap((judged) => {
      const base = bases.get(canonicalJson(judged.point.at));
      return base ? comparePoints(base, judged) : [];
    });
}

function comparePoints(base: JudgedPoint, other: JudgedPoint): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [metric, measured] of other.measured) {
    const reference = base.measured.get(metric);
    const from = reference && readHeadline(reference);
    const to = readHeadline(measured);
    if (!from?.estimate || !to.estimate) continue;
    const pairs = pairedDifferences(
      { replications: base.replications, reading: from },
      { replications: other.replications, reading: to },
    );
    const difference = differenceOf(measured, from, to, pairs);
    if (difference === null) continue;
    comparisons.push({
      baseline: base.point.variant,
      variant: other.point.variant,
      metric,
      statistic: headlineOf(measured.definition),
      at: { ...other.point.at },
      difference,
      significant: difference.low > 0 || difference.high < 0,
      detectable: (difference.high - difference.low) / 2,
    });
  }
  return comparisons;
}

interface Side {
  readonly replications: readonly number[];
  readonly reading: KnownReading;
}

function pairedDifferences(base: Side, other: Side): number[] {
  return other.replications.flatMap((replication, i) => {
    const to = other.reading.replications[i] ?? null;
    const j = base.replications.indexOf(replication);
    const from = base.reading.replications[j] ?? null;
    return to === null || from === null ? [] : [to - from];
  });
}

function differenceOf(
  measured: Measured,
  from: KnownReading,
  to: KnownReading,
  pairs: readonly number[],
): Comparison['difference'] | null {
  if (measured.source === 'exposure' || isRare(measured)) {
    return differenceOfIntervals(from.estimate, to.estimate);
  }
  const value = to.estimate.value - from.estimate.value;
  const half = halfWidth(value, pairs);
  if (half === null) return null;
  const visible = Math.max(half, from.resolution, to.resolution);
  return { value, low: value - visible, high: value + visible };
}

function isRare(measured: Measured): boolean {
  return measured.source === 'quotient' && measured.definition.rareEvents;
}

/**
 * Rare events: replications that all count zero have no spread, so pairs prove nothing. The
 * difference is bounded from the two exact intervals instead (MOVER: Zou and Donner, Statistics in
 * Medicine 27, 2008), as if the variants were independent.
 */
function differenceOfIntervals(from: Estimate, to: Estimate): Comparison['difference'] {
  const value = to.value - from.value;
  return {
    value,
    low: value - Math.hypot(to.value - to.low, from.high - from.value),
    high: value + Math.hypot(to.high - to.value, from.value - from.low),
  };
}

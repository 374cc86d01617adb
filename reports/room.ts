/**
 * Room to a limit: the limit divided by the upper end of the interval, so that above 1 is the same
 * as "holds". Where the interval is not what the verdict rests on, there is no room to speak of:
 * without an interval, and when a reading within the limit proves nothing.
 */
import type { SloResult } from '../core/results.ts';

/** Limit over upper end; undefined when that says nothing about the verdict. */
export function roomOf(slo: SloResult): number | undefined {
  const { high, limit } = slo;
  if (high === undefined || high <= 0 || limit <= 0) return undefined;
  return doubtOf(slo) === undefined ? limit / high : undefined;
}

/** Why an SLO is inconclusive whatever its interval says. */
export function doubtOf(slo: SloResult): string | undefined {
  if (slo.verdict !== 'inconclusive' || slo.high === undefined) return undefined;
  return slo.untested === true || slo.high <= slo.limit ? slo.reason : undefined;
}

/** The gated SLO with the least room; where none gates, any. Undefined when no room is known. */
export function leastRoom(
  slos: readonly SloResult[],
): { slo: SloResult; room: number } | undefined {
  const gated = slos.filter((slo) => slo.gate === 'gate');
  return (gated.length > 0 ? gated : slos)
    .flatMap((slo) => {
      const room = roomOf(slo);
      return room === undefined ? [] : [{ slo, room }];
    })
    .sort((a, b) => a.room - b.room)[0];
}

/** The SLO that decides: the failing or undecided one, else the one with the least room. */
export function decisive(slos: readonly SloResult[]): SloResult {
  const rank = { fails: 0, inconclusive: 1, holds: 2 };
  const known = (slo: SloResult): number =>
    slo.value === undefined ? 0 : (roomOf(slo) ?? Number.POSITIVE_INFINITY);
  return [...slos].sort((a, b) => rank[a.verdict] - rank[b.verdict] || known(a) - known(b))[0]!;
}

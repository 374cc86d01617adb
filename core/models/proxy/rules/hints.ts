/**
 * How a service proxy follows the hints of endpoints: a kind of hint counts only if every ready
 * endpoint has one, and one of them fits the place of the node; else the next kind is looked at, and
 * in the end every ready endpoint is used. The same for the endpoints of a manifest and for those of
 * a run.
 */
import type { Era } from '../../eras.ts';

/** Hints for one kind of place, as one node reads them. */
export interface PlaceHints<T> {
  has(endpoint: T): boolean;
  /** It hints at the place of the node. */
  fits(endpoint: T): boolean;
}

/** Proxies begin to look at hints for nodes with the release that gives them by default (KEP-3015). */
export function looksAtNodeHints(era: Era): boolean {
  return era.trafficDistributions.includes('PreferSameNode');
}

/**
 * The ready endpoints that a node uses; `kinds` of hints, the one that goes before others first. The
 * answer is `ready` itself or `into`, which is filled anew.
 */
export function followHints<T>(
  ready: readonly T[],
  kinds: readonly PlaceHints<T>[],
  into: T[],
): readonly T[] {
  for (let i = 0; i < kinds.length; i++) {
    if (narrow(ready, kinds[i]!, into)) return into;
  }
  return ready;
}

function narrow<T>(ready: readonly T[], hints: PlaceHints<T>, into: T[]): boolean {
  into.length = 0;
  for (let i = 0; i < ready.length; i++) {
    const endpoint = ready[i]!;
    if (!hints.has(endpoint)) return false;
    if (hints.fits(endpoint)) into.push(endpoint);
  }
  return into.length > 0;
}

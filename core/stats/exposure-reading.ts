/**
 * Hits among trials, where hits come in windows: all requests that meet one reused address are one
 * accident. The exact Poisson interval is that of the number of windows with a hit, times the hits
 * such a window has; without any hit a window is taken to have one. Without a window nothing was at
 * risk: zero still has its upper bound, but it is evidence of nothing.
 */
import type { Estimate } from '../results.ts';
import { CONFIDENCE } from './interval.ts';
import type { MeasuredExposure } from './measured.ts';
import { poissonBounds } from './poisson.ts';
import type { Reading } from './reading.ts';

export function readExposure({ definition, pooled, replications }: MeasuredExposure): Reading {
  const { hits, trials, windows, hitWindows } = pooled;
  if (trials === 0) {
    return { estimate: null, reason: definition.whenEmpty, atLeast: null };
  }
  // A window that opened during the warm-up is not counted, but hits in it may be: one accident.
  const accidents = hits > 0 ? Math.max(1, hitWindows) : 0;
  const bounds = poissonBounds(accidents, CONFIDENCE);
  const perWindow = hits > 0 ? hits / accidents : 1;
  const low = (bounds.low * perWindow) / trials;
  const high = Math.min(1, (bounds.high * perWindow) / trials);
  const estimate: Estimate = {
    value: hits / trials,
    low,
    high,
    confidence: CONFIDENCE,
    parts: { noise: (high - low) / 2 },
  };
  return {
    estimate,
    replications: replications.map((cell) => (cell.trials > 0 ? cell.hits / cell.trials : null)),
    resolution: 0,
    openAbove: false,
    ...(windows === 0 && hits === 0 && { untested: definition.whenEmpty }),
  };
}

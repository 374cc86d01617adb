/** SLOs whose value lies within the limit and yet proves nothing. */
import type { SloResult } from '../core/results.ts';

/**
 * Whether an SLO is open although its whole interval is within the limit: nothing was at risk, or
 * samples in flight could still raise the value. Its `reason` says which; a margin would mislead.
 */
export function isUntested({ verdict, reason, high, limit }: SloResult): boolean {
  return verdict === 'inconclusive' && reason !== undefined && high !== undefined && high <= limit;
}

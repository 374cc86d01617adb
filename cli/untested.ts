/** SLOs whose interval proves nothing. */
import type { SloResult } from '../core/results.ts';

/**
 * Whether an SLO is open whatever its interval says: nothing was at risk, or the whole interval is
 * within the limit and samples in flight could still raise the value. Its `reason` says which; a
 * margin would mislead.
 */
export function isUntested({ untested, verdict, reason, high, limit }: SloResult): boolean {
  if (untested === true) return true;
  return verdict === 'inconclusive' && reason !== undefined && high !== undefined && high <= limit;
}

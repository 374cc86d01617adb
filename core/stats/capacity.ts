/**
 * Capacity, read off the sizes that were simulated: up to which of them every gated SLO holds, and
 * from which one fails. Nothing is interpolated. That a larger size is harder is assumed when the
 * bracket is read, so it is checked, and a sweep that contradicts it yields a warning.
 */
import type { Capacity, VerdictWord, Warning } from '../results.ts';
import { CONFIDENCE } from './interval.ts';
import type { Sweep } from './judged-point.ts';
import { gatedVerdict, worstOf } from './judged-point.ts';
import { formatSize } from './plain-words.ts';
import { WARNING_CODES } from './warning-codes.ts';

export interface CapacityFinding {
  readonly capacity: Capacity;
  readonly warnings: readonly Warning[];
}

/**
 * @param gateAt the size the verdict is about; the largest of the sweep when null.
 * @returns null when no SLO is gated: then no size is too large.
 */
export function capacityOf(sweep: Sweep, gateAt: number | null): CapacityFinding | null {
  const words = sweep.steps.map(({ judged }) => gatedVerdict(judged.slos));
  if (words.includes(null) || words.length === 0) return null;
  const stop = words.findIndex((word) => word !== 'holds');
  const fail = words.indexOf('fails');
  const sizes = sweep.steps.map((step) => step.size);
  const holdsUpTo = (stop < 0 ? sizes.at(-1) : sizes[stop - 1]) ?? null;
  const failsFrom = sizes[fail] ?? null;
  const limit = fail >= 0 ? fail : stop;
  const limiting = sweep.steps[limit]?.judged.slos;
  const capacity: Capacity = {
    variant: sweep.variant,
    along: sweep.along,
    ...(Object.keys(sweep.at).length > 0 && { at: { ...sweep.at } }),
    holdsUpTo,
    failsFrom,
    low: holdsUpTo,
    high: failsFrom,
    confidence: CONFIDENCE,
    verdict: verdictAt(gateAt ?? sizes.at(-1)!, holdsUpTo, failsFrom),
    limitedBy: (limiting && worstOf(limiting, words[limit]!)?.metric) ?? null,
  };
  return { capacity, warnings: contradictions(sweep, words) };
}

function verdictAt(size: number, holdsUpTo: number | null, failsFrom: number | null): VerdictWord {
  if (holdsUpTo !== null && holdsUpTo >= size) return 'holds';
  return failsFrom !== null && failsFrom <= size ? 'fails' : 'inconclusive';
}

function contradictions(sweep: Sweep, words: readonly (VerdictWord | null)[]): Warning[] {
  const fails = words.indexOf('fails');
  const holds = words.lastIndexOf('holds');
  if (fails < 0 || holds < fails) return [];
  const size = (i: number) => formatSize(sweep.along, sweep.steps[i]!.size);
  return [
    {
      code: WARNING_CODES.notMonotone,
      text:
        `${sweep.variant} fails at ${size(fails)} and holds at ${size(holds)}: ` +
        'capacity counts up to the first size that fails',
      where: sweep.variant,
    },
  ];
}

/**
 * Waits: a chain cut into spans of one cause each, without gap or overlap, from the trigger to the
 * moment of visibility. Whoever walks a chain hands them to a `Waits`: for a sample of the tail only
 * the sums by cause matter, for a chain that is shown everything does.
 */
import { PROGRAMMING_STAGES } from '../metrics/programming-stages.ts';
import { CAUSE_IDS, type Cause, type Detail, type Surface } from './causes.ts';

export type Stage = (typeof PROGRAMMING_STAGES)[number];

/** Receives the waits of one chain, in order. */
export interface Waits {
  /** Whether details are wanted; what costs time to find is left out otherwise. */
  readonly detailed: boolean;
  /** `cause` may be the root of what was waited for on the face of it, `surface`. */
  add(
    stage: Stage,
    cause: Cause,
    fromNs: number,
    toNs: number,
    detail?: Detail,
    surface?: Surface,
  ): void;
}

export interface Wait {
  readonly cause: Cause;
  readonly fromNs: number;
  readonly toNs: number;
  readonly detail: Detail;
  readonly surface: Surface | null;
}

/** Keeps waits by stage; empty ones are dropped, and what goes on is one. */
export class KeptWaits implements Waits {
  readonly detailed = true;
  readonly stages: Readonly<Record<Stage, Wait[]>> = Object.fromEntries(
    PROGRAMMING_STAGES.map((stage) => [stage, []]),
  ) as unknown as Record<Stage, Wait[]>;

  add(
    stage: Stage,
    cause: Cause,
    fromNs: number,
    toNs: number,
    detail: Detail = [],
    surface: Surface | null = null,
  ): void {
    if (toNs <= fromNs) return;
    const waits = this.stages[stage];
    const last = waits.at(-1);
    if (last?.cause === cause && detail.length === 0 && surface === null) {
      waits[waits.length - 1] = { ...last, toNs };
      return;
    }
    waits.push({ cause, fromNs, toNs, detail, surface });
  }
}

const indexOf = new Map(CAUSE_IDS.map((cause, index) => [cause, index]));

/** Adds up waits by cause, one chain at a time. */
export class WaitSums implements Waits {
  readonly detailed = false;
  readonly sumsNs = new Float64Array(CAUSE_IDS.length);

  add(_stage: Stage, cause: Cause, fromNs: number, toNs: number): void {
    this.sumsNs[indexOf.get(cause)!]! += toNs - fromNs;
  }

  /** The cause (an index of `CAUSE_IDS`) with the largest sum; the first on a tie. */
  dominant(): number {
    let best = 0;
    for (let i = 1; i < this.sumsNs.length; i++) if (this.sumsNs[i]! > this.sumsNs[best]!) best = i;
    return best;
  }
}

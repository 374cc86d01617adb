/** What the process tells its caller. Where several apply, the first of `precedence` counts. */

export const ExitCode = {
  /** Done; every gated SLO holds. */
  Done: 0,
  /** A bug of knetsim. */
  Bug: 1,
  /** Unknown flag, missing file. */
  Usage: 2,
  /** Scenario or input invalid. */
  Invalid: 3,
  /** Simulated well, and a gated SLO fails. */
  Negative: 4,
  /** The interval straddles the limit. */
  Inconclusive: 5,
  /** Cells are missing; partial results were written. */
  Incomplete: 6,
  /** SIGINT. */
  Interrupted: 130,
  /** SIGTERM. */
  Terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const precedence: readonly ExitCode[] = [1, 2, 3, 130, 143, 6, 4, 5, 0];

/** The code that counts among those that apply; 0 when none does. */
export function decisive(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? ExitCode.Done;
}

/** A mistake on the command line (exit 2). The message names it and one way to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Everything that ends a run early: Ctrl-C, SIGTERM and the time budget. The first one stops it
 * with what is finished; a second signal ends the process at once (finished cells are on disk).
 */
import { ExitCode } from './exit-codes.ts';

/** The longest time a timer of Node can wait (24 days); it would end a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface Interruption {
  /** Its reason is a text for the user. */
  readonly signal: AbortSignal;
  /** What the process should return if the run did not finish. */
  readonly exitCode: () => ExitCode;
  /** Restores the default behaviour of signals. */
  release(): void;
}

export function watchInterruption(maxTimeMs: number | undefined): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode = ExitCode.Incomplete;
  const stop = (code: ExitCode, reason: string) => {
    if (controller.signal.aborted) return;
    exitCode = code;
    controller.abort(reason);
  };
  const onSignal = (name: NodeJS.Signals) => {
    const code = name === 'SIGINT' ? ExitCode.Interrupted : ExitCode.Terminated;
    if (controller.signal.aborted) process.exit(code);
    stop(code, `interrupted by ${name}`);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const timer =
    maxTimeMs === undefined
      ? undefined
      : setTimeout(
          () => stop(ExitCode.Incomplete, `the time budget of ${maxTimeMs / 1000} s is used up`),
          Math.min(maxTimeMs, LONGEST_TIMER_MS),
        );
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/**
 * Everything that ends a run early: Ctrl-C, SIGTERM and the time budget. The first one stops it
 * with what is finished; a second signal ends the process at once (finished cells are on disk).
 */
import { ExitCode } from './exit-codes.ts';

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
          maxTimeMs,
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

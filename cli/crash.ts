/**
 * The last resort: an exception that nobody expected is our bug. The user gets one line and the
 * path of a file with everything a maintainer needs to see; never a stack trace.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode } from './exit-codes.ts';
import { fileSystemErrors } from './file-system-errors.ts';

/** What to print for an error nobody handled, and the exit code. Writes the crash file. */
export function lastResort(
  error: unknown,
  version: string,
  argv: readonly string[],
): { readonly line: string; readonly exitCode: ExitCode } {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  const cause = code === undefined ? undefined : fileSystemErrors[code];
  if (cause !== undefined && path !== undefined) {
    return { line: `knetsim: ${path}: ${cause}`, exitCode: ExitCode.Usage };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const file = join(mkdtempSync(join(tmpdir(), 'knetsim-crash-')), 'crash.txt');
  const facts = [
    `knetsim ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `command: ${argv.join(' ')}`,
    stack,
  ];
  writeFileSync(file, `${facts.join('\n')}\n`);
  const first = message.split('\n')[0]!;
  return {
    line: `knetsim: a bug of knetsim, not of your scenario: ${first} (details: ${file})`,
    exitCode: ExitCode.Bug,
  };
}

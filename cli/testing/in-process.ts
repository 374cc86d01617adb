/**
 * Runs the command line in the process of the test, which is quicker than one of its own; tests of a
 * file take turns. What only a process has, like its exit, is for `knetsim.ts`.
 */
import { CommanderError } from 'commander';
import { vi } from 'vitest';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { program } from '../program.ts';
import type { Ended } from './knetsim.ts';

export async function inProcess(argv: readonly string[]): Promise<Ended> {
  const stdout = capture(process.stdout);
  const stderr = capture(process.stderr);
  for (const name of ['FORCE_COLOR', 'NO_COLOR', 'CI']) vi.stubEnv(name, undefined);
  let code: number = ExitCode.Done;
  try {
    const root = program('0.0.0', (ended) => {
      code = ended;
    });
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`knetsim: ${error.message}\n`);
    else if (!(error instanceof CommanderError)) throw error;
    code = error instanceof CommanderError && error.exitCode === 0 ? 0 : ExitCode.Usage;
  } finally {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
  return { code, stdout: stdout.text, stderr: stderr.text };
}

function capture(stream: NodeJS.WriteStream): { readonly text: string } {
  const captured = { text: '' };
  vi.spyOn(stream, 'write').mockImplementation((chunk, encoding, done?: () => void) => {
    captured.text += String(chunk);
    (typeof encoding === 'function' ? (encoding as () => void) : done)?.();
    return true;
  });
  return captured;
}

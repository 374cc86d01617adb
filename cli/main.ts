#!/usr/bin/env node
/** The entry point: parses, runs the command, and turns what happened into an exit code. */
import { CommanderError } from 'commander';
import { lastResort } from './crash.ts';
import { ExitCode, UsageError } from './exit-codes.ts';
import { program } from './program.ts';
import { knetsimVersion } from './version.ts';

async function main(argv: readonly string[]): Promise<ExitCode> {
  const version = knetsimVersion();
  let exitCode: ExitCode = ExitCode.Done;
  try {
    const root = program(version, (code) => {
      exitCode = code;
    });
    await root.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
    }
    if (error instanceof UsageError) {
      process.stderr.write(`knetsim: ${error.message}\n`);
      return ExitCode.Usage;
    }
    const end = lastResort(error, version, argv);
    process.stderr.write(`${end.line}\n`);
    return end.exitCode;
  }
}

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

process.exitCode = await main(process.argv);

/**
 * `npm run --silent bench -- engine`: how fast the engine is, on built code, against a heap, against
 * itself on two workers, against other simulators. `docs/benchmarks.md` says how to read it. Exits
 * 0, 1 when a measurement fails or variants disagree about what they computed, 2 on wrong usage.
 */
import { carryOut } from './carry-out.ts';
import { type Flags, HELP, parseFlags, UsageError } from './flags.ts';
import { MEASURE, type Task } from './fresh-process.ts';
import { renderJson, TextReport } from './report.ts';
import { runSuite } from './suite.ts';

const args = process.argv.slice(2);
try {
  if (args[0] === MEASURE) {
    process.stdout.write(JSON.stringify(await carryOut(JSON.parse(args[1]!) as Task)));
  } else await report(parseFlags(args));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const text = error instanceof Error && !isUsage ? error.stack : String(error);
  process.stderr.write(isUsage ? `${(error as Error).message}\nSee --help.\n` : `${text}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

async function report(flags: Flags | null): Promise<void> {
  if (flags === null) process.stdout.write(HELP);
  else if (flags.json) process.stdout.write(renderJson(await runSuite(flags)));
  else {
    const text = new TextReport((line) => process.stdout.write(`${line}\n`));
    text.end(await runSuite(flags, (result) => text.measured(result)));
  }
}

/**
 * Where a run writes, checked before anything is simulated: an hour of simulation is not lost to a
 * typing error in a path. Messages name the flag and what the user typed.
 */
import { join, resolve } from 'node:path';
import { makeFolder, probeFile } from '../workers/whole-file.ts';
import { UsageError } from './exit-codes.ts';
import { fileSystemErrors } from './file-system-errors.ts';

/** Files below the folder of results. */
export const RESULTS = 'results.json';
export const RUN_INFO = 'run-info.json';
export const REPORT = 'report.html';

export interface OutputFlags {
  readonly out: string;
  /** A folder, or false for `--no-cache`. */
  readonly cache?: string | false;
  readonly report?: string;
  readonly md?: string;
  readonly events?: string;
}

/** The folder of finished cells. */
export function cellFolder({ cache, out }: OutputFlags): string {
  return cache || join(out, 'cells');
}

/**
 * Creates the folders and tries each file.
 *
 * @param scenario the path of the scenario, which no output may replace.
 * @throws UsageError for the first that cannot be written, or for two outputs in one file.
 */
export async function checkOutputs(scenario: string, flags: OutputFlags): Promise<void> {
  const out = `--out ${flags.out}`;
  const folders = [
    { typed: out, path: flags.out },
    { typed: flags.cache ? `--cache ${flags.cache}` : out, path: cellFolder(flags) },
  ];
  const files = [
    ...[RESULTS, RUN_INFO, REPORT].map((name) => ({ typed: out, path: join(flags.out, name) })),
    ...(['report', 'md', 'events'] as const).flatMap((flag) => {
      const path = flags[flag];
      return path === undefined || path === '-' ? [] : [{ typed: `--${flag} ${path}`, path }];
    }),
  ];
  const owners = new Map([[resolve(scenario), 'the scenario']]);
  for (const { typed, path } of files) {
    const owner = owners.get(resolve(path));
    if (owner !== undefined) {
      throw new UsageError(`${typed}: ${path} is ${owner} already; choose another file`);
    }
    if (!path.startsWith('/dev/')) owners.set(resolve(path), `the file of ${typed}`);
  }
  for (const { typed, path } of folders) {
    // A file in it is what cells need; none of that name is ever written.
    const probe = join(path, '.probe');
    await makeFolder(path).catch(refused(typed, path));
    await probeFile(probe).catch(refused(typed, path));
  }
  for (const { typed, path } of files) await probeFile(path).catch(refused(typed, path));
}

function refused(typed: string, path: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    const cause = fileSystemErrors[error.code ?? ''] ?? error.message;
    const where = typed.endsWith(` ${path}`) ? '' : `${path}: `;
    throw new UsageError(`${typed}: cannot write there: ${where}${cause}`);
  };
}

/** Writes to standard output and waits until it is taken, so that a pipe gets all of it. */
export function writeStdout(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Loads a scenario the way every command does: same flags, same messages, same exit codes. */
import { readFileSync } from 'node:fs';
import type { Experiment } from '../core/experiment.ts';
import {
  type Diagnostic,
  type LoadResult,
  loadExperiment,
  MissingFileError,
  renderDiagnostics,
} from '../scenarios/index.ts';
import { ExitCode, UsageError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

export interface LoadFlags {
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly replications?: number;
  readonly allowOutside?: true;
  readonly format: 'text' | 'github' | 'json';
}

export type Loaded =
  | { readonly experiment: Experiment; readonly diagnostics: readonly Diagnostic[] }
  | { readonly exitCode: ExitCode };

/** Reads a scenario from a file or, for `-`, from standard input, where paths start here. */
export function readScenario(name: string, flags: LoadFlags): LoadResult {
  const { set, seed, replications, allowOutside } = flags;
  const options = {
    ...(set === undefined ? {} : { set }),
    ...(seed === undefined ? {} : { seed }),
    ...(replications === undefined ? {} : { replications }),
    allowOutside: allowOutside === true,
  };
  try {
    return name === '-'
      ? loadExperiment({ name: '<stdin>', text: readFileSync(0, 'utf8'), folder: '.' }, options)
      : loadExperiment({ path: name }, options);
  } catch (error) {
    if (error instanceof MissingFileError) throw new UsageError(error.message);
    throw error;
  }
}

/** The experiment, or the exit code for a scenario with errors. All problems go to `stderr`. */
export function loadScenario(name: string, flags: LoadFlags, stderr: Terminal): Loaded {
  const { diagnostics, experiment } = readScenario(name, flags);
  if (diagnostics.length > 0) {
    stderr.print(renderDiagnostics(diagnostics, { format: flags.format, color: stderr.color }));
  }
  return experiment ? { experiment, diagnostics } : { exitCode: ExitCode.Invalid };
}

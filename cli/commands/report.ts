/**
 * `knetsim report`: the report of results that are on disk. It reads results.json and, if it lies
 * beside it, run-info.json, and nothing else; the same files give the same report.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Results } from '../../core/results.ts';
import { renderMarkdown, renderReport } from '../../reports/index.ts';
import type { RunInfo } from '../../reports/run-info.ts';
import { writeWhole } from '../../workers/whole-file.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';
import { terminal } from '../terminal.ts';

export interface ReportFlags {
  readonly out?: string;
  readonly md?: true;
  readonly json?: true;
  readonly color?: boolean;
  readonly ascii?: true;
}

export async function report(file: string, flags: ReportFlags): Promise<ExitCode> {
  if (flags.json && flags.out === '-') {
    throw new UsageError('--json and --out - both want stdout; write the report to a file');
  }
  if (!existsSync(file)) throw new UsageError(`no such file: ${file}`);
  if (statSync(file).isDirectory()) {
    throw new UsageError(`${file} is a folder; name the results: ${join(file, 'results.json')}`);
  }
  const stderr = terminal(process.stderr, flags);
  const results = readJson<Results>(file);
  const problem = problemOf(results);
  if (problem !== undefined) {
    stderr.print(
      `${stderr.style('red', 'error')}: ${file} is not a results document: ${problem}`,
      '  = help: name the results.json that knetsim run has written',
    );
    return ExitCode.Invalid;
  }
  const infoFile = join(dirname(file), 'run-info.json');
  const info = existsSync(infoFile) ? readJson<RunInfo>(infoFile) : undefined;
  const text = flags.md ? renderMarkdown(results!) : renderReport(results!, info);
  const target = flags.out ?? join(dirname(file), flags.md ? 'report.md' : 'report.html');
  if (target === '-') await writeStdout(text);
  else {
    await writeWhole(target, text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const written = { kind: 'Report', path: target, bytes: Buffer.byteLength(text), sha256 };
    if (flags.json) await writeStdout(`${JSON.stringify(written)}\n`);
    else stderr.print(target);
  }
  return ExitCode.Done;
}

/** The document, or undefined if it is not JSON. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const lists = [
  'points',
  'scaling',
  'capacity',
  'comparisons',
  'advice',
  'provenance',
  'models',
  'notModelled',
  'warnings',
  'variants',
] as const;

/** Why a document is not one of ours, as far as its outline tells. */
function problemOf(results: Partial<Results> | null | undefined): string | undefined {
  if (results === undefined) return 'it is not JSON';
  if (typeof results !== 'object' || results === null) return 'it is not an object';
  const { apiVersion, kind } = results;
  if (apiVersion !== 'knetsim.dev/v1')
    return `apiVersion is ${named(apiVersion)}, not knetsim.dev/v1`;
  if (kind !== 'Results') return `kind is ${named(kind)}, not Results`;
  const missing = lists.find((key) => !Array.isArray(results[key]));
  if (missing !== undefined) return `${missing} is not a list`;
  const absent = (['scenario', 'verdict', 'knetsim'] as const).find((key) => !results[key]);
  return absent === undefined ? undefined : `${absent} is missing`;
}

function named(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

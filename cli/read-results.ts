/** Reads a results document for commands that start from one: same checks, same messages. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../core/results.ts';
import { UsageError } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/**
 * The document, or undefined if it is none of ours, which `stderr` is told.
 * @throws UsageError when there is no such file
 */
export function readResults(
  file: string,
  stderr: Pick<Terminal, 'print' | 'style'>,
): Results | undefined {
  if (!existsSync(file)) throw new UsageError(`no such file: ${file}`);
  if (statSync(file).isDirectory()) {
    throw new UsageError(`${file} is a folder; name the results: ${join(file, 'results.json')}`);
  }
  const results = readJson<Results>(file);
  const problem = problemOf(results);
  if (problem === undefined) return results;
  stderr.print(
    `${stderr.style('red', 'error')}: ${file} is not a results document: ${problem}`,
    '  = help: name the results.json that knetsim run has written',
  );
  return undefined;
}

/** The document, or undefined if it is not JSON. */
export function readJson<T>(file: string): T | undefined {
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

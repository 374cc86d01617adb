/**
 * `knetsim report`: the report of results that are on disk. It reads results.json and, if it lies
 * beside it, run-info.json, and nothing else; the same files give the same report.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderMarkdown, renderReport } from '../../reports/index.ts';
import type { RunInfo } from '../../reports/run-info.ts';
import { writeWhole } from '../../workers/whole-file.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';
import { readJson, readResults } from '../read-results.ts';
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
  const stderr = terminal(process.stderr, flags);
  const results = readResults(file, stderr);
  if (results === undefined) return ExitCode.Invalid;
  const infoFile = join(dirname(file), 'run-info.json');
  const info = existsSync(infoFile) ? readJson<RunInfo>(infoFile) : undefined;
  const text = flags.md ? renderMarkdown(results) : renderReport(results, info);
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

/**
 * The files of a run, the results before everything that can be made again from them: who stops the
 * process while it writes keeps what took the time.
 */
import { join } from 'node:path';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Results } from '../core/results.ts';
import type { RunInfo } from '../reports/run-info.ts';
import { writeWhole } from '../workers/whole-file.ts';
import { type OutputFlags, REPORT, RESULTS, RUN_INFO } from './output-files.ts';

type Write = (file: string, text: string) => Promise<void>;

/** @throws the system's error for the first file that cannot be written. */
export async function writeResults(
  results: Results,
  info: RunInfo,
  flags: OutputFlags,
  write: Write = writeWhole,
): Promise<void> {
  await write(join(flags.out, RESULTS), `${canonicalJson(results)}\n`);
  await write(join(flags.out, RUN_INFO), `${JSON.stringify(info, null, 2)}\n`);
  const { renderMarkdown, renderReport } = await import('../reports/index.ts');
  const html = renderReport(results, info);
  await write(join(flags.out, REPORT), html);
  if (flags.report !== undefined) await write(flags.report, html);
  if (flags.md !== undefined) await write(flags.md, renderMarkdown(results));
}

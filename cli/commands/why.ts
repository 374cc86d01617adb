/**
 * `knetsim why`: simulates one replication of a result again and explains its worst changes, and what
 * the tail has in common. Needs nothing beside results.json.
 */
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Results } from '../../core/results.ts';
import { explainReplication } from '../../core/why/explain-replication.ts';
import { writeWhole } from '../../workers/whole-file.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { fileSystemErrors } from '../file-system-errors.ts';
import { writeStdout } from '../output-files.ts';
import { readResults } from '../read-results.ts';
import { terminal } from '../terminal.ts';
import { type ChoiceFlags, choose } from '../why/choose.ts';
import { chromeTrace } from '../why/chrome-trace.ts';
import { explanationDocument } from '../why/document.ts';
import { NotReplayable, replay, slowestReplication } from '../why/replay.ts';
import { explanationText } from '../why/text.ts';

export interface WhyFlags extends ChoiceFlags {
  /** Undefined: the one with the largest mean of the metric. */
  readonly replication?: number;
  readonly worst: number;
  readonly json?: true;
  readonly trace?: string;
  readonly color?: boolean;
  readonly ascii?: true;
}

export async function why(file: string, flags: WhyFlags, version: string): Promise<ExitCode> {
  const stderr = terminal(process.stderr, flags);
  const results = readResults(file, stderr);
  if (results === undefined) return ExitCode.Invalid;
  try {
    await explain(results, flags, version);
    return ExitCode.Done;
  } catch (error) {
    if (!(error instanceof NotReplayable)) throw error;
    stderr.print(
      `${stderr.style('red', 'error')}: ${file} cannot be replayed: ${error.message}`,
      `  = help: ${error.help}`,
    );
    return ExitCode.Invalid;
  }
}

async function explain(results: Results, flags: WhyFlags, version: string): Promise<void> {
  const { worst } = flags;
  const choice = choose(results, flags);
  const { point, metric, quantile, slo } = choice;
  const replication = flags.replication ?? slowestReplication(point, metric);
  const { plan, cell } = replay(results, point, replication, version);
  const limitNs = slo === undefined ? null : slo.limit * 1e9;
  const explanation = explainReplication(plan, replication, cell, {
    metric,
    quantile,
    limitNs,
    worst,
  });
  const explained = { ...choice, replication, explanation, resultHash: results.resultHash };
  if (flags.trace !== undefined) {
    await writeWhole(flags.trace, `${JSON.stringify(chromeTrace(explanation.worst))}\n`).catch(
      (error: NodeJS.ErrnoException) => {
        const reason = fileSystemErrors[error.code ?? ''] ?? error.message;
        throw new UsageError(`--trace ${flags.trace}: cannot write there: ${reason}`);
      },
    );
  }
  if (flags.json) await writeStdout(`${canonicalJson(explanationDocument(explained))}\n`);
  else {
    const stdout = terminal(process.stdout, flags);
    stdout.print(...explanationText(explained, stdout));
  }
}

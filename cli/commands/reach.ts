/**
 * `knetsim reach`: who may talk to whom, and which policy decided. One input: the matrix, or with
 * `--from` and `--to` the walk-through of a connection. Two inputs: what the second opens and closes.
 * Answers go to stdout, what was read and with which engine to stderr. Exit 0 whatever the verdicts.
 */
import type { PolicyEngine } from '../../core/models/policy/policy-engine.ts';
import { differencesText, switchesOf } from '../../core/models/policy/policy-engine.ts';
import { policyEngine } from '../../core/models/policy/registry.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { answer } from '../reach/answer.ts';
import { answerComparison } from '../reach/comparison-answer.ts';
import { notUsedLines, readInput } from '../reach/input.ts';
import type { ReachFlags } from '../reach/question.ts';
import { terminal } from '../terminal.ts';

export async function reach(inputs: readonly string[], flags: ReachFlags): Promise<ExitCode> {
  if (inputs.length > 2) {
    throw new UsageError(
      'one input is a cluster, two are before and after; further files of either side go with --with',
    );
  }
  const further = flags.with ?? [];
  if ([...inputs, ...further].filter((path) => path === '-').length > 1) {
    throw new UsageError('standard input can be read once: give - at most once');
  }
  if (inputs.length === 2 && further.includes('-')) {
    throw new UsageError('standard input can be read once, and --with is read for both sides');
  }
  const stderr = terminal(process.stderr, flags);
  const read = inputs.map((path) => readInput([path, ...further], flags.format, stderr));
  const [first, second] = read;
  if (!first || read.includes(undefined)) return ExitCode.Invalid;
  const engine = policyEngine(flags.engine);
  const switches = switchesOf(engine);
  if (!flags.quiet) {
    stderr.print(...engineLines(flags.engine, engine));
    for (const [at, side] of read.entries()) {
      const lead = read.length === 1 ? '' : `${inputs[at]}: `;
      stderr.print(...notUsedLines(side!.notUsed).map((line) => lead + line));
    }
  }
  const stdout = terminal(process.stdout, flags);
  const common = { flags, engine, switches, stdout, stderr };
  if (!second) await answer({ ...common, input: first });
  else await answerComparison({ ...common, inputs: [first, second], names: inputs });
  return ExitCode.Done;
}

function engineLines(id: string, engine: PolicyEngine): string[] {
  return id === 'literal' ? [] : [`engine ${id}: ${differencesText(engine)}`];
}

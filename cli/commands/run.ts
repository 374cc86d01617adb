/**
 * `knetsim run`: loads a scenario, simulates its cells, judges the SLOs and writes the results.
 * Exactly one document may own stdout; everything said to a person beside it goes to stderr. A run
 * that ends early writes what it has, and the same command goes on from there.
 */
import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Experiment } from '../../core/experiment.ts';
import { modelsOf, provenanceOf } from '../../core/models/provenance.ts';
import type { Results } from '../../core/results.ts';
import { assembleResults } from '../../core/stats/index.ts';
import { type Diagnostic, warningText } from '../../scenarios/index.ts';
import { type CellStore, cellStore } from '../../workers/cell-store.ts';
import { codeDigest } from '../../workers/code-digest.ts';
import type { Partitions } from '../../workers/execution.ts';
import { type RunObserver, type RunOutcome, runExperiment } from '../../workers/run-experiment.ts';
import { type EventStream, eventStream } from '../events.ts';
import { decisive, type ExitCode, UsageError } from '../exit-codes.ts';
import { type Gate, gateCode, gatedPoints } from '../gate.ts';
import { watchInterruption } from '../interruption.ts';
import { type LoadFlags, loadScenario } from '../load-scenario.ts';
import { counted } from '../numbers.ts';
import { cellFolder, checkOutputs, writeStdout } from '../output-files.ts';
import { planOf, planTable } from '../plan-table.ts';
import { type Progress, progressOn, quietProgress } from '../progress.ts';
import { runFooter } from '../run-footer.ts';
import { runInfoOf } from '../run-info.ts';
import { summary, verdictLine } from '../summary.ts';
import { type Terminal, terminal } from '../terminal.ts';
import { writeResults } from '../write-results.ts';

export interface RunFlags extends LoadFlags {
  readonly maxTime?: number;
  readonly workers: number;
  readonly partitions: Partitions;
  /** A folder, or false for `--no-cache`. */
  readonly cache?: string | false;
  readonly plan?: true;
  readonly gate: Gate;
  readonly out: string;
  readonly json?: true;
  readonly report?: string;
  readonly md?: string;
  readonly events?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly color?: boolean;
  readonly ascii?: true;
}

/** Runs `scenario` (a path, or `-`) and returns the exit code of the process. */
export async function run(scenario: string, flags: RunFlags, version: string): Promise<ExitCode> {
  refuseContradictions(flags);
  const startedAt = new Date();
  const stderr = terminal(process.stderr, flags);
  const loaded = loadScenario(scenario, flags, stderr);
  if ('exitCode' in loaded) return loaded.exitCode;
  const { experiment, diagnostics } = loaded;
  const progress =
    flags.quiet === true ? quietProgress(stderr) : progressOn(stderr, () => performance.now());
  const store = cellStore({
    directory: cellFolder(flags),
    version,
    code: codeDigest(),
    access: flags.cache === false ? 'write-only' : 'read-write',
    onWarning: (text) => progress.note(`warning: ${text}`),
  });
  if (flags.plan) return printPlan(experiment, store, flags);

  await checkOutputs(scenario, flags);
  const events = flags.events === undefined ? undefined : eventStream(flags.events, version);
  try {
    return await simulate(
      { experiment, diagnostics, store, progress, events, stderr, startedAt },
      flags,
      version,
    );
  } finally {
    events?.close();
  }
}

function refuseContradictions({ json, events, quiet, verbose, plan }: RunFlags): void {
  if (json && events === '-') {
    throw new UsageError('--json and --events - both want stdout; write the events to a file');
  }
  if (quiet && verbose) throw new UsageError('--quiet and --verbose contradict each other');
  if (plan && events !== undefined) throw new UsageError('--plan simulates nothing: no --events');
}

async function printPlan(
  experiment: Experiment,
  store: CellStore,
  flags: RunFlags,
): Promise<ExitCode> {
  const plan = await planOf(experiment, store, flags);
  if (flags.json) await writeStdout(`${canonicalJson(plan)}\n`);
  else terminal(process.stdout, flags).print(...planTable(plan));
  return 0;
}

interface Session {
  readonly experiment: Experiment;
  /** Printed already. */
  readonly diagnostics: readonly Diagnostic[];
  readonly store: CellStore;
  readonly progress: Progress;
  readonly events: EventStream | undefined;
  readonly stderr: Terminal;
  readonly startedAt: Date;
}

async function simulate(session: Session, flags: RunFlags, version: string): Promise<ExitCode> {
  const { experiment, progress } = session;
  const interruption = watchInterruption(flags.maxTime);
  try {
    if (!flags.quiet) progress.note(headline(experiment, flags));
    const outcome = await runCells(session, flags, interruption.signal);
    const stopped = outcome.incomplete === undefined ? [] : [interruption.exitCode()];
    const info = runInfoOf(outcome, process.argv, session.startedAt);
    const results = judge(experiment, outcome, version);
    await writeResults(results, info, flags);
    session.events?.verdicts(results);
    await say(results, outcome, session, flags);
    return decisive([...stopped, gateCode(flags.gate, results, gatedPoints(experiment))]);
  } finally {
    interruption.release();
  }
}

async function runCells(
  { experiment, store, progress, events }: Session,
  flags: RunFlags,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const observer: RunObserver = {
    onStart: (read) => progress.start(read),
    onExecution: ({ partitions, reason }) => {
      if (partitions > 1 && !flags.quiet) progress.note(reason);
    },
    onCellEnd: (end) => {
      events?.cellEnd(end);
      const spoken = flags.verbose && !end.cached;
      if (spoken) progress.note(`${end.label} ${Math.round(end.wallMs)} ms`);
    },
    onWarning: (text) => progress.note(`warning: ${text}`),
  };
  try {
    const { workers, partitions } = flags;
    return await runExperiment(experiment, { workers, partitions, store, signal, observer });
  } finally {
    progress.stop();
  }
}

/** The results of what is there; cells that are missing are a warning in them. */
function judge(experiment: Experiment, outcome: RunOutcome, version: string): Results {
  const plans = experiment.points.map((point) => point.plan);
  return assembleResults(experiment, outcome.points, {
    version,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    provenance: provenanceOf(plans),
    models: modelsOf(plans),
  });
}

/** The summary goes to stdout unless a document owns it. */
async function say(
  results: Results,
  outcome: RunOutcome,
  session: Session,
  flags: RunFlags,
): Promise<void> {
  const { experiment, stderr } = session;
  const owned = flags.json === true || flags.events === '-';
  const reader = owned ? stderr : terminal(process.stdout, flags);
  const gated = gatedPoints(experiment);
  if (flags.quiet) reader.print(verdictLine(results, reader));
  else {
    reader.print('', ...summary(results, { allPoints: flags.verbose === true, gated }, reader));
    const shown = new Set(session.diagnostics.map(warningText));
    const fresh = results.warnings.filter(({ text }) => !shown.has(text));
    stderr.print(...fresh.map(warningLine));
    reader.print(
      ...runFooter(results, outcome, { out: flags.out, gated, cached: flags.cache !== false }),
    );
  }
  if (flags.json) await writeStdout(`${canonicalJson(results)}\n`);
}

function warningLine({ code, text, where }: Results['warnings'][number]): string {
  return `warning[${code}]: ${text}${where === undefined ? '' : ` (${where})`}`;
}

/** What is about to be simulated, in one line. */
function headline(experiment: Experiment, flags: RunFlags): string {
  const { name, variants, points, replications } = experiment;
  return [
    name,
    counted(variants.length, 'variant'),
    counted(points.length, 'point'),
    `${counted(points.length * replications, 'cell')} on ${counted(flags.workers, 'worker')}`,
  ].join(' · ');
}

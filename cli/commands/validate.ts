/**
 * `knetsim validate`: checks scenario files and prints every problem at once. Problems for people
 * and for GitHub go to stderr; what was asked for as data (`--json`, `--format json`,
 * `--show-effective`, `--diff-variants`) goes to stdout.
 */
import { type LoadResult, renderDiagnostics, type VariantDiff } from '../../scenarios/index.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { type LoadFlags, readScenario } from '../load-scenario.ts';
import { counted } from '../numbers.ts';
import { writeStdout } from '../output-files.ts';
import { table } from '../table.ts';
import { terminal } from '../terminal.ts';

export interface ValidateFlags extends LoadFlags {
  readonly showEffective?: true;
  readonly diffVariants?: true;
  readonly json?: true;
  readonly color?: boolean;
  readonly ascii?: true;
}

type Checked = LoadResult & { readonly file: string };

export async function validate(files: readonly string[], flags: ValidateFlags): Promise<ExitCode> {
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('standard input can be read once: give - at most once');
  }
  const checked = files.map((file) => ({ file, ...readScenario(file, flags) }));
  if (flags.json) await printJson(checked, flags);
  else await printForPeople(checked, flags);
  return checked.every(({ experiment }) => experiment) ? ExitCode.Done : ExitCode.Invalid;
}

async function printJson(checked: readonly Checked[], flags: ValidateFlags): Promise<void> {
  const files = checked.map(({ file, diagnostics, experiment, effectiveText, variantDiffs }) => ({
    file,
    valid: experiment !== undefined,
    diagnostics,
    ...(flags.showEffective && effectiveText !== undefined ? { effective: effectiveText } : {}),
    ...(flags.diffVariants && variantDiffs !== undefined ? { variants: variantDiffs } : {}),
  }));
  await writeStdout(`${JSON.stringify({ kind: 'Validation', files }, null, 2)}\n`);
}

async function printForPeople(checked: readonly Checked[], flags: ValidateFlags): Promise<void> {
  const stderr = terminal(process.stderr, flags);
  const stdout = terminal(process.stdout, flags);
  if (flags.format === 'json') {
    const all = checked.flatMap(({ diagnostics }) => diagnostics);
    await writeStdout(`${renderDiagnostics(all, { format: 'json', color: false })}\n`);
  }
  for (const { file, diagnostics, experiment, effectiveText, variantDiffs } of checked) {
    if (flags.format !== 'json' && diagnostics.length > 0) {
      stderr.print(renderDiagnostics(diagnostics, { format: flags.format, color: stderr.color }));
    }
    if (!experiment) continue;
    const { points, replications } = experiment;
    const size = `${counted(points.length, 'point')} x ${counted(replications, 'replication')}`;
    stderr.print(`${file}: valid, ${size}`);
    if (flags.showEffective) await writeStdout(effectiveText ?? '');
    if (flags.diffVariants) stdout.print(...(variantDiffs ?? []).flatMap(diffLines));
  }
}

function diffLines({ variant, changes }: VariantDiff): string[] {
  const rows = changes.map(({ path, from, to }) => [path, valueText(from), '→', valueText(to)]);
  const columns = ['', '', '', ''].map((header) => ({ header }));
  return [`${variant}:`, ...(rows.length > 0 ? table(columns, rows, '  ') : ['  as the scenario'])];
}

/** As one would write it in YAML flow style; `(none)` for a field that is not there. */
function valueText(value: unknown): string {
  if (value === undefined) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * `knetsim backtest`: the models against every usable published measurement, and against those they
 * were fitted to. The only command that imports `bench`, when it is called. Some rows are runs: it takes
 * tens of seconds. Exit 0 whatever it finds.
 */
import {
  allRows,
  type Ledger,
  type LedgerRow,
  ledgerOf,
  modelsOf,
} from '../../bench/backtest/ledger.ts';
import { ledgerMarkdown } from '../../bench/backtest/markdown.ts';
import {
  cellsOf,
  countedRows,
  evidenceSentence,
  fittedGroups,
  groupCells,
  leftOutCells,
  modelCells,
  publishedRows,
  worstSentence,
} from '../../bench/backtest/words.ts';
import { suggest } from '../../scenarios/index.ts';
import { ExitCode, UsageError } from '../exit-codes.ts';
import { writeStdout } from '../output-files.ts';
import { type Column, table } from '../table.ts';
import { terminal } from '../terminal.ts';

export interface BacktestFlags {
  readonly model?: string;
  readonly json?: true;
  readonly md?: true;
  readonly verbose?: true;
  readonly color?: boolean;
  readonly ascii?: true;
}

export async function backtest(flags: BacktestFlags): Promise<ExitCode> {
  if (flags.json && flags.md) throw new UsageError('--json and --md both want stdout');
  const rows = allRows();
  if (flags.model !== undefined) refuseUnknown(flags.model, modelsOf(rows));
  const ledger = ledgerOf(rows, flags.model);
  if (flags.json) await writeStdout(`${JSON.stringify(ledger, null, 2)}\n`);
  else if (flags.md) await writeStdout(ledgerMarkdown(ledger));
  else terminal(process.stdout, flags).print(...ledgerLines(ledger, flags.verbose === true));
  return ExitCode.Done;
}

function refuseUnknown(model: string, known: readonly string[]): void {
  if (known.includes(model)) return;
  const meant = suggest(model, known);
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`;
  throw new UsageError(`--model ${model}: no row is about it; ${hint}`);
}

const left = (header: string): Column => ({ header });
const right = (header: string): Column => ({ header, align: 'right' });

const ROWS = [
  left('published point'),
  right('measured'),
  right('predicted'),
  right('[95%]'),
  right('error'),
  left('inside?'),
];
const errors = [right('median error'), right('greatest error')];
const GROUPS = [left('fitted to'), left('model'), right('rows'), right('inside'), ...errors];
const LEFT_OUT = [left('left out'), left('model'), right('rows'), right('predicted'), ...errors];
const MODELS = [left('model'), right('constants set from rows'), right('rows'), right('share')];

/** The tables for a reader; `verbose` gives every row of the kernel measurements a line. */
function ledgerLines(ledger: Ledger, verbose: boolean): string[] {
  const { summary, notUsable } = ledger;
  const kernel = ledger.rows.filter(({ kind }) => kind === 'kernel');
  const exact = countedRows(ledger);
  const worst = worstSentence(ledger);
  return [
    ...section(ROWS, [...publishedRows(ledger), ...exact].map(line)),
    `${evidenceSentence(summary.evidence)}.`,
    ...(worst === null ? [] : [worst]),
    '',
    ...(verbose
      ? section(ROWS, kernel.map(line))
      : section(GROUPS, fittedGroups(ledger).map(groupCells))),
    ...section(LEFT_OUT, summary.models.flatMap(({ sources }) => sources).map(leftOutCells)),
    ...section(MODELS, summary.models.map(modelCells)),
    'not usable:',
    ...notUsable.map(({ figure, source, why }) => `  ${figure} (${source}): ${why}`),
  ];
}

function line(row: LedgerRow): string[] {
  const { point, measured, predicted, interval, error, inside } = cellsOf(row);
  return [point, measured, predicted, `[${interval}]`, error, inside];
}

function section(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [...table(columns, rows), ''];
}

/** The ledger as the tables of docs/validation.md, which a test compares with them. */
import type { Ledger } from './ledger.ts';
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
} from './words.ts';

const ROWS = ['point', 'measured', 'predicted', '95 % interval', 'error', 'inside', 'source'];
const GROUPS = ['source', 'model', 'rows', 'inside', 'median error', 'greatest error'];
const LEFT_OUT = ['left out', 'model', 'rows', 'predicted', 'median error', 'greatest error'];
const MODELS = ['model', 'constants set from rows', 'rows', 'share'];

export function ledgerMarkdown(ledger: Ledger): string {
  const { evidence, models } = ledger.summary;
  const exact = countedRows(ledger);
  const right = exact.filter(({ error, inside }) => inside && (error ?? 0) === 0).length;
  const worst = worstSentence(ledger);
  const blocks = [
    `${evidenceSentence(evidence)}${worst === null ? '' : `; ${worst}`}.`,
    ...(exact.length === 0 ? [] : [`${right} of ${exact.length} rule counts are exact.`]),
    markdownTable(
      ROWS,
      publishedRows(ledger).map((row) => {
        const { point, measured, predicted, interval, error, inside } = cellsOf(row);
        const link = row.why === undefined ? point : `[${point}](#${row.why})`;
        return [link, measured, predicted, interval, error, inside, row.source];
      }),
    ),
    '### Kernel measurements',
    markdownTable(GROUPS, fittedGroups(ledger).map(groupCells)),
    '### One source left out',
    markdownTable(LEFT_OUT, models.flatMap(({ sources }) => sources).map(leftOutCells)),
    '### Constants and rows',
    markdownTable(MODELS, models.map(modelCells)),
    '### Not usable',
    markdownTable(
      ['figure', 'source', 'why not'],
      ledger.notUsable.map(({ figure, source, why }) => [figure, source, why]),
    ),
  ];
  return `${blocks.map(plainSpaces).join('\n\n')}\n`;
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Thousands with commas, as in the prose around. */
function plainSpaces(text: string): string {
  return text.replace(/(?<=\d)[\u2009\u202f](?=\d{3})/g, ',').replace(/[\u00a0\u2009\u202f]/g, ' ');
}

/**
 * The matrix as a table: sources as rows, destination ports as numbered columns, those alike drawn
 * as one, and a legend that names them. Wide tables are cut into blocks of columns. What is still too large
 * to read is left to `--json`, and the summary says so.
 */
import { counted } from '../numbers.ts';
import { width } from '../table.ts';
import type { Style, Terminal } from '../terminal.ts';
import type { Cell, Matrix } from './matrix.ts';
import { entityName, portName, targetName } from './names.ts';
import type { Target } from './probes.ts';
import { TEXT_COLUMNS, wrapped } from './wrapped.ts';

type Look = Pick<Terminal, 'style' | 'columns'>;

/** Beyond these, rows and columns are counted and not drawn. */
const MOST_ROWS = 60;
const MOST_COLUMNS = 99;
const marks: Readonly<Record<Cell, { readonly mark: string; readonly style: Style }>> = {
  allowed: { mark: '✔', style: 'green' },
  denied: { mark: '✘', style: 'red' },
  self: { mark: '·', style: 'dim' },
  ownNode: { mark: '~', style: 'yellow' },
};
const meanings: Readonly<Record<Cell, string>> = {
  allowed: 'allowed',
  denied: 'denied',
  self: 'itself',
  ownNode: 'only from the node it runs on',
};

export function matrixTable(matrix: Matrix, look: Look): string[] {
  const columns = Number.isFinite(look.columns) ? look.columns : TEXT_COLUMNS;
  const { rows } = matrix;
  if (rows.length === 0 || matrix.columns.length === 0) return [];
  const labels = rowLabels(matrix);
  const drawn = {
    rows: Math.min(rows.length, MOST_ROWS),
    columns: Math.min(matrix.columns.length, MOST_COLUMNS),
  };
  const first = Math.max(...labels.slice(0, drawn.rows).map(width), 'from \\ to'.length);
  const cellWidth = String(drawn.columns).length + 2;
  const perBlock = Math.max(1, Math.floor((columns - 1 - first) / cellWidth));
  const used = new Set<Cell>();
  const blocks: string[][] = [];
  for (let start = 0; start < drawn.columns; start += perBlock) {
    const numbers = Array.from(
      { length: Math.min(perBlock, drawn.columns - start) },
      (_, at) => start + at,
    );
    const header = numbers.map((at) => String(at + 1).padStart(cellWidth)).join('');
    const lines = rows.slice(0, drawn.rows).map((_, row) => {
      const cells = numbers.map((at) => {
        const cell = matrix.cell(row, at);
        used.add(cell);
        return painted(cell, cellWidth, look);
      });
      return ` ${labels[row]!.padEnd(first)}${cells.join('')}`;
    });
    blocks.push([` ${'from \\ to'.padEnd(first)}${header}`, ...lines, '']);
  }
  const key = (Object.keys(marks) as Cell[])
    .filter((cell) => used.has(cell))
    .map((cell) => `${look.style(marks[cell].style, marks[cell].mark)} ${meanings[cell]}`);
  return [
    ...blocks.flat(),
    ` ${key.join('   ')}   (each reaches itself)`,
    '',
    ...legend(matrix, labels, drawn, columns),
    ...notDrawn(matrix, drawn),
  ];
}

function painted(cell: Cell, cellWidth: number, look: Look): string {
  const { mark, style } = marks[cell];
  return `${' '.repeat(cellWidth - 1)}${look.style(style, mark)}`;
}

/** The name of a single source; a letter for several. */
function rowLabels(matrix: Matrix): string[] {
  let groups = 0;
  return matrix.rows.map((row) =>
    row.length === 1
      ? entityName(matrix.entities[row[0]!]!)
      : `${letters(groups++)} (${row.length} alike)`,
  );
}

/** A, B, ..., Z, AA, AB. */
function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest > 0 ? letters(rest - 1) : ''}${String.fromCharCode(65 + (index % 26))}`;
}

function legend(
  matrix: Matrix,
  labels: readonly string[],
  drawn: { readonly rows: number; readonly columns: number },
  columns: number,
): string[] {
  const rows = matrix.rows.slice(0, drawn.rows).flatMap((row, at) => {
    if (row.length === 1) return [];
    return [
      {
        key: labels[at]!.split(' ')[0]!,
        names: row.map((one) => entityName(matrix.entities[one]!)),
      },
    ];
  });
  const targets = matrix.columns.slice(0, drawn.columns).map((column, at) => ({
    key: String(at + 1),
    names: portsTogether(matrix, column),
  }));
  const pad = Math.max(...[...rows, ...targets].map(({ key }) => key.length));
  const lines = ({ key, names }: { key: string; names: readonly string[] }) =>
    wrapped(names, ` ${key.padStart(pad)}  `, columns);
  return [...rows.flatMap(lines), ...(rows.length > 0 ? [''] : []), ...targets.flatMap(lines), ''];
}

/** `shop/cart:80,9090`: ports of one entity beside each other. */
function portsTogether({ entities }: Matrix, column: readonly Target[]): string[] {
  const byEntity = new Map<number, Target[]>();
  for (const target of column) {
    byEntity.set(target.to, [...(byEntity.get(target.to) ?? []), target]);
  }
  return [...byEntity].map(([to, [first, ...others]]) =>
    [targetName(entities[to]!, first!), ...others.map(portName)].join(','),
  );
}

function notDrawn(
  { rows, columns }: Matrix,
  drawn: { readonly rows: number; readonly columns: number },
): string[] {
  const left = [
    ...(rows.length > drawn.rows ? [`${counted(rows.length - drawn.rows, 'row')}`] : []),
    ...(columns.length > drawn.columns
      ? [`${counted(columns.length - drawn.columns, 'column')}`]
      : []),
  ];
  if (left.length === 0) return [];
  return [` ${left.join(' and ')} more; --from or --to choose some, --json prints all`, ''];
}

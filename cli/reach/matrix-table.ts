/**
 * The matrix as a table: sources as rows, destination ports as numbered columns, those alike drawn
 * as one, and a legend that names them. Wide tables are cut into blocks of columns.
 */
import { width } from '../table.ts';
import type { Style, Terminal } from '../terminal.ts';
import type { Cell, Matrix } from './matrix.ts';
import { entityName, portName, targetName } from './names.ts';
import type { Target } from './probes.ts';
import { TEXT_COLUMNS, wrapped } from './wrapped.ts';

type Look = Pick<Terminal, 'style' | 'columns'>;

/** Beyond these nobody reads it. */
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
  ownNode: 'only between a pod and its own node',
};

export function isDrawable({ rows, columns }: Matrix): boolean {
  return rows.length <= MOST_ROWS && columns.length <= MOST_COLUMNS;
}

export function matrixTable(matrix: Matrix, look: Look): string[] {
  const columns = Number.isFinite(look.columns) ? look.columns : TEXT_COLUMNS;
  const { rows } = matrix;
  if (rows.length === 0 || matrix.columns.length === 0) return [];
  const labels = rowLabels(matrix);
  const count = matrix.columns.length;
  const first = Math.max(...labels.map(width), 'from \\ to'.length);
  const cellWidth = String(count).length + 2;
  const perBlock = Math.max(1, Math.floor((columns - 1 - first) / cellWidth));
  const used = new Set<Cell>();
  const blocks: string[][] = [];
  for (let start = 0; start < count; start += perBlock) {
    const numbers = Array.from(
      { length: Math.min(perBlock, count - start) },
      (_, at) => start + at,
    );
    const header = numbers.map((at) => String(at + 1).padStart(cellWidth)).join('');
    const lines = rows.map((_, row) => {
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
    ...legend(matrix, labels, columns),
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

function legend(matrix: Matrix, labels: readonly string[], columns: number): string[] {
  const rows = matrix.rows.flatMap((row, at) => {
    if (row.length === 1) return [];
    return [
      {
        key: labels[at]!.split(' ')[0]!,
        names: row.map((one) => entityName(matrix.entities[one]!)),
      },
    ];
  });
  const targets = matrix.columns.map((column, at) => ({
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

/**
 * Borderless columns in the manner of kubectl: easy to read, to grep and to cut. Widths come from
 * the content; colours in a cell do not count. Nothing is shortened.
 */
import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly header: string;
  readonly align?: 'left' | 'right';
}

const GAP = '   ';

/** The header, if any column has one, and a line a row, each after `indent`. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = '',
): string[] {
  const headers = columns.map((column) => column.header);
  const all = headers.some((header) => header !== '') ? [headers, ...rows] : [...rows];
  const widths = columns.map((_, i) => Math.max(0, ...all.map((row) => width(row[i] ?? ''))));
  return all.map((row) => {
    const cells = columns.map(({ align }, i) => {
      const cell = row[i] ?? '';
      const space = ' '.repeat(widths[i]! - width(cell));
      return align === 'right' ? space + cell : cell + space;
    });
    return `${indent}${cells.join(GAP)}`.trimEnd();
  });
}

/** Characters that a text takes on the screen; wide scripts are counted as narrow. */
export function width(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

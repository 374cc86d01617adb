/**
 * A piece of text a user wrote, and positions in it. Offsets count UTF-16 code units from 0; lines
 * and columns count from 1, as editors do.
 */

export interface SourceText {
  /** As the user named it: a path as given, or `--set`. */
  readonly name: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

export function sourceText(name: string, text: string): SourceText {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return { name, text, lineStarts };
}

/** The line (index from 0) that holds an offset. */
export function lineOf(source: SourceText, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Line and column of a span's start, from 1. */
export function positionOf({ source, start }: Span): { line: number; column: number } {
  const line = lineOf(source, start);
  return { line: line + 1, column: start - source.lineStarts[line]! + 1 };
}

/** `file:line:col` of a span's start. */
export function where(span: Span): string {
  const { line, column } = positionOf(span);
  return `${span.source.name}:${line}:${column}`;
}

/** The first character of a text, for problems of the whole file. */
export function startOf(source: SourceText): Span {
  return { source, start: 0, end: 0 };
}

/**
 * A problem of the user's input: a code, what was found, what is allowed and one concrete fix, with
 * the places it is about. Plain data: it holds copies of the lines it shows.
 */
import { lineOf, type Span } from './source-text.ts';

export interface Diagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What was found, one line, without a full stop. */
  readonly message: string;
  readonly at: Place;
  readonly also: readonly Place[];
  /** One concrete fix. */
  readonly help?: string;
}

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The line, or the part of a long one around the place. */
  readonly excerpt: string;
  /** Index of the place in `excerpt`. */
  readonly excerptColumn: number;
  readonly label: string;
}

const longestExcerpt = 120;
/** Names of any length stand in messages. */
const longestMessage = 1000;

/** Copies the line a span starts on. A span over several lines is cut at the end of the first. */
export function place(span: Span, label = ''): Place {
  const { source } = span;
  const line = lineOf(source, span.start);
  const lineStart = source.lineStarts[line]!;
  const nextLine = source.lineStarts[line + 1];
  const lineEnd = nextLine === undefined ? source.text.length : nextLine - 1;
  const column = span.start - lineStart;
  const full = lineEnd - lineStart > longestExcerpt;
  const from = full ? Math.max(0, column - longestExcerpt / 4) : 0;
  const excerpt = printable(
    source.text.slice(lineStart + from, Math.min(lineEnd, lineStart + from + longestExcerpt)),
  ).trimEnd();
  const length = Math.max(1, Math.min(span.end, lineEnd) - span.start);
  return {
    file: source.name,
    line: line + 1,
    column: column + 1,
    length: Math.max(1, Math.min(length, excerpt.length - (column - from))),
    excerpt,
    excerptColumn: column - from,
    label: sentence(label),
  };
}

/** One character for one, so that carets stay in place and a file cannot drive the terminal. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{C}/gu, (found) => '\u{FFFD}'.repeat(found.length));
}

/** Of what nobody checked: printable, and no longer than Kubernetes lets a name be. */
export function printableName(text: string): string {
  return printable(text.slice(0, 253));
}

/** Printable, and of a length that somebody reads. */
function sentence(text: string): string {
  return printable(text.length > longestMessage ? `${text.slice(0, longestMessage)}...` : text);
}

/** Errors and warnings of one load, in the order of the files and of the lines in them. */
export class Problems {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  error(code: string, span: Span, message: string, more: Details = {}): void {
    this.#add('error', code, span, message, more);
  }

  warning(code: string, span: Span, message: string, more: Details = {}): void {
    this.#add('warning', code, span, message, more);
  }

  get hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'error');
  }

  /** The first file loaded first; `--set` after all files. */
  sorted(): Diagnostic[] {
    const files = new Map<string, number>();
    for (const { at } of this.#found) if (!files.has(at.file)) files.set(at.file, files.size);
    return this.#found
      .map((diagnostic, index) => ({ diagnostic, index }))
      .sort(
        (a, b) =>
          files.get(a.diagnostic.at.file)! - files.get(b.diagnostic.at.file)! ||
          a.diagnostic.at.line - b.diagnostic.at.line ||
          a.diagnostic.at.column - b.diagnostic.at.column ||
          a.index - b.index,
      )
      .map(({ diagnostic }) => diagnostic);
  }

  /** The same text at the same place is one problem, however many variants meet it. */
  #add(
    severity: Diagnostic['severity'],
    code: string,
    span: Span,
    message: string,
    more: Details,
  ): void {
    const at = place(span, more.label);
    const key = JSON.stringify([code, at.file, at.line, at.column, more.once ?? message]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const diagnostic: Diagnostic = {
      code,
      severity,
      message: sentence(message),
      at,
      also: (more.also ?? []).map(({ span: other, label }) => place(other, label)),
      ...(more.help === undefined ? {} : { help: sentence(more.help) }),
    };
    this.#found.push(diagnostic);
  }
}

export interface Details {
  readonly label?: string;
  readonly help?: string;
  readonly also?: readonly { readonly span: Span; readonly label: string }[];
  /** Problems of one code at one place with the same value here are one problem. */
  readonly once?: string;
}

/** A warning as results carry it: what it says, without the place, which depends on the layout. */
export function warningText({
  message,
  at,
  help,
}: Pick<Diagnostic, 'message' | 'at' | 'help'>): string {
  return [message, at.label, help].filter(Boolean).join('; ');
}

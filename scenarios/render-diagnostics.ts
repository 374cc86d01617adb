/** Diagnostics as text with carets, as annotations of a GitHub workflow, or as JSON. */
import { counted } from './counted.ts';
import { type Diagnostic, type Place, printable } from './diagnostic.ts';

export interface RenderOptions {
  readonly format: 'text' | 'github' | 'json';
  readonly color: boolean;
}

/** Ends without a newline; empty text for no diagnostics (`[]` as JSON). */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions,
): string {
  switch (options.format) {
    case 'json':
      return JSON.stringify(diagnostics, null, 2);
    case 'github':
      return diagnostics.map(renderGithub).join('\n');
    case 'text':
      return renderText(diagnostics, options.color);
  }
}

function renderText(diagnostics: readonly Diagnostic[], color: boolean): string {
  if (diagnostics.length === 0) return '';
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, color));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.length - errors.length;
  const counts = [
    ...(errors.length > 0 ? [counted(errors.length, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  const worst = errors[0] ?? diagnostics[0]!;
  blocks.push(
    `${diagnostics[0]!.at.file}: ${counts.join(', ')}.  knetsim explain ${worst.code} tells more.`,
  );
  return blocks.join('\n');
}

function renderOne(diagnostic: Diagnostic, color: boolean): string {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const hue = diagnostic.severity === 'error' ? '1;31' : '1;33';
  const gutter = Math.max(
    ...[diagnostic.at, ...diagnostic.also].map(({ line }) => String(line).length),
  );
  const lines = [
    `${paint(hue, `${diagnostic.severity}[${diagnostic.code}]`)}: ${paint('1', diagnostic.message)}`,
  ];
  const show = (at: Place, mark: string) => {
    // An empty file, a folder: there is no line to show.
    if (at.excerpt === '' && at.label === '') return;
    const indent = ' '.repeat(at.excerptColumn);
    const caret = paint(hue, mark.repeat(at.length));
    lines.push(
      `${String(at.line).padStart(gutter)} | ${at.excerpt}`,
      `${' '.repeat(gutter)} | ${indent}${caret}${at.label ? ` ${at.label}` : ''}`,
    );
  };
  lines.push(`${' '.repeat(gutter)}--> ${position(diagnostic.at)}`);
  show(diagnostic.at, '^');
  let file = diagnostic.at.file;
  for (const other of diagnostic.also) {
    if (other.file !== file) lines.push(`${' '.repeat(gutter)}--> ${position(other)}`);
    file = other.file;
    show(other, '-');
  }
  if (diagnostic.help) lines.push(`${' '.repeat(gutter)} = help: ${diagnostic.help}`);
  return lines.join('\n');
}

function renderGithub(diagnostic: Diagnostic): string {
  const { at } = diagnostic;
  const level = diagnostic.severity;
  const text = [diagnostic.message, at.label, diagnostic.help].filter(Boolean).join('. ');
  const properties = [
    `file=${escapeProperty(at.file)}`,
    `line=${at.line}`,
    `col=${at.column}`,
    `endColumn=${at.column + at.length}`,
    `title=${escapeProperty(diagnostic.code)}`,
  ];
  return `::${level} ${properties.join(',')}::${escapeData(text)}`;
}

function position(at: Place): string {
  return `${printable(at.file)}:${at.line}:${at.column}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

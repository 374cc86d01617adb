/** Lists of names over several lines. */
import { width } from '../table.ts';

/** Width of text where the terminal has no border. */
export const TEXT_COLUMNS = 100;
/** The rest is counted. */
const MOST_NAMES = 24;

/** Names separated by commas after `lead`, broken between names; further lines are indented alike. */
export function wrapped(names: readonly string[], lead: string, columns: number): string[] {
  const limit = Math.min(columns, Number.isFinite(columns) ? columns : TEXT_COLUMNS);
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  const parts = [...shown, ...(more > 0 ? [`and ${more} more`] : [])];
  const lines: string[] = [];
  let line = lead;
  for (const [at, part] of parts.entries()) {
    const text = at < parts.length - 1 ? `${part},` : part;
    const begun = width(line) > width(lead);
    if (begun && width(line) + 1 + width(text) > limit) {
      lines.push(line);
      line = `${' '.repeat(width(lead))}${text}`;
    } else {
      line += begun ? ` ${text}` : text;
    }
  }
  return [...lines, line];
}

/**
 * One output stream and what it can show: colours only if asked for or if it is a terminal and
 * NO_COLOR is not set, plain ASCII on demand, animation only on a terminal that can move its
 * cursor. Text is written as it is meant to be read: no-break spaces become ordinary characters.
 */
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  readonly stream: NodeJS.WriteStream;
  readonly color: boolean;
  readonly ascii: boolean;
  /** Whether text already written may be redrawn. */
  readonly animates: boolean;
  /** Width not to exceed; infinite where lines do not end at a border. */
  readonly columns: number;
  /** Writes lines, each ended. */
  print(...lines: readonly string[]): void;
  style(styles: Style | readonly Style[], text: string): string;
}

export interface TerminalOptions {
  /** `--color` or `--no-color`; decided by the environment and the stream when absent. */
  readonly color?: boolean | undefined;
  readonly ascii?: boolean | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

export function terminal(stream: NodeJS.WriteStream, options: TerminalOptions = {}): Terminal {
  const environment = options.environment ?? process.env;
  const capable = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const color = options.color ?? colorByEnvironment(environment, capable);
  const ascii = options.ascii ?? false;
  return {
    stream,
    color,
    ascii,
    animates: capable && !environment['CI'],
    get columns() {
      // A terminal that does not know its size says 0.
      return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    print: (...lines) => {
      for (const line of lines) stream.write(`${shown(printable(line, color), ascii)}\n`);
    },
    style: (styles, text) =>
      color ? styleText([...[styles].flat()], text, { validateStream: false }) : text,
  };
}

/** https://no-color.org and https://force-color.org: set and not empty. */
function colorByEnvironment(environment: NodeJS.ProcessEnv, capable: boolean): boolean {
  if (environment['NO_COLOR']) return false;
  if (environment['FORCE_COLOR']) return environment['FORCE_COLOR'] !== '0';
  return capable;
}

const asciiFor: Readonly<Record<string, string>> = {
  '✔': '+',
  '✘': 'x',
  '·': '.',
  '█': '#',
  '░': '.',
  '≤': '<=',
  '≥': '>=',
  '×': 'x',
  µ: 'u',
  '−': '-',
  '–': '-',
  '→': '->',
  '±': '+/-',
  '’': "'",
  '…': '...',
  '∞': 'inf',
  '⁻': '^-',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, value) => [digit, String(value)])),
};

/** Ends of lines and tabs are kept; what else controls a terminal is not, nor what reorders text. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\x1b\[[\d;]*m|[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Whoever named a file or an object moves no cursor; styles are kept where there are colours. */
function printable(text: string, color: boolean): string {
  return text.replace(controls, (found) => {
    if (color && found.length > 1) return found;
    return found.replace(/[^ -~]/g, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
  });
}

/** Text for a terminal: ordinary spaces, and no character beyond ASCII if `ascii`. */
export function shown(text: string, ascii: boolean): string {
  const spaced = text.replaceAll('\u202f', ',').replaceAll('\u00a0', ' ');
  return ascii ? spaced.replace(/[^\0-\x7f]/gu, (found) => asciiFor[found] ?? '?') : spaced;
}

/** The command line of the benchmarks: a suite and flags, or what is wrong with them. */
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { BENCHMARKS, SUITES } from './suites.ts';

export const HELP = `Usage: npm run --silent bench -- engine|policy [flags]

engine: against itself on a 4-ary heap, on two workers, and against other simulators. policy:
policies of full-size clusters compiled. Each in a process of its own, by turns. Compare figures
of one run with each other only.

Flags:
  --json               one JSON document instead of a table
  --only name[,name]   only these benchmarks
  --rounds n           turns of each (default 3); medians are reported
  --quick              a fiftieth of the events, one round, no peers: does it work?
  --help               this text

${[...SUITES].map(([suite, benchmarks]) => listed(suite, benchmarks)).join('\n\n')}

docs/benchmarks.md says what the figures mean.
`;

function listed(suite: string, benchmarks: readonly Benchmark[]): string {
  const width = 1 + Math.max(...BENCHMARKS.map(({ name }) => name.length));
  const lines = benchmarks.map(({ name, about }) => `  ${name.padEnd(width)} ${about}`);
  return [`Benchmarks of ${suite}:`, ...lines].join('\n');
}

const ROUNDS = 3;
const MOST_ROUNDS = 100;
const QUICK_SCALE = 0.02;

export interface Flags {
  readonly json: boolean;
  readonly only: readonly string[];
  readonly rounds: number;
  readonly scale: number;
  readonly peers: boolean;
}

/** A mistake on the command line, in words for whoever made it. */
export class UsageError extends Error {}

/**
 * @returns null when help is asked for.
 * @throws UsageError
 */
export function parseFlags(args: readonly string[]): Flags | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const suite = positionals.length === 1 ? SUITES.get(positionals[0]!) : undefined;
  if (suite === undefined) {
    const known = [...SUITES.keys()].join(', ');
    throw new UsageError(`Name one suite of: ${known} (got: ${positionals.join(' ') || 'none'}).`);
  }
  const names = suite.map(({ name }) => name);
  const only = values.only?.split(',') ?? names;
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`No benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  }
  return {
    json: values.json,
    only,
    rounds: values.rounds === undefined ? (values.quick ? 1 : ROUNDS) : parseRounds(values.rounds),
    scale: values.quick ? QUICK_SCALE : 1,
    peers: !values.quick,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (!/^\d+$/.test(text) || rounds < 1 || rounds > MOST_ROUNDS) {
    throw new UsageError(`--rounds: give a whole number from 1 to ${MOST_ROUNDS}.`);
  }
  return rounds;
}

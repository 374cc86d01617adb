/** The results of the suite as a JSON document, and as a table that grows while it is measured. */

import type { BenchmarkResult, PeerResult, SuiteResult } from './suite.ts';
import { BENCHMARKS } from './suites.ts';

export function renderJson(result: SuiteResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

const NOTHING = '-';
const NAME_WIDTH = 1 + Math.max(...BENCHMARKS.map(({ name }) => name.length));

interface Column {
  readonly header: string;
  readonly width: number;
  readonly cell: (result: BenchmarkResult) => string;
}

const COLUMNS: readonly Column[] = [
  { header: 'M/s', width: 9, cell: ({ eventsPerSecond }) => millions(eventsPerSecond) },
  {
    header: 'spread',
    width: 8,
    cell: ({ spread, eventsPerSecond }) => spreadOf(spread, eventsPerSecond),
  },
  { header: 'x heap', width: 8, cell: ({ ratioToHeap }) => fixed(ratioToHeap, 2) },
  { header: 'x two', width: 8, cell: ({ speedup }) => fixed(speedup, 2) },
  { header: 'sleeps', width: 8, cell: ({ sleepsPerWindow }) => fixed(sleepsPerWindow ?? null, 2) },
  { header: 'B/pending', width: 11, cell: ({ bytesPerPending }) => fixed(bytesPerPending, 1) },
  { header: 'GCs', width: 5, cell: ({ collections }) => fixed(collections, 0) },
  { header: 'hash', width: 10, cell: ({ hash }) => hash },
];

/** Prints a line a benchmark as soon as it is measured, then the peers. */
export class TextReport {
  private readonly print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.print = print;
    const headers = COLUMNS.map(({ header, width }) => header.padStart(width));
    this.print(`${'benchmark'.padEnd(NAME_WIDTH)}${headers.join('')}`);
  }

  measured(result: BenchmarkResult): void {
    const cells = COLUMNS.map(({ width, cell }) => cell(result).padStart(width));
    this.print(`${result.name.padEnd(NAME_WIDTH)}${cells.join('')}`);
  }

  end({ peers, machine }: SuiteResult): void {
    if (peers.length > 0) this.peers(peers);
    this.print('');
    this.print(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
  }

  private peers(peers: readonly PeerResult[]): void {
    const width = 2 + Math.max(...peers.map(({ name }) => name.length));
    this.print('');
    this.print(`${'peer'.padEnd(width)}${'M/s'.padStart(7)}   knetsim is`);
    for (const { name, eventsPerSecond, ratio, skipped } of peers) {
      const figures =
        eventsPerSecond === null || ratio === null
          ? `${NOTHING.padStart(7)}   skipped: ${skipped}`
          : `${millions(eventsPerSecond).padStart(7)}   ${ratio.toFixed(1)} times as fast`;
      this.print(`${name.padEnd(width)}${figures}`);
    }
  }
}

function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(2);
}

function fixed(value: number | null, digits: number): string {
  return value === null ? NOTHING : value.toFixed(digits);
}

/** Distance of the farther of slowest and fastest round from the median. */
function spreadOf([least, most]: BenchmarkResult['spread'], middle: number): string {
  return `${Math.round((100 * Math.max(middle - least, most - middle)) / middle)}%`;
}

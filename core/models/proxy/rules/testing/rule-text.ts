/**
 * What the naive generators of the tests emit: every object of a kernel as a line of text, kept
 * apart by table and by the Service port it was written for, and how such lines are counted.
 * Nothing here knows a formula: a count is a number of lines.
 */
import type { Counts, KernelObjects, PortObjects } from '../kernel-objects.ts';
import type { ServicePort } from '../service-port.ts';

export type Lines = Readonly<Record<string, readonly string[]>>;

export interface PortText {
  readonly port: ServicePort;
  /** By table. */
  readonly lines: Lines;
}

export interface RuleText {
  /** Lines that belong to no Service port, by table. */
  readonly fixed: Lines;
  readonly ports: readonly PortText[];
}

/** What a line stands for; `chain` is the kind of chain or map it counts for in a port's split. */
export interface Parsed {
  readonly object: string;
  readonly chain: string | null;
}

export interface Format {
  /** Every table with every kind of object that is counted in it. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** Kinds that the kernel keeps once, for the first of the Service ports that ask for them. */
  readonly sets: readonly string[];
  parse(table: string, line: string): Parsed | null;
}

/** Lines by table, appended to in the order a proxy writes them. */
export class Page {
  readonly lines: Record<string, string[]> = {};

  constructor(tables: readonly string[]) {
    for (const table of tables) this.lines[table] = [];
  }

  write(table: string, ...parts: readonly string[]): void {
    this.lines[table]!.push(parts.join(' '));
  }
}

/** All lines of a table, fixed ones first. */
export function allLines(text: RuleText, table: string): string[] {
  return [...(text.fixed[table] ?? []), ...text.ports.flatMap((port) => port.lines[table] ?? [])];
}

/** Counts lines by kind of object. */
export function countLines(format: Format, table: string, lines: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const kind of format.tables[table]!) counts[kind] = 0;
  for (const line of lines) {
    const object = format.parse(table, line)?.object;
    if (object !== undefined) counts[object] = counts[object]! + 1;
  }
  return counts;
}

/** The text without lines of `format.sets` that an earlier Service port has written already. */
function withoutRepeats(format: Format, text: RuleText): RuleText {
  const seen = new Set<string>();
  const keep = (table: string, line: string) => {
    if (!format.sets.includes(format.parse(table, line)?.object ?? '')) return true;
    const isNew = !seen.has(line);
    seen.add(line);
    return isNew;
  };
  const ports = text.ports.map(({ port, lines }) => ({
    port,
    lines: Object.fromEntries(
      Object.entries(lines).map(([table, all]) => [table, all.filter((line) => keep(table, line))]),
    ),
  }));
  return { fixed: text.fixed, ports };
}

/** Tables and shares of a generated text. */
export function countText(format: Format, text: RuleText): KernelObjects {
  const kept = withoutRepeats(format, text);
  const tables: Record<string, Counts> = {};
  for (const table of Object.keys(format.tables)) {
    tables[table] = countLines(format, table, allLines(kept, table));
  }
  return { tables, ports: kept.ports.map((port) => countPort(format, port)) };
}

function countPort(format: Format, { port, lines }: PortText): PortObjects {
  const tables: Record<string, PortObjects['tables'][string]> = {};
  for (const table of Object.keys(format.tables)) {
    const written = lines[table] ?? [];
    const split: Record<string, number> = {};
    for (const line of written) {
      const chain = format.parse(table, line)?.chain;
      if (chain) split[chain] = (split[chain] ?? 0) + 1;
    }
    // The index signature of Counts is narrower than the split beside it.
    tables[table] = { ...countLines(format, table, written), split } as never;
  }
  return { namespace: port.namespace, service: port.service, port: port.port, tables };
}

/** `namespace/name:port`, or `namespace/name` of a port without a name. */
export function portName(port: ServicePort): string {
  const service = `${port.namespace}/${port.service}`;
  return port.port === '' ? service : `${service}:${port.port}`;
}

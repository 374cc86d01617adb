/**
 * Fits the programming constants of the proxy models to the measurements of one kernel (experiment
 * `4-prog`), so that every fitted constant can be reproduced:
 * `npx tsx bench/fit/fit-kernel.ts [FILE.csv]`. CPU time is fitted; the time a command sleeps is a
 * separate median. `PUBLISHED` holds points that the measurements' text states and the rows lack.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constantById } from '../../core/models/index.ts';
import { ramp } from '../../core/models/proxy/cost-curve.ts';
import { leaveOneOut, relativeLeastSquares, residual, type Sample } from './least-squares.ts';

/** S services with E endpoints each; CPU nanoseconds of one operation. */
export interface Point {
  readonly services: number;
  readonly endpoints: number;
  readonly ns: number;
}

export interface Fit {
  readonly name: string;
  /** Constant id to value, in the unit of its declaration. */
  readonly constants: Readonly<Record<string, number>>;
  readonly points: number;
  readonly maxResidual: number;
  readonly leaveOneOut: number | null;
}

/** From the text of the measurements: CPU or wall, which differ by 1 % at these sizes. */
export const PUBLISHED: Readonly<Record<string, readonly Point[]>> = {
  'nft initial_load': [
    { services: 2000, endpoints: 10, ns: 45e9 },
    { services: 10000, endpoints: 2, ns: 92e9 },
  ],
  'nftables initial_load': [{ services: 10000, endpoints: 2, ns: 21.9e9 }],
  'nftables add_service': [{ services: 10000, endpoints: 2, ns: 132e6 }],
};

const rules = (p: Point) => p.services * (2 + 3 * p.endpoints);
const chains = (p: Point) => p.services * (1 + p.endpoints);
/** Chains, rules and elements of nftables' per-endpoint layout. */
const lines = (p: Point) => p.services * (5 + 3 * p.endpoints);

/** Two declared counts: up to the first a working set fits the cache, from the second it does not. */
function bounds(from: string, to: string): readonly [number, number] {
  return [constantById(from)!.value, constantById(to)!.value];
}

const LEGACY_TABLE = bounds(
  'proxy.iptables-legacy.table.cached',
  'proxy.iptables-legacy.table.spilled',
);
const NFT_CHAINS = bounds(
  'proxy.iptables-nft.initial.chains-cached',
  'proxy.iptables-nft.initial.chains-spilled',
);
const NFTABLES_LINES = bounds(
  'proxy.nftables.transaction.lines-cached',
  'proxy.nftables.transaction.lines-spilled',
);

const cached = (x: number, [from, to]: readonly [number, number]) => x * (1 - ramp(x, from, to));
const spilled = (x: number, [from, to]: readonly [number, number]) => x * ramp(x, from, to);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians over runs by `backend operation_wall|cpu` and size. Milliseconds become nanoseconds. */
export function readPoints(csv: string): Map<string, Point[]> {
  const runs = new Map<string, number[]>();
  for (const line of csv.trim().split('\n').slice(1)) {
    const [experiment, backend, s, e, chunk, , , metric, , , , value] = line.split(',');
    if (experiment !== '4-prog') continue;
    const operation = chunk ? `${metric!.replace(/_(?=cpu|wall)/, '@')}` : metric!;
    const key = `${backend} ${operation}|${s!.slice(2)}|${e!.slice(2)}`;
    const values = runs.get(key) ?? [];
    runs.set(key, values);
    values.push(Number(value) * 1e6);
  }
  const points = new Map<string, Point[]>();
  for (const [key, values] of runs) {
    const [name, services, endpoints] = key.split('|');
    const list = points.get(name!) ?? [];
    points.set(name!, list);
    list.push({
      services: Number(services),
      endpoints: Number(endpoints),
      ns: median(values),
    });
  }
  return points;
}

/** Fits the CPU time of one or several operations; one id for each term. */
function fitCpu(
  points: Map<string, Point[]>,
  operations: readonly string[],
  ids: readonly string[],
  terms: (p: Point) => readonly number[],
): Fit {
  const samples: Sample[] = operations
    .flatMap((name) => [...points.get(`${name}_cpu`)!, ...(PUBLISHED[name] ?? [])])
    .map((p) => ({ terms: terms(p), value: p.ns }));
  const coefficients = relativeLeastSquares(samples);
  return {
    name: operations.join(' + '),
    constants: Object.fromEntries(ids.map((id, i) => [id, coefficients[i]!])),
    points: samples.length,
    maxResidual: Math.max(...samples.map((s) => Math.abs(residual(coefficients, s)))),
    leaveOneOut: leaveOneOut(samples),
  };
}

/** A constant that is a median over points of `f`. */
function medianOf(name: string, id: string, values: readonly number[]): Fit {
  const value = median(values);
  const maxResidual = Math.max(...values.map((v) => Math.abs(value / v - 1)));
  return {
    name,
    constants: { [id]: value },
    points: values.length,
    maxResidual,
    leaveOneOut: null,
  };
}

function sleeps(points: Map<string, Point[]>, operation: string): number[] {
  const cpu = points.get(`${operation}_cpu`)!;
  return points.get(`${operation}_wall`)!.map((wall, i) => wall.ns - cpu[i]!.ns);
}

function legacyFits(points: Map<string, Point[]>): Fit[] {
  const id = (name: string) => `proxy.iptables-legacy.${name}`;
  const split = (p: Point) => [cached(rules(p), LEGACY_TABLE), spilled(rules(p), LEGACY_TABLE)];
  return [
    fitCpu(
      points,
      ['legacy initial_load'],
      [id('initial.base'), id('initial.rule'), id('initial.rule-squared')],
      (p) => [1, rules(p), rules(p) ** 2],
    ),
    fitCpu(
      points,
      ['legacy full_resync'],
      [id('full.base'), id('full.rule-cached'), id('full.rule-spilled'), id('full.rule-squared')],
      (p) => [1, ...split(p), rules(p) ** 2],
    ),
    fitCpu(
      points,
      ['legacy partial_sync'],
      [id('partial.base'), id('partial.rule-cached'), id('partial.rule-spilled')],
      (p) => [1, ...split(p)],
    ),
    fitCpu(
      points,
      ['legacy iptables_save'],
      [id('save.base'), id('save.rule-cached'), id('save.rule-spilled')],
      (p) => [1, ...split(p)],
    ),
  ];
}

function nftFits(points: Map<string, Point[]>): Fit[] {
  const id = (name: string) => `proxy.iptables-nft.${name}`;
  const initial = fitCpu(
    points,
    ['nft initial_load'],
    [
      id('initial.base'),
      id('initial.rule'),
      id('initial.chain-squared-cached'),
      id('initial.chain-squared-spilled'),
    ],
    (p) => [
      1,
      rules(p),
      chains(p) * cached(chains(p), NFT_CHAINS),
      chains(p) * spilled(chains(p), NFT_CHAINS),
    ],
  );
  const loads = points.get('nft initial_load_cpu')!;
  const replaced = points
    .get('nft full_resync_cpu')!
    .map((full, i) => ({ full, extra: (full.ns - loads[i]!.ns) / rules(full) }))
    .filter(({ full }) => full.services >= 100 && full.services <= 1000 && full.endpoints === 2)
    .map(({ extra }) => extra);
  return [
    initial,
    medianOf('nft full_resync - initial_load', id('full.rule-replaced'), replaced),
    fitCpu(
      points,
      ['nft partial_sync'],
      [
        id('partial.base'),
        id('partial.chain'),
        id('partial.service'),
        id('partial.service-squared'),
      ],
      (p) => [1, chains(p), p.services, p.services ** 2],
    ),
    fitCpu(points, ['nft iptables_save'], [id('save.base'), id('save.chain')], (p) => [
      1,
      chains(p),
    ]),
    medianOf('nft partial_sync, asleep', id('partial.sleep'), sleeps(points, 'nft partial_sync')),
    medianOf('nft full_resync, asleep', id('full.sleep'), sleeps(points, 'nft full_resync')),
  ];
}

function nftablesFits(points: Map<string, Point[]>): Fit[] {
  const id = (name: string) => `proxy.nftables.${name}`;
  const change = fitCpu(
    points,
    ['nftables add_service', 'nftables change_endpoint'],
    [id('change.base'), id('change.line'), id('change.line-squared')],
    (p) => [1, lines(p), lines(p) ** 2],
  );
  const changes = points.get('nftables change_endpoint_cpu')!;
  const shares = points
    .get('nftables del_service_cpu')!
    .map((p, i) => (p.ns / changes[i]!.ns) * Number(p.services >= 1000))
    .filter((share) => share > 0);
  const scans = points.get('nftables last_chunk@cpu')!.map((last, i) => {
    const chunk = 500;
    const kernel = lines(last);
    const [base, perLine, perLineSquared] = Object.values(change.constants) as [
      number,
      number,
      number,
    ];
    const walk = base + perLine * kernel + perLineSquared * kernel ** 2;
    const first = points.get('nftables first_chunk@cpu')![i]!.ns;
    return (last.ns - first - walk) / (chunk * (last.services - chunk));
  });
  const asleep = [
    ...sleeps(points, 'nftables del_service'),
    ...sleeps(points, 'nftables change_endpoint'),
  ];
  return [
    fitCpu(
      points,
      ['nftables initial_load'],
      [
        id('transaction.base'),
        id('transaction.line'),
        id('transaction.set-line-cached'),
        id('transaction.set-line-spilled'),
      ],
      (p) => [
        1,
        lines(p),
        p.services * cached(lines(p), NFTABLES_LINES),
        p.services * spilled(lines(p), NFTABLES_LINES),
      ],
    ),
    change,
    medianOf('nftables del_service / change_endpoint', id('delete.share'), shares),
    medianOf('nftables last chunk of 500', id('transaction.set-pair'), scans),
    medianOf('nftables asleep', id('delete.sleep'), asleep),
  ];
}

/** Every fit, from the text of a CSV file in the format of `kernel-4-prog.csv`. */
export function fitKernel(csv: string): Fit[] {
  const points = readPoints(csv);
  const waits = [
    ...sleeps(points, 'legacy partial_sync').slice(0, 2),
    ...sleeps(points, 'legacy iptables_save').slice(0, 2),
    ...sleeps(points, 'nft iptables_save').slice(0, 2),
    ...sleeps(points, 'nftables add_service').slice(0, 2),
  ];
  return [
    medianOf('one command, not on the CPU', 'proxy.command.wait', waits),
    ...legacyFits(points),
    ...nftFits(points),
    ...nftablesFits(points),
  ];
}

function main(path: string): void {
  const percent = (share: number | null) =>
    share === null ? '-' : `${(100 * share).toFixed(0)} %`;
  for (const fit of fitKernel(readFileSync(path, 'utf8'))) {
    console.log(
      `${fit.name}: ${fit.points} points, max ${percent(fit.maxResidual)}, ` +
        `left out ${percent(fit.leaveOneOut)}`,
    );
    for (const [id, value] of Object.entries(fit.constants)) {
      console.log(`  ${id} = ${value.toPrecision(4)}`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv[2] ?? fileURLToPath(new URL('./kernel-4-prog.csv', import.meta.url)));
}

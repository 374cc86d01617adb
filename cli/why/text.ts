/** An explanation as text: the causes of the tail, then a waterfall of each of the worst changes. */
import type { Chain } from '../../core/why/explain-replication.ts';
import { formatCount, formatSeconds } from '../../reports/format.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { sizeOf } from './choose.ts';
import type { Explained } from './document.ts';

/** Characters of the bars. */
const BAR = 24;

/** A stage that took less of the whole than this is one row, and one without time none. */
const SMALL = 0.02;

export function explanationText(explained: Explained, terminal: Pick<Terminal, 'style'>): string[] {
  const { point, metric, replication, explanation } = explained;
  const where = [point.variant, sizeOf(point.at), `replication ${replication}`].filter(Boolean);
  const { tail, worst, censored } = explanation;
  const chains = worst.flatMap((chain, i) => ['', ...waterfall(chain, i + 1, terminal)]);
  return [
    ` ${terminal.style('bold', metric)}  ${where.join(' · ')}`,
    '',
    ` ${sentence(explained)}`,
    '',
    ...table(
      [{ header: '' }, { header: '', align: 'right' }, { header: '' }],
      tail.causes.map(({ title, samples }) => [
        share(samples, tail.explained),
        formatCount(samples),
        title,
      ]),
      '  ',
    ),
    ...(tail.explained < tail.samples
      ? [
          '',
          ` Shares are those of ${formatCount(tail.explained)} of them, the same ones in every replay.`,
        ]
      : []),
    ...(censored > 0
      ? [
          '',
          ` ${formatCount(censored)} samples were still in flight at the end; they are not explained.`,
        ]
      : []),
    ...chains,
  ];
}

function sentence({ metric, quantile, slo, explanation }: Explained): string {
  const { tail, samples } = explanation;
  if (tail.samples === 0) return 'No change was programmed in the measured window.';
  const what = metric === 'networkProgramming' ? '(change, node) pairs' : 'changes';
  const [first] = tail.causes;
  const of = `${share(first!.samples, tail.explained)} of the ${formatCount(tail.samples)}`;
  const beyond =
    tail.rule === 'limit' && slo !== undefined
      ? `${what} over ${formatSeconds(slo.limit)}`
      : `${what} at or beyond p${Number((quantile * 100).toFixed(6))} (${formatSeconds(tail.fromNs / 1e9)})`;
  return `${of} ${beyond}, of ${formatCount(samples)}, spent most of their time ${first!.title}.`;
}

function waterfall(chain: Chain, place: number, { style }: Pick<Terminal, 'style'>): string[] {
  const { triggerNs, visibleNs, stages } = chain;
  const total = visibleNs - triggerNs;
  const offset = (ns: number) => Math.round((BAR * (ns - triggerNs)) / total);
  const rows = stages.flatMap(({ stage, fromNs, toNs, waits }) => {
    const start = Math.min(BAR - 1, offset(fromNs));
    const bar = ' '.repeat(start) + ('█'.repeat(Math.max(0, offset(toNs) - start)) || '·');
    const times = (from: number, to: number) => [
      clock(from),
      clock(to),
      formatSeconds((to - from) / 1e9),
    ];
    const longest = waits.toSorted((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs))[0];
    if (longest === undefined) return [];
    if (waits.length === 1 || toNs - fromNs < SMALL * total) {
      const label = waits.length === 1 ? longest.behind : `mostly ${longest.title}`;
      return [[`${stage}: ${label}`, ...times(fromNs, toNs), bar]];
    }
    return [
      [stage, ...times(fromNs, toNs), bar],
      ...waits.map((wait) => [`  ${wait.behind}`, ...times(wait.fromNs, wait.toNs), '']),
    ];
  });
  const head = `${place}. ${formatSeconds(total / 1e9)}  ${chain.service} on ${chain.nodeName}: ${chain.change}`;
  return [
    ` ${style('bold', head)}`,
    ...table(
      [
        { header: 'stage, and what it waited for' },
        { header: 'from', align: 'right' },
        { header: 'to', align: 'right' },
        { header: 'took', align: 'right' },
        { header: '' },
      ],
      rows,
      '    ',
    ),
  ];
}

/** Simulated time from the start of the run, to the microsecond. */
function clock(ns: number): string {
  return `${(ns / 1e9).toFixed(6)}s`;
}

function share(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return percent < 0.05 ? '<0.1%' : `${percent.toFixed(1)}%`;
}

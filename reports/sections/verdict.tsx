/**
 * Page one: the answer, the three numbers behind it, every variant in a row and a sentence, how
 * much to believe it, and the warnings that belong beside a verdict.
 */
import type { JSX } from 'preact';
import { Reach } from '../charts/reach.tsx';
import { SeriesName, Table, VerdictBadge } from '../figure.tsx';
import { formatCount, formatFactor, typeset } from '../format.ts';
import { leastRoom } from '../room.ts';
import type { Section } from '../section.ts';
import { beliefOf, gateName, variantSentence, verdictOf } from '../takeaways.ts';
import type { Series, View } from '../view.ts';
import { capacityOf, gatePoint, isOpen } from '../view.ts';
import { counted, listed, sizeName } from '../words.ts';

export const verdict: Section = {
  id: 'verdict',
  question: 'Does it hold?',
  short: 'Verdict',
  render: (view, runInfo) => (
    <>
      {runInfo?.incomplete !== undefined && (
        <p class="alert">
          <strong>Incomplete run.</strong> {runInfo.incomplete}
        </p>
      )}
      <div class={`answer ${view.results.verdict.word}`}>
        <VerdictBadge word={view.results.verdict.word} />
        <p>{typeset(view.results.verdict.sentence)}</p>
      </div>
      <Numbers view={view} />
      <FailedAudits view={view} />
      {view.series.length > 0 && <Variants view={view} />}
      <ul class="sentences">
        {view.series.map((series) => (
          <li key={series.index} data-series={series.index}>
            <VerdictBadge word={verdictOf(gatePoint(view, series))} />
            <span>{variantSentence(view, series)}</span>
          </li>
        ))}
      </ul>
      <Belief view={view} />
      <Warnings view={view} />
    </>
  ),
};

/** Target, largest size that holds among candidates, and how the two relate. */
function Numbers({ view }: { view: View }): JSX.Element | null {
  const { target } = view.results;
  const best = bestOf(view);
  if (target === null && best === undefined) return null;
  const along = target?.path ?? view.axis ?? 'cluster.nodes';
  return (
    <dl class="numbers">
      {target !== null && (
        <div>
          <dt>Target</dt>
          <dd>{sizeName(target.value, along)}</dd>
          <dd class="note">
            {target.gateAt === target.value
              ? 'judged at the target itself'
              : `judged at ${formatCount(target.gateAt)}: ${formatFactor(target.headroom)} headroom asked`}
          </dd>
        </div>
      )}
      <div>
        <dt>Largest size that holds</dt>
        <dd>
          {best === undefined ? 'none simulated' : atLeast(best.open, sizeName(best.size, along))}
        </dd>
        <dd class="note">
          {best === undefined ? 'no candidate holds at any size' : namesOf(best.names)}
        </dd>
      </div>
      {target !== null && best !== undefined && (
        <div>
          <dt>Headroom over the target</dt>
          <dd>{atLeast(best.open, formatFactor(best.size / target.value))}</dd>
          <dd class="note">
            {best.open
              ? 'the largest size simulated still holds'
              : 'largest size that holds ÷ target'}
          </dd>
        </div>
      )}
    </dl>
  );
}

function atLeast(open: boolean, text: string): string {
  return open ? `≥\u00a0${text}` : text;
}

function namesOf(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.length} variants: ${listed(names)}`;
}

/** The candidates that go furthest. */
function bestOf(view: View): { names: string[]; size: number; open: boolean } | undefined {
  const known = view.series.flatMap((series) => {
    const capacity = capacityOf(view, series);
    if (!series.candidate || capacity?.holdsUpTo == null) return [];
    return [{ name: series.label, size: capacity.holdsUpTo, open: isOpen(series, capacity) }];
  });
  const size = Math.max(...known.map((k) => k.size));
  const best = known.filter((k) => k.size === size);
  if (best.length === 0) return undefined;
  return { names: best.map((k) => k.name), size, open: best.some((k) => k.open) };
}

function Variants({ view }: { view: View }): JSX.Element {
  const withReach = view.sizes.length > 1;
  const along = view.axis ?? 'cluster.nodes';
  const columns = [
    { label: 'Variant' },
    { label: `At ${gateName(view)}` },
    ...(withReach
      ? [
          {
            label: `${sizeName(view.sizes[0]!, along)} … ${formatCount(view.sizes.at(-1)!)}, log scale`,
          },
          { label: 'Holds up to', numeric: true },
        ]
      : []),
    { label: 'Least room', numeric: true },
  ];
  const rows = view.series.map((series) => {
    const point = gatePoint(view, series);
    const note = view.results.variants.find((v) => v.name === series.variant)?.note;
    const least = leastRoom(point?.slos ?? []);
    const cells = [
      <>
        <SeriesName series={series} />
        <span class="sub">
          {series.title}
          {note === undefined ? '' : `; ${note}`}
          {series.candidate ? '' : '; not a candidate'}
        </span>
      </>,
      <VerdictBadge word={verdictOf(point)} />,
      ...(withReach ? reachCells(view, series) : []),
      <>
        {least === undefined ? '–' : formatFactor(least.room)}
        {least !== undefined && <span class="sub">{least.slo.name}</span>}
      </>,
    ];
    return { key: series.label, series: series.index, cells };
  });
  return (
    <Table
      caption={`Variants at ${gateName(view)}`}
      columns={columns}
      rows={rows}
      className="variants"
    />
  );
}

function reachCells(view: View, series: Series): JSX.Element[] {
  const capacity = capacityOf(view, series);
  if (capacity === undefined) return [<>–</>, <>–</>];
  const { holdsUpTo, limitedBy } = capacity;
  const slo = view.slis.find((sli) => sli.metric === limitedBy)?.name ?? limitedBy;
  return [
    <Reach view={view} series={series} capacity={capacity} />,
    <>
      {holdsUpTo === null ? 'no size' : atLeast(isOpen(series, capacity), formatCount(holdsUpTo))}
      {slo !== null && <span class="sub">then {slo}</span>}
    </>,
  ];
}

function Belief({ view }: { view: View }): JSX.Element | null {
  if (view.results.points.length === 0) return null;
  const { word, reason } = beliefOf(view);
  return (
    <p class="belief">
      <strong>How much to believe it: {word}.</strong> {reason}
    </p>
  );
}

function FailedAudits({ view }: { view: View }): JSX.Element | null {
  const failed = view.results.points.flatMap((p) => p.audits.filter((a) => !a.ok));
  if (failed.length === 0) return null;
  return (
    <p class="alert">
      <strong>{counted(failed.length, 'audit')} failed.</strong> The simulator contradicted itself;
      do not use these numbers. See <a href="#trust">the audits</a>.
    </p>
  );
}

function Warnings({ view }: { view: View }): JSX.Element | null {
  const { warnings } = view.results;
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Warnings">
      {warnings.map((warning, i) => (
        <li key={i}>
          <strong>Warning.</strong> {typeset(warning.text)}
          {warning.where !== undefined && <span class="sub"> {warning.where}</span>}
        </li>
      ))}
    </ul>
  );
}

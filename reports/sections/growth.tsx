/** The gated SLIs against size, and the exponents of their growth. */
import type { JSX } from 'preact';
import { Growth } from '../charts/growth.tsx';
import { Figure, Reason, SeriesName, Table, VerdictBadge } from '../figure.tsx';
import { formatCount, formatInterval, formatNumber, formatValue, typeset } from '../format.ts';
import { growthTakeaway } from '../growth-takeaway.ts';
import { SERIES_PER_PANEL } from '../palette.ts';
import { doubtOf } from '../room.ts';
import type { Section } from '../section.ts';

import type { Sli, View } from '../view.ts';
import { failingFirst, isAbout, panels, readingAt, sloAt, unique } from '../view.ts';
import { axisName, capital, subjectName } from '../words.ts';

export const growth: Section = {
  id: 'growth',
  question: 'How large can each variant grow?',
  short: 'Growth',
  render: (view) => {
    if (view.series.length === 0) return null;
    if (view.sizes.length < 2) {
      return (
        <p>
          One size was simulated, so growth is unknown. Add sizes to the scenario to see it:{' '}
          <code>{'sweep: [{ path: cluster.nodes, values: [500, 1000, 2000] }]'}</code>.
        </p>
      );
    }
    return (
      <>
        {failingFirst(view).map((sli, i) => (
          <SliFigure key={sli.name} view={view} sli={sli} id={`growth-${i}`} />
        ))}
        <Scaling view={view} />
      </>
    );
  },
};

function SliFigure({ view, sli, id }: { view: View; sli: Sli; id: string }): JSX.Element {
  const title = growthTakeaway(view, sli);
  const axis = axisName(view.axis ?? 'cluster.nodes');
  const points = view.series.flatMap((series) => series.points);
  if (!points.some(({ point }) => readingAt(point, sli) !== undefined)) {
    const reason = points.flatMap(({ point }) => sloAt(point, sli)?.reason ?? [])[0];
    return (
      <div id={id}>
        <h3>{title}</h3>
        {reason !== undefined && <p class="note">{capital(typeset(reason))}.</p>}
      </div>
    );
  }
  return (
    <Figure
      id={id}
      title={title}
      reading={readingOf(view, sli)}
      drawing={panels(view.series, SERIES_PER_PANEL).map((series, i) => (
        <Growth key={i} view={view} series={series} sli={sli} id={`${id}-${i}`} title={title} />
      ))}
      data={{
        caption: `${sli.name}: ${sli.subject} by ${axis}`,
        columns: [
          { label: 'Variant' },
          { label: axis, numeric: true },
          { label: 'Services', numeric: true },
          { label: 'endpoints', numeric: true },
          { label: 'pods', numeric: true },
          { label: 'pod changes/s', numeric: true },
          { label: 'value', numeric: true },
          { label: 'interval', numeric: true },
          { label: 'verdict' },
        ],
        rows: view.series.flatMap((series) =>
          series.points.map(({ size, point }) => {
            const reading = readingAt(point, sli);
            const slo = sloAt(point, sli);
            const { services, endpoints, pods, podChangesPerSecond } = point.workload;
            return {
              key: `${series.label} ${size}`,
              series: series.index,
              cells: [
                series.label,
                formatCount(size),
                formatCount(services),
                formatCount(endpoints),
                formatCount(pods),
                formatNumber(podChangesPerSecond),
                reading === undefined ? (
                  <Reason text={slo?.reason ?? 'no value'} />
                ) : (
                  formatValue(reading.value, sli.unit)
                ),
                reading === undefined
                  ? '–'
                  : formatInterval(reading.low, reading.high, sli.unit, reading.value),
                slo === undefined ? '–' : <VerdictBadge word={slo.verdict} />,
              ],
            };
          }),
        ),
      }}
    />
  );
}

function readingOf(view: View, sli: Sli): string {
  const limits = view.results.capacity.some(
    (c) => c.limitedBy === sli.metric && c.holdsUpTo !== null,
  );
  return [
    `${capital(sli.subject)} (${sli.metric}), with intervals.`,
    sli.limit === undefined ? '' : 'A hollow marker is inconclusive.',
    limits ? 'A diamond outlines the largest size that holds.' : '',
    ...doubtsOf(view, sli),
    sli.gate === 'warn' ? 'This SLO warns and does not decide the verdict.' : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Why readings within the limit are undecided all the same, each reason once. */
function doubtsOf(view: View, sli: Sli): string[] {
  const reasons = view.series.flatMap(({ points }) =>
    points.flatMap(({ point }) => {
      const slo = sloAt(point, sli);
      return (slo && doubtOf(slo)) ?? [];
    }),
  );
  return unique(reasons).map((reason) => `Undecided within the limit: ${typeset(reason)}.`);
}

/** A row a metric, a column a variant; metrics without an SLO are folded. */
function Scaling({ view }: { view: View }): JSX.Element | null {
  const { scaling } = view.results;
  const metrics = unique(scaling.map((s) => s.metric));
  const gated = metrics.filter((metric) => view.slis.some((sli) => sli.metric === metric));
  const others = metrics.filter((metric) => !gated.includes(metric));
  if (metrics.length === 0) return null;
  return (
    <>
      <h3>Fitted growth: exponent 1 grows in proportion to size, 2 with its square</h3>
      <p class="note">
        An exponent describes the sizes that were simulated and says nothing beyond them.
      </p>
      {gated.length > 0 && <Exponents view={view} metrics={gated} />}
      {others.length > 0 && (
        <details>
          <summary>{`Exponents of ${others.length} further metrics`}</summary>
          <Exponents view={view} metrics={others} />
        </details>
      )}
    </>
  );
}

function Exponents({ view, metrics }: { view: View; metrics: readonly string[] }): JSX.Element {
  return (
    <Table
      caption="Growth exponents"
      columns={[
        { label: 'Metric' },
        ...view.series.map((series) => ({ label: <SeriesName series={series} />, numeric: true })),
      ]}
      rows={metrics.map((metric) => {
        const statistic = view.results.scaling.find((s) => s.metric === metric)?.statistic;
        return {
          key: metric,
          cells: [
            capital(subjectName(metric, statistic === 'p99' ? 0.99 : undefined, undefined)),
            ...view.series.map((series) => {
              const fit = view.results.scaling.find(
                (s) => s.metric === metric && isAbout(view, series, s),
              );
              if (fit === undefined) return '–';
              const { value, low, high } = fit.exponent;
              return (
                <>
                  {formatNumber(value)}
                  <span class="sub">{formatInterval(low, high, 'count', value)}</span>
                </>
              );
            }),
          ],
        };
      })}
    />
  );
}

/** The gated SLIs against size, and the exponents of their growth. */
import type { JSX } from 'preact';
import { Growth } from '../charts/growth.tsx';
import { Figure, Mark, Table, VerdictBadge } from '../figure.tsx';
import { formatCount, formatInterval, formatNumber, formatValue } from '../format.ts';
import { SERIES_PER_PANEL } from '../palette.ts';
import type { Section } from '../section.ts';
import { growthTakeaway } from '../takeaways.ts';
import type { Sli, View } from '../view.ts';
import { panels, readingAt, sloAt } from '../view.ts';
import { axisName, metricName } from '../words.ts';

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
        {view.slis.map((sli, i) => (
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
  return (
    <Figure
      id={id}
      title={title}
      reading={`${metricName(sli.metric)}. Bands are intervals; a hollow marker is inconclusive, a diamond outlines the largest size that holds.${
        sli.gate === 'warn' ? ' This SLO warns and does not decide the verdict.' : ''
      }`}
      drawing={panels(view.series, SERIES_PER_PANEL).map((series, i) => (
        <Growth key={i} view={view} series={series} sli={sli} id={`${id}-${i}`} title={title} />
      ))}
      data={{
        caption: `${sli.name}: ${metricName(sli.metric)} by ${axis}`,
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
                reading === undefined
                  ? (slo?.reason ?? 'no value')
                  : formatValue(reading.value, sli.unit),
                reading === undefined ? '–' : formatInterval(reading.low, reading.high, sli.unit),
                slo === undefined ? '–' : <VerdictBadge word={slo.verdict} />,
              ],
            };
          }),
        ),
      }}
    />
  );
}

function Scaling({ view }: { view: View }): JSX.Element | null {
  const { scaling } = view.results;
  if (scaling.length === 0) return null;
  return (
    <>
      <h3>Fitted exponents: 1 grows in proportion to size, 2 with its square</h3>
      <Table
        caption="Growth exponents"
        columns={[
          { label: 'Variant' },
          { label: 'metric' },
          { label: 'along' },
          { label: 'exponent', numeric: true },
          { label: 'interval', numeric: true },
        ]}
        rows={scaling.map((s, i) => {
          const series = view.series.find((one) => one.variant === s.variant);
          return {
            key: String(i),
            series: series?.index,
            cells: [
              <>
                {series !== undefined && <Mark index={series.index} />} {s.variant}
              </>,
              s.metric,
              axisName(s.along),
              formatNumber(s.exponent.value),
              formatInterval(s.exponent.low, s.exponent.high, 'count'),
            ],
          };
        })}
      />
    </>
  );
}

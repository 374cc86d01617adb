/** What could hurt users: rates of wrong outcomes with bounds, and the windows they need. */
import type { JSX } from 'preact';
import type { Metric } from '../../core/results.ts';
import { Mark, Table } from '../figure.tsx';
import { formatCount, formatInterval, formatSeconds, formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import { exposureTakeaway, gateName } from '../takeaways.ts';
import type { View } from '../view.ts';
import { gatePoints, headline, unique } from '../view.ts';
import { metricName } from '../words.ts';

const RISKS = [
  'misdelivered',
  'deadEndpoint',
  'wrongAllow',
  'wrongDeny',
  'request.failed',
  'packets.dropped',
  'ipAllocationFailed',
];

export const exposure: Section = {
  id: 'exposure',
  question: 'What could hurt users?',
  short: 'Exposure',
  render: (view) => {
    const at = gatePoints(view);
    const present = unique(at.flatMap(({ point }) => Object.keys(point.metrics)));
    const known = RISKS.flatMap((risk) =>
      present.filter((id) => id === risk || id.startsWith(`${risk}.`)).sort(),
    );
    const others = present.filter(
      (id) =>
        !known.includes(id) && at.some(({ point }) => point.metrics[id]?.exposure !== undefined),
    );
    const risks = [...known, ...others];
    if (risks.length === 0) return null;
    return (
      <>
        <h3>{exposureTakeaway(view, risks)}</h3>
        <p class="note">
          {`At ${gateName(view)}. A window is the time in which a node could still act on an old view; packets of one window are not independent, so the bounds count windows. Nothing seen is not zero: the bound says what could have been missed.`}
        </p>
        <Risks view={view} risks={risks} />
      </>
    );
  },
};

function Risks({ view, risks }: { view: View; risks: readonly string[] }): JSX.Element {
  return (
    <Table
      caption={`Exposure at ${gateName(view)}`}
      columns={[
        { label: 'Risk' },
        { label: 'variant' },
        { label: 'rate', numeric: true },
        { label: 'interval or bound', numeric: true },
        { label: 'hits of trials', numeric: true },
        { label: 'windows hit', numeric: true },
        { label: 'time exposed', numeric: true },
      ]}
      rows={risks.flatMap((risk) =>
        gatePoints(view).flatMap(({ series, point }) => {
          const metric = point.metrics[risk];
          if (metric === undefined) return [];
          return [
            {
              key: `${risk} ${series.label}`,
              series: series.index,
              cells: [
                metricName(risk),
                <>
                  <Mark index={series.index} /> {series.label}
                </>,
                ...cellsOf(metric),
              ],
            },
          ];
        }),
      )}
    />
  );
}

function cellsOf(metric: Metric): string[] {
  const { exposure: seen, unit } = metric;
  const estimate = headline(metric);
  const windows =
    seen === undefined
      ? ['–', '–', '–']
      : [
          `${formatCount(seen.hits)} of ${formatCount(seen.trials)}`,
          `${formatCount(seen.hitWindows)} of ${formatCount(seen.windows)}`,
          formatSeconds(seen.exposedSeconds),
        ];
  if (estimate === undefined) return ['–', metric.reason ?? 'no samples', ...windows];
  if (estimate.value === 0) {
    return ['none seen', `at most ${formatValue(estimate.high, unit)}`, ...windows];
  }
  return [
    formatValue(estimate.value, unit),
    formatInterval(estimate.low, estimate.high, unit),
    ...windows,
  ];
}

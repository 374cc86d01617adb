/** What could hurt users: rates of wrong outcomes with bounds, and the windows they need. */
import type { ComponentChildren, JSX } from 'preact';
import type { Metric } from '../../core/results.ts';
import type { Row } from '../figure.tsx';
import { Reason, SeriesName, Table } from '../figure.tsx';
import {
  formatCompact,
  formatCount,
  formatEstimateInterval,
  formatSeconds,
  formatValue,
} from '../format.ts';
import type { Section } from '../section.ts';
import { exposureTakeaway, gateName } from '../takeaways.ts';
import type { View } from '../view.ts';
import { gatePoints, headline, isUntested, unique } from '../view.ts';
import { capital, metricName } from '../words.ts';

const RISKS = [
  'misdelivered',
  'deadEndpoint',
  'wrongAllow',
  'wrongDeny',
  'request.failed',
  'packets.dropped',
  'conntrackDropped',
  'snatPortsExhausted',
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
        <Risks view={view} risks={risks.filter((id) => !isCause(id))} />
        {risks.some(isCause) && (
          <details>
            <summary>By cause</summary>
            <Risks view={view} risks={risks.filter(isCause)} />
          </details>
        )}
      </>
    );
  },
};

/** `request.failed.noEndpoints` is a part of `request.failed`. */
function isCause(id: string): boolean {
  return RISKS.some((risk) => id.startsWith(`${risk}.`));
}

function Risks({ view, risks }: { view: View; risks: readonly string[] }): JSX.Element {
  return (
    <Table
      caption={`Exposure at ${gateName(view)}`}
      columns={[
        { label: 'Risk' },
        { label: 'variant' },
        { label: 'rate', numeric: true },
        { label: 'hits', numeric: true },
        { label: 'windows hit', numeric: true },
        { label: 'time exposed', numeric: true },
      ]}
      rows={risks.flatMap((risk) => rowsOf(view, risk))}
    />
  );
}

/** A row a variant, or one row where no variant has a sample and all for the same reason. */
function rowsOf(view: View, risk: string): Row[] {
  const read = gatePoints(view).flatMap(({ series, point }) => {
    const metric = point.metrics[risk];
    return metric === undefined ? [] : [{ series, metric }];
  });
  const name = (
    <>
      {capital(metricName(risk))}
      <span class="sub">{risk}</span>
    </>
  );
  const reasons = unique(read.map(({ metric }) => metric.reason));
  if (
    read.length > 1 &&
    reasons.length === 1 &&
    read.every(({ metric }) => headline(metric) === undefined)
  ) {
    return [
      { key: risk, cells: [name, 'every variant', <Reason text={reasons[0]} />, '–', '–', '–'] },
    ];
  }
  return read.map(({ series, metric }, i) => ({
    key: `${risk} ${series.label}`,
    series: series.index,
    cells: [
      i === 0 ? name : <span class="sub">{metricName(risk)}</span>,
      <SeriesName series={series} />,
      rateOf(metric),
      ...countsOf(metric),
    ],
  }));
}

function rateOf(metric: Metric): ComponentChildren {
  const estimate = headline(metric);
  if (estimate === undefined) return <Reason text={metric.reason} />;
  if (estimate.value === 0) {
    return (
      <>
        {isUntested(metric) ? 'nothing at risk' : 'none seen'}
        <span class="sub">{`at most ${formatValue(estimate.high, metric.unit)}`}</span>
      </>
    );
  }
  return (
    <>
      {formatValue(estimate.value, metric.unit)}
      <span class="sub">{formatEstimateInterval(estimate, metric.unit)}</span>
    </>
  );
}

function countsOf({ exposure: seen }: Metric): ComponentChildren[] {
  if (seen === undefined) return ['–', '–', '–'];
  const of = (part: number, whole: number): JSX.Element => (
    <>
      {formatCount(part)}
      <span class="sub">{`of ${formatCompact(whole)}`}</span>
    </>
  );
  return [
    of(seen.hits, seen.trials),
    of(seen.hitWindows, seen.windows),
    formatSeconds(seen.exposedSeconds),
  ];
}

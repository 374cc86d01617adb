/** Every number of the document, point by point, folded away. */
import type { JSX } from 'preact';
import type { Estimate, Metric } from '../../core/results.ts';
import { Reason, Table } from '../figure.tsx';
import { formatCount, formatEstimateInterval, formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import type { Series, View } from '../view.ts';
import { gatePoint } from '../view.ts';
import { sizeName } from '../words.ts';

const QUANTITIES = ['value', 'mean', 'p50', 'p90', 'p99', 'p999', 'max'] as const;
const NAMES = {
  value: 'value',
  mean: 'mean',
  p50: 'p50',
  p90: 'p90',
  p99: 'p99',
  p999: 'p99.9',
  max: 'largest',
};

export const appendix: Section = {
  id: 'appendix',
  question: 'Appendix: every number',
  short: 'Every number',
  render: (view) => {
    if (view.results.points.length === 0) return null;
    return view.series.map((series) => (
      <details key={series.index} data-series={series.index}>
        <summary>{series.label}</summary>
        <Numbers view={view} series={series} />
      </details>
    ));
  },
};

/** One row a metric and quantity, one column a size: wide documents stay readable. */
function Numbers({ view, series }: { view: View; series: Series }): JSX.Element {
  const ids = [...new Set(series.points.flatMap(({ point }) => Object.keys(point.metrics)))].sort();
  const first = gatePoint(view, series) ?? series.points[0]?.point;
  const rows = ids.flatMap((id) => {
    const metrics = series.points.map(({ point }) => point.metrics[id]);
    const present = QUANTITIES.filter((q) => metrics.some((m) => m?.[q] !== undefined));
    const unit = first?.metrics[id]?.unit ?? '';
    const counts = metrics.map((m) => (m === undefined ? '–' : countOf(m)));
    return [
      ...present.map((quantity) => ({
        key: `${id} ${quantity}`,
        cells: [`${id}, ${NAMES[quantity]}`, ...metrics.map((m) => cell(m?.[quantity], unit))],
      })),
      {
        key: `${id} samples`,
        cells: [`${id}, samples (independent)`, ...counts],
      },
    ];
  });
  return (
    <Table
      caption={`Every metric of ${series.label}`}
      className="dense"
      columns={[
        { label: 'Metric' },
        ...series.points.map(({ size }) => ({
          label: sizeName(size, view.axis ?? 'cluster.nodes'),
          numeric: true,
        })),
      ]}
      rows={rows}
    />
  );
}

function cell(estimate: Estimate | undefined, unit: string): JSX.Element | string {
  if (estimate === undefined) return '–';
  return (
    <>
      {formatValue(estimate.value, unit)}
      <small>{formatEstimateInterval(estimate, unit)}</small>
    </>
  );
}

function countOf(metric: Metric): JSX.Element | string {
  if (metric.samples === 0) return <Reason text={metric.reason ?? 'none'} />;
  const censored =
    metric.censored === undefined || metric.censored === 0
      ? ''
      : `, ${formatCount(metric.censored)} unfinished`;
  return `${formatCount(metric.samples)} (${formatCount(metric.effectiveSamples)})${censored}`;
}

/** The distributions of the gated latencies, drawn so that the tail can be read. */
import type { JSX } from 'preact';
import { Tail } from '../charts/tail.tsx';
import { Figure, Reason } from '../figure.tsx';
import { formatCount, formatEstimateInterval, formatValue } from '../format.ts';
import { SERIES_PER_PANEL } from '../palette.ts';
import type { Section } from '../section.ts';
import { gateName, tailTakeaway } from '../takeaways.ts';
import type { View } from '../view.ts';
import { gatePoints, panels, unique } from '../view.ts';
import { capital, metricName } from '../words.ts';

export const tail: Section = {
  id: 'tail',
  question: 'How bad is the tail?',
  short: 'Tail',
  render: (view) => {
    const present = unique(gatePoints(view).flatMap(({ point }) => Object.keys(point.histograms)));
    const gated = view.slis.map((sli) => sli.metric);
    const metrics = present.filter((id) => gated.includes(id));
    const shown = metrics.length > 0 ? metrics : present.slice(0, 1);
    if (shown.length === 0) return null;
    return shown.map((metric, i) => (
      <TailFigure key={metric} view={view} metric={metric} id={`tail-${i}`} />
    ));
  },
};

function TailFigure({ view, metric, id }: { view: View; metric: string; id: string }): JSX.Element {
  const curves = gatePoints(view).flatMap(({ series, point }) => {
    const histogram = point.histograms[metric];
    const samples = point.metrics[metric]?.samples ?? 0;
    return histogram === undefined || histogram.upTo.length === 0
      ? []
      : [{ series, histogram, samples }];
  });
  const sli = view.slis.find((s) => s.metric === metric);
  const unit = gatePoints(view)[0]?.point.metrics[metric]?.unit ?? 's';
  const title = tailTakeaway(view, metric);
  const limit = sli?.limit === undefined ? undefined : { name: sli.name, value: sli.limit };
  return (
    <Figure
      id={id}
      title={title}
      reading={`${capital(metricName(metric))} at ${gateName(view)}: the share of samples above each value. Samples that stem from one change are not independent; the table gives the number of changes.`}
      drawing={panels(curves, SERIES_PER_PANEL).map((some, i) => (
        <Tail key={i} curves={some} unit={unit} limit={limit} id={`${id}-${i}`} title={title} />
      ))}
      data={{
        caption: `Quantiles of ${metricName(metric)} at ${gateName(view)}`,
        columns: [
          { label: 'Variant' },
          { label: 'samples', numeric: true },
          { label: 'changes', numeric: true },
          ...['p50', 'p90', 'p99', 'p99.9', 'largest'].map((label) => ({ label, numeric: true })),
        ],
        rows: gatePoints(view).flatMap(({ series, point }) => {
          const m = point.metrics[metric];
          if (m === undefined) return [];
          const quantiles = (['p50', 'p90', 'p99', 'p999', 'max'] as const).map((q) => {
            const estimate = m[q];
            return estimate === undefined ? (
              <Reason text={m.missing?.[q] ?? m.reason ?? '–'} />
            ) : (
              <>
                {formatValue(estimate.value, unit)}
                <span class="sub">{formatEstimateInterval(estimate, unit)}</span>
              </>
            );
          });
          return [
            {
              key: series.label,
              series: series.index,
              cells: [
                series.label,
                formatCount(m.samples),
                formatCount(m.effectiveSamples),
                ...quantiles,
              ],
            },
          ];
        }),
      }}
    />
  );
}

/** The stages a latency is made of: mean, the p99 bucket, and the samples beyond it. */
import type { JSX } from 'preact';
import { COLUMNS, columnEnds, total, Waterfall } from '../charts/waterfall.tsx';
import { Figure, SeriesName } from '../figure.tsx';
import { formatSeconds } from '../format.ts';
import type { Section } from '../section.ts';
import { gateName, stageTakeaway } from '../takeaways.ts';
import type { View } from '../view.ts';
import { gatePoints, unique } from '../view.ts';
import { metricName, stagesOf } from '../words.ts';

export const stages: Section = {
  id: 'stages',
  question: 'Where does the time go?',
  short: 'Stages',
  render: (view) => {
    const split = unique(gatePoints(view).flatMap(({ point }) => Object.keys(point.stages)));
    const metrics = [...split].sort((a, b) => rankOf(a) - rankOf(b));
    if (metrics.length === 0) return null;
    return metrics.map((metric, i) => (
      <StageFigure key={metric} view={view} metric={metric} id={`stages-${i}`} />
    ));
  },
};

/** The latency of every node comes before that of the last one. */
function rankOf(metric: string): number {
  const rank = Object.keys(NODES).indexOf(metric);
  return rank < 0 ? Number.MAX_SAFE_INTEGER : rank;
}

/** Which nodes a figure is about, where two metrics share their stages. */
const NODES: Readonly<Record<string, string>> = {
  networkProgramming: ', over all nodes',
  endpointConvergence: ' of the last node',
};

function StageFigure({
  view,
  metric,
  id,
}: {
  view: View;
  metric: string;
  id: string;
}): JSX.Element {
  const split = gatePoints(view).flatMap(({ series, point }) => {
    const tables = point.stages[metric];
    return tables === undefined ? [] : [{ series, tables }];
  });
  const ends = columnEnds(split.map((s) => s.tables));
  const title = stageTakeaway(view, metric);
  return (
    <Figure
      id={id}
      title={title}
      reading={`At ${gateName(view)}, from the pod’s change to the rule in the kernel${NODES[metric] ?? ''}. Stages add up to the number at the right. Each column has one scale for all variants.`}
      drawing={split.map(({ series, tables }) => (
        <div key={series.index} class="panel" data-series={series.index}>
          <p class="panel-title">
            <SeriesName series={series} />
          </p>
          <Waterfall
            series={series}
            tables={tables}
            ends={ends}
            id={`${id}-${series.index}`}
            title={`Stages of ${metricName(metric)}, ${series.label}`}
          />
        </div>
      ))}
      data={{
        caption: `Stages of ${metricName(metric)} at ${gateName(view)}`,
        columns: [
          { label: 'Stage' },
          { label: 'variant' },
          ...COLUMNS.map(({ name }) => ({ label: name, numeric: true })),
        ],
        rows: split.flatMap(({ series, tables }) => [
          ...stagesOf(Object.keys({ ...tables.mean, ...tables.p99, ...tables.tail })).map(
            (stage) => ({
              key: `${series.label} ${stage.id}`,
              series: series.index,
              cells: [
                stage.name,
                series.label,
                ...COLUMNS.map(({ key }) => formatSeconds(tables[key][stage.id] ?? 0)),
              ],
            }),
          ),
          {
            key: `${series.label} sum`,
            series: series.index,
            cells: [
              'sum',
              series.label,
              ...COLUMNS.map(({ key }) => formatSeconds(total(tables[key]))),
            ],
          },
        ]),
      }}
    />
  );
}

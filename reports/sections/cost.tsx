/** What each variant takes from nodes and apiservers, with its growth as a small line. */
import type { JSX } from 'preact';
import type { Estimate } from '../../core/results.ts';
import { Spark } from '../charts/spark.tsx';
import { Reason, SeriesName, Table } from '../figure.tsx';
import { formatCount, formatEstimateInterval, formatNumber, formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import { costTakeaway, gateName } from '../takeaways.ts';
import type { Series, View } from '../view.ts';
import { gatePoint, gatePoints, headline } from '../view.ts';
import { capital, metricName } from '../words.ts';

/** Costs in the order of the table; those a document does not have are left out. */
const COSTS = [
  'node.proxyCpu',
  'node.policyCpu',
  'node.softirqCpu',
  'node.proxyMemory',
  'kernelRules',
  'kernelMemory',
  'conntrackEntries',
  'conntrackLargest',
  'fleet.proxyCpu',
  'fleet.proxyMemory',
  'fleet.kernelMemory',
  'agentRestartGap',
  'apiserver.egressBytes',
  'apiserver.watchEvents',
  'apiserver.utilisation',
  'controller.utilisation',
  'etcd.writes',
];

export const cost: Section = {
  id: 'cost',
  question: 'What does it cost?',
  short: 'Cost',
  render: (view) => {
    const present = COSTS.filter((id) =>
      view.series.some((s) =>
        s.points.some(({ point }) => headline(point.metrics[id]) !== undefined),
      ),
    );
    if (present.length === 0) return null;
    return (
      <>
        <h3>{costTakeaway(view, present[0]!)}</h3>
        <p class="note">
          {`At ${gateName(view)}, with the interval below. Lines run over the simulated sizes, log by log; all lines of a row share one scale.`}
        </p>
        <Table
          caption={`Costs at ${gateName(view)}`}
          className="costs"
          columns={[
            { label: 'Cost' },
            ...view.series.map((series) => ({
              label: <SeriesName series={series} />,
              numeric: true,
            })),
          ]}
          rows={present.map((id) => ({
            key: id,
            cells: [
              <>
                {capital(metricName(id))}
                <span class="sub">{id}</span>
              </>,
              ...view.series.map((series) => (
                <Cell key={series.index} view={view} series={series} id={id} />
              )),
            ],
          }))}
        />
        <Classes view={view} />
      </>
    );
  },
};

/** What each class of proxies takes, of variants whose fleet is mixed. */
function Classes({ view }: { view: View }): JSX.Element | null {
  const rows = gatePoints(view).flatMap(({ series, point }) =>
    (point.proxyClasses ?? []).map((one, i) => ({
      key: `${series.label} ${i}`,
      series: series.index,
      cells: [
        <>
          <SeriesName series={series} />
          <span class="sub">{`${one.proxy}, Kubernetes ${one.kubernetesVersion}`}</span>
        </>,
        formatCount(one.nodes),
        formatValue(one.proxyCpuCores, 'cores'),
        one.kernelRules === null ? '–' : formatNumber(one.kernelRules),
        one.kernelMemoryBytes === null ? '–' : formatValue(one.kernelMemoryBytes, 'bytes'),
        one.proxyMemoryBytes === null ? '–' : formatValue(one.proxyMemoryBytes, 'bytes'),
      ],
    })),
  );
  if (rows.length === 0) return null;
  return (
    <>
      <h3 class="next">A mixed fleet: what each kind of proxy takes</h3>
      <p class="note">
        {`At ${gateName(view)}: nodes when the measured window ends; CPU of all of them together while they were of the kind; rules and memory of one node on average.`}
      </p>
      <Table
        caption={`Kinds of proxies at ${gateName(view)}`}
        columns={[
          { label: 'Proxy' },
          { label: 'nodes', numeric: true },
          { label: 'CPU of all', numeric: true },
          { label: 'rules a node', numeric: true },
          { label: 'kernel memory a node', numeric: true },
          { label: 'proxy memory a node', numeric: true },
        ]}
        rows={rows}
      />
    </>
  );
}

function Cell({ view, series, id }: { view: View; series: Series; id: string }): JSX.Element {
  const metric = gatePoint(view, series)?.metrics[id];
  const estimate = headline(metric);
  const all = view.series.flatMap((s) => valuesOf(s, id));
  return (
    <>
      <Spark
        points={valuesOf(series, id)}
        all={all}
        index={series.index}
        gateSize={view.gateSize}
      />
      {metric === undefined || estimate === undefined ? (
        <Reason text={metric?.reason ?? 'not recorded'} />
      ) : (
        <>
          <span class="value">{formatValue(estimate.value, metric.unit)}</span>
          <span class="sub">{intervalOf(estimate, metric.unit)}</span>
        </>
      )}
    </>
  );
}

/** Memory is worked out from constants with ranges: without noise it is still no exact number. */
function intervalOf(estimate: Estimate, unit: string): string {
  const isCertain = estimate.low === estimate.high && estimate.confidence > 0;
  return unit === 'bytes' && isCertain ? 'by constants' : formatEstimateInterval(estimate, unit);
}

function valuesOf(series: Series, id: string): { size: number; value: number }[] {
  return series.points.flatMap(({ size, point }) => {
    const estimate = headline(point.metrics[id]);
    return estimate === undefined ? [] : [{ size, value: estimate.value }];
  });
}

/** Paired differences between variants where gates are judged, and advice that was tried. */
import type { JSX } from 'preact';
import type { Comparison } from '../../core/results.ts';
import { SeriesName, Table } from '../figure.tsx';
import { formatInterval, formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import { gateName } from '../takeaways.ts';
import type { Series, View } from '../view.ts';
import { isAbout, unique } from '../view.ts';
import { capital, subjectName } from '../words.ts';

export const changes: Section = {
  id: 'changes',
  question: 'What would a change buy?',
  short: 'Changes',
  render: (view) => {
    const compared = atGate(view);
    const { advice } = view.results;
    if (compared.length + advice.length === 0) return null;
    return (
      <>
        {advice.length > 0 && <AdviceTable view={view} />}
        {unique(compared.map((c) => c.baseline)).map((baseline) => (
          <Against
            key={baseline}
            view={view}
            baseline={baseline}
            compared={compared.filter((c) => c.baseline === baseline)}
          />
        ))}
      </>
    );
  },
};

function atGate(view: View): Comparison[] {
  return view.results.comparisons.filter(
    ({ at }) => view.axis === null || at[view.axis] === view.gateSize,
  );
}

function Against({
  view,
  baseline,
  compared,
}: {
  view: View;
  baseline: string;
  compared: readonly Comparison[];
}): JSX.Element {
  const metrics = unique(compared.map((c) => c.metric));
  const gated = metrics.filter((metric) => view.slis.some((sli) => sli.metric === metric));
  const others = metrics.filter((metric) => !gated.includes(metric));
  const clear = compared.filter((c) => gated.includes(c.metric) && c.significant).length;
  const all = compared.filter((c) => gated.includes(c.metric)).length;
  return (
    <>
      <h3>
        {`Against ${baseline} at ${gateName(view)}, ${clear} of ${all} differences in metrics with an SLO exceed the noise`}
      </h3>
      <p class="note">
        Variant minus {baseline}, in pairs of runs that met the same arrivals. A difference whose
        interval includes zero is marked “within noise”, with the smallest that could have been
        seen.
      </p>
      <Differences view={view} compared={compared} metrics={gated.length > 0 ? gated : others} />
      {gated.length > 0 && others.length > 0 && (
        <details>
          <summary>{`Differences in ${others.length} further metrics`}</summary>
          <Differences view={view} compared={compared} metrics={others} />
        </details>
      )}
    </>
  );
}

function Differences({
  view,
  compared,
  metrics,
}: {
  view: View;
  compared: readonly Comparison[];
  metrics: readonly string[];
}): JSX.Element {
  const columns = view.series.filter((series) => compared.some((c) => isAbout(view, series, c)));
  return (
    <Table
      caption="Paired differences"
      columns={[
        { label: 'Metric' },
        ...columns.map((series) => ({ label: <SeriesName series={series} />, numeric: true })),
      ]}
      rows={metrics.map((metric) => ({
        key: metric,
        cells: [
          capital(
            subjectName(
              metric,
              compared.find((c) => c.metric === metric)?.statistic === 'p99' ? 0.99 : undefined,
              undefined,
            ),
          ),
          ...columns.map((series) => (
            <Cell
              key={series.index}
              view={view}
              series={series}
              compared={compared}
              metric={metric}
            />
          )),
        ],
      }))}
    />
  );
}

function Cell({
  view,
  series,
  compared,
  metric,
}: {
  view: View;
  series: Series;
  compared: readonly Comparison[];
  metric: string;
}): JSX.Element {
  const found = compared.find((c) => c.metric === metric && isAbout(view, series, c));
  if (found === undefined) return <>–</>;
  const unit = unitOf(view, metric);
  const { value, low, high } = found.difference;
  return found.significant ? (
    <>
      {signed(value, unit)}
      <span class="sub">{low === high ? 'exact' : formatInterval(low, high, unit)}</span>
    </>
  ) : (
    <>
      within noise
      <span class="sub">{`seen from ±${formatValue(found.detectable, unit)}`}</span>
    </>
  );
}

function unitOf(view: View, metric: string): string {
  const point = view.results.points.find((p) => p.metrics[metric] !== undefined);
  return point?.metrics[metric]?.unit ?? '';
}

/** A difference always carries its sign. */
function signed(value: number, unit: string): string {
  return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit);
}

function AdviceTable({ view }: { view: View }): JSX.Element {
  return (
    <Table
      caption="Advice, each tried by a run of its own"
      showCaption
      columns={[
        { label: 'Set' },
        { label: 'metric' },
        { label: 'gain', numeric: true },
        { label: 'side effects' },
      ]}
      rows={view.results.advice.map((advice, i) => {
        const unit = unitOf(view, advice.metric);
        return {
          key: String(i),
          cells: [
            <code>
              {Object.entries(advice.set)
                .map(
                  ([path, value]) =>
                    `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(' ')}
            </code>,
            advice.metric,
            <>
              {formatValue(advice.gain.value, unit)}
              <span class="sub">{formatInterval(advice.gain.low, advice.gain.high, unit)}</span>
            </>,
            advice.sideEffects.length === 0 ? 'none found' : advice.sideEffects.join('; '),
          ],
        };
      })}
    />
  );
}

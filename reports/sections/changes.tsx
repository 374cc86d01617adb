/** Paired differences between variants, and the advice that follows from them. */
import type { JSX } from 'preact';
import { Table } from '../figure.tsx';
import { formatInterval, formatValue } from '../format.ts';
import type { Section } from '../section.ts';
import type { View } from '../view.ts';
import { unique } from '../view.ts';
import { axisName } from '../words.ts';

export const changes: Section = {
  id: 'changes',
  question: 'What would a change buy?',
  short: 'Changes',
  render: (view) => {
    const { comparisons, advice } = view.results;
    if (comparisons.length + advice.length === 0) return null;
    return (
      <>
        {advice.length > 0 && <AdviceTable view={view} />}
        {comparisons.length > 0 && <Comparisons view={view} />}
      </>
    );
  },
};

function unitOf(view: View, metric: string): string {
  return (
    view.results.points.find((p) => p.metrics[metric] !== undefined)?.metrics[metric]?.unit ?? ''
  );
}

/** A difference always carries its sign. */
function signed(value: number, unit: string): string {
  return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit);
}

function difference(d: { value: number; low: number; high: number }, unit: string): string {
  return `${signed(d.low, unit)} to ${signed(d.high, unit)}`;
}

function atText(at: Readonly<Record<string, unknown>>): string {
  return Object.entries(at)
    .map(([path, value]) => `${axisName(path)} ${String(value)}`)
    .join(', ');
}

function Comparisons({ view }: { view: View }): JSX.Element {
  const { comparisons } = view.results;
  const metrics = unique(comparisons.map((c) => c.metric));
  const told = comparisons.filter((c) => c.significant).length;
  return (
    <>
      <h3>
        {`${told} of ${comparisons.length} paired ${comparisons.length === 1 ? 'difference is' : 'differences are'} larger than the noise`}
      </h3>
      <p class="note">
        Both variants met the same arrivals, so a difference is between pairs of runs. “Could have
        been seen” is the smallest difference this many replications can tell from none.
      </p>
      {metrics.map((metric) => (
        <Table
          key={metric}
          caption={metric}
          showCaption
          columns={[
            { label: 'From → to' },
            { label: 'at' },
            { label: 'difference', numeric: true },
            { label: 'interval', numeric: true },
            { label: 'could have been seen', numeric: true },
            { label: 'beyond noise' },
          ]}
          rows={comparisons
            .filter((c) => c.metric === metric)
            .map((c, i) => {
              const unit = unitOf(view, metric);
              return {
                key: String(i),
                series: view.series.find((s) => s.variant === c.variant)?.index,
                cells: [
                  `${c.baseline} → ${c.variant}`,
                  atText(c.at),
                  signed(c.difference.value, unit),
                  difference(c.difference, unit),
                  formatValue(c.detectable, unit),
                  c.significant ? 'yes' : 'no',
                ],
              };
            })}
        />
      ))}
    </>
  );
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
        { label: 'interval', numeric: true },
        { label: 'side effects' },
      ]}
      rows={view.results.advice.map((a, i) => {
        const unit = unitOf(view, a.metric);
        return {
          key: String(i),
          cells: [
            <code>
              {Object.entries(a.set)
                .map(
                  ([path, value]) =>
                    `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(' ')}
            </code>,
            a.metric,
            formatValue(a.gain.value, unit),
            formatInterval(a.gain.low, a.gain.high, unit),
            a.sideEffects.length === 0 ? 'none found' : a.sideEffects.join('; '),
          ],
        };
      })}
    />
  );
}

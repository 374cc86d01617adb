/** The measured window over time at the size where gates are judged, with the scenario's events. */
import type { JSX } from 'preact';
import type { TimelineTrack } from '../charts/timeline.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { Figure } from '../figure.tsx';
import { formatBytes, formatCompact, formatSeconds } from '../format.ts';
import { SERIES_PER_PANEL } from '../palette.ts';
import { eventsOf } from '../scenario-document.ts';
import type { Section } from '../section.ts';
import { gateName, timelineTakeaway } from '../takeaways.ts';
import type { View } from '../view.ts';
import { gatePoints, panels, unique } from '../view.ts';
import { capital, words } from '../words.ts';

export const timeline: Section = {
  id: 'timeline',
  question: 'What happens over time?',
  short: 'Timeline',
  render: (view) => {
    const columns = unique(
      gatePoints(view).flatMap(({ point }) =>
        Object.entries(point.series.columns).flatMap(([name, values]) =>
          values.length > 1 ? [name] : [],
        ),
      ),
    );
    if (columns.length === 0) return null;
    return columns.map((column, i) => (
      <ColumnFigure key={column} view={view} column={column} id={`timeline-${i}`} />
    ));
  },
};

/** Columns are integers in the unit their name ends with. */
function readerOf(column: string): { name: string; show: (value: number) => string } {
  if (column.endsWith('Ns')) {
    return { name: words(column.slice(0, -2)), show: (value) => formatSeconds(value / 1e9) };
  }
  if (column.endsWith('Bytes')) return { name: words(column.slice(0, -5)), show: formatBytes };
  return { name: words(column), show: formatCompact };
}

function ColumnFigure({
  view,
  column,
  id,
}: {
  view: View;
  column: string;
  id: string;
}): JSX.Element {
  const { name, show } = readerOf(column);
  const tracks = gatePoints(view).flatMap(({ series, point }) => {
    const values = point.series.columns[column];
    return values === undefined || values.length === 0
      ? []
      : [{ series, label: series.label, binSeconds: point.series.binSeconds, values }];
  });
  const drawn = merged(tracks);
  const bin = tracks[0]?.binSeconds ?? 0;
  const events = eventsOf(view.results.scenario.document);
  const title = `${capital(name)}: ${timelineTakeaway(view, column, show)}`;
  const rows = tracks[0]?.values.map((_, i) => i) ?? [];
  return (
    <Figure
      id={id}
      title={title}
      reading={`At ${gateName(view)}, in bins of ${formatSeconds(bin)} from the end of the warm-up, all replications together.${
        events.length === 0 ? '' : ' Vertical rules are the scenario’s events.'
      }`}
      drawing={panels(drawn, SERIES_PER_PANEL).map((some, i) => (
        <Timeline
          key={i}
          tracks={some}
          events={events}
          name={name}
          show={show}
          id={`${id}-${i}`}
          title={title}
        />
      ))}
      data={{
        caption: `${name} over time at ${gateName(view)}`,
        columns: [
          { label: 'from', numeric: true },
          ...drawn.map(({ label }) => ({ label, numeric: true })),
          { label: 'events' },
        ],
        rows: rows.map((i) => ({
          key: String(i),
          cells: [
            formatSeconds(i * bin),
            ...drawn.map(({ values }) => (values[i] === undefined ? '–' : show(values[i]))),
            events
              .filter((e) => Math.floor(e.seconds / bin) === i)
              .map((e) => e.label)
              .join(', '),
          ],
        })),
      }}
    />
  );
}

/** Variants meet the same arrivals: what they all saw alike is one line, not several in a heap. */
function merged(tracks: readonly TimelineTrack[]): readonly TimelineTrack[] {
  const first = tracks[0];
  if (first === undefined || tracks.length === 1) return tracks;
  const alike = tracks.every(
    (t) =>
      t.values.length === first.values.length && t.values.every((v, i) => v === first.values[i]),
  );
  return alike ? [{ ...first, series: undefined, label: 'every variant' }] : tracks;
}

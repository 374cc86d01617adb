/** The measured window over time at the size where gates are judged, with the scenario's events. */
import type { JSX } from 'preact';
import type { TimelineTrack } from '../charts/timeline.tsx';
import { Timeline } from '../charts/timeline.tsx';
import { Figure } from '../figure.tsx';
import { formatSeconds } from '../format.ts';
import { SERIES_PER_PANEL } from '../palette.ts';
import { eventsOf } from '../scenario-document.ts';
import type { Section } from '../section.ts';
import { gateName, timelineTakeaway } from '../takeaways.ts';
import type { Track } from '../tracks.ts';
import { mergeFor, tracksOf, valuesOf } from '../tracks.ts';
import type { View } from '../view.ts';
import { gatePoints, panels, unique } from '../view.ts';
import { capital, listed } from '../words.ts';

/** Bins drawn and bins listed: more would be ink, or paper, without being read. */
const DRAWN_BINS = 120;
const LISTED_BINS = 40;

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
    const tracks = tracksOf(columns);
    const flat = tracks.filter((track) =>
      drawnOf(view, track, 1).every((t) => t.values.every((v) => !v)),
    );
    const shown = tracks.filter((track) => !flat.includes(track));
    if (tracks.length === 0) return null;
    return (
      <>
        {shown.map((track, i) => (
          <TrackFigure key={track.id} view={view} track={track} id={`timeline-${i}`} />
        ))}
        {flat.length > 0 && <p>{`Zero throughout: ${listed(flat.map((track) => track.name))}.`}</p>}
      </>
    );
  },
};

function TrackFigure({ view, track, id }: { view: View; track: Track; id: string }): JSX.Element {
  const point = gatePoints(view)[0]!.point;
  const bins = Math.max(
    ...gatePoints(view).map((p) => p.point.series.columns[track.column]?.length ?? 0),
  );
  const merge = mergeFor(bins, DRAWN_BINS);
  const rough = mergeFor(bins, LISTED_BINS);
  const drawn = drawnOf(view, track, merge);
  const listing = drawnOf(view, track, rough);
  const width = rough * point.series.binSeconds;
  const events = eventsOf(view.results.scenario.document);
  const title = `${capital(track.name)}: ${timelineTakeaway(drawn, track.show)}`;
  const means =
    point.replications === 1 ? 'of one replication' : `over ${point.replications} replications`;
  return (
    <Figure
      id={id}
      title={title}
      reading={`At ${gateName(view)}, ${means}, in bins of ${formatSeconds(merge * point.series.binSeconds)} from the end of the warm-up.${
        events.length === 0 ? '' : ' Vertical rules are the scenario’s events.'
      }`}
      drawing={panels(drawn, SERIES_PER_PANEL).map((some, i) => (
        <Timeline
          key={i}
          tracks={some}
          events={events}
          name={track.name}
          show={track.show}
          id={`${id}-${i}`}
          title={title}
        />
      ))}
      data={{
        caption: `${capital(track.name)} at ${gateName(view)}, in bins of ${formatSeconds(width)}`,
        columns: [
          { label: 'from', numeric: true },
          ...listing.map(({ label }) => ({ label, numeric: true })),
          { label: 'events' },
        ],
        rows: (listing[0]?.values ?? []).map((_, i) => ({
          key: String(i),
          cells: [
            formatSeconds(i * width),
            ...listing.map(({ values }) => (values[i] == null ? '–' : track.show(values[i]))),
            events
              .filter((e) => Math.floor(e.seconds / width) === i)
              .map((e) => e.label)
              .join(', '),
          ],
        })),
      }}
    />
  );
}

function drawnOf(view: View, track: Track, merge: number): readonly TimelineTrack[] {
  return merged(
    gatePoints(view).flatMap(({ series, point }) => {
      const values = valuesOf(point, track, merge);
      const binSeconds = point.series.binSeconds * merge;
      return values.length === 0 ? [] : [{ series, label: series.label, binSeconds, values }];
    }),
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

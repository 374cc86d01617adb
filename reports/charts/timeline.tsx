/**
 * One recorded column over the measured window, a line per variant, with the scenario's events as
 * vertical rules.
 */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { JSX } from 'preact';
import { Drawing } from '../figure.tsx';
import { formatNumber, formatSeconds } from '../format.ts';
import { lookOf } from '../palette.ts';
import type { Series } from '../view.ts';
import { fitText, px, spread, textWidth } from './marks.ts';

const WIDTH = 920;
const LEFT = 104;
const RIGHT = 190;
const TOP = 42;
const PLOT = 120;

export interface TimelineTrack {
  /** Undefined for the one line that stands for every variant. */
  readonly series: Series | undefined;
  readonly label: string;
  readonly binSeconds: number;
  /** Null where there is nothing to show. */
  readonly values: readonly (number | null)[];
}

export interface EventMark {
  readonly seconds: number;
  readonly label: string;
}

interface Sample {
  readonly seconds: number;
  readonly value: number | null;
}

export function Timeline({
  tracks,
  events,
  name,
  show,
  id,
  title,
}: {
  tracks: readonly TimelineTrack[];
  events: readonly EventMark[];
  name: string;
  show: (value: number) => string;
  id: string;
  title: string;
}): JSX.Element {
  const length = Math.max(1, ...tracks.map((t) => t.values.length * t.binSeconds));
  const most = Math.max(0, ...tracks.flatMap((t) => t.values.map((v) => v ?? 0)));
  const x = scaleLinear()
    .domain([0, length])
    .range([LEFT, WIDTH - RIGHT]);
  const clock = length > 900 ? { seconds: 60, symbol: 'min' } : { seconds: 1, symbol: 's' };
  const times = scaleLinear()
    .domain([0, length / clock.seconds])
    .ticks(6);
  const y = scaleLinear()
    .domain([0, most > 0 ? most : 1])
    .range([TOP + PLOT, TOP]);
  const path = line<Sample>()
    .x((s) => x(s.seconds))
    .y((s) => y(s.value ?? 0))
    .defined((s) => s.value !== null)
    .digits(1);
  const drawn = tracks.map((t) => ({
    ...t,
    samples: t.values.map((value, i): Sample => ({ seconds: (i + 0.5) * t.binSeconds, value })),
    end: t.values.findLast((v) => v !== null) ?? 0,
  }));
  const at = spread(
    drawn.map(({ end }) => y(end)),
    17,
    TOP,
    TOP + PLOT,
  );
  const left = WIDTH - RIGHT + 24;
  const marks = events.filter((e) => e.seconds <= length);
  return (
    <Drawing
      id={id}
      title={title}
      desc={`${name} over ${formatSeconds(length)}, by variant${marks.length === 0 ? '' : `; events: ${marks.map((e) => `${e.label} at ${formatSeconds(e.seconds)}`).join(', ')}`}.`}
      width={WIDTH}
      height={TOP + PLOT + 28}
    >
      <text class="axis-title" x={LEFT} y={14}>
        {fitText(name, 600)}
      </text>
      {y.ticks(3).map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${LEFT} ${px(y(tick))}H${WIDTH - RIGHT}`} />
          <text class="tick end" x={LEFT - 8} y={px(y(tick)) + 4}>
            {show(tick)}
          </text>
        </g>
      ))}
      {times.map((time) => (
        <g key={time}>
          <path class="axis" d={`M${px(x(time * clock.seconds))} ${TOP + PLOT}v5`} />
          <text class="tick middle" x={px(x(time * clock.seconds))} y={TOP + PLOT + 19}>
            {`${formatNumber(time)} ${clock.symbol}`}
          </text>
        </g>
      ))}
      <path class="axis" d={`M${LEFT} ${TOP + PLOT}H${WIDTH - RIGHT}`} />
      <EventMarks marks={marks} x={x} />
      {drawn.map(({ series, label, samples, end }, i) => {
        return (
          <g
            key={label}
            class={series === undefined ? 'series shared' : `series s${lookOf(series.index)}`}
            data-series={series?.index}
          >
            <path class="line thin" d={path(samples) ?? ''} />
            <path
              class="leader"
              d={`M${WIDTH - RIGHT + 2} ${px(y(end))}L${left - 4} ${px(at[i]!)}`}
            />
            <text class="label" x={left} y={px(at[i]!) + 4}>
              {fitText(label, RIGHT - 26, 13)}
            </text>
          </g>
        );
      })}
    </Drawing>
  );
}

/** Labels that would touch the one before are left to the table. */
function EventMarks({
  marks,
  x,
}: {
  marks: readonly EventMark[];
  x: (seconds: number) => number;
}): JSX.Element {
  let free = Number.NEGATIVE_INFINITY;
  return (
    <g>
      {marks.map((mark, i) => {
        const at = x(mark.seconds);
        const text = fitText(mark.label, 200, 11);
        const shown = at >= free;
        if (shown) free = at + textWidth(text, 11) + 12;
        return (
          <g key={i}>
            <path class="event" d={`M${px(at)} ${TOP - 8}V${TOP + PLOT}`} />
            {shown && (
              <text class="small halo" x={px(at) + 4} y={TOP - 4}>
                {text}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

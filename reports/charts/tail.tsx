/**
 * How many samples take longer: the complementary distribution on log x log axes, where p99 and
 * p99.9 can be read off. Curves are thinned to what the eye can see.
 */
import { curveStepAfter, line } from 'd3-shape';
import type { JSX } from 'preact';
import { Drawing } from '../figure.tsx';
import { formatRatio, formatValue } from '../format.ts';
import { lookOf } from '../palette.ts';
import type { Series } from '../view.ts';
import { fitText, px, spread } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 920;
const LEFT = 104;
const RIGHT = 190;
const TOP = 34;
const PLOT = 280;
const MOST_POINTS = 400;

export interface TailCurve {
  readonly series: Series;
  readonly histogram: { readonly upTo: readonly number[]; readonly share: readonly number[] };
  /** Samples behind it: nothing is drawn beyond one in that many. */
  readonly samples: number;
}

interface Step {
  readonly value: number;
  readonly beyond: number;
}

export function Tail({
  curves,
  unit,
  limit,
  id,
  title,
}: {
  curves: readonly TailCurve[];
  unit: string;
  limit: { readonly name: string; readonly value: number } | undefined;
  id: string;
  title: string;
}): JSX.Element {
  const drawn = curves.map((curve) => ({ series: curve.series, steps: stepsOf(curve) }));
  const values = drawn.flatMap(({ steps }) => steps.map((s) => s.value));
  const x = logScale(
    [...values, ...(limit === undefined ? [] : [limit.value])],
    [LEFT, WIDTH - RIGHT],
    0.02,
  );
  const y = logScale(
    [1, ...drawn.flatMap(({ steps }) => steps.map((s) => s.beyond))],
    [TOP + PLOT, TOP],
    0,
  );
  const path = line<Step>()
    .x((s) => x(s.value))
    .y((s) => y(s.beyond))
    .curve(curveStepAfter)
    .digits(1);
  const ends = drawn.filter(({ steps }) => steps.length > 0);
  const at = spread(
    ends.map(({ steps }) => y(steps.at(-1)!.beyond)),
    18,
    TOP + 8,
    TOP + PLOT - 6,
  );
  const left = WIDTH - RIGHT + 24;
  return (
    <Drawing
      id={id}
      title={title}
      desc="Share of samples above a value, by variant. The data table lists the quantiles."
      width={WIDTH}
      height={TOP + PLOT + 44}
    >
      <text class="axis-title" x={LEFT} y={14}>
        share of samples above, log scale
      </text>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${LEFT} ${px(y(tick))}H${WIDTH - RIGHT}`} />
          <text class="tick end" x={LEFT - 8} y={px(y(tick)) + 4}>
            {formatRatio(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <g key={tick}>
          <path class="axis" d={`M${px(x(tick))} ${TOP + PLOT}v5`} />
          <text class="tick middle" x={px(x(tick))} y={TOP + PLOT + 19}>
            {formatValue(tick, unit)}
          </text>
        </g>
      ))}
      <path class="axis" d={`M${LEFT} ${TOP}V${TOP + PLOT}H${WIDTH - RIGHT}`} />
      <text class="axis-title end" x={WIDTH - RIGHT} y={TOP + PLOT + 38}>
        latency, log scale
      </text>
      {limit !== undefined && (
        <g>
          <path class="limit" d={`M${px(x(limit.value))} ${TOP - 8}V${TOP + PLOT}`} />
          <text class="limit-label halo end" x={px(x(limit.value)) - 6} y={TOP}>
            {`${limit.name}: limit ${formatValue(limit.value, unit)}`}
          </text>
        </g>
      )}
      {drawn.map(({ series, steps }) => (
        <g key={series.index} class={`series s${lookOf(series.index)}`} data-series={series.index}>
          <path class="line" d={path(steps) ?? ''} />
        </g>
      ))}
      {ends.map(({ series, steps }, i) => {
        const end = steps.at(-1)!;
        return (
          <g key={series.index} class={`s${lookOf(series.index)}`} data-series={series.index}>
            <path
              class="leader"
              d={`M${px(x(end.value)) + 3} ${px(y(end.beyond))}L${left - 4} ${px(at[i]!)}`}
            />
            <text class="label" x={left} y={px(at[i]!) + 4}>
              {fitText(series.label, RIGHT - 26, 13)}
            </text>
          </g>
        );
      })}
    </Drawing>
  );
}

/** Cuts the curve where samples run out, and thins it, keeping both ends. */
function stepsOf({ histogram, samples }: TailCurve): Step[] {
  const least = samples > 0 ? 1 / samples : 0;
  const all = histogram.upTo
    .map((value, i) => ({ value, beyond: 1 - histogram.share[i]! }))
    .filter((s) => s.value > 0 && s.beyond >= Math.max(least, 1e-6));
  const every = Math.ceil(all.length / MOST_POINTS);
  return all.filter((_, i) => i % every === 0 || i === all.length - 1);
}

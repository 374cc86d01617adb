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
import { fitText, px, symbolPath } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 920;
const LEFT = 104;
const RIGHT = 190;
const TOP = 44;
const PLOT = 280;
const MOST_POINTS = 400;
/** Shares at which a curve carries its marker: p90, p99, p99.9. */
const LANDMARKS = [0.1, 0.01, 0.001];

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
          <text class="limit-label halo end" x={px(x(limit.value)) - 6} y={TOP - 12}>
            {`${fitText(limit.name, 240)}: limit ${formatValue(limit.value, unit)}`}
          </text>
        </g>
      )}
      {drawn.map(({ series, steps }, i) => (
        <g key={series.index} class={`series s${lookOf(series.index)}`} data-series={series.index}>
          <path class="line" d={path(steps) ?? ''} />
          {LANDMARKS.flatMap((share) => {
            const step = steps.find((s) => s.beyond <= share);
            if (step === undefined) return [];
            return [
              <g
                key={share}
                class="point"
                transform={`translate(${px(x(step.value))} ${px(y(share))})`}
              >
                <title>{`${series.label}: ${formatRatio(share)} of samples above ${formatValue(step.value, unit)}`}</title>
                <path class="dot" d={symbolPath(series.index, 40)} />
                <circle class="hit" r="12" />
              </g>,
            ];
          })}
          <g transform={`translate(${left} ${TOP + 14 + i * 22})`}>
            <path class="line" d="M0 0H26" />
            <path class="dot" d={symbolPath(series.index, 40)} transform="translate(13 0)" />
            <text class="label" x="34" y="4">
              {fitText(series.label, RIGHT - 60, 13)}
            </text>
          </g>
        </g>
      ))}
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

/**
 * A value by size, small enough for a table cell: log x log, the size where gates are judged
 * marked. Without labels; the cell holds the numbers.
 */
import { line } from 'd3-shape';
import type { JSX } from 'preact';
import { lookOf } from '../palette.ts';
import { px } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 96;
const HEIGHT = 26;

export interface SparkPoint {
  readonly size: number;
  readonly value: number;
}

/** `all` spans the scale shared by the variants of a row. */
export function Spark({
  points,
  all,
  index,
  gateSize,
}: {
  points: readonly SparkPoint[];
  all: readonly SparkPoint[];
  index: number;
  gateSize: number | null;
}): JSX.Element | null {
  if (points.length < 2) return null;
  const x = logScale(
    all.map((p) => p.size),
    [4, WIDTH - 4],
    0,
  );
  const y = logScale(
    all.map((p) => Math.max(p.value, 0)).filter((v) => v > 0),
    [HEIGHT - 4, 4],
    0,
  );
  const positive = points.filter((p) => p.value > 0);
  const path = line<SparkPoint>()
    .x((p) => x(p.size))
    .y((p) => y(p.value))
    .digits(1);
  const gate = positive.find((p) => p.size === gateSize);
  return (
    <svg
      class={`spark s${lookOf(index)}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path class="line thin" d={path(positive) ?? ''} />
      {gate !== undefined && (
        <circle class="dot" cx={px(x(gate.size))} cy={px(y(gate.value))} r="3" />
      )}
    </svg>
  );
}

/**
 * How far one variant goes, as a bar on a log axis of sizes: the bar ends at the largest size that
 * holds, the whisker reaches to the smallest that does not, the rule marks the size to reach.
 */
import type { JSX } from 'preact';
import type { Capacity } from '../../core/results.ts';
import { lookOf } from '../palette.ts';
import type { Series, View } from '../view.ts';
import { isOpen } from '../view.ts';
import { px } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 250;
const HEIGHT = 26;

export function Reach({
  view,
  series,
  capacity,
}: {
  view: View;
  series: Series;
  capacity: Capacity;
}): JSX.Element {
  const x = logScale(view.sizes, [8, WIDTH - 14], 0.04);
  const { holdsUpTo, failsFrom } = capacity;
  const end = holdsUpTo === null ? 8 : x(holdsUpTo);
  const open = isOpen(series, capacity);
  const mid = HEIGHT / 2;
  return (
    <svg
      class={`reach s${lookOf(series.index)}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path class="grid" d={`M8 ${mid}H${WIDTH - 8}`} />
      {holdsUpTo !== null && (
        <rect class="bar" x="8" y={mid - 5} width={Math.max(2, px(end - 8))} height="10" />
      )}
      {open && <path class="arrow" d={`M${px(end)} ${mid - 8}l9 8l-9 8z`} />}
      {failsFrom !== null && (
        <path class="whisker" d={`M${px(end)} ${mid}H${px(x(failsFrom))}m0 -5v10`} />
      )}
      {view.gateSize !== null && (
        <path class="target" d={`M${px(x(view.gateSize))} 1V${HEIGHT - 1}`} />
      )}
    </svg>
  );
}

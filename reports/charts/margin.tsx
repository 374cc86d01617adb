/**
 * Room to every limit as a dot on a log axis of limit / value: right of 1× there is room, left of
 * it the SLO fails. A value of zero has no ratio; its interval's upper end still has one, and is
 * drawn as an arrow to the right.
 */
import type { JSX } from 'preact';
import type { SloResult } from '../../core/results.ts';
import { Drawing } from '../figure.tsx';
import { formatFactor } from '../format.ts';
import { lookOf } from '../palette.ts';
import type { Series } from '../view.ts';
import { verdicts } from '../words.ts';
import { fitText, px, symbolPath } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 920;
const LEFT = 178;
const RIGHT = 190;
const TOP = 30;
const ROW = 23;
const HEAD = 30;

export interface MarginGroup {
  readonly name: string;
  readonly rows: readonly { readonly series: Series; readonly slo: SloResult }[];
}

interface Room {
  /** Undefined when the value is zero. */
  readonly at: number | undefined;
  readonly low: number;
  readonly high: number | undefined;
}

export function Margin({
  groups,
  id,
  title,
  desc,
}: {
  groups: readonly MarginGroup[];
  id: string;
  title: string;
  desc: string;
}): JSX.Element {
  const rooms = groups
    .flatMap((g) => g.rows.map((r) => roomOf(r.slo)))
    .filter((r) => r !== undefined);
  const ratios = rooms.flatMap((r) => [r.low, r.at, r.high].filter((v) => v !== undefined));
  const extent = Math.max(2, ...ratios.map((r) => Math.max(r, 1 / r)));
  const least = Math.min(1, ...ratios);
  const x = logScale(
    [Math.max(1 / extent, Math.min(least, 0.5)), Math.max(2, ...ratios)],
    [LEFT, WIDTH - RIGHT],
  );
  const height = TOP + groups.reduce((sum, g) => sum + HEAD + g.rows.length * ROW, 0) + 12;
  let top = TOP;
  return (
    <Drawing id={id} title={title} desc={desc} width={WIDTH} height={height}>
      {x.ticks.map((tick) => (
        <text key={tick} class="tick middle" x={px(x(tick))} y={TOP - 10}>
          {formatFactor(tick)}
        </text>
      ))}
      <text class="axis-title end" x={LEFT - 12} y={TOP - 10}>
        limit ÷ value, log scale
      </text>
      {groups.map((group) => {
        const head = top;
        top += HEAD + group.rows.length * ROW;
        const from = head + HEAD - 6;
        return (
          <g key={group.name}>
            <path class="axis" d={`M12 ${head + 3}H${WIDTH - 12}`} />
            <text class="group" x={12} y={head + 19}>
              {fitText(group.name, WIDTH - 24, 13)}
            </text>
            {x.ticks.map((tick) => (
              <path key={tick} class="grid" d={`M${px(x(tick))} ${from}V${top}`} />
            ))}
            <rect
              class="danger"
              x={LEFT}
              y={from}
              width={Math.max(0, px(x(1) - LEFT))}
              height={top - from}
            />
            <path class="limit" d={`M${px(x(1))} ${from}V${top}`} />
            {group.rows.map(({ series, slo }, i) => (
              <Dot
                key={series.index}
                series={series}
                slo={slo}
                x={x}
                y={head + HEAD + i * ROW + 8}
              />
            ))}
          </g>
        );
      })}
    </Drawing>
  );
}

function Dot({
  series,
  slo,
  x,
  y,
}: {
  series: Series;
  slo: SloResult;
  x: ReturnType<typeof logScale>;
  y: number;
}): JSX.Element {
  const room = roomOf(slo);
  const { shape, word } = verdicts[slo.verdict];
  const text =
    room === undefined
      ? 'no value'
      : room.at === undefined
        ? `≥ ${formatFactor(room.low)}`
        : formatFactor(room.at);
  return (
    <g class={`series s${lookOf(series.index)}`} data-series={series.index}>
      <text class="tick end" x={LEFT - 12} y={y + 4}>
        {fitText(series.label, LEFT - 34)}
      </text>
      {room !== undefined && (
        <g class="point">
          <title>{`${series.label}, ${slo.name}: ${text}, ${word}`}</title>
          {room.high === undefined ? (
            <path
              class="whisker"
              d={`M${px(x(room.low))} ${y - 5}v10M${px(x(room.low))} ${y}H${WIDTH - RIGHT - 8}m-6 -4l6 4l-6 4`}
            />
          ) : (
            <path class="whisker" d={`M${px(x(room.low))} ${y}H${px(x(room.high))}`} />
          )}
          {room.at !== undefined && (
            <path
              class={slo.verdict === 'inconclusive' ? 'dot hollow' : 'dot'}
              d={symbolPath(series.index, 52)}
              transform={`translate(${px(x(room.at))} ${y})`}
            />
          )}
        </g>
      )}
      <text class={`outcome ${slo.verdict}`} x={WIDTH - RIGHT + 14} y={y + 4}>
        {shape}
      </text>
      <text class="tick strong" x={WIDTH - RIGHT + 32} y={y + 4}>
        {text}
      </text>
      <text class="tick" x={WIDTH - RIGHT + 98} y={y + 4}>
        {word}
      </text>
    </g>
  );
}

/** The interval turned round: the highest value leaves the least room. */
function roomOf(slo: SloResult): Room | undefined {
  if (slo.value === undefined || slo.limit <= 0) return undefined;
  const high = slo.high ?? slo.value;
  if (high <= 0) return undefined;
  const low = slo.low ?? slo.value;
  return {
    at: slo.value > 0 ? slo.limit / slo.value : undefined,
    low: slo.limit / high,
    high: low > 0 ? slo.limit / low : undefined,
  };
}

/**
 * Room to every limit on a log axis: a dot at the limit over the upper end of the interval, with a
 * whisker to the limit over its lower end (an arrow where that is zero). Right of 1× the SLO holds.
 */
import type { JSX } from 'preact';
import type { SloResult } from '../../core/results.ts';
import { Drawing } from '../figure.tsx';
import { formatFactor } from '../format.ts';
import { lookOf } from '../palette.ts';
import { roomOf } from '../room.ts';
import type { Series } from '../view.ts';
import { verdicts } from '../words.ts';
import { fitText, px, symbolPath } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 920;
const LEFT = 178;
const RIGHT = 204;
const TOP = 30;
const ROW = 23;
const HEAD = 30;

export interface MarginGroup {
  readonly name: string;
  readonly rows: readonly { readonly series: Series; readonly slo: SloResult }[];
}

interface Span {
  readonly from: number;
  /** Undefined when the interval starts at zero. */
  readonly to: number | undefined;
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
    .flatMap((g) => g.rows.map((r) => spanOf(r.slo)))
    .filter((r) => r !== undefined);
  const ratios = rooms.flatMap((r) => [r.from, r.to].filter((v) => v !== undefined));
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
        limit ÷ upper end, log
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
  const span = spanOf(slo);
  const { shape, word } = verdicts[slo.verdict];
  const none = slo.value === undefined ? 'no value' : '–';
  const text = span === undefined ? none : formatFactor(span.from);
  return (
    <g class={`series s${lookOf(series.index)}`} data-series={series.index}>
      <text class="tick end" x={LEFT - 12} y={y + 4}>
        {fitText(series.label, LEFT - 34)}
      </text>
      {span !== undefined && (
        <g class="point">
          <title>{`${series.label}, ${slo.name}: ${text}, ${word}`}</title>
          {span.to === undefined ? (
            <path
              class="whisker"
              d={`M${px(x(span.from))} ${y}H${WIDTH - RIGHT - 8}m-6 -4l6 4l-6 4`}
            />
          ) : (
            <path class="whisker" d={`M${px(x(span.from))} ${y}H${px(x(span.to))}m0 -4v8`} />
          )}
          <path
            class={slo.verdict === 'inconclusive' ? 'dot hollow' : 'dot'}
            d={symbolPath(series.index, 52)}
            transform={`translate(${px(x(span.from))} ${y})`}
          />
        </g>
      )}
      <text class={`outcome ${slo.verdict}`} x={WIDTH - RIGHT + 14} y={y + 4}>
        {shape}
      </text>
      <text class="tick" x={WIDTH - RIGHT + 32} y={y + 4}>
        {word}
      </text>
      <text class="tick strong end" x={WIDTH - 12} y={y + 4}>
        {text}
      </text>
    </g>
  );
}

/** The interval turned round: its upper end leaves the least room. */
function spanOf(slo: SloResult): Span | undefined {
  const from = roomOf(slo);
  if (from === undefined) return undefined;
  const low = slo.low ?? 0;
  return { from, to: low > 0 ? slo.limit / low : undefined };
}

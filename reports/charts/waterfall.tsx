/**
 * A latency split into the stages of the pipeline: a horizontal waterfall for the mean, for the
 * bucket that holds p99 and for the samples beyond it, side by side. The scale of a column is the
 * same for every variant, so bars compare downwards.
 */
import { scaleLinear } from 'd3-scale';
import type { JSX } from 'preact';
import type { StageTables } from '../../core/results.ts';
import { Drawing } from '../figure.tsx';
import { formatSeconds } from '../format.ts';
import { lookOf } from '../palette.ts';
import type { Series } from '../view.ts';
import { stagesOf } from '../words.ts';
import { labelled, px, textWidth } from './marks.ts';

const WIDTH = 920;
const LEFT = 164;
const GAP = 44;
const HEAD = 34;
const ROW = 19;
const FOOT = 24;
const COLUMN = (WIDTH - LEFT - 2 * GAP - 8) / 3;
/** Room for the value at the right of the longest bar: a value at its left could lie on a stage's name. */
const VALUE = 52;

export const COLUMNS: readonly { readonly key: keyof StageTables; readonly name: string }[] = [
  { key: 'mean', name: 'mean' },
  { key: 'p99', name: 'at p99' },
  { key: 'tail', name: 'beyond p99' },
];

/** Totals of each column over all variants: the ends of the shared scales. */
export function columnEnds(tables: readonly StageTables[]): Record<keyof StageTables, number> {
  const end = (key: keyof StageTables): number => Math.max(0, ...tables.map((t) => total(t[key])));
  return { mean: end('mean'), p99: end('p99'), tail: end('tail') };
}

export function total(table: Readonly<Record<string, number>>): number {
  return Object.values(table).reduce((a, b) => a + b, 0);
}

export function Waterfall({
  series,
  tables,
  ends,
  id,
  title,
}: {
  series: Series;
  tables: StageTables;
  ends: Record<keyof StageTables, number>;
  id: string;
  title: string;
}): JSX.Element {
  const stages = stagesOf(Object.keys({ ...tables.mean, ...tables.p99, ...tables.tail }));
  const bottom = HEAD + stages.length * ROW;
  return (
    <Drawing
      id={id}
      title={title}
      desc={COLUMNS.map(
        ({ key, name }) =>
          `${name}: ${stages.map((s) => `${s.name} ${formatSeconds(tables[key][s.id] ?? 0)}`).join(', ')}`,
      ).join('. ')}
      width={WIDTH}
      height={bottom + FOOT}
    >
      {stages.map((stage, i) => (
        <text key={stage.id} class="tick end" x={LEFT - 10} y={HEAD + i * ROW + 13}>
          {stage.name}
        </text>
      ))}
      {COLUMNS.map(({ key, name }, c) => (
        <Column
          key={key}
          look={lookOf(series.index)}
          name={name}
          left={LEFT + c * (COLUMN + GAP)}
          bottom={bottom}
          end={ends[key]}
          parts={stages.map((stage) => tables[key][stage.id] ?? 0)}
        />
      ))}
    </Drawing>
  );
}

/** Which ticks of a column carry their label without touching; the first, zero, always does. */
export function labelledTicks(positions: readonly number[], labels: readonly string[]): boolean[] {
  return labelled(
    positions,
    labels.map((label) => textWidth(label)),
    [0],
  );
}

function Column({
  look,
  name,
  left,
  bottom,
  end,
  parts,
}: {
  look: number;
  name: string;
  left: number;
  bottom: number;
  end: number;
  parts: readonly number[];
}): JSX.Element {
  const x = scaleLinear()
    .domain([0, end > 0 ? end : 1])
    .range([left, left + COLUMN - VALUE]);
  const ticks = x.ticks(3);
  const hasLabel = labelledTicks(ticks.map(x), ticks.map(formatSeconds));
  const sum = parts.reduce((a, b) => a + b, 0);
  let from = 0;
  return (
    <g class={`s${look}`}>
      <text class="label" x={left} y={HEAD - 20}>
        {name}
      </text>
      <text class="label end" x={px(left + COLUMN)} y={HEAD - 20}>
        {formatSeconds(sum)}
      </text>
      {ticks.map((tick, i) => (
        <g key={tick}>
          <path class="grid" d={`M${px(x(tick))} ${HEAD - 8}V${bottom}`} />
          {hasLabel[i] && (
            <text class="tick middle" x={px(x(tick))} y={bottom + 15}>
              {formatSeconds(tick)}
            </text>
          )}
        </g>
      ))}
      {parts.map((part, i) => {
        const start = x(from);
        from += part;
        const stop = x(from);
        const y = HEAD + i * ROW;
        const text = formatSeconds(part);
        return (
          <g key={i}>
            {i > 0 && <path class="step" d={`M${px(start)} ${y - 4}v4`} />}
            <rect
              class="bar"
              x={px(start)}
              y={y}
              width={Math.max(1, px(stop - start))}
              height={ROW - 4}
            />
            <text class="small halo" x={px(stop + 4)} y={y + 12}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

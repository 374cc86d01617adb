/**
 * An SLI against size: log x log, one line per variant with its interval as a band, the limit as a
 * dashed line, the target as a vertical rule, and what was really simulated under every size.
 */
import { area, line } from 'd3-shape';
import type { JSX } from 'preact';
import { Drawing } from '../figure.tsx';
import { formatCompact, formatValue } from '../format.ts';
import { lookOf } from '../palette.ts';
import { axisTitle, pointText } from '../takeaways.ts';
import type { Series, Sli, View } from '../view.ts';
import { capacityOf, readingAt, sloAt } from '../view.ts';
import { axisName, capital } from '../words.ts';
import { fitText, labelled, px, spread, symbolPath, textWidth } from './marks.ts';
import { logScale } from './scales.ts';

const WIDTH = 920;
const LEFT = 124;
const RIGHT = 160;
const TOP = 40;
const PLOT = 300;
const LINE = 17;

interface Read {
  readonly size: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly verdict: string | undefined;
}

interface GrowthProps {
  readonly view: View;
  readonly series: readonly Series[];
  readonly sli: Sli;
  readonly id: string;
  readonly title: string;
}

export function Growth({ view, series, sli, id, title }: GrowthProps): JSX.Element {
  const drawn = series.map((one) => ({ one, reads: readsOf(view, one, sli) }));
  const values = drawn.flatMap(({ reads }) => reads.flatMap((r) => [r.value, r.low, r.high]));
  const y = logScale(
    [...values, ...(sli.limit === undefined ? [] : [sli.limit])],
    [TOP + PLOT, TOP],
  );
  const x = logScale(view.sizes, [LEFT + 18, WIDTH - RIGHT], 0.02);
  const workload = workloadRows(view);
  const bottom = TOP + PLOT;
  const height = bottom + 24 + workload.length * LINE + 26;
  return (
    <Drawing
      id={id}
      title={title}
      desc={drawn
        .map(({ one, reads }) => `${one.label}: ${reads.map((r) => r.text).join('; ')}`)
        .join('. ')}
      width={WIDTH}
      height={height}
    >
      <text class="axis-title" x={LEFT} y={14}>
        {`${fitText(capital(sli.subject), 380)}, log scale`}
      </text>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${LEFT} ${px(y(tick))}H${WIDTH - RIGHT}`} />
          <text class="tick end" x={LEFT - 8} y={px(y(tick)) + 4}>
            {formatValue(tick, sli.unit)}
          </text>
        </g>
      ))}
      {y.zeroAt !== undefined && <ZeroStub y={y.zeroAt} />}
      <path class="axis" d={`M${LEFT} ${TOP}V${y.startAt}M${LEFT} ${bottom}H${WIDTH - RIGHT}`} />
      <TargetRules view={view} x={x} />
      <Workload view={view} x={x} rows={workload} top={bottom} />
      {drawn.map(({ one, reads }) => (
        <Line key={one.index} view={view} sli={sli} series={one} reads={reads} x={x} y={y} />
      ))}
      {sli.limit !== undefined && (
        <g>
          <path class="limit" d={`M${LEFT} ${px(y(sli.limit))}H${WIDTH - RIGHT}`} />
          <text class="limit-label halo" x={LEFT + 8} y={px(y(sli.limit)) - 6}>
            {`${fitText(sli.name, 300)}: limit ${formatValue(sli.limit, sli.unit)}`}
          </text>
        </g>
      )}
      <DirectLabels drawn={drawn} x={x} y={y} unit={sli.unit} />
    </Drawing>
  );
}

type Scale = ReturnType<typeof logScale>;

function readsOf(view: View, series: Series, sli: Sli): Read[] {
  return series.points.flatMap(({ size, point }) => {
    const reading = readingAt(point, sli);
    if (reading === undefined) return [];
    const text = pointText(view, series, size, point, sli);
    return [{ size, ...reading, text, verdict: sloAt(point, sli)?.verdict }];
  });
}

/**
 * Positive readings are joined, with their intervals as a band. Where zeros occur, a band down to
 * the stub would be mostly ink about nothing: then intervals are whiskers, and series step aside
 * so that zeros do not cover each other.
 */
function Line({
  view,
  sli,
  series,
  reads,
  x,
  y,
}: {
  view: View;
  sli: Sli;
  series: Series;
  reads: readonly Read[];
  x: Scale;
  y: Scale;
}): JSX.Element {
  const aside = y.zeroAt === undefined ? 0 : (lookOf(series.index) - 2) * 7;
  const at = (r: Read): number => x(r.size) + aside;
  const band = area<Read>()
    .x(at)
    .y0((r) => y(r.low))
    .y1((r) => y(r.high))
    .digits(1);
  const path = line<Read>()
    .x(at)
    .y((r) => y(r.value))
    .defined((r) => r.value > 0)
    .digits(1);
  const capacity = capacityOf(view, series);
  const last = capacity?.limitedBy === sli.metric ? capacity.holdsUpTo : null;
  return (
    <g class={`series s${lookOf(series.index)}`} data-series={series.index}>
      {y.zeroAt === undefined && reads.length > 1 && (
        <path class="band" d={band([...reads]) ?? ''} />
      )}
      <path class="line" d={path([...reads]) ?? ''} />
      {reads.map((r) => (
        <g key={r.size} class="point">
          <title>{r.text}</title>
          {y.zeroAt !== undefined && (
            <path
              class="whisker fine"
              d={`M${px(at(r))} ${px(y(r.low))}V${px(y(r.high))}m-3 0h6`}
            />
          )}
          <g transform={`translate(${px(at(r))} ${px(y(r.value))})`}>
            {r.size === last && <path class="knee" d="M0-10L10 0L0 10L-10 0Z" />}
            <path
              class={r.verdict === 'inconclusive' ? 'dot hollow' : 'dot'}
              d={symbolPath(series.index, 44)}
            />
            <circle class="hit" r="12" />
          </g>
        </g>
      ))}
    </g>
  );
}

function DirectLabels({
  drawn,
  x,
  y,
  unit,
}: {
  drawn: readonly { one: Series; reads: readonly Read[] }[];
  x: Scale;
  y: Scale;
  unit: string;
}): JSX.Element {
  const ends = drawn.filter(({ reads }) => reads.length > 0);
  const at = spread(
    ends.map(({ reads }) => y(reads.at(-1)!.value)),
    30,
    TOP + 8,
    TOP + PLOT - 4,
  );
  const left = WIDTH - RIGHT + 24;
  return (
    <g>
      {ends.map(({ one, reads }, i) => {
        const end = reads.at(-1)!;
        return (
          <g key={one.index} class={`s${lookOf(one.index)}`} data-series={one.index}>
            <path
              class="leader"
              d={`M${px(x(end.size)) + 8} ${px(y(end.value))}L${left - 4} ${px(at[i]!)}`}
            />
            <text class="label" x={left} y={px(at[i]!) + 1}>
              {fitText(one.label, RIGHT - 28, 13)}
            </text>
            <text class="label-value" x={left} y={px(at[i]!) + 15}>
              {end.value === 0 ? 'none seen' : formatValue(end.value, unit)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** Vertical rules at the target and, with headroom, at the size where gates are judged. */
function TargetRules({ view, x }: { view: View; x: Scale }): JSX.Element | null {
  const target = view.results.target;
  if (target === null || target.path !== view.axis) return null;
  const inside = (size: number): boolean => size >= x.domain[0] && size <= x.domain[1];
  const rules = [
    { size: target.value, text: `target ${formatCompact(target.value)}`, end: true },
    { size: target.gateAt, text: `judged at ${formatCompact(target.gateAt)}`, end: false },
  ].filter((rule, i) => inside(rule.size) && (i === 0 || target.gateAt !== target.value));
  return (
    <g>
      {rules.map((rule) => (
        <g key={rule.text}>
          <path
            class={rule.end ? 'target' : 'target gate'}
            d={`M${px(x(rule.size))} ${TOP - 8}V${TOP + PLOT}`}
          />
          <text
            class={`target-label halo ${rule.end ? 'end' : ''}`}
            x={px(x(rule.size)) + (rule.end ? -5 : 5)}
            y={TOP - 11}
          >
            {rule.text}
          </text>
        </g>
      ))}
    </g>
  );
}

function ZeroStub({ y }: { y: number }): JSX.Element {
  return (
    <g>
      <path class="axis" d={`M${LEFT} ${y}v-8m-5 -1l10 -4m-10 -2l10 -4`} />
      <text class="tick end" x={LEFT - 8} y={y + 4}>
        0
      </text>
    </g>
  );
}

interface WorkloadRow {
  readonly name: string;
  readonly text: readonly string[];
}

/** One row per fact that differs from zero somewhere; the first is the size itself. */
function workloadRows(view: View): WorkloadRow[] {
  const at = view.sizes.map(
    (size) => view.series.flatMap((s) => s.points).find((p) => p.size === size)!.point.workload,
  );
  const facts: [string, (w: (typeof at)[number]) => number][] = [
    ['nodes', (w) => w.nodes],
    ['Services', (w) => w.services],
    ['endpoints', (w) => w.endpoints],
    ['pods', (w) => w.pods],
    ['policies simulated', (w) => w.policies],
    ['pod changes/s', (w) => w.podChangesPerSecond],
    ['requests/s', (w) => w.requestsPerSecond],
  ];
  const axis = view.axis ?? 'cluster.nodes';
  const rows = facts
    .filter(([name, read]) => name !== axisName(axis) && at.some((w) => read(w) > 0))
    .map(([name, read]) => ({ name, text: at.map((w) => formatCompact(read(w))) }));
  return [{ name: axisName(axis), text: view.sizes.map(formatCompact) }, ...rows];
}

function Workload({
  view,
  x,
  rows,
  top,
}: {
  view: View;
  x: Scale;
  rows: readonly WorkloadRow[];
  top: number;
}): JSX.Element {
  const positions = view.sizes.map((size) => x(size));
  const widths = view.sizes.map((_, i) => Math.max(...rows.map((row) => textWidth(row.text[i]!))));
  const gate = view.sizes.indexOf(view.gateSize ?? Number.NaN);
  const shown = labelled(positions, widths, gate === -1 ? [0] : [gate, 0]);
  return (
    <g>
      {positions.map((at, i) => (
        <path key={i} class="axis" d={`M${px(at)} ${top}v6`} />
      ))}
      {rows.map((row, r) => (
        <g key={row.name}>
          <text
            class={r === 0 ? 'tick end strong' : 'tick end'}
            x={LEFT - 8}
            y={top + 22 + r * LINE}
          >
            {row.name}
          </text>
          {row.text.map((text, i) =>
            shown[i] ? (
              <text
                key={i}
                class={r === 0 ? 'tick middle strong' : 'tick middle'}
                x={px(positions[i]!)}
                y={top + 22 + r * LINE}
              >
                {text}
              </text>
            ) : null,
          )}
        </g>
      ))}
      <text class="axis-title" x={LEFT + 18} y={top + 26 + rows.length * LINE}>
        {`workload at each size; ${axisTitle(view)}`}
      </text>
    </g>
  );
}

/**
 * The parts every section is made of: a figure with its finding as title, its drawing and its data
 * table; a table with caption and scoped headers; series marks and verdict words. No inline styles,
 * because the content security policy forbids them.
 */
import type { ComponentChildren, JSX } from 'preact';
import type { VerdictWord } from '../core/results.ts';
import { symbolPath } from './charts/marks.ts';
import { typeset } from './format.ts';
import { lookOf } from './palette.ts';
import type { Series } from './view.ts';
import { verdicts } from './words.ts';

export interface Column {
  readonly label: ComponentChildren;
  /** Numbers are set right-aligned. */
  readonly numeric?: boolean;
}

export interface Row {
  readonly key: string;
  /** Rows of a series disappear with it. */
  readonly series?: number | undefined;
  /** The first cell heads the row. */
  readonly cells: readonly ComponentChildren[];
}

export interface TableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Shown instead of being for screen readers only. */
  readonly showCaption?: boolean;
  readonly className?: string;
}

/** A table that scrolls sideways inside itself on a narrow screen. */
export function Table({ caption, columns, rows, showCaption, className }: TableProps): JSX.Element {
  const tone = (i: number): string | undefined => (columns[i]?.numeric ? 'n' : undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a scroller is no fieldset
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table class={className}>
        <caption class={showCaption ? undefined : 'sr'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th key={i} scope="col" class={tone(i)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-series={row.series}>
              {row.cells.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row" class={tone(i)}>
                    {cell}
                  </th>
                ) : (
                  <td key={i} class={tone(i)}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export interface FigureProps {
  readonly id: string;
  /** The finding, as a sentence without a full stop. */
  readonly title: string;
  /** How to read it. */
  readonly reading: string;
  readonly drawing: ComponentChildren;
  readonly data: TableProps;
}

export function Figure({ id, title, reading, drawing, data }: FigureProps): JSX.Element {
  return (
    <figure id={id}>
      <figcaption>
        <h3>{title}</h3>
        <p class="note">{reading}</p>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a scroller is no fieldset */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the keyboard */}
      <div class="scroll plot" role="group" aria-label={`Drawing: ${title}`} tabIndex={0}>
        {drawing}
      </div>
      <details class="data">
        <summary>Data of this figure</summary>
        <Table {...data} />
      </details>
    </figure>
  );
}

export interface DrawingProps {
  readonly id: string;
  readonly title: string;
  readonly desc: string;
  readonly width: number;
  readonly height: number;
  readonly children: ComponentChildren;
}

/** An SVG that names itself and states its finding. */
export function Drawing({ id, title, desc, width, height, children }: DrawingProps): JSX.Element {
  return (
    <svg
      class="drawing"
      role="img"
      aria-labelledby={`${id}-t ${id}-d`}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
    >
      <title id={`${id}-t`}>{title}</title>
      <desc id={`${id}-d`}>{desc}</desc>
      {children}
    </svg>
  );
}

/** The mark of a series as it appears in figures: a stroke of its line and its marker. */
export function Mark({ index }: { index: number }): JSX.Element {
  return (
    <svg
      class={`mark s${lookOf(index)}`}
      width="26"
      height="12"
      viewBox="0 0 26 12"
      aria-hidden="true"
    >
      <path class="line" d="M0 6H26" />
      <path class="dot" d={symbolPath(index, 40)} transform="translate(13 6)" />
    </svg>
  );
}

/** A verdict: shape, word and colour. */
export function VerdictBadge({ word }: { word: VerdictWord | 'none' }): JSX.Element {
  const { word: text, shape } = verdicts[word];
  return (
    <span class={`verdict ${word}`}>
      <span aria-hidden="true">{shape}</span> {text}
    </span>
  );
}

/** Why there is no number: runs over several lines, where numbers stay on one. */
export function Reason({ text }: { text: string | undefined }): JSX.Element {
  return <span class="reason">{typeset(text ?? 'no samples')}</span>;
}

/** A series by its mark and name, kept on one line. */
export function SeriesName({ series }: { series: Series }): JSX.Element {
  return (
    <span class="name">
      <Mark index={series.index} /> {series.label}
    </span>
  );
}

/**
 * Markers, label placement and text width: what all charts share that is not an axis. Widths are
 * estimates (no font is measured on the server), on the generous side.
 */
import {
  symbol,
  symbolCircle,
  symbolDiamond2,
  symbolSquare,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { lookOf } from '../palette.ts';

const symbols = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond2, symbolWye];

/** Path of a series' marker around the origin; `area` in square pixels. */
export function symbolPath(series: number, area: number): string {
  return symbol(symbols[lookOf(series)]!, area).digits(1)() ?? '';
}

/** Estimated width of a text in pixels at a font size. */
export function textWidth(text: string, fontSize = 12): number {
  return [...text].reduce((sum, letter) => sum + letterWidth(letter), 0) * fontSize;
}

/** In em, as wide as bold letters of a wide face. */
function letterWidth(letter: string): number {
  if (letter === '\u202f') return 0.25;
  return /[\d .,:;'|ijlt]/.test(letter) ? 0.6 : 0.7;
}

/** Shortens a label to a width; the full text belongs in a title or table. */
export function fitText(text: string, width: number, fontSize = 12): string {
  if (textWidth(text, fontSize) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (textWidth(`${kept}${letter}…`, fontSize) > width) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * Moves labels apart: returns positions in the order of `wanted`, at least `gap` from each other
 * and inside [low, high] as long as they fit.
 */
export function spread(
  wanted: readonly number[],
  gap: number,
  low: number,
  high: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const placed = wanted.slice();
  let floor = low;
  for (const i of order) {
    placed[i] = Math.max(placed[i]!, floor);
    floor = placed[i]! + gap;
  }
  let ceiling = high;
  for (const i of order.reverse()) {
    placed[i] = Math.min(placed[i]!, ceiling);
    ceiling = placed[i]! - gap;
  }
  return placed;
}

/**
 * Which of some positions can carry a label of the given widths without touching: those in
 * `always` first, then from the left.
 */
export function labelled(
  positions: readonly number[],
  widths: readonly number[],
  always: readonly number[],
): boolean[] {
  const kept: number[] = [];
  const clear = (i: number): boolean =>
    kept.every((j) => Math.abs(positions[i]! - positions[j]!) >= (widths[i]! + widths[j]!) / 2 + 3);
  for (const i of [...always, ...positions.keys()]) if (!kept.includes(i) && clear(i)) kept.push(i);
  return positions.map((_, i) => kept.includes(i));
}

/** Rounds a coordinate to a tenth of a pixel, to keep the document small. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

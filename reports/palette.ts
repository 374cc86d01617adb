/**
 * Colours, dashes and markers. A series keeps its colour, dash and marker in every figure, and is
 * always named beside its line, so colour never carries meaning alone. The five series colours are
 * told apart under simulated protan, deutan and tritan vision, and reach 3:1 against the page in
 * their scheme (tested); text is always in a text colour.
 */

export interface Scheme {
  readonly page: string;
  readonly panel: string;
  readonly text: string;
  readonly muted: string;
  readonly rule: string;
  readonly grid: string;
  readonly link: string;
  readonly holds: string;
  readonly fails: string;
  readonly unsure: string;
  readonly series: readonly string[];
}

export const light: Scheme = {
  page: '#ffffff',
  panel: '#f5f6f8',
  text: '#16191d',
  muted: '#565d66',
  rule: '#d5d9de',
  grid: '#e6e9ec',
  link: '#0b57b7',
  holds: '#0a6b38',
  fails: '#b3261e',
  unsure: '#7a5200',
  series: ['#2d87f0', '#d25a78', '#968700', '#5a0069', '#0f3c00'],
};

export const dark: Scheme = {
  page: '#14171c',
  panel: '#1c2027',
  text: '#e9ecf0',
  muted: '#a3abb6',
  rule: '#3a414b',
  grid: '#2a3038',
  link: '#8ab8ff',
  holds: '#6fd39b',
  fails: '#ff9a91',
  unsure: '#f0c169',
  series: ['#1e69c3', '#c33c69', '#876900', '#d2e1a5', '#0fe1ff'],
};

/** More series than this are drawn in further panels. */
export const SERIES_PER_PANEL = light.series.length;

/** `stroke-dasharray` of a series; the first is solid. */
export const dashes: readonly string[] = ['', '7 3', '2 3', '9 3 2 3', '4 2'];

/** Which of the five looks a series has. */
export function lookOf(series: number): number {
  return series % SERIES_PER_PANEL;
}

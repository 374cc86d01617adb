import { describe, expect, it } from 'vitest';
import { dark, dashes, light, lookOf } from './palette.ts';

type Vector = readonly [number, number, number];

function linear(hex: string): Vector {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** WCAG 2 contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string): number => {
    const [red, green, blue] = linear(hex);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Full dichromacy; Machado, Oliveira and Fernandes 2009, severity 1.0. */
const visions: Readonly<Record<string, readonly [Vector, Vector, Vector]>> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 colour difference of two linear colours (D65). */
function difference(a: Vector, b: Vector): number {
  const lab = ([r, g, bl]: Vector): Vector => {
    const f = (t: number): number =>
      t > 216 / 24389 ? Math.cbrt(t) : (t * 24389) / 27 / 116 + 16 / 116;
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * bl) / 0.9505);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * bl);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * bl) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function seen(colour: Vector, matrix: readonly [Vector, Vector, Vector]): Vector {
  const row = (m: Vector): number =>
    Math.min(1, Math.max(0, m[0] * colour[0] + m[1] * colour[1] + m[2] * colour[2]));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s scheme', (_, scheme) => {
  it('shows every series at 3:1 against the page', () => {
    for (const colour of scheme.series) expect(contrast(colour, scheme.page)).toBeGreaterThan(3);
  });

  it('sets every text at 4.5:1 against page and panel', () => {
    for (const ground of [scheme.page, scheme.panel]) {
      for (const name of ['text', 'muted', 'link', 'holds', 'fails', 'unsure'] as const) {
        expect(contrast(scheme[name], ground)).toBeGreaterThan(4.5);
      }
    }
  });

  it.each(Object.entries(visions))('keeps series apart under %s vision', (_name, matrix) => {
    const colours = scheme.series.map((colour) => seen(linear(colour), matrix));
    for (const [i, a] of colours.entries()) {
      for (const b of colours.slice(i + 1)) expect(difference(a, b)).toBeGreaterThan(30);
    }
  });
});

it('gives every look a dash of its own', () => {
  expect(new Set(dashes).size).toBe(light.series.length);
  expect(dark.series.length).toBe(light.series.length);
  expect(lookOf(light.series.length)).toBe(0);
});

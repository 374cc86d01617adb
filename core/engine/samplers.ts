/**
 * Variates. Exponential and normal by the ziggurat of Marsaglia and Tsang (Journal of Statistical
 * Software 5(8), 2000) with 256 layers: fast, but they draw a varying number of uniforms, so they
 * belong on streams of their own. Whatever must stay aligned between variants is drawn by
 * inversion: one uniform, one variate.
 */
import type { Streams } from './stream.ts';

const LAYERS = 256;
const EXPONENTIAL_R = 7.69711747013105;
const EXPONENTIAL_V = 0.003949659822581557;
const NORMAL_R = 3.654152885361009;
const NORMAL_V = 0.00492867323399;

interface Layers {
  /** Right edges, decreasing; edge 0 is the width of the base layer with its tail. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function layers(
  r: number,
  v: number,
  density: (x: number) => number,
  inverse: (y: number) => number,
): Layers {
  const x = new Float64Array(LAYERS + 1);
  const y = new Float64Array(LAYERS + 1);
  x[0] = v / density(r);
  x[1] = r;
  for (let i = 1; i < LAYERS - 1; i++) x[i + 1] = inverse(density(x[i]!) + v / x[i]!);
  x[LAYERS] = 0;
  for (let i = 0; i <= LAYERS; i++) y[i] = density(x[i]!);
  return { x, y };
}

const exponentialLayers = layers(
  EXPONENTIAL_R,
  EXPONENTIAL_V,
  (x) => Math.exp(-x),
  (y) => -Math.log(y),
);
const normalLayers = layers(
  NORMAL_R,
  NORMAL_V,
  (x) => Math.exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * Math.log(y)),
);

/** Exponential variate of mean 1. */
export function exponential(streams: Streams, stream: number): number {
  const { x } = exponentialLayers;
  const bits = (streams.uniform(stream) * 2 ** 32) >>> 0;
  const layer = bits & (LAYERS - 1);
  const value = ((bits >>> 8) / 2 ** 24) * x[layer]!;
  // `+`: without it V8 does not know that both are numbers, and boxes `value` for every draw.
  return value < x[layer + 1]! ? value : +exponentialBeyond(streams, stream, layer, value);
}

/** The rare rest of `exponential`, apart so that the rest is small enough to be inlined. */
function exponentialBeyond(streams: Streams, stream: number, layer: number, value: number): number {
  // Memoryless: beyond the last edge the density is itself again.
  if (layer === 0) return EXPONENTIAL_R - Math.log(1 - streams.uniform(stream));
  const { y } = exponentialLayers;
  const height = y[layer]! + streams.uniform(stream) * (y[layer + 1]! - y[layer]!);
  return height < Math.exp(-value) ? value : exponential(streams, stream);
}

/** Standard normal variate. */
export function normal(streams: Streams, stream: number): number {
  const { x, y } = normalLayers;
  for (;;) {
    const bits = (streams.uniform(stream) * 2 ** 32) >>> 0;
    const layer = bits & (LAYERS - 1);
    const sign = ((bits >>> 8) & 1) === 0 ? 1 : -1;
    const value = ((bits >>> 9) / 2 ** 23) * x[layer]!;
    if (value < x[layer + 1]!) return sign * value;
    if (layer === 0) {
      // Marsaglia's tail (1964).
      let beyond: number;
      let depth: number;
      do {
        beyond = -Math.log(1 - streams.uniform(stream)) / NORMAL_R;
        depth = -Math.log(1 - streams.uniform(stream));
      } while (2 * depth <= beyond * beyond);
      return sign * (NORMAL_R + beyond);
    }
    const height = y[layer]! + streams.uniform(stream) * (y[layer + 1]! - y[layer]!);
    if (height < Math.exp(-0.5 * value * value)) return sign * value;
  }
}

/** z with P(Z <= z) = 0.99. */
const Z99 = 2.3263478740408408;

/** Lognormal with the given median and 99th percentile, by inversion of `u` in [0, 1). */
export function lognormalAt(u: number, median: number, p99: number): number {
  const sigma = Math.log(p99 / median) / Z99;
  return median * Math.exp(sigma * normalQuantile(Math.min(Math.max(u, 2 ** -33), 1 - 2 ** -33)));
}

/**
 * Quantile of the standard normal, 0 < p < 1. Rational approximations of Wichura, algorithm AS 241
 * (PPND16), Applied Statistics 37 (1988): relative error about 1e-16.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const tail = r <= 5 ? ratio(NEAR, r - 1.6) : ratio(FAR, r - 5);
  return q < 0 ? -tail : tail;
}

type Ratio = readonly [numerator: readonly number[], denominator: readonly number[]];

function ratio([numerator, denominator]: Ratio, x: number): number {
  return polynomial(numerator, x) / polynomial(denominator, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

const CENTRE: Ratio = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852854,
  ],
];
const NEAR: Ratio = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const FAR: Ratio = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];

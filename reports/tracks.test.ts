import { describe, expect, it } from 'vitest';
import { sampleResults } from './testing/sample-results.ts';
import { mergeFor, tracksOf, valuesOf } from './tracks.ts';

const point = {
  ...sampleResults().points[0]!,
  replications: 2,
  series: {
    binSeconds: 5,
    columns: {
      podChanges: [20, 0, 10],
      requests: [100, 0, 300],
      failedRequests: [1, 0, 9],
      programmingNs: [4e9, 0, 2e9],
      programmedWrites: [2, 0, 2],
      somethingNew: [10, 10, 10],
    },
  },
};
const tracks = tracksOf(Object.keys(point.series.columns));
const track = (id: string): (typeof tracks)[number] => tracks.find((t) => t.id === id)!;

describe('tracks', () => {
  it('use columns as denominators instead of drawing them, and keep unknown ones', () => {
    expect(tracks.map((t) => t.id)).toEqual([
      'programming',
      'failed',
      'podChanges',
      'somethingNew',
    ]);
  });

  it('are rates per second of one replication', () => {
    expect(valuesOf(point, track('podChanges'), 1)).toEqual([2, 0, 1]);
  });

  it('are quotients weighted by what happened, with holes where nothing did', () => {
    expect(valuesOf(point, track('failed'), 1)).toEqual([0.01, null, 0.03]);
    expect(valuesOf(point, track('programming'), 1)).toEqual([2, null, 1]);
  });

  it('merge bins exactly, a short last one included', () => {
    expect(valuesOf(point, track('podChanges'), 2)).toEqual([1, 1]);
    expect(valuesOf(point, track('failed'), 3)).toEqual([10 / 400]);
  });

  it('fall back to a rate when the denominator is missing', () => {
    expect(tracksOf(['failedRequests']).map((t) => t.over)).toEqual([undefined]);
  });
});

it('bins are merged until few enough remain', () => {
  expect([mergeFor(600, 60), mergeFor(601, 60), mergeFor(10, 60), mergeFor(0, 60)]).toEqual([
    10, 11, 1, 1,
  ]);
});

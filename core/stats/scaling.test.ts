import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepsAlong } from './judged-point.ts';
import { judgedAt } from './judged-point-fixture.ts';
import { logLogSlope, scalingOf } from './scaling.ts';

const sweepOf = (seconds: (nodes: number) => number, sizes = [100, 200, 400, 800]) =>
  sweepsAlong(
    sizes.map((nodes) => judgedAt('iptables', nodes, seconds(nodes))),
    'cluster.nodes',
  )[0]!;

describe('scaling', () => {
  it('finds the exponent of a power law', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (exponent) => {
        const sizes = [1, 3, 10, 50];
        const values = sizes.map((size) => 7 * size ** exponent);
        expect(logLogSlope(sizes, values)).toBeCloseTo(exponent, 9);
      }),
    );
  });

  it('is read from p99 of a distribution, with an interval from the replications', () => {
    const [found] = scalingOf(
      sweepOf((nodes) => 0.001 * nodes ** 1.5),
      ['networkProgramming'],
    );
    expect(found).toMatchObject({ variant: 'iptables', statistic: 'p99', along: 'cluster.nodes' });
    expect(found!.exponent.value).toBeCloseTo(1.5, 2);
    expect(found!.exponent.low).toBeLessThanOrEqual(found!.exponent.value);
    expect(found!.exponent.high).toBeGreaterThanOrEqual(found!.exponent.value);
  });

  it('leaves out metrics without values, and sweeps of two sizes', () => {
    expect(
      scalingOf(
        sweepOf(() => 1),
        ['kernelRules'],
      ),
    ).toEqual([]);
    expect(
      scalingOf(
        sweepOf(() => 1, [100, 200]),
        ['networkProgramming'],
      ),
    ).toEqual([]);
  });
});

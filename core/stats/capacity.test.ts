import { describe, expect, it } from 'vitest';
import { capacityOf } from './capacity.ts';
import { PROGRAMMING_SLO } from './cell-fixture.ts';
import { sizePath, sweepsAlong } from './judged-point.ts';
import { cellsAround, judgedAt, judgedFrom } from './judged-point-fixture.ts';

/** A sweep over 100, 200, ... nodes with these latencies; the limit is 5 s. */
function sweep(...seconds: number[]) {
  const points = seconds.map((one, i) => judgedAt('ipvs', 100 * (i + 1), one));
  return sweepsAlong(points, 'cluster.nodes')[0]!;
}

const find = (...seconds: number[]) => capacityOf(sweep(...seconds), 300)!;

describe('capacity', () => {
  it('lies between the last size that holds and the first that fails', () => {
    const { capacity, warnings } = find(1, 2, 7, 9);
    expect(capacity).toMatchObject({ holdsUpTo: 200, failsFrom: 300, low: 200, high: 300 });
    expect(capacity).toMatchObject({ verdict: 'fails', limitedBy: 'networkProgramming' });
    expect(warnings).toEqual([]);
  });

  it('has no upper end when everything that was simulated holds', () => {
    const { capacity } = find(1, 2, 3);
    expect(capacity).toMatchObject({ holdsUpTo: 300, failsFrom: null, verdict: 'holds' });
    expect(capacity.limitedBy).toBeNull();
  });

  it('has no lower end when the smallest size fails', () => {
    expect(find(6, 7).capacity).toMatchObject({ holdsUpTo: null, failsFrom: 100 });
  });

  it('widens over sizes that are inconclusive', () => {
    const { capacity } = find(1, 5, 5, 9);
    expect(capacity).toMatchObject({ holdsUpTo: 100, failsFrom: 400, verdict: 'inconclusive' });
  });

  it('names what is undecided when nothing fails', () => {
    expect(find(1, 5).capacity.limitedBy).toBe('networkProgramming');
  });

  it('stops at the first size that fails, and warns when a larger one holds', () => {
    const { capacity, warnings } = find(1, 7, 1);
    expect(capacity).toMatchObject({ holdsUpTo: 100, failsFrom: 200, verdict: 'fails' });
    expect(warnings.map((warning) => warning.code)).toEqual(['W605']);
    expect(warnings[0]!.text).toContain('fails at 200 nodes and holds at 300 nodes');
  });

  it('does not exist without a gated SLO', () => {
    const slos = [{ ...PROGRAMMING_SLO, gate: 'warn' as const }];
    const points = [judgedFrom('ipvs', 100, cellsAround(1), { slos })];
    expect(capacityOf(sweepsAlong(points, 'cluster.nodes')[0]!, null)).toBeNull();
  });

  it('is judged at the largest size when there is no gate', () => {
    expect(capacityOf(sweep(1, 2, 7), null)!.capacity.verdict).toBe('fails');
  });
});

describe('sizes', () => {
  it('are ordered, and grouped by variant and by the other swept paths', () => {
    const points = [300, 100, 200].map((nodes) => judgedAt('ipvs', nodes, 1));
    const sweeps = sweepsAlong([...points, judgedAt('ebpf', 100, 1)], 'cluster.nodes');
    expect(sweeps.map(({ variant, steps }) => [variant, steps.map((one) => one.size)])).toEqual([
      ['ipvs', [100, 200, 300]],
      ['ebpf', [100]],
    ]);
  });

  it('are values of the target, else of cluster.nodes, else of the first swept path', () => {
    const at = (one: Record<string, number>) => ({ ...judgedAt('ipvs', 1, 1).point, at: one });
    const both = [at({ 'a.b': 1, 'cluster.nodes': 5 }), at({ 'a.b': 2, 'cluster.nodes': 6 })];
    const target = { path: 'a.b', value: 2, headroom: 1, gateAt: 2 };
    expect(sizePath({ target, points: both })).toBe('a.b');
    expect(sizePath({ target: null, points: both })).toBe('cluster.nodes');
    expect(sizePath({ target: null, points: [at({ x: 1 }), at({ x: 2 })] })).toBe('x');
    expect(sizePath({ target: null, points: [at({})] })).toBeNull();
  });
});

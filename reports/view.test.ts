import { describe, expect, it } from 'vitest';
import { sampleResults } from './testing/sample-results.ts';
import { emptyResults, quietResults, unsweptResults } from './testing/sample-variations.ts';
import { capacityOf, failingFirst, gatePoints, isOpen, panels, readingAt, viewOf } from './view.ts';

describe('the view of a sweep', () => {
  it('runs along the path of the target, variants in declared order', () => {
    const view = viewOf(sampleResults());
    expect(view.axis).toBe('cluster.nodes');
    expect(view.sizes).toEqual([100, 500, 1000, 3900, 5000]);
    expect(view.series.map((s) => s.label)).toEqual(['iptables-today', 'ipvs', 'nftables', 'ebpf']);
    expect(view.gateSize).toBe(3900);
  });

  it('does not depend on the order of the points', () => {
    const results = sampleResults();
    expect(
      viewOf({ ...results, points: [...results.points].reverse() }).series.map((s) => s.label),
    ).toEqual(viewOf(results).series.map((s) => s.label));
  });

  it('lists gating SLOs before those that warn', () => {
    expect(viewOf(sampleResults()).slis.map((s) => s.gate)).toEqual(['gate', 'gate', 'warn']);
  });

  it('puts the SLOs that fail at the gate before those that hold', () => {
    const results = sampleResults();
    const names = viewOf(results).slis.map((sli) => sli.name);
    const onlySecondFails = {
      ...results,
      points: results.points.map((point) => ({
        ...point,
        slos: point.slos.map((slo) => ({
          ...slo,
          verdict: slo.name === names[1] ? ('fails' as const) : ('holds' as const),
        })),
      })),
    };
    expect(failingFirst(viewOf(onlySecondFails)).map((sli) => sli.name)).toEqual([
      names[1],
      names[0],
      names[2],
    ]);
  });

  it('makes a series of every further swept value, with its own capacity', () => {
    const results = sampleResults();
    const both = [1, 10].flatMap((period) => ({
      points: results.points.map((p) => ({
        ...p,
        at: { ...p.at, 'proxy.minSyncPeriod': `${period}s` },
      })),
      capacity: results.capacity.map((c) => ({
        ...c,
        at: { 'proxy.minSyncPeriod': `${period}s` },
        holdsUpTo: period,
      })),
    }));
    const view = viewOf({
      ...results,
      points: both.flatMap((b) => b.points),
      capacity: both.flatMap((b) => b.capacity),
    });
    expect(view.series).toHaveLength(8);
    expect(view.series[1]!.label).toBe('iptables-today · proxy.minSyncPeriod=10s');
    expect(view.series.slice(0, 2).map((s) => capacityOf(view, s)?.holdsUpTo)).toEqual([1, 10]);
  });

  it('calls a variant open only when its largest size holds', () => {
    const view = viewOf(sampleResults());
    const open = view.series.map((s) => isOpen(s, capacityOf(view, s)!));
    expect(open).toEqual([false, false, true, true]);
  });
});

describe('the view of less', () => {
  it('has the simulated size as its only size when nothing was swept', () => {
    const view = viewOf(unsweptResults());
    expect(view.axis).toBeNull();
    expect(view.sizes).toEqual([1000]);
    expect(gatePoints(view)).toHaveLength(2);
  });

  it('has no reading where an SLO had no samples', () => {
    const view = viewOf(quietResults());
    expect(readingAt(view.series[0]!.points[0]!.point, view.slis[0]!)).toBeUndefined();
  });

  it('is empty for a document without points', () => {
    const view = viewOf(emptyResults());
    expect([view.series, view.sizes, view.gateSize]).toEqual([[], [], null]);
  });

  it('reads network programming when no SLO is set', () => {
    const results = sampleResults();
    const view = viewOf({ ...results, points: results.points.map((p) => ({ ...p, slos: [] })) });
    expect(view.slis.map((s) => [s.metric, s.limit])).toEqual([['networkProgramming', undefined]]);
  });
});

it('panels cut a list without losing anything', () => {
  expect(panels([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});

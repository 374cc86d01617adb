import { describe, expect, it } from 'vitest';
import type { Metric, Point, Results, SloResult } from '../core/results.ts';
import { singleVariantResults } from '../reports/testing/sample-variations.ts';
import { nextStep } from './next-step.ts';
import { shown } from './terminal.ts';

/** One variant at one size, its first SLO and the metric of that as given. */
function nextAfter(
  word: 'holds' | 'fails' | 'inconclusive',
  slo: object,
  metric: object = {},
): string {
  const results = singleVariantResults();
  const [point] = results.points;
  const first = point!.slos[0]!;
  const judged = { ...first, verdict: word, ...slo } as SloResult;
  const measured = { ...point!.metrics[first.metric], ...metric } as Metric;
  const changed: Point = {
    ...point!,
    slos: [judged],
    metrics: { ...point!.metrics, [first.metric]: measured },
    stages: {
      [first.metric]: {
        mean: { kubelet: 1, kernel: 0.5 },
        p99: { proxyWait: 7.6, kernel: 1.6 },
        tail: {},
      },
    },
  };
  const verdict = { ...results.verdict, word };
  const one: Results = { ...results, verdict, points: [changed] };
  return shown(
    nextStep(one, () => true, undefined),
    false,
  );
}

const withoutValue = { value: undefined, low: undefined, high: undefined };

describe('the next step', () => {
  it('after a failure is the stage that takes most of the time', () => {
    const step = nextAfter('fails', { quantile: 0.99 });
    expect(step).toMatch(/^nftables, proxy waits to sync: 7\.6 s of 9\.2 s \(p99 of network/);
    expect(step).toContain('knetsim why');
    expect(nextAfter('fails', { quantile: undefined })).toMatch(
      /kubelet reports the pod: 1 s of 1\.5 s/,
    );
  });

  it('for too few samples is a longer run, and how much longer', () => {
    const step = nextAfter(
      'inconclusive',
      { ...withoutValue, quantile: 0.99, reason: 'p99 needs at least 100 independent causes' },
      { effectiveSamples: 30 },
    );
    expect(step).toContain('too few slice writes, 30 of the 100 needed');
    expect(step).toContain('run longer (about 4 times) or add replications');
  });

  it('is more replications only where the interval straddles the limit', () => {
    const straddles = { value: 1, low: 0.9, high: 1.1, limit: 1, reason: 'straddles' };
    expect(nextAfter('inconclusive', straddles)).toMatch(/^more replications narrow/);
    const untested = nextAfter('inconclusive', {
      ...straddles,
      limit: 2,
      reason: 'nothing at risk',
    });
    expect(untested).toContain('nothing at risk; more replications would not tell');
    const silent = nextAfter('inconclusive', { ...withoutValue, reason: 'no change happened' });
    expect(silent).toMatch(/^programming: no change happened; give the scenario/);
    expect(silent).not.toContain('replications');
  });
});

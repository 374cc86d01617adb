import { describe, expect, it } from 'vitest';
import type { Results } from '../core/results.ts';
import { decisive } from './room.ts';
import {
  beliefOf,
  costTakeaway,
  exposureTakeaway,
  marginTakeaway,
  pointText,
  provenanceTakeaway,
  stageTakeaway,
  tailTakeaway,
  timelineTakeaway,
  variantSentence,
  verdictOf,
} from './takeaways.ts';
import { sampleResults } from './testing/sample-results.ts';
import { emptyResults, quietResults } from './testing/sample-variations.ts';
import { gatePoint, viewOf } from './view.ts';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');
const view = viewOf(sampleResults());
const quiet = viewOf(quietResults());

function changed(change: (results: Results) => void): ReturnType<typeof viewOf> {
  const results = sampleResults();
  change(results);
  return viewOf(results);
}

describe('the sentence of a variant', () => {
  it('names the SLO that fails, its interval, and the bracket', () => {
    expect(plain(variantSentence(view, view.series[0]!))).toBe(
      'iptables-today does not hold at 3 900 nodes: p99 of network programming latency 10.8 s ' +
        '(95% interval 9.46 to 12 s) against a limit of 5 s. ' +
        'The largest size that holds is 1 000 nodes; it fails from 3 900 nodes.',
    );
  });

  it('says that larger sizes are undecided when none fails', () => {
    expect(plain(variantSentence(view, view.series[1]!))).toMatch(
      /^ipvs is inconclusive .*largest size that holds is 1 000 nodes; beyond it is inconclusive\.$/,
    );
  });

  it('holds only if the constants are right, as long as they have no part in the interval', () => {
    expect(variantSentence(view, view.series[2]!)).toContain('if the constants are right');
    const propagated = changed((results) => {
      for (const point of results.points)
        for (const slo of point.slos) slo.basis = ['noise', 'constants'];
    });
    expect(variantSentence(propagated, propagated.series[2]!)).not.toContain('if the constants');
  });

  it('gives the reason when there is no value', () => {
    expect(variantSentence(quiet, quiet.series[0]!)).toContain(
      'no value for p99 of network programming latency, no change happened in the measured window',
    );
  });

  it('says why a reading within the limit is undecided', () => {
    const untested = changed((results) => {
      for (const slo of results.points.flatMap((p) => p.slos)) {
        if (slo.name === 'misdelivery') {
          Object.assign(slo, { verdict: 'inconclusive', value: 0, low: 0, high: 9.5e-6 });
          slo.reason = 'none of the 1,200 requests met a reused address';
        }
      }
    });
    expect(plain(variantSentence(untested, untested.series[3]!))).toContain(
      'requests delivered to the wrong pod, none seen, at most 9.5 per million against a limit ' +
        'of 10 per million, but none of the 1 200 requests met a reused address. ',
    );
  });

  it('shows no interval for one replication', () => {
    const single = changed((results) => {
      for (const point of results.points) {
        for (const metric of Object.values(point.metrics)) {
          if (metric.p99 !== undefined) metric.p99.confidence = 0;
        }
      }
    });
    expect(variantSentence(single, single.series[0]!)).not.toContain('interval');
  });

  it('says so when a variant lacks the size where gates are judged', () => {
    const short = changed((results) => {
      results.points = results.points.filter(
        (p) => p.variant !== 'ebpf' || p.workload.nodes < 3900,
      );
    });
    expect(plain(variantSentence(short, short.series[3]!))).toBe(
      'ebpf was not simulated at 3 900 nodes.',
    );
  });
});

describe('verdict words', () => {
  it('come from gated SLOs only, the worst first', () => {
    expect(view.series.map((s) => verdictOf(gatePoint(view, s)))).toEqual([
      'fails',
      'inconclusive',
      'holds',
      'holds',
    ]);
    const warned = changed((results) => {
      for (const slo of results.points.flatMap((p) => p.slos)) slo.gate = 'warn';
    });
    expect(verdictOf(gatePoint(warned, warned.series[0]!))).toBe('none');
  });

  it('rest on the failing SLO before the tightest', () => {
    const slos = gatePoint(view, view.series[0]!)!.slos;
    expect(decisive([...slos].reverse()).name).toBe('programming');
  });
});

describe('figure titles', () => {
  it('name the least room and count what fails', () => {
    expect(plain(marginTakeaway(view))).toBe(
      'At 3 900 nodes the least room to a limit that gates is 0.415×, iptables-today on programming; ' +
        'of 12 SLO readings 1 fails and 1 is inconclusive',
    );
    expect(plain(marginTakeaway(quiet))).toBe(
      'At 3 900 nodes no room can be stated; of 12 SLO readings 12 are inconclusive',
    );
  });

  it('name the largest stage of each variant', () => {
    expect(stageTakeaway(view, 'networkProgramming')).toMatch(
      /^Network programming latency: beyond p99 the largest stage is “kernel takes the rules” in iptables-today \(\d+%\) and ipvs/,
    );
    expect(stageTakeaway(quiet, 'networkProgramming')).toContain('no samples');
  });

  it('compare the dearest with the cheapest', () => {
    expect(plain(costTakeaway(view, 'node.proxyCpu'))).toMatch(
      /^Proxy CPU on one node at 3 900 nodes reaches 603 millicores with iptables-today, .*× that of ebpf$/,
    );
    expect(plain(costTakeaway(view, 'apiserver.watchEvents'))).toMatch(/: 60 800 per s$/);
    const alike = changed((results) => {
      for (const [i, { metrics }] of results.points.entries()) {
        const value = metrics['node.proxyCpu']?.value;
        if (value !== undefined) Object.assign(value, { value: 0.6 + i * 1e-7 });
      }
    });
    expect(costTakeaway(alike, 'node.proxyCpu')).toContain(' reaches ');
    expect(costTakeaway(alike, 'node.proxyCpu')).not.toContain('×');
  });

  it('give the value of one in a thousand', () => {
    expect(tailTakeaway(view, 'networkProgramming')).toContain('one sample in a thousand is above');
    expect(tailTakeaway(quiet, 'networkProgramming')).toContain('Too few samples');
  });

  it('say when a track is highest, and with whom', () => {
    const tracks = [
      { label: 'a', binSeconds: 10, values: [1, null, 2] },
      { label: 'b', binSeconds: 10, values: [1, 7, 2] },
    ];
    expect(plain(timelineTakeaway(tracks, String))).toBe(
      'highest at 7, 10 s into the window, with b',
    );
    expect(timelineTakeaway([{ ...tracks[0]!, values: [0, null] }], String)).toBe(
      'zero throughout',
    );
    expect(timelineTakeaway([], String)).toBe('not recorded');
  });

  it('do not call a rate low when nothing was at risk', () => {
    const untested = changed((results) => {
      for (const { metrics } of results.points) {
        const metric = metrics['misdelivered']!;
        metric.value!.value = 0;
        metric.exposure = { ...metric.exposure!, hits: 0, hitWindows: 0, windows: 0 };
      }
    });
    expect(plain(exposureTakeaway(untested, ['misdelivered']))).toBe(
      'At 3 900 nodes nothing was at risk: no request met a change, so nothing is known',
    );
  });

  it('turn to the bound when nothing was seen', () => {
    const clean = changed((results) => {
      for (const { metrics } of results.points) {
        for (const id of ['misdelivered', 'deadEndpoint']) metrics[id]!.value!.value = 0;
      }
    });
    expect(exposureTakeaway(clean, ['misdelivered', 'deadEndpoint'])).toMatch(
      /nothing was seen.*at most/,
    );
    expect(exposureTakeaway(view, ['misdelivered', 'deadEndpoint'])).toMatch(
      /highest exposure is 0\.7.per million: requests sent to a pod that is gone, with iptables-today/,
    );
    expect(exposureTakeaway(quiet, ['misdelivered'])).toContain('No exposure was recorded');
  });
});

describe('how much to believe it', () => {
  it('counts what is assumed and overridden', () => {
    expect(provenanceTakeaway(view)).toBe(
      'Of 8 constants, 2 are assumed and 1 is overridden by the scenario',
    );
    expect(provenanceTakeaway(viewOf(emptyResults()))).toContain('No constants');
  });

  it('is more than defaults once a constant was overridden', () => {
    expect(beliefOf(view).word).toBe('adjusted defaults');
    const plainDefaults = changed((results) => {
      for (const constant of results.provenance) constant.overridden = false;
    });
    expect(beliefOf(plainDefaults).word).toBe('defaults');
  });
});

it('a point reads as variant, size, value, interval, replications and verdict', () => {
  const series = view.series[2]!;
  const { size, point } = series.points[3]!;
  expect(plain(pointText(view, series, size, point, view.slis[0]!))).toBe(
    'nftables, 3 900 nodes: 1.26 s, interval 1.2 to 1.32 s, 5 replications, holds',
  );
});

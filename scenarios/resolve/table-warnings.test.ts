import { describe, expect, it } from 'vitest';
import { experimentOf } from '../testing/load-text.ts';

/** Texts of W507 of a run, warm-up of `warmup` included. */
function found(spec: object): string[] {
  const workload = { services: [{ name: 'app', count: 5, endpoints: { constant: 2 } }] };
  const { warnings } = experimentOf(
    `spec: ${JSON.stringify({ cluster: { nodes: 5 }, workload, ...spec })}\n`,
  );
  return warnings.flatMap(({ code, text }) => (code === 'W507' ? [text] : []));
}

const traffic = (more: object = {}) => [
  { name: 'calls', to: '*', rate: { perNode: '1/s' }, ...more },
];
const run = (duration: string) => ({ duration, warmup: '30s' });
const ofTwoMinutes =
  'connections are in the tables for 2m, and the run ends after 1m30s: conntrackEntries and conntrackLargest show too little';

describe('tables that are still filling when a run ends', () => {
  it('are warned of until closed connections leave them, 120 s', () => {
    expect(found({ traffic: traffic(), run: run('60s') })).toEqual([`default: ${ofTwoMinutes}`]);
    expect(found({ traffic: traffic(), run: run('89s') })).toHaveLength(1);
    expect(found({ traffic: traffic(), run: run('90s') })).toEqual([]);
  });

  it('take the length of connections on top', () => {
    const long = traffic({ connections: { lifetime: '5m' } });
    expect(found({ traffic: long, run: run('6m29s') })).toHaveLength(1);
    expect(found({ traffic: long, run: run('6m30s') })).toEqual([]);
  });

  it('are not those of agents that do not use them, nor of a run without traffic', () => {
    expect(found({ traffic: traffic(), run: run('60s'), proxy: { mode: 'ebpf' } })).toEqual([]);
    expect(found({ run: run('60s') })).toEqual([]);
    const variants = [{ name: 'now' }, { name: 'cilium', set: { proxy: { mode: 'ebpf' } } }];
    const warned = found({ traffic: traffic(), run: run('60s'), variants });
    expect(warned).toEqual([`now: ${ofTwoMinutes}`]);
  });
});

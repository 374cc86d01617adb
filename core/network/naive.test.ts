/**
 * Differential test: the product and the reference simulation, written independently from one page,
 * must agree to the nanosecond on every slice write and on every (write, node).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxyModel } from '../models/proxy/registry.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import type { Trace, TracedSample, TracedWrite } from '../trace.ts';
import { naiveSimulate } from './testing/naive-simulation.ts';
import { randomPlan } from './testing/random-plan.ts';

interface Comparable {
  /** By commit. */
  readonly writes: TracedWrite[];
  /** `write` replaced by its commit, which no two writes share. By (write, node). */
  readonly samples: (Omit<TracedSample, 'write'> & { readonly commitNs: number })[];
}

/**
 * The writes whose trigger lies in the measured window, as far as they were programmed before the
 * end of the drain time: the product stops when those are done, the reference never before the end.
 */
function comparable(plan: Plan, trace: Trace): Comparable {
  const windowEndNs = plan.warmUpNs + plan.horizonNs;
  const endNs = windowEndNs + plan.drainNs;
  const measured = (write: TracedWrite) =>
    write.triggerNs >= plan.warmUpNs && write.triggerNs < windowEndNs && write.commitNs < endNs;
  const samples = trace.samples
    .filter((sample) => measured(trace.writes[sample.write]!) && sample.visibleNs < endNs)
    .map(({ write, ...sample }) => ({ ...sample, commitNs: trace.writes[write]!.commitNs }))
    .sort((a, b) => a.commitNs - b.commitNs || a.node - b.node);
  const writes = trace.writes.filter(measured).sort((a, b) => a.commitNs - b.commitNs);
  return { writes, samples };
}

function both(plan: Plan, replication: number): { fast: Comparable; naive: Comparable } {
  const trace: Trace = { writes: [], samples: [] };
  simulate(plan, replication, undefined, trace);
  return {
    fast: comparable(plan, trace),
    naive: comparable(plan, naiveSimulate(plan, replication, proxyModel(plan.proxy.model))),
  };
}

describe('the simulator', () => {
  it('agrees with the reference on every (write, node), to the nanosecond', () => {
    let samples = 0;
    let visibleLate = 0;
    fc.assert(
      fc.property(randomPlan, fc.integer({ min: 0, max: 3 }), (plan, replication) => {
        const { fast, naive } = both(plan, replication);
        const different = naive.writes.findIndex(
          (write, i) => JSON.stringify(write) !== JSON.stringify(fast.writes[i]),
        );
        if (different >= 0) expect(fast.writes[different]).toEqual(naive.writes[different]);
        expect(fast.writes.length).toBe(naive.writes.length);
        for (let i = 0; i < naive.samples.length; i++) {
          const wanted = naive.samples[i]!;
          const got = fast.samples[i];
          if (
            got?.commitNs !== wanted.commitNs ||
            got.node !== wanted.node ||
            got.receivedNs !== wanted.receivedNs ||
            got.syncStartNs !== wanted.syncStartNs ||
            got.kernelStartNs !== wanted.kernelStartNs ||
            got.visibleNs !== wanted.visibleNs
          ) {
            expect(got).toEqual(wanted);
          }
          if (wanted.syncStartNs > wanted.receivedNs) visibleLate++;
        }
        expect(fast.samples.length).toBe(naive.samples.length);
        samples += naive.samples.length;
      }),
      { seed: 20_014, numRuns: 80 },
    );
    // The comparison was about something.
    expect(samples).toBeGreaterThan(20_000);
    expect(visibleLate).toBeGreaterThan(samples / 4);
  });
});

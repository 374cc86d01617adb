import { describe, expect, it } from 'vitest';
import { trafficToAll } from '../core/plain-plans.ts';
import type { Plan } from '../core/plan.ts';
import { clusterOf, testPlan } from '../core/testing/plans.ts';
import { chooseExecution, cutOf } from './execution.ts';

/** Twelve zones, 5 ms apart, with so much traffic that a window carries hundreds of packets. */
function farApart(horizonNs = 300e9): Plan {
  const { topology } = clusterOf(120);
  return testPlan({
    horizonNs,
    cluster: clusterOf(120, { topology: { ...topology, zones: 12, regionLatencyNs: 5e6 } }),
    traffic: [trafficToAll(20_000)],
  });
}

const cells = (plan: Plan, count: number) =>
  Array.from({ length: count }, () => ({ plan, cost: 10 }));

describe('how cells are computed', () => {
  it('side by side when there is a cell for every worker', () => {
    const execution = chooseExecution(cells(farApart(), 4), 2, 'auto');
    expect(execution).toMatchObject({ lanes: 2, partitions: 1 });
    expect(execution.reason).toContain('cells side by side need no barrier');
  });

  it('divided when one run is alone and its links are long', () => {
    const execution = chooseExecution(cells(farApart(), 1), 2, 'auto');
    expect(execution).toMatchObject({ lanes: 1, partitions: 2 });
    expect(execution.reason).toMatch(/expected 1\.\d times as fast/);
    expect(cutOf(farApart(), 2, 'auto').lookaheadNs).toBe(5e6);
  });

  it('divided when one run outweighs all others', () => {
    const others = cells(farApart(), 3).map((cell) => ({ ...cell, cost: 0.1 }));
    const execution = chooseExecution([...cells(farApart(), 1), ...others], 2, 'auto');
    expect(execution).toMatchObject({ lanes: 1, partitions: 2 });
  });

  it('whole when windows would carry too little: short links, little traffic', () => {
    const execution = chooseExecution(cells(testPlan(), 1), 2, 'auto');
    expect(execution).toMatchObject({ lanes: 1, partitions: 1 });
    expect(execution.reason).toContain('too little');
    expect(cutOf(testPlan(), 2, 'auto').partitions).toBe(1);
  });

  it('whole when it is over before threads have started', () => {
    const execution = chooseExecution(cells(farApart(5e9), 1), 2, 'auto');
    expect(execution).toMatchObject({ lanes: 1, partitions: 1 });
  });

  it('divided as told, in as many lanes as there are workers for, and one at least', () => {
    expect(chooseExecution(cells(testPlan(), 9), 8, 3)).toMatchObject({ lanes: 2, partitions: 3 });
    expect(chooseExecution(cells(testPlan(), 9), 2, 3)).toMatchObject({ lanes: 1, partitions: 3 });
    expect(chooseExecution(cells(testPlan(), 1), 8, 2)).toMatchObject({ lanes: 1, partitions: 2 });
    expect(cutOf(testPlan(), 2, 2).partitions).toBe(2);
  });

  it('whole, whatever was told, when no link takes any time', () => {
    const { topology } = clusterOf(12);
    const atOnce = { ...topology, rackLatencyNs: 0, zoneLatencyNs: 0, regionLatencyNs: 0 };
    const plan = testPlan({ cluster: clusterOf(12, { topology: atOnce }) });
    expect(cutOf(plan, 2, 2).partitions).toBe(1);
    expect(chooseExecution(cells(plan, 4), 2, 2)).toMatchObject({
      lanes: 2,
      partitions: 1,
      reason: '2 cells at a time, each on one thread: there is no link to cut',
    });
  });

  it('into no more partitions than there are zones and a control plane', () => {
    expect(cutOf(testPlan(), 8, 8).partitions).toBe(3);
    expect(chooseExecution(cells(testPlan(), 9), 64, 64)).toMatchObject({
      lanes: 9,
      partitions: 3,
    });
  });
});

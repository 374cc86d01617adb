/** What is read off a run at its end: windows of exposure, and what had not ended. */

import { describe, expect, it } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { plainPorts, trafficToAll } from '../plain-plans.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import { sampleCount, wideToBigInt } from '../testing/readings.ts';
import { emptyTrace } from '../trace.ts';

function run(overrides: Partial<Plan>): Cell {
  return simulate(testPlan({ populations: [], ...overrides }), 0);
}

const exposedNs = (cell: Cell) => wideToBigInt(cell.exposures['deadEndpoint']!.exposedNs);

describe('windows in which a dead endpoint may be hit', () => {
  const churned = { workloads: [workload(30)], podChangesPerSecond: 6 };

  it('are not those of pods to which no Service sends anything', () => {
    for (const services of [[], [service([0], true)]]) {
      const { windows } = run({ ...churned, services }).exposures['deadEndpoint']!;
      expect(windows).toBe(0);
    }
    expect(run({ ...churned, services: [service([0])] }).exposures['deadEndpoint']!.windows).toBe(
      run({ ...churned, services: [service([0], true), service([0])] }).exposures['deadEndpoint']!
        .windows,
    );
  });

  it('end when the last of several Services has been withdrawn everywhere', () => {
    const slow = { ...testPlan().controlPlane, controllerManager: { qps: 2, burst: 1 } };
    const plan = {
      ...churned,
      podChangesPerSecond: 0.4,
      controlPlane: slow,
      horizonNs: 60e9,
      drainNs: 200e9,
    };
    const one = run({ ...plan, services: [service([0])] });
    const two = run({ ...plan, services: [service([0]), service([0])] });
    expect(one.exposures['deadEndpoint']!.windows).toBeGreaterThan(3);
    expect(exposedNs(two)).toBeGreaterThan(exposedNs(one));
  });

  it('last while a terminating pod is all that a Service has', () => {
    // The new pod is Ready long after the old one has ended: nothing else can be used.
    const plan = {
      workloads: [workload(1, { preStopNs: 5e9 })],
      services: [service([0])],
      podChangesPerSecond: 0.2,
      constants: { 'pod-life.startup.median': 20e9, 'pod-life.startup.p99': 21e9 },
      horizonNs: 120e9,
    };
    const { windows, hits, hitWindows } = run({
      ...plan,
      traffic: [trafficToAll(200)],
    }).exposures['deadEndpoint']!;
    expect(hits).toBeGreaterThan(0);
    expect(windows).toBeGreaterThanOrEqual(hitWindows);
    // Known without traffic too.
    const quiet = run({ ...plan, traffic: [] });
    expect(quiet.exposures['deadEndpoint']!.windows).toBe(windows);
    expect(exposedNs(quiet)).toBeGreaterThan(0n);
  });
});

describe('what had not ended with the run', () => {
  it('counts changes that the controller has yet to write', () => {
    const limited = { ...testPlan().controlPlane, controllerManager: { qps: 5, burst: 1 } };
    const plan = testPlan({
      cluster: clusterOf(10),
      populations: [
        {
          name: 'apps',
          count: 200,
          ports: plainPorts(1),
          endpoints: { kind: 'constant', value: 2 },
        },
      ],
      controlPlane: limited,
      podChangesPerSecond: 20,
      traffic: [],
      drainNs: 1e9,
    });
    const trace = emptyTrace();
    const cell = simulate(plan, 0, undefined, trace);
    const patient = simulate({ ...plan, drainNs: 1000e9 }, 0);
    const { censored } = cell.distributions['networkProgramming']!;
    const lateSamples =
      sampleCount(patient, 'networkProgramming') - sampleCount(cell, 'networkProgramming');
    expect(lateSamples).toBeGreaterThan(100);
    // Changes that come after may share a write with what waits, and never the other way round.
    expect(censored).toBeGreaterThan(0.8 * lateSamples);
    expect(censored).toBeLessThanOrEqual(1.2 * lateSamples);
    expect(cell.warnings.join()).toContain('waiting to be made');
    expect(patient.distributions['networkProgramming']!.censored).toBe(0);
    expect(patient.warnings).toEqual([]);
  });

  it('counts pods that never start, and waits for those that do', () => {
    const scaled = (replicas: number): Partial<Plan> => ({
      cluster: {
        ...clusterOf(1, { nodeMaskBits: 28 }),
      },
      workloads: [workload(4)],
      services: [service([0])],
      podChangesPerSecond: 0,
      traffic: [],
      // The last of the pods are created just before the window ends.
      events: [{ atNs: 29.99e9, label: 'grow', kind: 'scale', workload: 0, replicas }],
    });
    const fits = run(scaled(13));
    expect(sampleCount(fits, 'podStartup')).toBe(9);
    expect(fits.distributions['podStartup']!.censored).toBe(0);
    const tooMany = run(scaled(20));
    expect(sampleCount(tooMany, 'podStartup')).toBe(9);
    expect(tooMany.distributions['podStartup']!.censored).toBe(7);
  });

  it('counts nodes that joined and have no rules yet', () => {
    const joining = (drainNs: number) =>
      run({
        controlPlane: { ...testPlan().controlPlane, fanoutBytesPerSecond: 1000 },
        workloads: [workload(200)],
        services: [service([0])],
        podChangesPerSecond: 0,
        traffic: [],
        drainNs,
        events: [{ atNs: 25e9, label: 'join', kind: 'addNodes', count: 3 }],
      });
    expect(joining(1e9).distributions['nodeNetworkReady']!.censored).toBe(3);
    const patient = joining(300e9);
    expect(patient.distributions['nodeNetworkReady']!.censored).toBe(0);
    expect(sampleCount(patient, 'nodeNetworkReady')).toBe(3);
  });
});

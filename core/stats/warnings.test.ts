import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan.ts';
import { cell, experiment, point } from './cell-fixture.ts';
import { assemblePoint } from './point.ts';
import { WARNING_CODES, warningExplanations } from './warning-codes.ts';
import { warningsOf } from './warnings.ts';

/** Warnings on a point whose three replications of 60 s saw `changes` pod changes each. */
function onChurn(asked: number, changes: number, qps = 20) {
  const bare = point('ipvs', { 'cluster.nodes': 200 });
  const controlPlane = { controllerManager: { qps, burst: 30 } } as Plan['controlPlane'];
  const one = { ...bare, plan: { ...bare.plan, podChangesPerSecond: asked, controlPlane } };
  const { workload } = cell(0);
  const cells = [0, 1, 2].map((i) => cell(i, { workload: { ...workload, podChanges: changes } }));
  const all = experiment([one]);
  return warningsOf(all, [assemblePoint(one, cells, all, (text) => text)]);
}

describe('warning about churn that did not happen', () => {
  it('names the client limit when it is below what replacements need', () => {
    expect(onChurn(60, 49.4 * 60)).toEqual([
      {
        code: 'W606',
        text:
          '49.4 of 60 pod changes a second happened: the client limit of ' +
          'kube-controller-manager (20 a second) holds replacements back',
        where: 'ipvs at 200 nodes',
      },
    ]);
  });

  it('does not blame a limit that is high enough, or off', () => {
    expect(onChurn(60, 2964, 100)[0]!.text).toContain('replacements wait for');
    expect(onChurn(60, 2964, 0)[0]!.text).toContain('replacements wait for');
  });

  it('is absent within a tenth, within chance, and when events add changes', () => {
    expect(onChurn(60, 55 * 60)).toEqual([]);
    expect(onChurn(0.1, 4)).toEqual([]);
    expect(onChurn(60, 90 * 60)).toEqual([]);
    expect(onChurn(0, 0)).toEqual([]);
  });
});

it('every code has an explanation of its own', () => {
  const codes = Object.values(WARNING_CODES);
  expect(Object.keys(warningExplanations).sort()).toEqual([...codes].sort());
  expect(new Set(Object.values(warningExplanations)).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^W6\d\d$/);
});

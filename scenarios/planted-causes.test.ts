/** The stages of a run name what was made bad in it: scenarios/planted-causes.yaml, run as shipped. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsOf, provenanceOf } from '../core/models/provenance.ts';
import { simulate } from '../core/simulate.ts';
import { assembleResults } from '../core/stats/index.ts';
import { loadExperiment } from './index.ts';

/** Of one variant: where the time goes, on average and at the 99th percentile. */
function stagesOf(variant: string) {
  const file = path.join(import.meta.dirname, 'planted-causes.yaml');
  const experiment = loadExperiment({ path: file }).experiment!;
  const point = experiment.points.find((one) => one.variant === variant)!;
  const cells = Array.from({ length: experiment.replications }, (_, i) => simulate(point.plan, i));
  const results = assembleResults({ ...experiment, points: [point] }, [{ point, cells }], {
    version: '0.0.0',
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    provenance: provenanceOf([point.plan]),
    models: modelsOf([point.plan]),
  });
  return results.points[0]!.stages['networkProgramming']!;
}

describe('a planted cause', () => {
  const well = stagesOf('well');

  it.each([
    ['fanout', 'fanout'],
    ['batching', 'controllerQueue'],
    ['sync-period', 'proxyWait'],
  ])(
    'of variant %s makes %s the largest stage, and by far the one that grew most',
    (variant, cause) => {
      const planted = stagesOf(variant);
      for (const which of ['mean', 'p99'] as const) {
        const stages = planted[which];
        const names = Object.keys(stages);
        const grown = (name: string) => stages[name]! - (well[which][name] ?? 0);
        const largest = names.reduce((a, b) => (stages[a]! > stages[b]! ? a : b));
        expect(largest, which).toBe(cause);
        for (const other of names.filter((name) => name !== cause)) {
          expect(grown(cause), `${which} ${other}`).toBeGreaterThan(3 * grown(other));
        }
      }
    },
  );
});

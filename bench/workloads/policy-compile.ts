/** Compiling the policies of a full-size cluster: 150,000 pods and 13,678 policies, units are pods. */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Measurement, Size } from '../benchmark.ts';
import { FULL_SIZE, policyWorldOf } from './policy-world.ts';

const QUESTIONS = 1e5;

export function policyCompile({ scale }: Size): Measurement {
  const scaled = (full: number) => Math.max(1, Math.round(full * scale));
  const { pods, policies, namespaces, nodes } = FULL_SIZE;
  const size = {
    pods: scaled(pods),
    policies: scaled(policies),
    namespaces: scaled(namespaces),
    nodes: scaled(nodes),
  };
  const world = policyWorldOf(size);
  const start = performance.now();
  const compiled = new CompiledPolicies(world);
  const seconds = (performance.now() - start) / 1e3;
  let allowed = 0;
  for (let at = 0; at < QUESTIONS; at++) {
    if (compiled.connects((at * 7919) % size.pods, (at * 104_729) % size.pods, 'TCP', 8080))
      allowed++;
  }
  const { classes, profiles } = compiled.counts();
  const hash = [allowed, classes.ingress, classes.egress, profiles.ingress].join('-');
  return { units: size.pods, seconds, collections: null, hash };
}

/**
 * Compiling the policies of a full-size cluster, units are pods; and what the compiled form is for:
 * the count of pairs that may talk, verdicts between classes that have met, changes of one thing. The
 * memory of the pods and policies themselves does not count.
 */
import { CompiledPolicies } from '../../core/policy/compile.ts';
import type { PolicyWorld } from '../../core/policy/objects.ts';
import { portCode } from '../../core/policy/port-set.ts';
import type { Measurement, Size } from '../benchmark.ts';
import { collectGarbage, secondsSince } from '../timed-loop.ts';
import type { PolicyShape } from './policy-shapes.ts';
import { FULL_SIZE, type PolicyWorldSize, policyWorldOf } from './policy-world.ts';

const PAIRS = 1e5;
/** Every pair is asked once before, as the classes of a simulation meet once. */
const TIMES_ASKED = 50;
const CHANGES = 20;
const ROUNDS_OF_GROWTH = 3;
const KIB = 1024;
const MIB = 1024 * KIB;

export function policyCompile({ scale }: Size, shape?: PolicyShape): Measurement {
  const sized = (share: number) => {
    const plain = policyWorldOf(sizeOf(share));
    return shape === undefined ? plain : shape.of(plain, share);
  };
  const { pods } = sizeOf(scale);
  const world = sized(scale);
  collectGarbage();
  const worldBytes = process.memoryUsage.rss();
  const start = process.hrtime.bigint();
  const compiled = new CompiledPolicies(world);
  const compileSeconds = secondsSince(start);
  const compileMiB = (KIB * process.resourceUsage().maxRSS - worldBytes) / MIB;
  const [pairs, reachablePairsSeconds] = timed(() => compiled.reachablePairsOnOwnPorts());
  const peakMiB = (KIB * process.resourceUsage().maxRSS - worldBytes) / MIB;
  const [allowed, verdictsPerSecond] = verdicts(compiled, pods);
  const { classes, profiles } = compiled.counts();
  return {
    units: pods,
    seconds: compileSeconds,
    collections: null,
    hash: [pairs, allowed, classes.ingress, classes.egress, profiles.ingress].join('-'),
    extras: {
      compileSeconds,
      compileMiB,
      reachablePairsSeconds,
      peakMiB,
      verdictsPerSecond,
      ...changes(compiled, world),
      timesAQuarter: growth(world, sized(scale / 4)),
    },
  };
}

function sizeOf(share: number): PolicyWorldSize {
  const scaled = (full: number) => Math.max(1, Math.round(full * share));
  const { pods, policies, namespaces, nodes } = FULL_SIZE;
  return {
    pods: scaled(pods),
    policies: scaled(policies),
    namespaces: scaled(namespaces),
    nodes: scaled(nodes),
  };
}

/** How many times as long the whole takes to compile, best of some rounds; 4 is linear. */
function growth(whole: PolicyWorld, quarter: PolicyWorld): number {
  const best = { whole: Infinity, quarter: Infinity };
  for (let round = 0; round < ROUNDS_OF_GROWTH; round++) {
    best.quarter = Math.min(best.quarter, timed(() => new CompiledPolicies(quarter))[1]);
    best.whole = Math.min(best.whole, timed(() => new CompiledPolicies(whole))[1]);
  }
  return best.whole / best.quarter;
}

function verdicts(compiled: CompiledPolicies, pods: number): [allowed: number, perSecond: number] {
  const code = portCode('TCP', 8080);
  const ask = (times: number) => {
    let allowed = 0;
    for (let at = 0; at < times * PAIRS; at++) {
      const pair = at % PAIRS;
      if (compiled.connectsTo((pair * 7919) % pods, (pair * 104_729) % pods, code)) allowed++;
    }
    return allowed;
  };
  ask(1);
  const [allowed, seconds] = timed(() => ask(TIMES_ASKED));
  return [allowed, (TIMES_ASKED * PAIRS) / seconds];
}

/** Microseconds of one change: the labels of a pod, to what others have and back; a policy that goes and comes. */
function changes(compiled: CompiledPolicies, { entities, networkPolicies }: PolicyWorld) {
  const labelled = entities.slice(0, CHANGES * 50);
  const [, relabelSeconds] = timed(() => {
    for (const [index, entity] of labelled.entries()) {
      if (entity.kind !== 'pod') continue;
      compiled.setLabels(index, { ...entity.labels, app: 'app-0', 'pod-template-hash': 'new' });
      compiled.setLabels(index, entity.labels);
    }
  });
  const policies = networkPolicies.slice(0, CHANGES);
  for (const policy of policies) compiled.removePolicy(policy);
  const [, addSeconds] = timed(() => {
    for (const policy of policies) compiled.addPolicy(policy);
  });
  return {
    relabelMicroseconds: (1e6 * relabelSeconds) / (2 * labelled.length),
    addPolicyMicroseconds: (1e6 * addSeconds) / policies.length,
  };
}

function timed<T>(work: () => T): [result: T, seconds: number] {
  const start = process.hrtime.bigint();
  const result = work();
  return [result, secondsSince(start)];
}

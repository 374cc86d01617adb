import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalText, type PolicySwitches } from '../switches.ts';
import type { DirectionVerdict } from '../verdict.ts';
import { policySwitches, policyWorld, probesOf, service } from './arbitraries.ts';
import { decide } from './literal-evaluator.ts';

const SAMPLE = fc.sample(fc.tuple(policyWorld, policySwitches, service), {
  seed: 1,
  numRuns: 1000,
});

const key = ({ direction, reason, allowed }: DirectionVerdict) =>
  `${direction} ${reason} ${allowed ? 'allowed' : 'denied'}`;

/** Shares among probes of two distinct entities. */
function shares(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let probes = 0;
  for (const [world, switches, asked] of SAMPLE) {
    for (const probe of probesOf(world, asked)) {
      if (probe.from === probe.to) continue;
      probes += 1;
      const verdict = decide(world, switches, probe);
      const whole = verdict.allowed ? 'allowed' : 'denied';
      for (const one of [whole, key(verdict.egress), key(verdict.ingress)]) {
        counts.set(one, (counts.get(one) ?? 0) + 1);
      }
    }
  }
  return new Map([...counts].map(([one, count]) => [one, count / probes]));
}

function allowed(switches: PolicySwitches): readonly (readonly boolean[])[] {
  return SAMPLE.map(([world, , asked]) =>
    probesOf(world, asked).map((probe) => decide(world, switches, probe).allowed),
  );
}

const ALLOWED = allowed(literalText);

/** The share of worlds in which the switch, turned from the API's text, changes a verdict. */
function told(change: Partial<PolicySwitches>): number {
  const changed = allowed({ ...literalText, ...change }).filter((verdicts, index) =>
    verdicts.some((verdict, probe) => verdict !== ALLOWED[index]![probe]),
  );
  return changed.length / SAMPLE.length;
}

describe('random worlds', () => {
  it('are denied and allowed for every reason in a fair share', () => {
    const found = shares();
    const least: Readonly<Record<string, number>> = {
      allowed: 0.4,
      denied: 0.3,
      'egress unpoliced allowed': 0.1,
      'egress ownNode allowed': 0.005,
      'egress notIsolated allowed': 0.2,
      'egress rule allowed': 0.04,
      'egress isolated denied': 0.1,
      'egress admin allowed': 0.01,
      'egress admin denied': 0.03,
      'egress baseline allowed': 0.005,
      'egress baseline denied': 0.01,
      'ingress unpoliced allowed': 0.1,
      'ingress ownNode allowed': 0.02,
      'ingress notIsolated allowed': 0.2,
      'ingress rule allowed': 0.04,
      'ingress isolated denied': 0.1,
      'ingress admin allowed': 0.01,
      'ingress admin denied': 0.03,
      'ingress baseline allowed': 0.005,
      'ingress baseline denied': 0.01,
    };
    expect([...found.keys()].sort()).toEqual(Object.keys(least).sort());
    for (const [what, share] of Object.entries(least)) {
      expect(found.get(what), what).toBeGreaterThan(share);
    }
  });

  it.each<[Partial<PolicySwitches>, number]>([
    [{ enforces: false }, 0.5],
    [{ ipBlockMatchesPods: false }, 0.05],
    [{ ipBlockMatchesNodes: false }, 0.02],
    [{ ownNodeAdmitted: false }, 0.05],
    [{ ownNodeReachable: true }, 0.05],
    [{ hostNetworkPeers: 'withEmptyPodSelector' }, 0.005],
    [{ endPortHonoured: false }, 0.005],
  ])('tell apart whether %o', (change, share) => {
    expect(told(change)).toBeGreaterThan(share);
  });

  it('hold cluster policies of equal tier and priority', () => {
    const equal = SAMPLE.filter(([{ clusterPolicies }]) =>
      clusterPolicies.some((one, index) =>
        clusterPolicies.some(
          (other, next) =>
            next > index && one.tier === other.tier && one.priority === other.priority,
        ),
      ),
    );
    expect(equal.length / SAMPLE.length).toBeGreaterThan(0.1);
  });
});

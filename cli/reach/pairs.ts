/** How much of a cluster can talk: ordered pairs of pods, and those with a port that is open. */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import type { Probes, Target } from './probes.ts';

export interface Pairs {
  /** Pairs of different pods of which the second is reached on at least one of its probed ports. */
  readonly allowed: number;
  /** Pairs of different pods of which the second has a probed port. */
  readonly of: number;
}

export function pairsOf(
  entities: readonly Entity[],
  { sources, targets }: Probes,
  policies: Pick<CompiledPolicies, 'connects'>,
): Pairs {
  const pods = sources.filter((from) => entities[from]!.kind === 'pod');
  const portsOf = new Map<number, Target[]>();
  for (const target of targets) {
    if (entities[target.to]!.kind !== 'pod') continue;
    const ports = portsOf.get(target.to);
    if (ports) ports.push(target);
    else portsOf.set(target.to, [target]);
  }
  let allowed = 0;
  let of = 0;
  for (const from of pods) {
    for (const [to, ports] of portsOf) {
      if (from === to) continue;
      of++;
      if (ports.some(({ port, protocol }) => policies.connects(from, to, protocol, port))) {
        allowed++;
      }
    }
  }
  return { allowed, of };
}

/** 0 to 1; null if there is no pair. */
export function shareOf({ allowed, of }: Pairs): number | null {
  return of === 0 ? null : allowed / of;
}

/** The share of pods that may talk to each other, as every answer about a whole cluster ends with. */
import type { CompiledPolicies } from '../../core/policy/compile.ts';
import type { Entity } from '../../core/policy/objects.ts';
import { type Port, portName } from './names.ts';
import { type Pairs, pairsByRegion, shareOf } from './pairs.ts';
import { probesOf } from './probes.ts';

export interface PodPairs {
  /** On at least one of the ports; undefined if there are too many to count that way. */
  readonly pairs: Pairs | undefined;
  /** Otherwise on each of them. */
  readonly byPort: readonly (Pairs & { readonly port: string })[];
}

/** Some ten seconds. */
const MOST_QUESTIONS = 4e7;

/** @param ports undefined: the container ports of each destination */
export function podPairs(
  entities: readonly Entity[],
  policies: CompiledPolicies,
  ports: readonly Port[] | undefined,
): PodPairs {
  const of = policies.podPairs();
  if (ports === undefined) {
    return { pairs: { allowed: policies.reachablePairsOnOwnPorts(), of }, byPort: [] };
  }
  const onPort = ({ protocol, port }: Port) => ({
    allowed: policies.reachablePairs(protocol, port),
    of,
  });
  if (ports.length === 1) return { pairs: onPort(ports[0]!), byPort: [] };
  const pods = entities.flatMap(({ kind }, index) => (kind === 'pod' ? [index] : []));
  const destinations = pods.map((to) => ({ to, ports }));
  const counts = pairsByRegion(entities, policies, probesOf(entities, pods, destinations), {
    regions: 1,
    regionOf: () => 0,
    most: MOST_QUESTIONS,
  });
  if (counts !== undefined) return { pairs: counts[0]![0], byPort: [] };
  return {
    pairs: undefined,
    byPort: ports.map((port) => ({ port: portName(port), ...onPort(port) })),
  };
}

/** As members of a JSON document. */
export function podPairsDocument({ pairs, byPort }: PodPairs) {
  if (pairs !== undefined) return { reachablePairs: shareOf(pairs), pairs };
  return { reachablePairs: null, pairs: null, pairsByPort: byPort };
}

/** The sentences under a matrix. */
export function shareLines({ pairs, byPort }: PodPairs): string[] {
  if (pairs === undefined) {
    return byPort.map((one) => ` reachable pairs on ${one.port}: ${countText(one)}`);
  }
  if (pairs.of === 0) return [' Fewer than two pods: no pair to reach.'];
  return [` reachable pairs: ${countText(pairs)}, ordered pairs of pods`];
}

function countText(pairs: Pairs): string {
  return `${pairs.allowed} of ${pairs.of} (${percent(pairs)})`;
}

/** `75.0%`; of several ports one after the other. */
export function shareText({ pairs, byPort }: PodPairs): string {
  if (pairs !== undefined) return pairs.of === 0 ? '(no pairs)' : percent(pairs);
  return byPort.map((one) => `${one.port}: ${percent(one)}`).join(', ');
}

function percent(pairs: Pairs): string {
  return `${(100 * (shareOf(pairs) ?? 0)).toFixed(1)}%`;
}

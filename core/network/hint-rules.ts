/**
 * The hints that the EndpointSlice controller gives the endpoints of each Service. With
 * `trafficDistribution` they are the endpoint's own place, so they never change; endpoints that are
 * not ready have none. A zone is its number; that an endpoint hints at its node goes for all ready
 * endpoints of a Service or for none.
 */
import { eraOf } from '../models/eras.ts';
import { endpointHints } from '../models/proxy/rules/traffic-distribution.ts';
import type { Plan, ServicePlan } from '../plan.ts';
import { EndpointState } from './slice-packing.ts';

/** In place of a zone: the endpoint has no hint. */
export const NO_HINT = -1;

export class HintRules {
  /** By Service: whether ready endpoints hint at a zone, and at their node. */
  readonly zone: Uint8Array;
  readonly node: Uint8Array;
  private readonly pods: { readonly node: Int32Array };
  private readonly zoneOf: Int32Array;

  constructor(
    zone: Uint8Array,
    node: Uint8Array,
    pods: { readonly node: Int32Array },
    zoneOf: Int32Array,
  ) {
    this.zone = zone;
    this.node = node;
    this.pods = pods;
    this.zoneOf = zoneOf;
  }

  /** What the endpoints of a Service hint at. */
  kind(service: number): 'none' | 'zone' | 'node' {
    if (this.node[service] === 1) return 'node';
    return this.zone[service] === 1 ? 'zone' : 'none';
  }

  /** The zone that an endpoint hints at, or `NO_HINT`. */
  of(service: number, pod: number, state: EndpointState): number {
    if (this.zone[service] === 0 || state !== EndpointState.Ready) return NO_HINT;
    return this.zoneOf[this.pods.node[pod]!]!;
  }
}

/** Of the control plane's release; null if no endpoint will have a hint. */
export function hintRules(
  plan: Pick<Plan, 'kubernetesVersion'>,
  services: readonly ServicePlan[],
  pods: { readonly node: Int32Array },
  zoneOf: Int32Array,
): HintRules | null {
  if (services.every(({ ports }) => (ports[0]?.trafficDistribution ?? null) === null)) return null;
  const era = eraOf(plan.kubernetesVersion)!;
  const anywhere = { ready: true, node: 'node', zone: 'zone' };
  const hints = services.map(({ ports }) =>
    endpointHints(era, ports[0]?.trafficDistribution ?? null, anywhere),
  );
  const zone = Uint8Array.from(hints, ({ zoneHints }) => zoneHints.length);
  const node = Uint8Array.from(hints, ({ nodeHints }) => nodeHints.length);
  return zone.includes(1) ? new HintRules(zone, node, pods, zoneOf) : null;
}

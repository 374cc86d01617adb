/**
 * The hints the EndpointSlice controller gives an endpoint of a Service with `trafficDistribution`:
 * its own place. An endpoint that is not ready gets none. That PreferSameNode hints at the zone as
 * well, so that older proxies keep traffic in the zone, is from memory (KEP-3015).
 */
import type { Era, TrafficDistribution } from '../../eras.ts';
import type { Endpoint } from './service-port.ts';

/** Hints by the place of the endpoint; none if the release does not act on the value by default. */
export function endpointHints(
  era: Era,
  distribution: TrafficDistribution | null,
  endpoint: Pick<Endpoint, 'ready' | 'node'> & { readonly zone: string | null },
): Pick<Endpoint, 'zoneHints' | 'nodeHints'> {
  if (
    distribution === null ||
    !endpoint.ready ||
    !era.trafficDistributions.includes(distribution)
  ) {
    return { zoneHints: [], nodeHints: [] };
  }
  return {
    zoneHints: endpoint.zone === null ? [] : [endpoint.zone],
    nodeHints: distribution === 'PreferSameNode' && endpoint.node !== null ? [endpoint.node] : [],
  };
}

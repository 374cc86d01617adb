/**
 * Reference: the EndpointSlices as they are committed, and what a node makes of them: usable
 * endpoints, bytes of events and lists, the counts of a sync. Plain ClusterIP Services only.
 */
import type { Era } from '../../models/eras.ts';
import { nothingFurther } from '../../models/proxy/further-objects.ts';
import type { RuleCounts } from '../../models/proxy/proxy-model.ts';
import type { Endpoints, NaiveService, SliceWrite } from './naive-slices.ts';
import type { NaiveWorld } from './naive-world.ts';

/** All endpoints of a Service at one time, by pod, with the zone that each hints at. */
export type ServiceEndpoints = ReadonlyMap<
  number,
  { readonly ready: boolean; readonly zoneHint: number | null }
>;

/** A committed write, with what it did to its Service. */
export interface Committed {
  readonly index: number;
  readonly service: NaiveService;
  readonly before: ServiceEndpoints;
  readonly after: ServiceEndpoints;
}

export class NaiveCommitted {
  private readonly world: NaiveWorld;
  private readonly zoneOfPod: (pod: number) => number;
  private readonly slices = new Map<NaiveService, Map<number, Endpoints>>();

  constructor(
    world: NaiveWorld,
    services: readonly NaiveService[],
    zoneOfPod: (pod: number) => number,
  ) {
    this.world = world;
    this.zoneOfPod = zoneOfPod;
    for (const service of services) this.slices.set(service, new Map());
  }

  set(service: NaiveService, slice: number, endpoints: Endpoints): void {
    this.slices.get(service)!.set(slice, endpoints);
  }

  /** Takes write number `index` in; returns it with the bytes of its event. */
  apply(write: SliceWrite, index: number): { committed: Committed; bytes: number } {
    const { service } = write;
    const slices = this.slices.get(service)!;
    const before = this.endpointsOf(service);
    const bytes = this.bytes(service, write.endpoints ?? slices.get(write.slice)!);
    if (write.endpoints === null) slices.delete(write.slice);
    else slices.set(write.slice, write.endpoints);
    const after = this.endpointsOf(service);
    return { committed: { index, service, before, after }, bytes };
  }

  endpointsOf(service: NaiveService): ServiceEndpoints {
    const all = [...this.slices.get(service)!.values()].flatMap((endpoints) => [...endpoints]);
    return new Map(
      all.map(([pod, state]) => {
        const ready = state === 'ready';
        const zoneHint = ready && service.hintsAtZones ? this.zoneOfPod(pod) : null;
        return [pod, { ready, zoneHint }];
      }),
    );
  }

  /** Of all Services that kube-proxy programs and their slices, as they are now. */
  listBytes(): number {
    let bytes = 0;
    for (const [service, slices] of this.slices) {
      if (service.headless) continue;
      bytes += this.world.constants.serviceBytes;
      for (const endpoints of slices.values()) bytes += this.bytes(service, endpoints);
    }
    return bytes;
  }

  private bytes({ bytes }: NaiveService, endpoints: Endpoints): number {
    return bytes.fixed + bytes.perEndpoint * endpoints.size;
  }
}

/**
 * What the proxies of a zone use: ready endpoints, of which hints for the zone leave those that fit if
 * all have one and some fit; without a ready one those still serving, if the release falls back.
 */
export function usableIn(zone: number, era: Era, endpoints: ServiceEndpoints): number[] {
  const ready = [...endpoints].filter(([, endpoint]) => endpoint.ready);
  const others = era.terminatingEndpoints ? [...endpoints] : [];
  const here = ready.filter(([, { zoneHint }]) => zoneHint === zone);
  const narrows = here.length > 0 && ready.every(([, { zoneHint }]) => zoneHint !== null);
  const used = narrows ? here : ready.length > 0 ? ready : others;
  return used.map(([pod]) => pod);
}

/** `usable`: usable endpoints of a Service. */
export function ruleCounts(
  usable: (service: NaiveService) => number,
  services: readonly NaiveService[],
): RuleCounts {
  let servicePorts = 0;
  let emptyServicePorts = 0;
  let endpoints = 0;
  for (const service of services) {
    const each = usable(service);
    servicePorts += service.ports;
    if (each === 0) emptyServicePorts += service.ports;
    endpoints += service.ports * each;
  }
  return { servicePorts, emptyServicePorts, endpoints, further: nothingFurther() };
}

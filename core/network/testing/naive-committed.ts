/**
 * Reference: the EndpointSlices as they are committed, and what a node makes of them: usable
 * endpoints, bytes of events and lists, the counts of a sync. Plain ClusterIP Services only.
 */
import { nothingFurther } from '../../models/proxy/further-objects.ts';
import type { RuleCounts } from '../../models/proxy/proxy-model.ts';
import type { Endpoints, NaiveService, SliceWrite } from './naive-slices.ts';
import type { NaiveWorld } from './naive-world.ts';

/** A committed write, with what it did to its Service. */
export interface Committed {
  readonly index: number;
  readonly service: NaiveService;
  /** Usable endpoints of the Service after it. */
  readonly usable: number;
  /** It changed the usable endpoints of a Service that had some. */
  readonly deletes: boolean;
}

export class NaiveCommitted {
  private readonly world: NaiveWorld;
  private readonly slices = new Map<NaiveService, Map<number, Endpoints>>();

  constructor(world: NaiveWorld, services: readonly NaiveService[]) {
    this.world = world;
    for (const service of services) this.slices.set(service, new Map());
  }

  set(service: NaiveService, slice: number, endpoints: Endpoints): void {
    this.slices.get(service)!.set(slice, endpoints);
  }

  /** Takes write number `index` in; returns it with the bytes of its event. */
  apply(write: SliceWrite, index: number): { committed: Committed; bytes: number } {
    const { service } = write;
    const slices = this.slices.get(service)!;
    const before = this.usable(service);
    const bytes = this.bytes(write.endpoints ?? slices.get(write.slice)!);
    if (write.endpoints === null) slices.delete(write.slice);
    else slices.set(write.slice, write.endpoints);
    const after = this.usable(service);
    const same = before.size === after.size && [...before].every((pod) => after.has(pod));
    const committed = {
      index,
      service,
      usable: after.size,
      deletes: before.size > 0 && !same,
    };
    return { committed, bytes };
  }

  /** Ready endpoints, or, if none is ready, those still serving. */
  usable(service: NaiveService): ReadonlySet<number> {
    const all = [...this.slices.get(service)!.values()].flatMap((endpoints) => [...endpoints]);
    const ready = all.filter(([, state]) => state === 'ready');
    return new Set((ready.length > 0 ? ready : all).map(([pod]) => pod));
  }

  /** Of all Services that kube-proxy programs and their slices, as they are now. */
  listBytes(): number {
    let bytes = 0;
    for (const [service, slices] of this.slices) {
      if (service.headless) continue;
      bytes += this.world.constants.serviceBytes;
      for (const endpoints of slices.values()) bytes += this.bytes(endpoints);
    }
    return bytes;
  }

  private bytes(endpoints: Endpoints): number {
    const { sliceBytesFixed, sliceBytesPerEndpoint } = this.world.constants;
    return sliceBytesFixed + sliceBytesPerEndpoint * endpoints.size;
  }
}

/** `usable`: usable endpoints by Service. */
export function ruleCounts(
  usable: ReadonlyMap<NaiveService, number>,
  services: readonly NaiveService[],
): RuleCounts {
  let servicePorts = 0;
  let emptyServicePorts = 0;
  let endpoints = 0;
  for (const service of services) {
    const each = usable.get(service)!;
    servicePorts += service.ports;
    if (each === 0) emptyServicePorts += service.ports;
    endpoints += service.ports * each;
  }
  return { servicePorts, emptyServicePorts, endpoints, further: nothingFurther() };
}

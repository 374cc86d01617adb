/**
 * EndpointSlices as the endpoints of Service ports, as kube-proxy reads them: the first address of an
 * endpoint, ports matched by name and protocol, an address that several slices hold counted once.
 */
import type { Endpoint, ServicePort } from '../../core/models/proxy/rules/service-port.ts';
import type { Problems } from '../diagnostic.ts';
import { show } from '../schema/problems.ts';
import { addressText, parseAddress } from '../values/address.ts';
import { refuse } from './check-service.ts';
import { FieldReader } from './field-reader.ts';
import type { Labels } from './label-selector.ts';
import type { KubernetesObject } from './read-objects.ts';
import type { Family } from './read-service.ts';
import type { ServicePortsSlice } from './service-port-schemas.ts';

const currentVersion = 'discovery.k8s.io/v1';

/** All slices of one Service, of every family, by name. */
export type SlicesByService = ReadonlyMap<string, readonly ServicePortsSlice[]>;

/** By `namespace/name` of their Service. Reports slices that the API server would refuse. */
export function readEndpointSlices(
  objects: readonly KubernetesObject[],
  problems: Problems,
): SlicesByService {
  const found = new Map<string, { name: string; slice: ServicePortsSlice }[]>();
  for (const object of objects) {
    if (object.kind !== 'EndpointSlice') continue;
    const reader = new FieldReader(object, problems);
    const slice = object.value as unknown as ServicePortsSlice;
    check(reader, slice);
    const { labels = {} } = slice.metadata as { labels?: Labels };
    const service = `${object.namespace}/${labels['kubernetes.io/service-name'] ?? ''}`;
    const own = found.get(service);
    if (own === undefined) found.set(service, [{ name: object.name, slice }]);
    else own.push({ name: object.name, slice });
  }
  for (const slices of found.values()) slices.sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(Array.from(found, ([name, slices]) => [name, slices.map(({ slice }) => slice)]));
}

/** Warns of slices that no Service of the input has. */
export function warnOfStraySlices(
  objects: readonly KubernetesObject[],
  services: ReadonlySet<string>,
  problems: Problems,
): void {
  for (const object of objects) {
    if (object.kind !== 'EndpointSlice') continue;
    const { labels = {} } = object.value.metadata as { labels?: Labels };
    const service = labels['kubernetes.io/service-name'];
    if (service !== undefined && services.has(`${object.namespace}/${service}`)) continue;
    const reader = new FieldReader(object, problems);
    reader.warn(['metadata', service === undefined ? 'name' : 'labels'], {
      code: 'W313',
      message: `${reader.name} belongs to no Service of the input`,
      help:
        service === undefined
          ? 'the label kubernetes.io/service-name names the Service'
          : `its label names ${object.namespace}/${service}: add the Service or correct the label`,
    });
  }
}

/**
 * Endpoints of one port.
 * @param node where an address that is listed twice is local if one of its entries says so
 */
export function endpointsOf(
  slices: readonly ServicePortsSlice[],
  port: Pick<ServicePort, 'port' | 'protocol'>,
  family: Family,
  node: string | null,
): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== `IPv${family}`) continue;
    for (const { name, protocol, port: number } of ports ?? []) {
      const isSame = (name ?? '') === port.port && (protocol ?? 'TCP') === port.protocol;
      // Without a number a port stands for all ports, which kube-proxy leaves out.
      if (!isSame || !number) continue;
      for (const written of endpoints ?? []) {
        const endpoint = endpointOf(written, number);
        const key = `${endpoint.address} ${number}`;
        if (!found.has(key) || (node !== null && endpoint.node === node)) found.set(key, endpoint);
      }
    }
  }
  return [...found.values()];
}

type WrittenEndpoint = NonNullable<ServicePortsSlice['endpoints']>[number];

/**
 * With kube-proxy's defaults for conditions that are not written (from memory of its source; the API
 * once described `serving` as following `ready`).
 */
function endpointOf(written: WrittenEndpoint, port: number): Endpoint {
  const { addresses, conditions, nodeName, hints } = written;
  return {
    address: addressText(parseAddress(addresses[0]!)!),
    port,
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    node: nodeName || null,
    zoneHints: (hints?.forZones ?? []).map(({ name }) => name),
    nodeHints: (hints?.forNodes ?? []).map(({ name }) => name),
  };
}

function check(reader: FieldReader, { addressType, endpoints }: ServicePortsSlice): void {
  const { apiVersion, place } = reader.object;
  if (apiVersion !== currentVersion) {
    reader.problems.error('E142', place(['apiVersion']), `${reader.name} is of ${apiVersion}`, {
      help: `Kubernetes 1.25 removed it; write it in ${currentVersion}`,
    });
  }
  if (addressType === 'FQDN') return;
  for (const [index, { addresses }] of (endpoints ?? []).entries()) {
    for (const [at, text] of addresses.entries()) {
      if (`IPv${parseAddress(text)?.family}` === addressType) continue;
      const path = ['endpoints', index, 'addresses', at];
      refuse(reader, path, `has the address ${show(text)}`, `its addressType is ${addressType}`);
    }
  }
}

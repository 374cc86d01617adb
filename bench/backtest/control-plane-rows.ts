/**
 * Bytes of watch events as KEP-752 calculated them, sizes of slices field by field, and etcd as the
 * kernel measurements found it. The KEP's own arithmetic counts about 100 bytes an endpoint and nothing
 * else.
 */
import { controlPlane } from '../../core/models/control-plane.ts';
import { type SliceSize, sliceSize } from '../../core/models/slice-bytes.ts';
import type { At } from './operations.ts';
import { exactly, type Known, plusMinus, type Row, unknown } from './row.ts';

const NODES = 5000;
const ENDPOINTS = 20000;

const sliceBytes =
  (endpoints: number): At =>
  (read) =>
    read(controlPlane.sliceBytesFixed) + endpoints * read(controlPlane.sliceBytesPerEndpoint);

function watchRows(): Row[] {
  const row = (
    what: string,
    each: number,
    bytes: number,
    writes: number,
    watchers = NODES,
  ): Row => ({
    id: `kep-752/${each}/${what.replaceAll(' ', '-')}`,
    models: ['control-plane'],
    source: 'kep-752',
    about: `${what}, slices of ${each}`,
    conditions: 'Calculated by the KEP, not measured; 20,000 endpoints, 5,000 nodes.',
    unit: 'bytes',
    measured: exactly(bytes),
    readings: [{ setting: 'protobuf', at: (read) => writes * watchers * sliceBytes(each)(read) }],
    sets: [],
    kind: 'calculated',
    why: 'watch-bytes',
  });
  const rows = (each: number, size: number, creation: number, one: number, update: number) => [
    row('size of an object', each, size, 1, 1),
    row('bytes to create all', each, creation, ENDPOINTS / each),
    row('bytes when one endpoint changes', each, one, 1),
    row('bytes of a rolling update', each, update, ENDPOINTS),
  ];
  return [...rows(100, 10e3, 10e9, 50e6, 1e12), ...rows(1, 1e3, 10e9, 5e6, 100e9)];
}

const length = (what: string, value: number, range: readonly [number, number]) =>
  unknown(`${what}-length`, value, range, 'characters', `Length of the ${what}`);

/** What the constants of slice sizes were derived from, worked out again from the fields of the API. */
function sliceRows(): Row[] {
  const service = length('service', 20, [5, 40]);
  const namespace = length('namespace', 12, [4, 30]);
  const zone = length('zone', 10, [6, 16]);
  const address = length('address', 13, [8, 15]);
  const row = (id: string, about: string, of: keyof SliceSize, measured: Known): Row => ({
    id: `slice-arithmetic/${id}`,
    models: ['control-plane'],
    source: 'slice-arithmetic',
    about,
    conditions: 'IPv4, node names of 38 and pod names of 26 characters, one port, no hints.',
    unit: 'bytes',
    measured,
    readings: [
      {
        setting: 'field by field',
        at: (read) =>
          sliceSize({
            serviceName: read(service),
            namespace: read(namespace),
            nodeName: 38,
            podName: 26,
            zone: read(zone),
            address: read(address),
            portNames: [4],
            endpoints: 100,
            hints: 'none',
          })[of],
      },
    ],
    sets: [],
    kind: 'calculated',
    why: 'watch-bytes',
  });
  return [
    row('100', 'slice of 100 in protobuf', 'objectBytes', plusMinus(18e3, 500)),
    row('endpoint', 'one endpoint in protobuf', 'endpointBytes', plusMinus(174, 1)),
  ];
}

function etcdRows(): Row[] {
  const row = (
    id: string,
    about: string,
    value: number,
    at: At,
    sets: readonly string[],
    unit: Row['unit'] = 'ns',
  ): Row => ({
    id: `8-etcd/${id}`,
    models: ['control-plane'],
    source: '8-etcd',
    about,
    conditions: 'One run on the shared machine of the kernel measurements, disk with fdatasync.',
    unit,
    measured: exactly(value),
    readings: [{ setting: 'etcd', at }],
    sets,
    kind: 'kernel',
    why: 'etcd',
  });
  const { etcdService, etcdLatency, fanoutPerWatcher, fanoutPerByte } = controlPlane;
  const event =
    (bytes: number): At =>
    (read) =>
      read(fanoutPerWatcher) + bytes * read(fanoutPerByte);
  const fanout = [fanoutPerWatcher.id, fanoutPerByte.id];
  return [
    row(
      'put/1',
      'put of 1 kB, one client',
      1046e3,
      (read) => read(etcdService) + read(etcdLatency),
      [etcdService.id, etcdLatency.id],
    ),
    row(
      'rate/16',
      'puts a second, 16 clients',
      2786,
      (read) => 1e9 / read(etcdService),
      [etcdService.id],
      'count',
    ),
    row(
      'put/16',
      'put of 1 kB, 16 clients',
      4902e3,
      (read) => Math.max(16 * read(etcdService), read(etcdService) + read(etcdLatency)),
      [],
    ),
    row('event/1000x1024', 'CPU of a 1 kB event, 1,000 watchers', 3.8e3, event(1024), fanout),
    row('event/1000x20480', 'CPU of a 20 kB event, 1,000 watchers', 19.5e3, event(20480), fanout),
    row('event/100x1024', 'CPU of a 1 kB event, 100 watchers', 8.5e3, event(1024), []),
    row('event/100x20480', 'CPU of a 20 kB event, 100 watchers', 27e3, event(20480), []),
  ];
}

export function controlPlaneRows(): Row[] {
  return [...watchRows(), ...sliceRows(), ...etcdRows()];
}

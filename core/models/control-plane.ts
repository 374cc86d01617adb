/**
 * Constants of the control plane: apiserver and etcd as stations, the EndpointSlice controller, the
 * scheduler, and the fan-out of watch events. Client-side limits and batch periods are not here:
 * they are settings of the scenario.
 */
import { constant } from '../constant.ts';
import { assumed, derived, published } from './sources.ts';

const ETCD = '8-etcd: 1 kB values through the JSON gateway, etcd 3.4.23, fdatasync 0.24 ms';

export const controlPlane = {
  apiserverProcessing: constant({
    id: 'control-plane.apiserver.processing',
    value: 1e6,
    unit: 'ns',
    range: [0.2e6, 20e6],
    about: 'One write in the apiserver before it reaches etcd: admission, validation, encoding',
    source: assumed(
      'no figure found; the SLO of 1 s at p99 (SIG Scalability) is only an upper bound',
    ),
  }),
  etcdService: constant({
    id: 'control-plane.etcd.service',
    value: 357e3,
    unit: 'ns',
    range: [100e3, 2e6],
    about: 'What one write takes of etcd when it is saturated: the reciprocal of its throughput',
    source: derived(`1 s / 2,800 puts at 16 clients (${ETCD}); 179 us on tmpfs`),
  }),
  etcdLatency: constant({
    id: 'control-plane.etcd.latency',
    value: 693e3,
    unit: 'ns',
    range: [100e3, 10e6],
    about: 'What one write waits in an idle etcd beyond its service: consensus and fsync',
    source: derived(`1.05 ms put at one client less etcd.service (${ETCD}); p95 is 3.1 ms`),
  }),
  watchDelivery: constant({
    id: 'control-plane.watch.delivery',
    value: 1e6,
    unit: 'ns',
    range: [0.1e6, 100e6],
    about: 'From commit to the informer of a controller or scheduler in the control plane',
    source: assumed('no figure found; an unloaded apiserver and a local network'),
  }),
  sliceBytesFixed: constant({
    id: 'control-plane.slice.bytes-fixed',
    value: 500,
    unit: 'bytes',
    range: [300, 1500],
    about: 'An EndpointSlice without endpoints, in protobuf, managedFields not counted',
    source: derived('fact sheet 7: ~0.5 kB in protobuf, 780 B in JSON'),
  }),
  sliceBytesPerEndpoint: constant({
    id: 'control-plane.slice.bytes-per-endpoint',
    value: 174,
    unit: 'bytes/endpoint',
    range: [100, 350],
    about: 'One endpoint of an EndpointSlice in protobuf',
    source: derived(
      'fact sheet 7: IPv4, 38-character node and 26-character pod name, one port; KEP-752 takes 100 B, JSON 305 B',
    ),
  }),
  serviceBytes: constant({
    id: 'control-plane.service.bytes',
    value: 1000,
    unit: 'bytes',
    range: [400, 5000],
    about: 'A Service in a watch event',
    source: assumed('of the order of a small object; no figure found'),
  }),
  fanoutPerWatcher: constant({
    id: 'control-plane.fanout.per-watcher',
    value: 3260,
    unit: 'ns/event',
    range: [1000, 50e3],
    about: 'CPU time of the apiserver for one event and one watcher, at zero bytes',
    source: derived(
      '8-etcd, etcd as a stand-in: 3.4 to 4.5 us for 1 kB less per-byte; no figure for the apiserver found',
    ),
  }),
  fanoutPerByte: constant({
    id: 'control-plane.fanout.per-byte',
    value: 0.67,
    unit: 'ns/byte',
    range: [0.2, 5],
    about: 'CPU time of the apiserver for each byte of an event and watcher',
    source: derived('8-etcd, etcd as a stand-in: (17 us at 20 kB - 3.95 us at 1 kB) / 19,456 B'),
  }),
  fanoutCores: constant({
    id: 'control-plane.fanout.cores',
    value: 16,
    unit: 'cores',
    range: [1, 128],
    about: 'Cores an apiserver has for its watchers',
    source: assumed('a control-plane machine for a large cluster'),
  }),
  endpointSliceSyncFixed: constant({
    id: 'control-plane.endpoint-slice.sync-fixed',
    value: 200e3,
    unit: 'ns',
    range: [20e3, 10e6],
    about: 'One sync of a Service in the EndpointSlice controller, without its writes',
    source: assumed('no figure found; a few look-ups in caches'),
  }),
  endpointSliceSyncPerPod: constant({
    id: 'control-plane.endpoint-slice.sync-per-pod',
    value: 5000,
    unit: 'ns/pod',
    range: [500, 100e3],
    about: 'The same, for each pod the Service selects',
    source: assumed('no figure found; building and comparing one endpoint'),
  }),
  endpointSliceBackoff: constant({
    id: 'control-plane.endpoint-slice.backoff',
    value: 1e9,
    unit: 'ns',
    range: [1e6, 60e9],
    about: 'First retry of a failed sync, also when the informer is behind; doubles each time',
    source: published('kubernetes, endpointslice_controller.go', '1.33 era; fact sheet 1.4'),
  }),
  endpointSliceBackoffMax: constant({
    id: 'control-plane.endpoint-slice.backoff-max',
    value: 1000e9,
    unit: 'ns',
    range: [1e9, 3600e9],
    about: 'Longest time to a retry of a failed sync',
    source: published('kubernetes, endpointslice_controller.go', '1.33 era; fact sheet 1.4'),
  }),
  schedulerService: constant({
    id: 'control-plane.scheduler.service',
    value: 2e6,
    unit: 'ns/pod',
    range: [1e6, 20e6],
    about: 'Scheduling one pod, one after another',
    source: published(
      'EKS at 100k nodes: 500 pods/s (second-hand); GKE at 130k nodes: 1,000 pods/s',
      'scale reports of 2025, fact sheet 8.11; the lower of the two rates',
    ),
  }),
} as const;

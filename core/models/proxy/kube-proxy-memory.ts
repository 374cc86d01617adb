/**
 * What kube-proxy takes in user space for the Services and endpoints it knows, alike in all modes:
 * its caches and the tables it builds. Peaks of garbage collection are inside the published figure
 * they come from; leaks (issue #128928: 7.9 GiB) are not modelled.
 */
import { type ConstantReader, constant } from '../../constant.ts';
import { assumed, derived } from '../sources.ts';
import type { RuleCounts } from './proxy-model.ts';

const AFTER = 'kubernetes PR #126013: 260 MiB for 10,000 Services with 2 endpoints';

export const userMemory = {
  base: constant({
    id: 'proxy.user-memory.base',
    value: 40e6,
    unit: 'bytes',
    range: [20e6, 100e6],
    about: 'kube-proxy without any Service',
    source: assumed('no figure found; a Go program with client and informers'),
  }),
  servicePort: constant({
    id: 'proxy.user-memory.service-port',
    value: 9300,
    unit: 'bytes/service port',
    range: [3000, 30e3],
    about: 'kube-proxy, for each service port',
    source: derived(`${AFTER}, less base; how Services and endpoints share it is assumed`),
  }),
  endpoint: constant({
    id: 'proxy.user-memory.endpoint',
    value: 7000,
    unit: 'bytes/endpoint',
    range: [2000, 20e3],
    about: 'kube-proxy, for each endpoint of a service port',
    source: derived(`${AFTER}, less base; how Services and endpoints share it is assumed`),
  }),
} as const;

export function kubeProxyMemory(read: ConstantReader, counts: RuleCounts): number {
  return (
    read(userMemory.base) +
    read(userMemory.servicePort) * counts.servicePorts +
    read(userMemory.endpoint) * counts.endpoints
  );
}

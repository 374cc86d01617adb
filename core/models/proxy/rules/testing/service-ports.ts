/** Literal Service ports for tests: a plain ClusterIP Service unless told otherwise. */
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';

/** A ready endpoint; `i` tells its address, `over` everything else. */
export function endpoint(i: number, over: Partial<Endpoint> = {}): Endpoint {
  return {
    address: `10.180.${Math.floor(i / 250)}.${1 + (i % 250)}`,
    port: 80,
    ready: true,
    serving: true,
    terminating: false,
    node: 'elsewhere',
    zoneHints: [],
    nodeHints: [],
    ...over,
  };
}

/** `count` ready endpoints on another node. */
export function endpoints(count: number): Endpoint[] {
  return Array.from({ length: count }, (_, i) => endpoint(i));
}

/** Port `p80` of Service `ns/name`. */
export function servicePort(name: string, over: Partial<ServicePort> = {}): ServicePort {
  return {
    namespace: 'ns',
    service: name,
    port: 'p80',
    protocol: 'TCP',
    number: 80,
    nodePort: null,
    clusterIP: `172.30.0.${name.replace(/\D/g, '') || 1}`,
    externalIPs: [],
    loadBalancerIPs: [],
    sourceRanges: [],
    healthCheckNodePort: null,
    affinity: false,
    internalPolicy: 'Cluster',
    externalPolicy: 'Cluster',
    endpoints: [],
    ...over,
  };
}

/** The node of kube-proxy's own tests. */
export const testNode: ProxyNode = {
  name: 'test-node',
  zone: null,
  addresses: ['192.168.0.2'],
  localhostNodePorts: true,
  nodePortAddresses: 'all',
};

/** The six Services of kube-proxy's overall tests (fact sheet, 2.4 C and 3.1). */
export const overallServices: readonly ServicePort[] = [
  servicePort('svc41', { endpoints: [endpoint(1)] }),
  servicePort('svc42', {
    externalPolicy: 'Local',
    nodePort: 3001,
    externalIPs: ['192.168.99.22'],
    loadBalancerIPs: ['1.2.3.4'],
    healthCheckNodePort: 30000,
    endpoints: [endpoint(2)],
  }),
  servicePort('svc43', { nodePort: 3003, endpoints: [endpoint(3)] }),
  servicePort('svc44', { externalIPs: ['192.168.99.33'], endpoints: [endpoint(4), endpoint(5)] }),
  servicePort('svc45', {
    nodePort: 3002,
    loadBalancerIPs: ['5.6.7.8'],
    sourceRanges: ['203.0.113.0/25'],
    affinity: true,
    endpoints: [endpoint(3)],
  }),
  servicePort('svc46'),
];

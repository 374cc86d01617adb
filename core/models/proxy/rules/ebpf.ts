/**
 * Entries of the load-balancing maps of an eBPF service proxy: a front end and a slot for each of its
 * endpoints, and backends that Services share. Not counted: the second entry that front ends of two
 * scopes may have, the wildcard address of node ports, reverse NAT, affinity and source ranges.
 */
import type { Era } from '../../eras.ts';
import { firstComers, kernelObjects, ofService, share, total } from './counting.ts';
import { chooseEndpoints } from './endpoint-choice.ts';
import type { KernelModel } from './kernel-objects.ts';
import type { ProxyNode, ServicePort } from './service-port.ts';

const NOTHING = { maps: { serviceEntries: 0, backendEntries: 0 } };

/** A change writes at most the entries of the changed Service, whatever the others are. */
export const ebpfKernel: KernelModel = {
  objects: ebpfObjects,
  change: (era, ports, node, changed) => ({
    written: ebpfObjects(era, ofService(ports, changed), node).tables,
  }),
};

function ebpfObjects(era: Era, ports: readonly ServicePort[], node: ProxyNode) {
  const isFirst = firstComers();
  return kernelObjects(NOTHING, ports, (port) => {
    const { cluster, local } = chooseEndpoints(era, port, node);
    const chosen = { Cluster: cluster, Local: local };
    const frontEnds = [
      { kind: 'cluster IP', count: 1, policy: port.internalPolicy },
      { kind: 'external IP', count: port.externalIPs.length, policy: port.externalPolicy },
      { kind: 'load balancer', count: port.loadBalancerIPs.length, policy: port.externalPolicy },
      {
        kind: 'node port',
        count: port.nodePort === null ? 0 : node.addresses.length,
        policy: port.externalPolicy,
      },
    ];
    const split = Object.fromEntries(
      frontEnds.map(({ kind, count, policy }) => [kind, count * (1 + chosen[policy].length)]),
    );
    const backends = frontEnds
      .flatMap(({ count, policy }) => (count > 0 ? chosen[policy] : []))
      .filter((endpoint) => isFirst(`${endpoint.address} ${endpoint.port} ${port.protocol}`));
    return {
      maps: share({ serviceEntries: total(split), backendEntries: backends.length }, split),
    };
  });
}

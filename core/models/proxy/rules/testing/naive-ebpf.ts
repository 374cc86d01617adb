/**
 * Entries of the load-balancing maps of an eBPF proxy as a map dump would print them: for each front
 * end slot 0 and a slot for each backend, and the backends once, whoever shares them. Left out:
 * reverse NAT, affinity and source-range maps, and a second scope of front ends with a Local policy,
 * of which the fact sheet gives no counts (UNVERIFIED).
 */
import type { Era } from '../../../eras.ts';
import type { ProxyNode, ServicePort } from '../service-port.ts';
import { chooseNaively } from './naive-endpoints.ts';
import { type Format, Page, type Parsed, type RuleText } from './rule-text.ts';

const TABLE = 'maps';

export const ebpfFormat: Format = {
  tables: { [TABLE]: ['serviceEntries', 'backendEntries'] },
  sets: ['backendEntries'],
  parse: (_table, line): Parsed | null => {
    if (line.startsWith('lb4_backends')) return { object: 'backendEntries', chain: null };
    const comment = /^lb4_services .* # (.*)$/.exec(line);
    return comment ? { object: 'serviceEntries', chain: comment[1]! } : null;
  },
};

/** All entries of a node. */
export function ebpfText(era: Era, ports: readonly ServicePort[], node: ProxyNode): RuleText {
  return {
    fixed: { [TABLE]: [] },
    ports: ports.map((port) => {
      const page = new Page([TABLE]);
      writePort(page, era, port, node);
      return { port, lines: page.lines };
    }),
  };
}

function writePort(page: Page, era: Era, port: ServicePort, node: ProxyNode): void {
  const chosen = chooseNaively(port, node, era);
  const frontEnd = (kind: string, address: string, number: number, local: boolean) => {
    const key = `${address}:${number}/${port.protocol}`;
    page.write(TABLE, `lb4_services ${key} slot 0 # ${kind}`);
    (local ? chosen.local : chosen.cluster).forEach((endpoint, i) => {
      const backend = `${endpoint.address}:${endpoint.port}/${port.protocol}`;
      page.write(TABLE, `lb4_services ${key} slot ${i + 1} -> ${backend} # ${kind}`);
      page.write(TABLE, `lb4_backends ${backend}`);
    });
  };
  frontEnd('cluster IP', port.clusterIP, port.number, port.internalPolicy === 'Local');
  for (const address of port.externalIPs) {
    frontEnd('external IP', address, port.number, chosen.externalLocal);
  }
  for (const address of port.loadBalancerIPs) {
    frontEnd('load balancer', address, port.number, chosen.externalLocal);
  }
  if (port.nodePort !== null) {
    for (const address of node.addresses) {
      frontEnd('node port', address, port.nodePort, chosen.externalLocal);
    }
  }
}

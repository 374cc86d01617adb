/**
 * What kube-proxy leaves behind in IPVS mode, as the three tools would save it: `ipvsadm -S`,
 * `ipset save` and the addresses of kube-ipvs0. The iptables rules are constant in number and left
 * out. Policies are the fact sheet's: Local means local real servers only, even if there are none.
 */
import type { Era } from '../../../eras.ts';
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';
import { cidrContains } from './cidr.ts';
import { chooseNaively, distinct, isLocal } from './naive-endpoints.ts';
import { type Format, Page, type Parsed, type RuleText } from './rule-text.ts';

const TABLE = 'ipvs';

export const ipvsFormat: Format = {
  tables: { [TABLE]: ['virtualServers', 'realServers', 'ipsetEntries', 'dummyAddresses'] },
  sets: ['ipsetEntries', 'dummyAddresses'],
  parse: (_table, line): Parsed | null => {
    const words = line.split(' ');
    switch (words[0]) {
      case '-A':
        return { object: 'virtualServers', chain: null };
      case '-a':
        return { object: 'realServers', chain: null };
      case 'add':
        return { object: 'ipsetEntries', chain: words[1]! };
      case 'inet':
        return { object: 'dummyAddresses', chain: null };
      default:
        return null;
    }
  },
};

/** Everything of a node. */
export function ipvsText(era: Era, ports: readonly ServicePort[], node: ProxyNode): RuleText {
  return {
    fixed: { [TABLE]: [] },
    ports: ports.map((port) => {
      const page = new Page([TABLE]);
      writeServers(page, era, port, node);
      writeAddresses(page, port, node);
      writeSets(page, port, node);
      return { port, lines: page.lines };
    }),
  };
}

function writeServers(page: Page, era: Era, port: ServicePort, node: ProxyNode): void {
  const chosen = chooseNaively(port, node, era);
  const flag = `-${port.protocol.toLowerCase().charAt(0)}`;
  const server = (address: string, number: number, local: boolean) => {
    const service = `${flag} ${address}:${number}`;
    page.write(TABLE, `-A ${service} -s rr`, ...(port.affinity ? ['-p 10800'] : []));
    const endpoints: readonly Endpoint[] = local ? chosen.local : chosen.cluster;
    for (const endpoint of endpoints) {
      page.write(TABLE, `-a ${service} -r ${endpoint.address}:${endpoint.port} -m -w 1`);
    }
  };
  server(port.clusterIP, port.number, port.internalPolicy === 'Local');
  for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
    server(address, port.number, chosen.externalLocal);
  }
  if (port.nodePort === null) return;
  for (const address of node.addresses) {
    server(address, port.nodePort, chosen.externalLocal);
  }
}

function serviceAddresses(port: ServicePort): readonly string[] {
  return [port.clusterIP, ...port.externalIPs, ...port.loadBalancerIPs];
}

function writeAddresses(page: Page, port: ServicePort, node: ProxyNode): void {
  for (const address of serviceAddresses(port)) {
    // A service address that the node has already is neither bound nor listed.
    if (node.addresses.includes(address)) continue;
    page.write(TABLE, `inet ${address} dev kube-ipvs0`);
    page.write(TABLE, `add KUBE-IPVS-IPS ${address}`);
  }
}

function writeSets(page: Page, port: ServicePort, node: ProxyNode): void {
  const protocol = port.protocol.toLowerCase();
  const add = (set: string, entry: string) => page.write(TABLE, `add ${set} ${entry}`);
  const at = (address: string) => `${address},${protocol}:${port.number}`;
  const local = port.externalPolicy === 'Local';
  // Ready or not: the set is made of the node's endpoints, not of those chosen.
  const locals = distinct(port.endpoints, node).filter((endpoint) => isLocal(endpoint, node));
  for (const { address, port: number } of locals) {
    add('KUBE-LOOP-BACK', `${address},${protocol}:${number},${address}`);
  }
  add('KUBE-CLUSTER-IP', at(port.clusterIP));
  for (const address of port.externalIPs) {
    add(local ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP', at(address));
  }
  const nodeIP = node.addresses[0];
  const open = nodeIP !== undefined && port.sourceRanges.some((r) => cidrContains(r, nodeIP));
  for (const address of port.loadBalancerIPs) {
    add('KUBE-LOAD-BALANCER', at(address));
    if (local) add('KUBE-LOAD-BALANCER-LOCAL', at(address));
    if (port.sourceRanges.length > 0) add('KUBE-LOAD-BALANCER-FW', at(address));
    for (const range of port.sourceRanges) {
      add('KUBE-LOAD-BALANCER-SOURCE-CIDR', `${at(address)},${range}`);
    }
    if (open) add('KUBE-LOAD-BALANCER-SOURCE-IP', `${at(address)},${address}`);
  }
  if (port.nodePort !== null) {
    // TCP and UDP node ports are bits of a port bitmap; SCTP ones are hashed with the address.
    const entries =
      port.protocol === 'SCTP'
        ? node.addresses.map((address) => `${address},sctp:${port.nodePort}`)
        : [`${port.nodePort}`];
    const suffix = port.protocol === 'SCTP' ? 'SCTP-HASH' : port.protocol;
    for (const entry of entries) {
      add(`KUBE-NODE-PORT-${suffix}`, entry);
      if (local) add(`KUBE-NODE-PORT-LOCAL-${suffix}`, entry);
    }
  }
  if (port.healthCheckNodePort !== null) {
    add('KUBE-HEALTH-CHECK-NODE-PORT', `${port.healthCheckNodePort}`);
  }
}

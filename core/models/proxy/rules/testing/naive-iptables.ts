/**
 * kube-proxy's iptables rules as text, line by line: chains declared, rules appended, as
 * iptables-save would print them. What is left out is what no count depends on: mark values, hashes
 * (chain names end in a digest of ours) and the exact wording of comments. Of a restricted
 * `nodePortAddresses` the sheet says one rule per node IP, so every address of the node counts.
 */
import type { Era } from '../../../eras.ts';
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';
import { cidrContains } from './cidr.ts';
import { type ChosenEndpoints, chooseNaively, minorOf } from './naive-endpoints.ts';
import { allLines, type Format, Page, type Parsed, portName, type RuleText } from './rule-text.ts';

/** Releases whose KUBE-NODEPORTS rules count accepted localhost traffic with nfacct. */
const NFACCT_MINOR = 33;
/** The fact sheet's 1.26-era test has one rule less in KUBE-FW: taken as no closing rule yet. */
const FIREWALL_COMMENT_MINOR = 27;

const TABLES = ['filter', 'nat'];
const FILTER_CHAINS = [
  'KUBE-NODEPORTS',
  'KUBE-SERVICES',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-FORWARD',
  'KUBE-FIREWALL',
  'KUBE-PROXY-FIREWALL',
];
const NAT_CHAINS = ['KUBE-NODEPORTS', 'KUBE-SERVICES', 'KUBE-POSTROUTING', 'KUBE-MARK-MASQ'];

export const iptablesFormat: Format = {
  tables: { filter: ['chains', 'rules'], nat: ['chains', 'rules'] },
  sets: [],
  parse: (_table, line): Parsed | null => {
    if (line.startsWith(':')) return { object: 'chains', chain: null };
    const chain = /^-A (\S+)/.exec(line)?.[1];
    // Chains of a Service are called after what they are for: KUBE-SVC-DIGEST, ...
    return chain ? { object: 'rules', chain: chain.replace(/-[0-9A-V]{16}$/, '') } : null;
  },
};

/** Sixteen characters that depend on all of `key` (64-bit FNV-1a). */
export function digest(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of key) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0)!)) * 0x100000001b3n);
  }
  return hash.toString(32).toUpperCase().padStart(16, '0');
}

function isIPv6(ports: readonly ServicePort[], node: ProxyNode): boolean {
  return (ports[0]?.clusterIP ?? node.addresses[0] ?? '').includes(':');
}

function comment(text: string): string {
  return `-m comment --comment "${text}"`;
}

interface Scene {
  readonly era: Era;
  readonly node: ProxyNode;
  readonly page: Page;
  readonly port: ServicePort;
  readonly chosen: ChosenEndpoints;
  readonly name: string;
  readonly protocol: string;
  readonly localhost: boolean;
}

function chainOf(scene: Scene, kind: string): string {
  return `KUBE-${kind}-${digest(`${scene.name} ${scene.protocol} ${kind}`)}`;
}

function endpointChain(scene: Scene, endpoint: Endpoint): string {
  const key = `${scene.name} ${scene.protocol} ${endpoint.address} ${endpoint.port}`;
  return `KUBE-SEP-${digest(key)}`;
}

function to(scene: Scene, address: string): string {
  const mask = address.includes(':') ? 128 : 32;
  const { protocol, port } = scene;
  return `-d ${address}/${mask} -p ${protocol} -m ${protocol} --dport ${port.number}`;
}

function toNodePort(scene: Scene): string {
  return `-p ${scene.protocol} -m ${scene.protocol} --dport ${scene.port.nodePort}`;
}

/** The whole ruleset of a node. */
export function iptablesText(era: Era, ports: readonly ServicePort[], node: ProxyNode): RuleText {
  // Node ports at the node's own addresses only are not at loopback, whatever the switch says.
  const localhost =
    node.localhostNodePorts && node.nodePortAddresses === 'all' && !isIPv6(ports, node);
  return {
    fixed: fixedLines(era, node, localhost),
    ports: ports.map((port) => {
      const page = new Page(TABLES);
      const chosen = chooseNaively(port, node, era);
      const protocol = port.protocol.toLowerCase();
      const name = portName(port);
      writePort({ era, node, page, port, chosen, name, protocol, localhost });
      return { port, lines: page.lines };
    }),
  };
}

function fixedLines(era: Era, node: ProxyNode, localhost: boolean): RuleText['fixed'] {
  const page = new Page(TABLES);
  for (const chain of FILTER_CHAINS) page.write('filter', `:${chain} - [0:0]`);
  for (const chain of NAT_CHAINS) page.write('nat', `:${chain} - [0:0]`);
  if (era.iptablesFilterBaseRules === 4 && localhost) {
    const martian = '-d 127.0.0.0/8 ! -s 127.0.0.0/8 -m conntrack';
    const states = '! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';
    page.write('filter', '-A KUBE-FIREWALL', comment('incoming localnet'), martian, states);
  }
  page.write('filter', '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP');
  page.write('filter', '-A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT');
  page.write('filter', '-A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT');
  page.write('nat', '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN');
  page.write('nat', '-A KUBE-POSTROUTING -j MARK --xor-mark 0x4000');
  page.write('nat', '-A KUBE-POSTROUTING', comment('SNAT'), '-j MASQUERADE --random-fully');
  page.write('nat', '-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000');
  if (node.nodePortAddresses === 'all') {
    page.write('nat', '-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS');
  } else {
    for (const address of node.addresses) {
      page.write('nat', `-A KUBE-SERVICES -d ${address} -j KUBE-NODEPORTS`);
    }
  }
  return page.lines;
}

function writePort(scene: Scene): void {
  const { port, chosen } = scene;
  writeFilter(scene);
  if (!chosen.any) return;
  writeEntries(scene);
  if (chosen.cluster.length > 0) writePolicyChain(scene, 'SVC', chosen.cluster);
  if (chosen.local.length > 0) writePolicyChain(scene, 'SVL', chosen.local);
  for (const endpoint of chosen.reachable) writeEndpoint(scene, endpoint);
  if (chosen.accessible) writeExternal(scene);
  if (port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0) writeFirewall(scene);
}

function writeFilter(scene: Scene): void {
  const { page, port, chosen, name } = scene;
  const target = chosen.any ? 'DROP' : 'REJECT';
  const why = comment(`${name} has no ${chosen.any ? 'local ' : ''}endpoints`);
  if (!chosen.internal) {
    page.write('filter', '-A KUBE-SERVICES', why, to(scene, port.clusterIP), `-j ${target}`);
  }
  if (!chosen.external) {
    for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
      page.write('filter', '-A KUBE-EXTERNAL-SERVICES', why, to(scene, address), `-j ${target}`);
    }
    if (port.nodePort !== null) {
      const match = `-m addrtype --dst-type LOCAL ${toNodePort(scene)}`;
      page.write('filter', '-A KUBE-EXTERNAL-SERVICES', why, match, `-j ${target}`);
    }
  }
  if (chosen.any && port.sourceRanges.length > 0) {
    for (const address of port.loadBalancerIPs) {
      const refused = comment(`${name} traffic not accepted`);
      page.write('filter', '-A KUBE-PROXY-FIREWALL', refused, to(scene, address), '-j DROP');
    }
  }
  if (port.healthCheckNodePort !== null) {
    const match = `-p tcp -m tcp --dport ${port.healthCheckNodePort} -j ACCEPT`;
    page.write('filter', '-A KUBE-NODEPORTS', comment(`${name} health check`), match);
  }
}

/** KUBE-SERVICES and KUBE-NODEPORTS: the rules that every sync rewrites. */
function writeEntries(scene: Scene): void {
  const { page, port, chosen, name } = scene;
  if (chosen.internal) {
    const chain = chainOf(scene, port.internalPolicy === 'Local' ? 'SVL' : 'SVC');
    const match = `${comment(`${name} cluster IP`)} ${to(scene, port.clusterIP)}`;
    page.write('nat', '-A KUBE-SERVICES', match, `-j ${chain}`);
  }
  const external = chainOf(scene, 'EXT');
  for (const address of port.externalIPs) {
    const match = `${comment(`${name} external IP`)} ${to(scene, address)}`;
    page.write('nat', '-A KUBE-SERVICES', match, `-j ${external}`);
  }
  const balanced = port.sourceRanges.length > 0 ? chainOf(scene, 'FW') : external;
  for (const address of port.loadBalancerIPs) {
    const match = `${comment(`${name} loadbalancer IP`)} ${to(scene, address)}`;
    page.write('nat', '-A KUBE-SERVICES', match, `-j ${balanced}`);
  }
  if (port.nodePort === null) return;
  const match = `${comment(name)} ${toNodePort(scene)}`;
  if (scene.localhost && minorOf(scene.era) >= NFACCT_MINOR) {
    const counted = '-d 127.0.0.0/8 -m nfacct --nfacct-name localhost_nps_accepted_pkts';
    page.write('nat', '-A KUBE-NODEPORTS', match, counted, `-j ${external}`);
  }
  page.write('nat', '-A KUBE-NODEPORTS', match, `-j ${external}`);
}

function writePolicyChain(scene: Scene, kind: string, endpoints: readonly Endpoint[]): void {
  const { page, port, name } = scene;
  const chain = chainOf(scene, kind);
  page.write('nat', `:${chain} - [0:0]`);
  // The masquerade rule stands in the chain that the cluster IP leads to.
  if (kind === (port.internalPolicy === 'Local' ? 'SVL' : 'SVC')) {
    const match = `${comment(`${name} cluster IP`)} ${to(scene, port.clusterIP)}`;
    page.write('nat', `-A ${chain}`, match, '! -s 10.0.0.0/8 -j KUBE-MARK-MASQ');
  }
  if (port.affinity) {
    for (const endpoint of endpoints) {
      const target = endpointChain(scene, endpoint);
      const recent = `-m recent --name ${target} --rcheck --seconds 10800 --reap`;
      page.write('nat', `-A ${chain}`, comment(name), recent, `-j ${target}`);
    }
  }
  endpoints.forEach((endpoint, i) => {
    const left = endpoints.length - i;
    const dice =
      left === 1 ? [] : [`-m statistic --mode random --probability ${(1 / left).toFixed(10)}`];
    const target = endpointChain(scene, endpoint);
    page.write('nat', `-A ${chain}`, comment(name), ...dice, `-j ${target}`);
  });
}

function writeEndpoint(scene: Scene, endpoint: Endpoint): void {
  const { page, port, name, protocol } = scene;
  const chain = endpointChain(scene, endpoint);
  page.write('nat', `:${chain} - [0:0]`);
  page.write('nat', `-A ${chain}`, comment(name), `-s ${endpoint.address} -j KUBE-MARK-MASQ`);
  const recent = port.affinity ? [`-m recent --name ${chain} --set`] : [];
  const target = `-j DNAT --to-destination ${endpoint.address}:${endpoint.port}`;
  page.write('nat', `-A ${chain}`, comment(name), ...recent, `-p ${protocol}`, target);
}

function writeExternal(scene: Scene): void {
  const { page, chosen, name } = scene;
  const chain = chainOf(scene, 'EXT');
  const cluster = chainOf(scene, 'SVC');
  page.write('nat', `:${chain} - [0:0]`);
  if (!chosen.externalLocal) {
    page.write('nat', `-A ${chain}`, comment(`masquerade for ${name}`), '-j KUBE-MARK-MASQ');
    page.write('nat', `-A ${chain}`, `-j ${cluster}`);
    return;
  }
  const local = '-m addrtype --src-type LOCAL';
  page.write('nat', `-A ${chain}`, comment(`pods to ${name}`), `-s 10.0.0.0/8 -j ${cluster}`);
  page.write('nat', `-A ${chain}`, comment(`masquerade ${name}`), local, '-j KUBE-MARK-MASQ');
  page.write('nat', `-A ${chain}`, comment(`node to ${name}`), local, `-j ${cluster}`);
  if (chosen.external) page.write('nat', `-A ${chain}`, `-j ${chainOf(scene, 'SVL')}`);
}

function writeFirewall(scene: Scene): void {
  const { era, node, page, port, name } = scene;
  const chain = chainOf(scene, 'FW');
  const external = chainOf(scene, 'EXT');
  page.write('nat', `:${chain} - [0:0]`);
  for (const range of port.sourceRanges) {
    page.write('nat', `-A ${chain}`, comment(name), `-s ${range} -j ${external}`);
  }
  const nodeIP = node.addresses[0];
  if (nodeIP !== undefined && port.sourceRanges.some((range) => cidrContains(range, nodeIP))) {
    for (const address of port.loadBalancerIPs) {
      page.write('nat', `-A ${chain}`, comment(name), `-s ${address} -j ${external}`);
    }
  }
  if (minorOf(era) >= FIREWALL_COMMENT_MINOR) {
    page.write('nat', `-A ${chain}`, comment(`the rest is dropped in KUBE-PROXY-FIREWALL`));
  }
}

/**
 * The input of the next iptables-restore after a change of Service `changed`: filter whole, of nat
 * the fixed lines, all of KUBE-SERVICES and KUBE-NODEPORTS, and the chains of that Service.
 */
export function iptablesRestore(
  era: Era,
  ports: readonly ServicePort[],
  node: ProxyNode,
  changed: string,
): { readonly filter: readonly string[]; readonly nat: readonly string[] } {
  const text = iptablesText(era, ports, node);
  const filter = allLines(text, 'filter');
  if (!era.iptablesPartialSync) return { filter, nat: allLines(text, 'nat') };
  const nat = [...(text.fixed['nat'] ?? [])];
  for (const { port, lines } of text.ports) {
    const isChanged = `${port.namespace}/${port.service}` === changed;
    for (const line of lines['nat'] ?? []) {
      if (isChanged || /^-A KUBE-(SERVICES|NODEPORTS) /.test(line)) nat.push(line);
    }
  }
  return { filter, nat };
}

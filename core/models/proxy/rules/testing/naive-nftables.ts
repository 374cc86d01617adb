/**
 * kube-proxy's table `kube-proxy` as `nft` commands, one object a line, in both layouts: a chain for
 * every endpoint (up to 1.35), and a single dnat rule a Service after it. Of the later layout the
 * sheet gives no base figures (UNVERIFIED): those of the earlier one are emitted.
 */
import type { Era } from '../../../eras.ts';
import type { Endpoint, ProxyNode, ServicePort } from '../service-port.ts';
import { cidrContains } from './cidr.ts';
import { type ChosenEndpoints, chooseNaively, isLocal } from './naive-endpoints.ts';
import { digest } from './naive-iptables.ts';
import { type Format, Page, type Parsed, portName, type RuleText } from './rule-text.ts';

const TABLE = 'kube-proxy';

const BASE = `
add chain mark-for-masquerade
add chain masquerading
add chain services
add chain service-endpoints-check
add chain nodeport-endpoints-check
add chain firewall-check
add chain cluster-ips-check
add chain reject-chain
add chain filter-prerouting { type filter hook prerouting priority -110 ; }
add chain filter-output { type filter hook output priority -110 ; }
add chain filter-input { type filter hook input priority 0 ; }
add chain filter-forward { type filter hook forward priority 0 ; }
add chain filter-output-post-dnat { type filter hook output priority 0 ; }
add chain nat-prerouting { type nat hook prerouting priority -100 ; }
add chain nat-output { type nat hook output priority -100 ; }
add chain nat-postrouting { type nat hook postrouting priority 100 ; }
add rule mark-for-masquerade mark set mark or 0x4000
add rule masquerading mark and 0x4000 == 0 return
add rule masquerading mark set mark xor 0x4000
add rule masquerading masquerade fully-random
add rule services ip daddr . meta l4proto . th dport vmap @service-ips
add rule services ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports
add rule service-endpoints-check ip daddr . meta l4proto . th dport vmap @no-endpoint-services
add rule nodeport-endpoints-check ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports
add rule firewall-check ip daddr . meta l4proto . th dport vmap @firewall-ips
add rule cluster-ips-check ip daddr @cluster-ips reject
add rule cluster-ips-check ip daddr { 10.96.0.0/12 } drop
add rule reject-chain reject
add rule filter-prerouting ct state new jump firewall-check
add rule filter-output ct state new jump service-endpoints-check
add rule filter-output ct state new jump firewall-check
add rule filter-input ct state new jump nodeport-endpoints-check
add rule filter-input ct state new jump service-endpoints-check
add rule filter-forward ct state new jump service-endpoints-check
add rule filter-forward ct state new jump cluster-ips-check
add rule filter-output-post-dnat ct state new jump cluster-ips-check
add rule nat-prerouting jump services
add rule nat-output jump services
add rule nat-postrouting jump masquerading
`;

const OBJECTS: Readonly<Record<string, string>> = {
  chain: 'chains',
  rule: 'rules',
  element: 'elements',
  set: 'sets',
};

export const nftablesFormat: Format = {
  tables: { [TABLE]: ['chains', 'rules', 'elements', 'sets'] },
  sets: ['elements'],
  parse: (_table, line): Parsed | null => {
    const [, object = '', where = ''] = line.split(' ');
    const kind = OBJECTS[object];
    if (kind === undefined) return null;
    if (kind === 'elements') return { object: kind, chain: where };
    if (kind !== 'rules') return { object: kind, chain: null };
    // Chains of a Service are called after what they are for: service-DIGEST, endpoint-DIGEST, ...
    return { object: kind, chain: where.replace(/-[0-9A-V]{16}$/, '') };
  },
};

interface Scene {
  readonly era: Era;
  readonly node: ProxyNode;
  readonly page: Page;
  readonly port: ServicePort;
  readonly chosen: ChosenEndpoints;
  readonly name: string;
  readonly protocol: string;
}

/** The whole table of a node. */
export function nftablesText(era: Era, ports: readonly ServicePort[], node: ProxyNode): RuleText {
  const fixed = BASE.trim().split('\n');
  if (node.nodePortAddresses === 'primary') {
    for (const address of node.addresses) fixed.push(`add element nodeport-ips ${address}`);
  }
  return {
    fixed: { [TABLE]: fixed },
    ports: ports.map((port) => {
      const page = new Page([TABLE]);
      const chosen = chooseNaively(port, node, era);
      const protocol = port.protocol.toLowerCase();
      writePort({ era, node, page, port, chosen, name: portName(port), protocol });
      return { port, lines: page.lines };
    }),
  };
}

/**
 * The operations of the transaction that turns the text `before` into `after`, of which Service
 * `changed` alone has changed: its chains are added (a no-op if there) and flushed, their rules added
 * again; elements are added or deleted where they differ; chains no longer wanted are flushed and
 * deleted in a later transaction.
 */
export function nftablesTransaction(before: RuleText, after: RuleText, changed: string): string[] {
  const linesOf = (text: RuleText, kind: string) =>
    text.ports
      .filter(({ port }) => `${port.namespace}/${port.service}` === changed)
      .flatMap(({ lines }) => lines[TABLE] ?? [])
      .filter((line) => line.startsWith(`add ${kind} `));
  const missing = (from: readonly string[], lines: readonly string[]) =>
    [...new Set(lines)].filter((line) => !from.includes(line));
  const chains = linesOf(after, 'chain');
  const [oldElements, elements] = [linesOf(before, 'element'), linesOf(after, 'element')];
  return [
    ...chains,
    ...chains.map((line) => line.replace('add', 'flush')),
    ...linesOf(after, 'rule'),
    ...linesOf(after, 'set'),
    ...missing(elements, oldElements).map((line) => line.replace('add', 'delete')),
    ...missing(oldElements, elements),
    ...missing(chains, linesOf(before, 'chain')).map((line) => line.replace('add', 'flush')),
  ];
}

function chainOf(scene: Scene, kind: string): string {
  return `${kind}-${digest(`${scene.name} ${scene.protocol} ${kind}`)}`;
}

function endpointChain(scene: Scene, { address, port }: Endpoint): string {
  return `endpoint-${digest(`${scene.name} ${scene.protocol} ${address} ${port}`)}`;
}

function usesEndpointChains({ era, port }: Scene): boolean {
  return era.nftablesEndpointChains || port.affinity;
}

function writePort(scene: Scene): void {
  const { page, port, chosen } = scene;
  writeElements(scene);
  if (!chosen.any) return;
  if (chosen.cluster.length > 0) writePolicyChain(scene, 'service', chosen.cluster);
  if (chosen.local.length > 0) writePolicyChain(scene, 'local', chosen.local);
  if (chosen.accessible) writeExternal(scene);
  if (port.loadBalancerIPs.length > 0 && port.sourceRanges.length > 0) writeFirewall(scene);
  for (const endpoint of chosen.reachable) {
    if (usesEndpointChains(scene)) writeEndpoint(scene, endpoint);
    if (!scene.era.nftablesEndpointChains && isLocal(endpoint, scene.node)) {
      const { address } = endpoint;
      page.write(TABLE, `add element hairpin-connections ${address} . ${address}`);
    }
  }
}

function writeElements(scene: Scene): void {
  const { page, port, chosen, protocol } = scene;
  const element = (map: string, key: string, verdict: string) =>
    page.write(TABLE, `add element ${map} ${key} : ${verdict}`);
  const refuse = chosen.any ? 'drop' : 'goto reject-chain';
  const key = (address: string) => `${address} . ${protocol} . ${port.number}`;
  page.write(TABLE, `add element cluster-ips ${port.clusterIP}`);
  if (chosen.internal) {
    const chain = chainOf(scene, port.internalPolicy === 'Local' ? 'local' : 'service');
    element('service-ips', key(port.clusterIP), `goto ${chain}`);
  } else {
    element('no-endpoint-services', key(port.clusterIP), refuse);
  }
  for (const address of [...port.externalIPs, ...port.loadBalancerIPs]) {
    if (chosen.any) element('service-ips', key(address), `goto ${chainOf(scene, 'external')}`);
    if (!chosen.external) element('no-endpoint-services', key(address), refuse);
  }
  if (chosen.any && port.sourceRanges.length > 0) {
    for (const address of port.loadBalancerIPs) {
      element('firewall-ips', key(address), `goto ${chainOf(scene, 'firewall')}`);
    }
  }
  if (port.nodePort !== null) {
    const node = `${protocol} . ${port.nodePort}`;
    if (chosen.any) element('service-nodeports', node, `goto ${chainOf(scene, 'external')}`);
    if (!chosen.external) element('no-endpoint-nodeports', node, refuse);
  }
}

function writePolicyChain(scene: Scene, kind: string, endpoints: readonly Endpoint[]): void {
  const { page, port, protocol } = scene;
  const chain = chainOf(scene, kind);
  page.write(TABLE, `add chain ${chain}`);
  const rule = (...parts: string[]) => page.write(TABLE, `add rule ${chain}`, ...parts);
  // The masquerade rule stands in the chain that the cluster IP leads to.
  if (kind === (port.internalPolicy === 'Local' ? 'local' : 'service')) {
    const match = `ip daddr ${port.clusterIP} ${protocol} dport ${port.number}`;
    rule(match, 'ip saddr != 10.0.0.0/8 jump mark-for-masquerade');
  }
  if (port.affinity) {
    for (const endpoint of endpoints) {
      const target = endpointChain(scene, endpoint);
      rule(`ip saddr @affinity-${target} goto ${target}`);
    }
  }
  const pick = `numgen random mod ${endpoints.length}`;
  if (usesEndpointChains(scene)) {
    const targets = endpoints.map((e, i) => `${i} : goto ${endpointChain(scene, e)}`);
    rule(`${pick} vmap { ${targets.join(' , ')} }`);
    return;
  }
  const targets = endpoints.map((e, i) => `${i} : ${e.address} . ${e.port}`);
  const [only] = endpoints;
  rule(
    `meta l4proto ${protocol}`,
    endpoints.length === 1
      ? `dnat to ${only!.address}:${only!.port}`
      : `dnat to ${pick} map { ${targets.join(' , ')} }`,
  );
}

function writeExternal(scene: Scene): void {
  const { page, chosen } = scene;
  const chain = chainOf(scene, 'external');
  const service = chainOf(scene, 'service');
  page.write(TABLE, `add chain ${chain}`);
  const rule = (...parts: string[]) => page.write(TABLE, `add rule ${chain}`, ...parts);
  if (!chosen.externalLocal) {
    rule('jump mark-for-masquerade');
    rule(`goto ${service}`);
    return;
  }
  rule(`ip saddr 10.0.0.0/8 goto ${service}`);
  rule('fib saddr type local jump mark-for-masquerade');
  rule(`fib saddr type local goto ${service}`);
  if (chosen.external) rule(`goto ${chainOf(scene, 'local')}`);
}

function writeFirewall(scene: Scene): void {
  const { node, page, port } = scene;
  const chain = chainOf(scene, 'firewall');
  const sources = [...port.sourceRanges];
  const nodeIP = node.addresses[0];
  if (nodeIP !== undefined && sources.some((range) => cidrContains(range, nodeIP))) {
    sources.push(...port.loadBalancerIPs);
  }
  page.write(TABLE, `add chain ${chain}`);
  page.write(TABLE, `add rule ${chain} ip saddr != { ${sources.join(' , ')} } drop`);
}

function writeEndpoint(scene: Scene, endpoint: Endpoint): void {
  const { era, page, port, protocol } = scene;
  const chain = endpointChain(scene, endpoint);
  const { address } = endpoint;
  page.write(TABLE, `add chain ${chain}`);
  // The later layout masquerades hairpin connections by a set of local endpoints.
  if (era.nftablesEndpointChains) {
    page.write(TABLE, `add rule ${chain} ip saddr ${address} jump mark-for-masquerade`);
  }
  if (port.affinity) {
    page.write(TABLE, `add set affinity-${chain} { flags dynamic,timeout ; timeout 10800s ; }`);
    page.write(TABLE, `add rule ${chain} update @affinity-${chain} { ip saddr }`);
  }
  const target = `dnat to ${address}:${endpoint.port}`;
  page.write(TABLE, `add rule ${chain} meta l4proto ${protocol} ${target}`);
}

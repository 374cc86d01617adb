/** What the names in the counts mean, in words for somebody who has never listed a node's rules. */
import type { KernelMode } from '../../core/models/proxy/rules/registry.ts';

/** Kinds of object where the name in the document is not the one that is said. */
const kinds: Readonly<Record<string, string>> = {
  virtualServers: 'virtual servers',
  realServers: 'real servers',
  ipsetEntries: 'ipset entries',
  dummyAddresses: 'dummy addresses',
  serviceEntries: 'service entries',
  backendEntries: 'backend entries',
};

export function kindWords(kind: string): string {
  return kinds[kind] ?? kind;
}

type Words = Readonly<Record<string, string>>;

const iptables: Words = {
  'nat KUBE-SERVICES': 'one rule an address: cluster IP, external, load balancer',
  'nat KUBE-NODEPORTS': 'rules for the node port',
  'nat KUBE-EXT': 'way in from outside: marks to masquerade, then to the endpoints',
  'nat KUBE-FW': 'source ranges that may use the load balancer',
  'nat KUBE-SVC': 'picks an endpoint at random; one rule each, two with affinity',
  'nat KUBE-SVL': 'the same among endpoints on this node',
  'nat KUBE-SEP': 'two rules an endpoint: masquerade its own traffic, rewrite',
  'filter KUBE-SERVICES': 'refuses the cluster IP: no endpoint may be used',
  'filter KUBE-EXTERNAL-SERVICES': 'refuses or drops what comes from outside: no usable endpoint',
  'filter KUBE-NODEPORTS': 'lets the health check of the load balancer in',
  'filter KUBE-PROXY-FIREWALL': 'drops sources outside the ranges of the load balancer',
};

const nftables: Words = {
  'kube-proxy service': 'rules that pick among all endpoints',
  'kube-proxy local': 'rules that pick among endpoints on this node',
  'kube-proxy external': 'rules of the way in from outside',
  'kube-proxy firewall': 'the rule for the source ranges of a load balancer',
  'kube-proxy endpoint': 'rules of the chains of single endpoints',
  'kube-proxy service-ips': 'map entries: an address and port to a chain',
  'kube-proxy service-nodeports': 'map entries: a node port to a chain',
  'kube-proxy cluster-ips': 'set entries: known cluster IPs',
  'kube-proxy no-endpoint-services': 'map entries: addresses that are refused or dropped',
  'kube-proxy no-endpoint-nodeports': 'map entries: node ports that are refused or dropped',
  'kube-proxy firewall-ips': 'map entries: load balancers with source ranges',
  'kube-proxy hairpin-connections': 'set entries: endpoints on this node that may reach themselves',
};

const ebpf: Words = {
  'maps cluster IP': 'an entry for the address, and one for each endpoint behind it',
  'maps node port': 'the same on each address of the node',
  'maps load balancer': 'the same for each address of a load balancer',
  'maps external IP': 'the same for each external address',
};

const words: Readonly<Record<KernelMode, Words>> = { iptables, nftables, ebpf, ipvs: {} };

/** What a part of a split stands for; undefined where the name says it. */
export function partWords(mode: KernelMode, table: string, part: string): string | undefined {
  if (mode === 'ipvs') return undefined;
  return words[mode][`${table} ${part}`];
}

/** What is there without any Service. */
export const fixedWords: Readonly<Record<KernelMode, string>> = {
  iptables: 'Fixed: what kube-proxy writes without any Service (its own chains, masquerading).',
  nftables:
    'Fixed: what kube-proxy writes without any Service (base chains, addresses with node ports).',
  ipvs: 'The iptables rules of this mode do not depend on Services and are not counted.',
  ebpf: 'Reverse NAT, affinity and source ranges have maps of their own and are not counted.',
};

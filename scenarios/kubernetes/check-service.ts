/**
 * What the API server refuses in a Service as a whole, as far as a count in the kernel depends on it:
 * fields that do not go with its type, ports, addresses and ranges. What is allocated once per cluster
 * is checked in `allocations.ts`; the range of node ports is a setting of the cluster and not checked.
 */
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { parseAddress, parseRange } from '../values/address.ts';
import type { FieldReader } from './field-reader.ts';
import { dnsLabelProblem } from './name-syntax.ts';
import { readPortName } from './read-port.ts';
import { checkLabels } from './read-selector.ts';
import type { ServicePortsService, ServiceSpec } from './service-schema.ts';

const specFields = [
  'type',
  'clusterIP',
  'clusterIPs',
  'ipFamilies',
  'ipFamilyPolicy',
  'selector',
  'ports',
  'externalIPs',
  'externalName',
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'allocateLoadBalancerNodePorts',
  'healthCheckNodePort',
  'sessionAffinity',
  'sessionAffinityConfig',
  'internalTrafficPolicy',
  'externalTrafficPolicy',
  'trafficDistribution',
  'publishNotReadyAddresses',
];

const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Reports every problem of a Service that is not an ExternalName. */
export function checkService(reader: FieldReader, { spec = {}, status }: Checked): void {
  for (const field of Object.keys(spec ?? {})) {
    if (!specFields.includes(field)) reader.unknownField(['spec', field], specFields);
  }
  if (!spec) return refuse(reader, [], 'has no spec', 'a Service needs at least one port');
  checkLabels(reader, spec.selector ?? {}, ['spec', 'selector']);
  checkType(reader, spec);
  checkPorts(reader, spec);
  checkAddresses(reader, spec);
  checkDistribution(reader, spec);
  checkAffinity(reader, spec);
  const ingress = status?.loadBalancer?.ingress ?? [];
  for (const [index, { ip, ipMode }] of ingress.entries()) {
    const path = ['status', 'loadBalancer', 'ingress', index];
    if (ip) checkAddress(reader, ip, [...path, 'ip']);
    else if (ipMode) refuse(reader, [...path, 'ipMode'], 'has ipMode without ip', 'give the ip');
  }
  if (ingress.length > 0 && spec.type !== 'LoadBalancer') {
    const help = 'only type LoadBalancer has addresses of a load balancer; remove them';
    refuse(reader, ['status', 'loadBalancer'], `is of type ${spec.type ?? 'ClusterIP'}`, help);
  }
}

type Checked = Pick<ServicePortsService, 'spec' | 'status'>;

/** Reached from outside, so that `externalTrafficPolicy` means something. */
function isExternal({ type, externalIPs }: ServiceSpec): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || (externalIPs ?? []).length > 0;
}

function checkType(reader: FieldReader, spec: ServiceSpec): void {
  const type = spec.type ?? 'ClusterIP';
  const only = (field: keyof ServiceSpec, condition: boolean, where: string) => {
    if (condition) return;
    refuse(reader, ['spec', field], `has ${field}`, `${field} goes with ${where} only; remove it`);
  };
  const balanced = type === 'LoadBalancer';
  if (spec.externalTrafficPolicy) {
    only('externalTrafficPolicy', isExternal(spec), 'NodePort, LoadBalancer or externalIPs');
  }
  if (spec.loadBalancerSourceRanges?.length) {
    only('loadBalancerSourceRanges', balanced, 'type LoadBalancer');
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined) {
    only('allocateLoadBalancerNodePorts', balanced, 'type LoadBalancer');
  }
  if (spec.healthCheckNodePort) {
    const local = spec.externalTrafficPolicy === 'Local';
    only(
      'healthCheckNodePort',
      balanced && local,
      'type LoadBalancer and externalTrafficPolicy: Local',
    );
  }
  if (type !== 'ClusterIP' && spec.clusterIP === 'None') {
    refuse(
      reader,
      ['spec', 'clusterIP'],
      `of type ${type} is headless`,
      'only type ClusterIP can have clusterIP: None',
    );
  }
}

function checkPorts(reader: FieldReader, spec: ServiceSpec): void {
  const ports = spec.ports ?? [];
  const path = ['spec', 'ports'];
  if (ports.length === 0 && spec.clusterIP !== 'None') {
    refuse(reader, path, 'has no ports', 'give at least one');
  }
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const [index, { name, protocol, port, targetPort, nodePort }] of ports.entries()) {
    const at = [...path, index];
    if (!name && ports.length > 1) {
      refuse(reader, at, 'has a port without a name', 'name each port where there are several');
    }
    const problem = name ? dnsLabelProblem(name) : undefined;
    if (problem !== undefined) {
      refuse(reader, [...at, 'name'], `names a port ${show(name)}`, `names have ${problem}`);
    }
    if (name && names.has(name)) {
      refuse(reader, [...at, 'name'], `has two ports named ${name}`, 'give each its own name');
    }
    names.add(name ?? '');
    const number = `${port}/${protocol ?? 'TCP'}`;
    if (numbers.has(number)) refuse(reader, at, `has port ${number} twice`, 'remove one');
    numbers.add(number);
    if (typeof targetPort === 'string' && targetPort !== '') {
      readPortName(reader, targetPort, [...at, 'targetPort']);
    }
    if (nodePort && (spec.type ?? 'ClusterIP') === 'ClusterIP') {
      const help = 'nodePort goes with type NodePort or LoadBalancer only';
      refuse(reader, [...at, 'nodePort'], 'of type ClusterIP has a nodePort', help);
    }
  }
}

function checkAddresses(reader: FieldReader, spec: ServiceSpec): void {
  const { clusterIP, clusterIPs = [], externalIPs, loadBalancerSourceRanges } = spec;
  const path = ['spec', 'clusterIPs'];
  if (clusterIP && clusterIP !== 'None') checkAddress(reader, clusterIP, ['spec', 'clusterIP']);
  for (const [index, ip] of (clusterIPs ?? []).entries()) {
    if (ip !== 'None') checkAddress(reader, ip, [...path, index]);
  }
  const [first] = clusterIPs ?? [];
  if (first !== undefined && clusterIP && first !== clusterIP) {
    refuse(reader, [...path, 0], `has clusterIP ${clusterIP}`, 'clusterIPs starts with clusterIP');
  }
  const families = (clusterIPs ?? []).flatMap((ip) => parseAddress(ip)?.family ?? []);
  if (families.length > 2 || new Set(families).size < families.length) {
    refuse(reader, path, 'has two addresses of a family', 'one of IPv4, one of IPv6 at most');
  }
  for (const [index, ip] of (externalIPs ?? []).entries()) {
    const at = ['spec', 'externalIPs', index];
    checkAddress(reader, ip, at);
    if (isSpecial(ip)) {
      const help = 'give an address that is routed to the nodes, not of loopback or one link';
      refuse(reader, at, `has the external address ${ip}`, help);
    }
  }
  for (const [index, range] of (loadBalancerSourceRanges ?? []).entries()) {
    if (parseRange(range.trim()) !== undefined) continue;
    const help = 'an address and a prefix length, for example 203.0.113.0/24';
    const at = ['spec', 'loadBalancerSourceRanges', index];
    refuse(reader, at, `has the source range ${show(range)}`, help);
  }
}

/** Unspecified, of loopback or of one link: the API server takes none as an external address. */
const special = ['0.0.0.0/32', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/24']
  .concat('::/128', '::1/128', 'fe80::/10', 'ff02::/16')
  .map((text) => parseRange(text)!);

function isSpecial(text: string): boolean {
  const address = parseAddress(text);
  return special.some(
    ({ family, first, last }) =>
      address?.family === family && first <= address.value && address.value <= last,
  );
}

function checkAddress(reader: FieldReader, text: string, path: Path): void {
  if (parseAddress(text) !== undefined) return;
  refuse(reader, path, `has the address ${show(text)}`, 'give one like 10.0.0.1 or fd00::1');
}

function checkDistribution(reader: FieldReader, { trafficDistribution }: ServiceSpec): void {
  if (!trafficDistribution || distributions.includes(trafficDistribution)) return;
  refuse(
    reader,
    ['spec', 'trafficDistribution'],
    `has trafficDistribution ${show(trafficDistribution)}`,
    `Kubernetes takes ${distributions.join(', ')}`,
  );
}

function checkAffinity(
  reader: FieldReader,
  { sessionAffinity, sessionAffinityConfig }: ServiceSpec,
): void {
  if (!sessionAffinityConfig) return;
  const path = ['spec', 'sessionAffinityConfig'];
  if (sessionAffinity !== 'ClientIP') {
    const help = 'it goes with sessionAffinity: ClientIP only; remove it';
    refuse(reader, path, 'has sessionAffinityConfig', help);
  }
  const seconds = sessionAffinityConfig.clientIP?.timeoutSeconds ?? undefined;
  if (seconds === undefined || (seconds > 0 && seconds <= longestAffinitySeconds)) return;
  const help = `Kubernetes takes 1 to ${longestAffinitySeconds}`;
  refuse(reader, [...path, 'clientIP', 'timeoutSeconds'], `has the timeout ${seconds}`, help);
}

/** A day (API reference of Kubernetes). */
const longestAffinitySeconds = 86_400;

/** @param what follows the name of the object in a sentence */
export function refuse(reader: FieldReader, path: Path, what: string, help: string): void {
  reader.refuse(path, { code: 'E151', message: `${reader.name} ${what}`, help });
}

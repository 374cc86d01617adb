/**
 * NetworkPolicy of networking.k8s.io/v1. What the API server would refuse (validation of the
 * networking group) is an error with its place. Where the server and the validation of kubectl differ,
 * the stricter is taken, except that host bits are allowed in a range, as both do: addresses with
 * leading zeros or with IPv4 inside IPv6, which the server takes in old objects and programs read
 * differently, and entries of a list that are null (`ingress: [null]`), which kubectl stops, are errors.
 */
import type {
  AddressRange,
  Direction,
  IpBlock,
  NetworkPolicy,
  NetworkPolicyRule,
  PolicyPeer,
  PolicyPort,
} from '../../core/policy/objects.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { didYouMean } from '../suggest.ts';
import { isStrictlyInside, parseRange } from '../values/address.ts';
import { type FieldReader, isThere } from './field-reader.ts';
import { highestPort, readPortName, readPortNumber, readProtocol } from './read-port.ts';
import { everything, readSelector } from './read-selector.ts';

const policyTypes = ['Ingress', 'Egress'] as const;

/** What is left after reported errors. */
export function readNetworkPolicy(reader: FieldReader): NetworkPolicy {
  const { namespace, name, value } = reader.object;
  reader.fields(value, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const known = ['podSelector', 'policyTypes', 'ingress', 'egress'];
  const spec = isThere(value.spec) ? (reader.fields(value.spec, ['spec'], known) ?? {}) : {};
  const rules = (direction: Direction) =>
    reader
      .list(spec[direction], ['spec', direction])
      .map((rule, index) => readRule(reader, rule, direction, ['spec', direction, index]));
  return {
    kind: 'NetworkPolicy',
    namespace,
    name,
    podSelector: isThere(spec.podSelector)
      ? readSelector(reader, spec.podSelector, ['spec', 'podSelector'])
      : everything,
    policyTypes: readPolicyTypes(reader, spec.policyTypes),
    ingress: rules('ingress'),
    egress: rules('egress'),
  };
}

function readPolicyTypes(reader: FieldReader, value: unknown): NetworkPolicy['policyTypes'] {
  const path = ['spec', 'policyTypes'];
  const list = reader.list(value, path);
  if (list.length > policyTypes.length) {
    reader.refuse(path, {
      code: 'E148',
      message: `policyTypes of ${reader.name} has ${list.length} entries`,
      help: 'Kubernetes takes two at most: Ingress, Egress',
    });
  }
  return list.flatMap((item, index) => {
    const found = policyTypes.find((type) => type === item);
    if (found !== undefined) return found;
    reader.refuse([...path, index], {
      code: 'E148',
      message: `policyTypes of ${reader.name} holds ${show(item)}`,
      help: `${didYouMean(item, policyTypes)}Kubernetes takes Ingress and Egress`,
    });
    return [];
  });
}

/** Where the rules of a direction name their peers. */
export function sideOf(direction: Direction): 'from' | 'to' {
  return direction === 'ingress' ? 'from' : 'to';
}

function readRule(
  reader: FieldReader,
  value: unknown,
  direction: Direction,
  path: Path,
): NetworkPolicyRule {
  const side = sideOf(direction);
  const fields = reader.fields(value, path, [side, 'ports']) ?? {};
  return {
    peers: reader
      .list(fields[side], [...path, side])
      .map((peer, index) => readPeer(reader, peer, [...path, side, index])),
    ports: reader
      .list(fields.ports, [...path, 'ports'])
      .map((port, index) => readPort(reader, port, [...path, 'ports', index])),
  };
}

function readPeer(reader: FieldReader, value: unknown, path: Path): PolicyPeer {
  const known = ['podSelector', 'namespaceSelector', 'ipBlock'];
  const fields = reader.fields(value, path, known);
  const { podSelector, namespaceSelector, ipBlock } = fields ?? {};
  const selectors = [podSelector, namespaceSelector].filter(isThere).length;
  if (fields !== undefined && Object.keys(fields).length === 0) {
    reader.refuse(path, {
      code: 'E144',
      message: `an empty peer in ${reader.name}`,
      help: 'write podSelector: {} for every pod of the namespace, or leave out the whole list for everybody',
    });
  } else if (isThere(ipBlock) && selectors > 0) {
    reader.refuse(path, {
      code: 'E144',
      message: `ipBlock together with a selector in one peer of ${reader.name}`,
      help: 'make them two entries of the list: each admits for itself',
    });
  }
  const selector = (field: unknown, name: string) =>
    isThere(field) ? readSelector(reader, field, [...path, name]) : undefined;
  return {
    podSelector: selector(podSelector, 'podSelector'),
    namespaceSelector: selector(namespaceSelector, 'namespaceSelector'),
    ipBlock: isThere(ipBlock) ? readIpBlock(reader, ipBlock, [...path, 'ipBlock']) : undefined,
  };
}

function readIpBlock(reader: FieldReader, value: unknown, path: Path): IpBlock | undefined {
  const fields = reader.fields(value, path, ['cidr', 'except']);
  if (fields === undefined) return undefined;
  if (!isThere(fields.cidr)) {
    reader.refuse(path, {
      code: 'E145',
      message: `an ipBlock without cidr in ${reader.name}`,
      help: 'write cidr: 0.0.0.0/0 for every IPv4 address',
    });
  }
  const range = readRange(reader, fields.cidr, [...path, 'cidr']);
  const exceptPath = [...path, 'except'];
  const except = reader.list(fields.except, exceptPath).flatMap((item, index) => {
    const part = readRange(reader, item, [...exceptPath, index]);
    if (part === undefined || range === undefined) return [];
    if (!isStrictlyInside(part, range)) {
      reader.refuse([...exceptPath, index], {
        code: 'E145',
        message: `${part.text} is not a part of ${range.text}`,
        label: 'except takes away from cidr',
        help:
          part.first <= range.first && part.last >= range.last && part.family === range.family
            ? 'nothing would be left of the block: remove the peer, or except less'
            : `write a range inside ${range.text}, or remove it`,
      });
    }
    return part;
  });
  return range && { range, except };
}

/** Undefined when absent or after a reported error; an entry that is null is none. */
export function readRange(
  reader: FieldReader,
  value: unknown,
  path: Path,
): AddressRange | undefined {
  const text = value === null ? 'null' : reader.text(value, path);
  if (text === undefined) return undefined;
  const range = parseRange(text);
  if (range !== undefined) return range;
  const single = parseRange(`${text}/32`) ?? parseRange(`${text}/128`);
  reader.refuse(path, {
    code: 'E145',
    message: `not an address range: ${value === null ? 'null' : show(text)}`,
    help:
      single === undefined
        ? 'write an address and a prefix length: 10.0.0.0/8 or 2001:db8::/32, numbers without leading zeros'
        : `write ${single.text} for this one address`,
  });
  return undefined;
}

function readPort(reader: FieldReader, value: unknown, path: Path): PolicyPort {
  const fields = reader.fields(value, path, ['protocol', 'port', 'endPort']) ?? {};
  const protocol = readProtocol(reader, fields.protocol, [...path, 'protocol']);
  const port = readNumberOrName(reader, fields.port, [...path, 'port']);
  const endPath = [...path, 'endPort'];
  const endPort = reader.integer(fields.endPort, endPath);
  if (endPort !== undefined) {
    const help = endPortHelp(port, fields.port, endPort);
    if (help !== undefined) {
      reader.refuse(endPath, {
        code: 'E146',
        message: `endPort ${endPort} of ${reader.name} does not fit its port`,
        help,
      });
    }
  }
  return { protocol, port, endPort };
}

function endPortHelp(
  port: number | string | undefined,
  written: unknown,
  endPort: number,
): string | undefined {
  if (!isThere(written)) return 'give the first port of the range as `port`';
  if (typeof written === 'string') return 'a range starts with a number, not with a name';
  if (endPort > highestPort) return `ports are 1 to ${highestPort}`;
  if (typeof port === 'number' && endPort < port) return `write ${port} or a higher number`;
  return undefined;
}

function readNumberOrName(
  reader: FieldReader,
  value: unknown,
  path: Path,
): number | string | undefined {
  if (typeof value === 'string') return readPortName(reader, value, path);
  return readPortNumber(reader, value, path);
}

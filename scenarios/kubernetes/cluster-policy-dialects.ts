/**
 * In what the three kinds of cluster policies differ: words for actions, limits, and the form of a
 * port. Source: network-policy-api, apis/v1alpha1 and apis/v1alpha2.
 */
import type { Action, ClusterPolicy, ClusterPort, Protocol } from '../../core/policy/objects.ts';
import type { Path } from '../origins.ts';
import { isClose } from '../suggest.ts';
import { type FieldReader, isThere } from './field-reader.ts';
import { highestPort, readPortName, readPortNumber, readProtocol } from './read-port.ts';

/** A form of port of a later release, by the name of its field. */
export interface UnsupportedPort {
  readonly unsupported: string;
}

export interface Dialect {
  /** Undefined if each policy says it. */
  readonly tier: ClusterPolicy['tier'] | undefined;
  /** Of the spec, besides subject and rules. */
  readonly fields: readonly string[];
  readonly actions: Readonly<Record<string, Action>>;
  readonly portsField: 'protocols' | 'ports';
  readonly mostRules: number;
  readonly mostPeers: number;
  readonly mostPorts: number;
  /** Undefined after a reported error. */
  readonly readPort: (
    reader: FieldReader,
    value: unknown,
    path: Path,
  ) => ClusterPort | UnsupportedPort | undefined;
}

const ofAdministrators = {
  portsField: 'ports',
  mostRules: 100,
  mostPeers: 100,
  mostPorts: 100,
  readPort: readAdminPort,
} as const;

export const dialects: Readonly<Record<ClusterPolicy['kind'], Dialect>> = {
  ClusterNetworkPolicy: {
    tier: undefined,
    fields: ['tier', 'priority'],
    actions: { Accept: 'Accept', Deny: 'Deny', Pass: 'Pass' },
    portsField: 'protocols',
    mostRules: 25,
    mostPeers: 25,
    mostPorts: 25,
    readPort: readClusterPort,
  },
  AdminNetworkPolicy: {
    ...ofAdministrators,
    tier: 'Admin',
    fields: ['priority'],
    actions: { Allow: 'Accept', Deny: 'Deny', Pass: 'Pass' },
  },
  BaselineAdminNetworkPolicy: {
    ...ofAdministrators,
    tier: 'Baseline',
    fields: [],
    actions: { Allow: 'Accept', Deny: 'Deny' },
  },
};

const everyPort = { first: 1, last: highestPort };
const protocolFields: Readonly<Record<string, Protocol>> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/** v1alpha2: `tcp: { destinationPort: { number: 80 } }`, or `destinationNamedPort: http`. */
function readClusterPort(
  reader: FieldReader,
  value: unknown,
  path: Path,
): ClusterPort | UnsupportedPort | undefined {
  const known = [...Object.keys(protocolFields), 'destinationNamedPort'];
  const field = soleField(reader, value, path, known);
  if (field === undefined) return undefined;
  const [name, content] = field;
  const below = [...path, name];
  if (name === 'destinationNamedPort') {
    return readNamedPort(reader, content, below, 'tcp: { destinationPort: { number: 80 } }');
  }
  if (!Object.hasOwn(protocolFields, name)) return { unsupported: name };
  const protocol = protocolFields[name]!;
  const fields = reader.fields(content, below, ['destinationPort']) ?? {};
  if (!isThere(fields.destinationPort)) return { kind: 'range', protocol, ...everyPort };
  const portPath = [...below, 'destinationPort'];
  const port = soleField(reader, fields.destinationPort, portPath, ['number', 'range']);
  if (port === undefined) return undefined;
  if (port[0] === 'range') {
    return {
      kind: 'range',
      protocol,
      ...readRangeOf(reader, port[1], [...portPath, 'range'], ['start', 'end']),
    };
  }
  if (port[0] !== 'number') return { unsupported: port[0] };
  const number = readPortNumber(reader, port[1], [...portPath, 'number']) ?? 1;
  return { kind: 'range', protocol, first: number, last: number };
}

/** v1alpha1: `portNumber: { protocol: TCP, port: 80 }`, `portRange: { start, end }` or `namedPort`. */
function readAdminPort(
  reader: FieldReader,
  value: unknown,
  path: Path,
): ClusterPort | UnsupportedPort | undefined {
  const field = soleField(reader, value, path, ['portNumber', 'portRange', 'namedPort']);
  if (field === undefined) return undefined;
  const [name, content] = field;
  const below = [...path, name];
  if (name === 'namedPort') {
    return readNamedPort(reader, content, below, 'portNumber: { port: 80 }');
  }
  if (name === 'portRange') {
    const bounds = readRangeOf(reader, content, below, ['protocol', 'start', 'end']);
    return { kind: 'range', protocol: protocolOf(reader, content, below), ...bounds };
  }
  if (name !== 'portNumber') return { unsupported: name };
  const fields = reader.fields(content, below, ['protocol', 'port']) ?? {};
  if (!isThere(fields.port))
    refuse(reader, below, `portNumber without port in ${reader.name}`, 'write port: and a number');
  const port = readPortNumber(reader, fields.port, [...below, 'port']) ?? 1;
  const protocol = readProtocol(reader, fields.protocol, [...below, 'protocol']);
  return { kind: 'range', protocol, first: port, last: port };
}

function protocolOf(reader: FieldReader, content: unknown, path: Path): Protocol {
  const protocol = (content as { protocol?: unknown } | null)?.protocol;
  return readProtocol(reader, protocol, [...path, 'protocol']);
}

function readNamedPort(
  reader: FieldReader,
  value: unknown,
  path: Path,
  numbered: string,
): ClusterPort {
  const name = reader.text(value, path) ?? '';
  return {
    kind: 'named',
    name: readPortName(reader, name, path, `numbers are written ${numbered}`) ?? name,
  };
}

function readRangeOf(
  reader: FieldReader,
  value: unknown,
  path: Path,
  known: readonly string[],
): { readonly first: number; readonly last: number } {
  const fields = reader.fields(value, path, known) ?? {};
  const bound = (name: 'start' | 'end') => {
    if (!isThere(fields[name]))
      refuse(
        reader,
        path,
        `a range of ports without ${name} in ${reader.name}`,
        'write start and end',
      );
    return readPortNumber(reader, fields[name], [...path, name]);
  };
  const [first, last] = [bound('start'), bound('end')];
  if (first !== undefined && last !== undefined && last <= first) {
    refuse(
      reader,
      path,
      `a range of ports from ${first} to ${last} in ${reader.name}`,
      'its end is higher than its start; for one port, give its number',
    );
  }
  return { first: first ?? everyPort.first, last: last ?? everyPort.last };
}

/**
 * Name and value of the only field. A misspelt one is an error; one that is like none of the known
 * is passed on. Undefined after a reported error.
 */
function soleField(
  reader: FieldReader,
  value: unknown,
  path: Path,
  known: readonly string[],
): readonly [string, unknown] | undefined {
  const map = reader.map(value, path);
  if (map === undefined) return undefined;
  const fields = Object.entries(map);
  const [first] = fields;
  if (first === undefined || fields.length > 1) {
    const found = first === undefined ? 'an empty port' : `a port with ${fields.length} fields`;
    refuse(reader, path, `${found} in ${reader.name}`, `write exactly one of ${known.join(', ')}`);
    return undefined;
  }
  if (!known.includes(first[0]) && known.some((name) => isClose(first[0], name))) {
    reader.unknownField([...path, first[0]], known);
    return undefined;
  }
  return first;
}

function refuse(reader: FieldReader, path: Path, message: string, help: string): void {
  reader.refuse(path, { code: 'E146', message, help });
}

/**
 * What random worlds are made of: few labels, selectors, addresses and ports, so that they meet and
 * overlap all the time, with the forms that are easy to get wrong as frequent as the plain ones. What
 * comes first in a list is what a failing example shrinks to.
 */
import type {
  ClusterPort,
  ContainerPort,
  LabelSelector,
  Labels,
  PolicyPeer,
  PolicyPort,
  Protocol,
} from '../objects.ts';
import { address, range } from './addresses.ts';
import { block, EVERYTHING, labelled, port, where } from './builders.ts';

const METADATA_NAME = 'kubernetes.io/metadata.name';

/** `constructor` is a lawful label key, and a trap for whoever looks labels up in a plain object. */
export const LABELS: readonly Labels[] = [
  { k: 'a' },
  { k: 'b' },
  {},
  { l: 'a' },
  { k: 'a', l: 'a' },
  { k: 'a', l: 'b' },
  { k: 'b', l: 'a' },
  { k: '' },
  { k: 'b', constructor: 'a' },
];

export const SELECTORS: readonly LabelSelector[] = [
  EVERYTHING,
  EVERYTHING,
  EVERYTHING,
  EVERYTHING,
  EVERYTHING,
  labelled({ k: 'a' }),
  labelled({ k: 'a' }),
  labelled({ k: 'b' }),
  labelled({ l: 'a' }),
  labelled({ k: 'a', l: 'b' }),
  labelled({ k: '' }),
  labelled({}, where('k', 'In', 'a', 'b')),
  labelled({}, where('k', 'In', 'b', 'c')),
  labelled({}, where('k', 'NotIn', 'a')),
  labelled({}, where('l', 'NotIn', 'a', 'b')),
  labelled({}, where('l', 'Exists')),
  labelled({}, where('l', 'DoesNotExist')),
  labelled({}, where('k', 'Exists'), where('l', 'NotIn', 'a')),
  labelled({ k: 'a' }, where('k', 'NotIn', 'a')),
  labelled({ k: 'b' }, where('l', 'DoesNotExist')),
  // A key nothing has.
  labelled({}, where('m', 'In', 'a')),
  labelled({}, where('m', 'NotIn', 'a')),
  labelled({}, where('m', 'DoesNotExist')),
  labelled({}, where('constructor', 'Exists')),
  labelled({}, where('constructor', 'DoesNotExist')),
];

export const NAMESPACE_SELECTORS: readonly LabelSelector[] = [
  ...SELECTORS,
  labelled({ [METADATA_NAME]: 'x' }),
  labelled({ [METADATA_NAME]: 'y' }),
  labelled({}, where(METADATA_NAME, 'In', 'x', 'y')),
  labelled({}, where(METADATA_NAME, 'NotIn', 'x')),
];

/** Of pods, nodes and outside alike: a range does not know what it holds. */
export const IPV4 = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.6'].map(address);
export const IPV6 = ['fd00::1', 'fd00::2', 'fd00::9'].map(address);

export const IP_BLOCKS: readonly PolicyPeer[] = [
  block('0.0.0.0/0'),
  block('0.0.0.0/0', '10.0.0.0/30'),
  block('::/0', 'fd00::/126'),
  block('10.0.0.0/29'),
  block('10.0.0.0/29', '10.0.0.2/32'),
  block('10.0.0.0/29', '10.0.0.2/31', '10.0.0.3/32'),
  block('10.0.0.0/29', '10.0.0.1/32', '10.0.0.4/30'),
  block('10.0.0.0/30', '10.0.0.0/30'),
  block('10.0.0.2/32'),
  block('10.0.0.3/30', '10.0.0.1/32'),
  block('10.0.0.6/31'),
  block('fd00::/125'),
  block('fd00::/64', 'fd00::2/128'),
];

export const POLICY_PORTS: readonly PolicyPort[] = [
  port('TCP', 80),
  port('TCP', 81),
  port('UDP', 80),
  port('SCTP', 80),
  port('TCP'),
  port('UDP'),
  port('TCP', 'web'),
  port('TCP', 'web'),
  port('UDP', 'web'),
  port('UDP', 'dns'),
  port('TCP', 'dns'),
  port('TCP', 'nobody-has-it'),
  port('TCP', 80, 82),
  port('TCP', 79, 81),
  port('TCP', 81, 81),
  port('UDP', 1, 65_535),
];

export const CLUSTER_PORTS: readonly ClusterPort[] = [
  { kind: 'range', protocol: 'TCP', first: 80, last: 80 },
  { kind: 'range', protocol: 'TCP', first: 80, last: 82 },
  { kind: 'range', protocol: 'TCP', first: 1, last: 65_535 },
  { kind: 'range', protocol: 'UDP', first: 80, last: 81 },
  { kind: 'range', protocol: 'SCTP', first: 1, last: 65_535 },
  { kind: 'named', name: 'web' },
  { kind: 'named', name: 'dns' },
];

function containerPort(
  name: string | undefined,
  port: number,
  protocol: Protocol = 'TCP',
): ContainerPort {
  return { name, port, protocol };
}

/** One name may mean another number, or another protocol, on each pod, and several things on one. */
export const CONTAINER_PORTS: readonly (readonly ContainerPort[])[] = [
  [containerPort('web', 80)],
  [containerPort('web', 81)],
  [containerPort('web', 80, 'UDP')],
  [containerPort('web', 80), containerPort('dns', 81, 'UDP')],
  [containerPort('dns', 80, 'UDP'), containerPort('dns', 80, 'TCP')],
  [containerPort('web', 80), containerPort('web', 81)],
  [containerPort(undefined, 80)],
  [],
];

/** For peers that name addresses without holes. */
export const RANGES = ['0.0.0.0/0', '10.0.0.0/30', '10.0.0.2/32', 'fd00::/126'].map(range);

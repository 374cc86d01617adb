/**
 * ClusterNetworkPolicy of policy.networking.k8s.io/v1alpha2, and AdminNetworkPolicy and
 * BaselineAdminNetworkPolicy of v1alpha1 read as what they became. A form of peer or port that nothing
 * here can evaluate makes its rule fail closed, with a warning; what the API server would refuse is an
 * error. Limits and allowed values: network-policy-api, apis/v1alpha1 and apis/v1alpha2.
 */
import type {
  Action,
  ClusterPeer,
  ClusterPolicy,
  ClusterPolicyRule,
  Direction,
  PodPeer,
} from '../../core/policy/objects.ts';
import { printable, printableName } from '../diagnostic.ts';
import type { Path } from '../origins.ts';
import { show } from '../schema/problems.ts';
import { didYouMean, isClose } from '../suggest.ts';
import { type Dialect, dialects } from './cluster-policy-dialects.ts';
import { type FieldReader, isThere } from './field-reader.ts';
import { domainNameProblem } from './name-syntax.ts';
import { readRange, sideOf } from './read-network-policy.ts';
import { everything, readSelector } from './read-selector.ts';

/** Of networks, and of domainNames. */
const mostNetworks = 25;
const longestRuleName = 100;
const highestPriority = 1000;

/** What is left after reported errors. */
export function readClusterPolicy(reader: FieldReader): ClusterPolicy {
  const { kind, name, value } = reader.object;
  const dialect = dialects[kind as ClusterPolicy['kind']];
  const known = ['subject', 'ingress', 'egress', ...dialect.fields];
  reader.fields(value, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const spec = reader.fields(value.spec, ['spec'], known) ?? {};
  if (kind === 'BaselineAdminNetworkPolicy' && name !== 'default') {
    refuse(
      reader,
      ['metadata', 'name'],
      `${reader.name}: a cluster has one, named default`,
      'write name: default',
    );
  }
  const rules = (direction: Direction) => readRules(reader, spec[direction], direction, dialect);
  return {
    kind: kind as ClusterPolicy['kind'],
    name,
    tier: dialect.tier ?? readTier(reader, spec.tier),
    priority: dialect.fields.includes('priority') ? readPriority(reader, spec.priority) : 0,
    subject: readSubject(reader, spec.subject),
    ingress: rules('ingress'),
    egress: rules('egress'),
  };
}

function readTier(reader: FieldReader, value: unknown): ClusterPolicy['tier'] {
  if (value === 'Admin' || value === 'Baseline') return value;
  const help = `${didYouMean(value, ['Admin', 'Baseline'])}the tiers are Admin and Baseline`;
  const found = isThere(value) ? `is ${show(value)}` : 'is missing';
  refuse(reader, ['spec', 'tier'], `spec.tier of ${reader.name} ${found}`, help);
  return 'Admin';
}

function readPriority(reader: FieldReader, value: unknown): number {
  const path = ['spec', 'priority'];
  const priority = reader.integer(value, path);
  if (!isThere(value)) {
    refuse(
      reader,
      path,
      `${reader.name} has no priority`,
      `write one from 0, decided first, to ${highestPriority}`,
    );
  } else if (priority !== undefined && (priority < 0 || priority > highestPriority)) {
    refuse(
      reader,
      path,
      `priority ${priority} of ${reader.name}`,
      `priorities are 0, decided first, to ${highestPriority}`,
    );
  }
  return priority ?? 0;
}

function readSubject(reader: FieldReader, value: unknown): PodPeer {
  const path = ['spec', 'subject'];
  const nobody = { kind: 'pods', namespaceSelector: everything, podSelector: everything } as const;
  if (!isThere(value)) {
    refuse(
      reader,
      path,
      `${reader.name} has no subject`,
      'write subject: { namespaces: {} } for every pod',
    );
    return nobody;
  }
  const fields = reader.fields(value, path, ['namespaces', 'pods']);
  if (fields === undefined || !hasOne(reader, fields, path, 'subject')) return nobody;
  return readPods(reader, fields, path) ?? nobody;
}

/** Of a map with `namespaces` or `pods`; undefined when it has neither. */
function readPods(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  path: Path,
): PodPeer | undefined {
  if (isThere(fields.namespaces)) {
    const namespaceSelector = readSelector(reader, fields.namespaces, [...path, 'namespaces']);
    return { kind: 'pods', namespaceSelector, podSelector: everything };
  }
  if (!isThere(fields.pods)) return undefined;
  const below = [...path, 'pods'];
  const pods = reader.fields(fields.pods, below, ['namespaceSelector', 'podSelector']) ?? {};
  const selector = (name: 'namespaceSelector' | 'podSelector') => {
    if (isThere(pods[name])) return readSelector(reader, pods[name], [...below, name]);
    refuse(reader, below, `pods without ${name} in ${reader.name}`, `write ${name}: {} for all`);
    return everything;
  };
  return {
    kind: 'pods',
    namespaceSelector: selector('namespaceSelector'),
    podSelector: selector('podSelector'),
  };
}

function readRules(
  reader: FieldReader,
  value: unknown,
  direction: Direction,
  dialect: Dialect,
): ClusterPolicyRule[] {
  const path = ['spec', direction];
  const list = reader.list(value, path);
  atMost(reader, list, dialect.mostRules, path);
  return list.map((rule, index) => readRule(reader, rule, direction, [...path, index], dialect));
}

function readRule(
  reader: FieldReader,
  value: unknown,
  direction: Direction,
  path: Path,
  dialect: Dialect,
): ClusterPolicyRule {
  const side = sideOf(direction);
  const fields = reader.fields(value, path, ['name', 'action', side, dialect.portsField]) ?? {};
  const name = printable(reader.text(fields.name, [...path, 'name']) ?? '');
  if (name.length > longestRuleName) {
    refuse(
      reader,
      [...path, 'name'],
      `a rule of ${reader.name} has a name of ${name.length} characters`,
      `use at most ${longestRuleName}`,
    );
  }
  const action = readAction(reader, fields.action, [...path, 'action'], dialect);
  const peersPath = [...path, side];
  const peerList = reader.list(fields[side], peersPath);
  if (peerList.length === 0) {
    const help = 'list whom it is about: - namespaces: {} is every pod';
    refuse(
      reader,
      isThere(fields[side]) ? peersPath : path,
      `a rule of ${reader.name} has no ${side}`,
      help,
    );
  }
  atMost(reader, peerList, dialect.mostPeers, peersPath);
  const peers = peerList.map((peer, index) =>
    readPeer(reader, peer, { direction, action, path: [...peersPath, index] }),
  );
  const portsPath = [...path, dialect.portsField];
  const portList = reader.list(fields[dialect.portsField], portsPath);
  atMost(reader, portList, dialect.mostPorts, portsPath);
  const ports = portList.map((port, index) =>
    dialect.readPort(reader, port, [...portsPath, index]),
  );
  refuseNamesAtAddresses(reader, peers, ports, portsPath);
  const later = ports.find((port) => port !== undefined && 'unsupported' in port);
  // No port would mean every port: the rule as a whole fails closed.
  if (later !== undefined && 'unsupported' in later) {
    const what = printableName(later.unsupported);
    warnUnsupported(reader, path, what, action);
    return { name, action, peers: [{ kind: 'unsupported', what }], ports: [] };
  }
  const read = ports.filter((port) => port !== undefined && 'kind' in port);
  return { name, action, peers, ports: read };
}

/**
 * Addresses and nodes have no named ports. A rule of the definition of v1alpha1 (CEL, on an egress
 * rule); that v1alpha2 has it too follows from its text, and was not seen as a rule.
 */
function refuseNamesAtAddresses(
  reader: FieldReader,
  peers: readonly ClusterPeer[],
  ports: readonly ReturnType<Dialect['readPort']>[],
  path: Path,
): void {
  const peer = peers.find(({ kind }) => kind === 'networks' || kind === 'nodes');
  const named = ports.findIndex((port) => port && 'kind' in port && port.kind === 'named');
  if (peer === undefined || named < 0) return;
  refuse(
    reader,
    [...path, named],
    `a named port beside a peer with ${peer.kind} in a rule of ${reader.name}`,
    'ports have names on pods alone: write the number, or make two rules of it',
  );
}

function readAction(reader: FieldReader, value: unknown, path: Path, dialect: Dialect): Action {
  const known = Object.keys(dialect.actions);
  if (typeof value === 'string' && known.includes(value)) return dialect.actions[value]!;
  const other = value === 'Allow' ? 'Accept' : value === 'Accept' ? 'Allow' : undefined;
  const help = `${didYouMean(other ?? value, known)}${reader.object.kind} knows ${known.join(', ')}`;
  const found = isThere(value) ? `action ${show(value)}` : 'no action';
  refuse(reader, path, `${found} in a rule of ${reader.name}`, help);
  return 'Deny';
}

interface PeerContext {
  readonly direction: Direction;
  readonly action: Action;
  readonly path: Path;
}

const peerFields: Readonly<Record<Direction, readonly string[]>> = {
  ingress: ['namespaces', 'pods'],
  egress: ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'],
};

function readPeer(reader: FieldReader, value: unknown, context: PeerContext): ClusterPeer {
  const { direction, action, path } = context;
  const nobody: ClusterPeer = { kind: 'unsupported', what: 'refused' };
  const fields = reader.map(value, path);
  if (fields === undefined || !hasOne(reader, fields, path, 'peer')) return nobody;
  const field = Object.keys(fields)[0]!;
  const known = peerFields[direction];
  if (!known.includes(field)) {
    if (known.some((name) => isClose(field, name))) reader.unknownField([...path, field], known);
    else if (peerFields.egress.includes(field)) {
      refuse(
        reader,
        path,
        `a peer with ${field} in an ingress rule of ${reader.name}`,
        'ingress peers are namespaces and pods; use an ipBlock of a NetworkPolicy, or an egress rule',
      );
    } else warnUnsupported(reader, path, field, action);
    return { kind: 'unsupported', what: printableName(field) };
  }
  const below = [...path, field];
  switch (field) {
    case 'nodes':
      return { kind: 'nodes', selector: readSelector(reader, fields.nodes, below) };
    case 'networks':
      return readNetworks(reader, fields.networks, below);
    case 'domainNames':
      if (action !== 'Accept') {
        refuse(
          reader,
          below,
          `domainNames in a ${action} rule of ${reader.name}`,
          'only rules that accept may name domains',
        );
      }
      readDomainNames(reader, fields.domainNames, below);
      warnUnsupported(reader, path, 'domainNames', action);
      return { kind: 'unsupported', what: 'domainNames' };
    default:
      return readPods(reader, fields, path) ?? nobody;
  }
}

function readNetworks(reader: FieldReader, value: unknown, path: Path): ClusterPeer {
  const list = reader.list(value, path);
  if (list.length === 0) noEntries(reader, path);
  atMost(reader, list, mostNetworks, path);
  refuseTwice(reader, list, path);
  const ranges = list.flatMap((item, index) => readRange(reader, item, [...path, index]) ?? []);
  return { kind: 'networks', ranges };
}

/** Only checked: nothing here knows the addresses behind a name. */
function readDomainNames(reader: FieldReader, value: unknown, path: Path): void {
  const list = reader.list(value, path);
  if (list.length === 0) noEntries(reader, path);
  atMost(reader, list, mostNetworks, path);
  refuseTwice(reader, list, path);
  for (const [index, item] of list.entries()) {
    const name = item === null ? 'null' : reader.text(item, [...path, index]);
    const problem = name === undefined ? undefined : domainNameProblem(name);
    if (problem === undefined) continue;
    const message = `${show(item)} in ${reader.name} is no name of a domain`;
    refuse(reader, [...path, index], message, `names have ${problem}`);
  }
}

/** Lists that are sets (listType=set) hold each text once. */
function refuseTwice(reader: FieldReader, list: readonly unknown[], path: Path): void {
  for (const [index, item] of list.entries()) {
    const before = list.indexOf(item);
    if (before === index || typeof item !== 'string') continue;
    const message = `${String(path.at(-1))} of ${reader.name} holds ${show(item)} twice`;
    refuse(reader, [...path, index], message, 'keep one of the two');
  }
}

function noEntries(reader: FieldReader, path: Path): void {
  refuse(
    reader,
    path,
    `${String(path.at(-1))} of ${reader.name} is empty`,
    'list at least one entry',
  );
}

function hasOne(
  reader: FieldReader,
  fields: Readonly<Record<string, unknown>>,
  path: Path,
  what: string,
): boolean {
  const found = Object.keys(fields);
  if (found.length === 1) return true;
  const message =
    found.length === 0
      ? `an empty ${what} in ${reader.name}`
      : `a ${what} with ${found.length} fields in ${reader.name}: ${found.join(', ')}`;
  const help =
    what === 'peer' && found.length > 1
      ? 'make them entries of the list; for pods of some namespaces, write pods with both selectors'
      : `a ${what} has exactly one field: ${what === 'peer' ? 'namespaces, pods, ...' : 'namespaces or pods'}`;
  refuse(reader, path, message, help, 'E144');
  return false;
}

function atMost(reader: FieldReader, list: readonly unknown[], most: number, path: Path): void {
  if (list.length <= most) return;
  refuse(
    reader,
    path,
    `${String(path.at(-1))} of ${reader.name} has ${list.length} entries`,
    `at most ${most} are allowed: split the policy`,
  );
}

function warnUnsupported(reader: FieldReader, path: Path, what: string, action: Action): void {
  reader.warn(path, {
    code: 'W307',
    message: `${what} in ${reader.name} cannot be evaluated`,
    label:
      action === 'Accept'
        ? 'it fails closed: it matches nothing'
        : `it fails closed: the ${action} rule denies everything`,
    help: 'answers about these pods may be stricter than the cluster; use networks where addresses are known',
  });
}

function refuse(
  reader: FieldReader,
  path: Path,
  message: string,
  help: string,
  code = 'E150',
): void {
  reader.refuse(path, { code, message, help });
}

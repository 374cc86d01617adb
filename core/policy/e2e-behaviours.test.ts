/**
 * What the network policy tests of Kubernetes assert (test/e2e/network/netpol/network_policy.go), in
 * their order and by their numbers in the fact sheet, 1.3: each a table of nine pods by nine, for ports
 * 80 and 81 of every protocol. The expected tables follow from what each test says, not from a run.
 */
import { describe, expect, it } from 'vitest';
import type { NetworkPolicy } from './objects.ts';
import { literalText } from './switches.ts';
import {
  ANYTHING,
  block,
  EVERYTHING,
  labelled,
  namespaces,
  networkPolicy,
  podsHere,
  podsIn,
  port,
  rule,
  where,
} from './testing/builders.ts';
import { CONTENDERS, type Contender } from './testing/contenders.ts';
import { everythingAllowed, indexOf, ninePods, TruthTable } from './testing/truth-table.ts';

interface Step {
  readonly change: (cluster: Contender) => void;
  readonly expected: TruthTable;
}

interface Behaviour {
  readonly name: string;
  readonly policies: readonly NetworkPolicy[];
  readonly expected: TruthTable;
  /** What happens then, and the table after it. */
  readonly next?: Step;
}

const a = labelled({ pod: 'a' });
const b = labelled({ pod: 'b' });
const y = labelled({ ns: 'y' });

const only = (table: TruthTable, to: string, ...from: string[]): TruthTable =>
  table.deny({ to }).allow({ from, to });

/** Who may reach x/a, everything else being open. */
const reachedBy = (...from: string[]) => only(everythingAllowed, 'x/a', ...from);

const toA = (name: string, ...ingress: NetworkPolicy['ingress']): NetworkPolicy =>
  networkPolicy('x', a, { name, ingress });
const fromA = (name: string, ...egress: NetworkPolicy['egress']): NetworkPolicy =>
  networkPolicy('x', a, { name, policyTypes: ['Egress'], egress });

const denyIngress = networkPolicy('x', EVERYTHING, { name: 'deny-ingress' });
const denyEgress = networkPolicy('x', EVERYTHING, {
  name: 'deny-egress',
  policyTypes: ['Egress'],
});

const allowIngress = networkPolicy('x', EVERYTHING, { ingress: [ANYTHING] });
const toYButB = fromA('to-y-but-b', rule([block('192.168.2.0/24', '192.168.2.2/32')]));

const ingress: readonly Behaviour[] = [
  {
    name: '1 default deny of ingress: nothing reaches x, and x still calls the others',
    policies: [denyIngress],
    expected: everythingAllowed.deny({ to: 'x/*' }),
  },
  {
    name: '2 default deny of all: x is cut off both ways',
    policies: [networkPolicy('x', EVERYTHING, { policyTypes: ['Ingress', 'Egress'] })],
    expected: everythingAllowed.deny({ to: 'x/*' }).deny({ from: 'x/*' }),
  },
  {
    name: '3 a podSelector alone finds pods of the namespace of the server',
    policies: [toA('allow-b', rule([podsHere(b)]))],
    expected: reachedBy('x/b'),
  },
  {
    name: '4 a target is opened in a namespace that is closed',
    policies: [denyIngress, toA('open-a', ANYTHING)],
    expected: everythingAllowed.deny({ to: 'x/*' }).allow({ to: 'x/a' }),
  },
  {
    name: '5 an empty namespaceSelector finds all namespaces, its own too',
    policies: [denyIngress, toA('all-namespaces', rule([namespaces(EVERYTHING)]))],
    expected: everythingAllowed.deny({ to: 'x/*' }).allow({ to: 'x/a' }),
  },
  {
    name: '6 a namespaceSelector lets in another namespace only',
    policies: [toA('from-y', rule([namespaces(y)]))],
    expected: reachedBy('y/*'),
  },
  {
    name: '7 a podSelector with matchExpressions',
    policies: [toA('in-b', rule([podsHere(labelled({}, where('pod', 'In', 'b')))]))],
    expected: reachedBy('x/b'),
  },
  {
    name: '8 a namespaceSelector with matchExpressions',
    policies: [toA('in-y', rule([namespaces(labelled({}, where('ns', 'In', 'y')))]))],
    expected: reachedBy('y/*'),
  },
  {
    name: '9 podSelector or namespaceSelector: two entries',
    policies: [toA('b-or-y', rule([podsHere(b), namespaces(y)]))],
    expected: reachedBy('x/b', 'y/*'),
  },
  {
    name: '10 podSelector and namespaceSelector: one entry',
    policies: [toA('b-and-y', rule([podsIn(y, b)]))],
    expected: reachedBy('y/b'),
  },
  {
    name: '11 several pods of several namespaces',
    policies: [
      toA(
        'b-and-c-outside',
        rule([
          podsIn(
            labelled({}, where('ns', 'NotIn', 'x')),
            labelled({}, where('pod', 'In', 'b', 'c')),
          ),
        ]),
      ),
    ],
    expected: reachedBy('y/b', 'y/c', 'z/b', 'z/c'),
  },
  {
    name: '12 any of several podSelectors',
    policies: [toA('b-or-c', rule([podsHere(b), podsHere(labelled({ pod: 'c' }))]))],
    expected: reachedBy('x/b', 'x/c'),
  },
  {
    name: '13 one pod of another namespace',
    policies: [toA('a-of-y', rule([podsIn(y, a)]))],
    expected: reachedBy('y/a'),
  },
  {
    name: '14 a port, for one namespace',
    policies: [toA('81-from-y', rule([namespaces(y)], [port('TCP', 81)]))],
    expected: everythingAllowed
      .deny({ to: 'x/a' })
      .allow({ from: 'y/*', to: 'x/a', protocol: 'TCP', port: 81 }),
  },
  {
    name: '15 policies stack: a second, overlapping one opens a second port',
    policies: [
      toA('81-from-y', rule([namespaces(y)], [port('TCP', 81)])),
      networkPolicy('x', labelled({}, where('pod', 'In', 'a', 'b')), {
        name: '80-from-y',
        ingress: [rule([namespaces(y)], [port('TCP', 80)])],
      }),
    ],
    expected: everythingAllowed
      .deny({ to: ['x/a', 'x/b'] })
      .allow({ from: 'y/*', to: 'x/a', protocol: 'TCP' })
      .allow({ from: 'y/*', to: 'x/b', protocol: 'TCP', port: 80 }),
  },
  {
    name: '16 allow all: both ports are open',
    policies: [allowIngress],
    expected: everythingAllowed,
  },
  {
    name: '17 one named port: the other is closed',
    policies: [toA('named', rule([], [port('TCP', 'serve-81-tcp')]))],
    expected: everythingAllowed.deny({ to: 'x/a' }).allow({ to: 'x/a', protocol: 'TCP', port: 81 }),
  },
  {
    name: '18 one named port, for one namespace',
    policies: [toA('named-from-y', rule([namespaces(y)], [port('TCP', 'serve-80-tcp')]))],
    expected: everythingAllowed
      .deny({ to: 'x/a' })
      .allow({ from: 'y/*', to: 'x/a', protocol: 'TCP', port: 80 }),
  },
  {
    name: '19 one named port of egress: the other is closed',
    policies: [fromA('named', rule([], [port('TCP', 'serve-80-tcp')]))],
    expected: everythingAllowed
      .deny({ from: 'x/a' })
      .allow({ from: 'x/a', protocol: 'TCP', port: 80 }),
  },
];

const changes: readonly Behaviour[] = [
  {
    name: '20 an updated policy: from allow all to deny all',
    policies: [allowIngress],
    expected: everythingAllowed,
    next: {
      change: (cluster) => {
        cluster.removePolicy(allowIngress);
        cluster.addPolicy({ ...allowIngress, ingress: [] });
      },
      expected: everythingAllowed.deny({ to: 'x/*' }),
    },
  },
  {
    name: '21 an updated namespace is let in',
    policies: [toA('updated-namespaces', rule([namespaces(labelled({ ns2: 'updated' }))]))],
    expected: reachedBy(),
    next: {
      change: (cluster) => cluster.setNamespaceLabels('y', { ns: 'y', ns2: 'updated' }),
      expected: reachedBy('y/*'),
    },
  },
  {
    name: '22 an updated pod is let in',
    policies: [toA('updated-pods', rule([podsHere(labelled({ pod2: 'updated' }))]))],
    expected: reachedBy(),
    next: {
      change: (cluster) => cluster.setLabels(indexOf('x/b'), { pod: 'b', pod2: 'updated' }),
      expected: reachedBy('x/b'),
    },
  },
  {
    name: '23 pods of other namespaces stay out where an empty podSelector is the peer',
    policies: [networkPolicy('x', EVERYTHING, { ingress: [rule([podsHere(EVERYTHING)])] })],
    expected: everythingAllowed.deny({ to: 'x/*' }).allow({ from: 'x/*', to: 'x/*' }),
  },
  {
    name: '24 an updated pod is isolated by its new label',
    policies: [networkPolicy('x', labelled({ target: 'isolated' }))],
    expected: everythingAllowed,
    next: {
      change: (cluster) => cluster.setLabels(indexOf('x/a'), { pod: 'a', target: 'isolated' }),
      expected: everythingAllowed.deny({ to: 'x/a' }),
    },
  },
  {
    name: '33 nothing is enforced once the policies are deleted',
    policies: [denyIngress, denyEgress],
    expected: everythingAllowed.deny({ to: 'x/*' }).deny({ from: 'x/*' }),
    next: {
      change: (cluster) => {
        cluster.removePolicy(denyIngress);
        cluster.removePolicy(denyEgress);
      },
      expected: everythingAllowed,
    },
  },
];

const egress: readonly Behaviour[] = [
  {
    name: '25 egress denied to one pod',
    policies: [fromA('deny')],
    expected: everythingAllowed.deny({ from: 'x/a' }),
  },
  {
    name: '26 egress denied to a namespace',
    policies: [denyEgress],
    expected: everythingAllowed.deny({ from: 'x/*' }),
  },
  {
    name: '27 ingress and egress of one pod, each limited on its own ports',
    policies: [
      networkPolicy('x', a, {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [rule([], [port('TCP', 80)])],
        egress: [rule([], [port('TCP', 81)])],
      }),
    ],
    expected: everythingAllowed
      .deny({ to: 'x/a' })
      .deny({ from: 'x/a' })
      .allow({ to: 'x/a', protocol: 'TCP', port: 80 })
      .allow({ from: 'x/a', protocol: 'TCP', port: 81 }),
  },
  {
    name: '28 egress denied on the client, although the server allows it: both ends are needed',
    policies: [
      fromA('to-y-a', rule([podsIn(y, a)])),
      networkPolicy('y', a, { ingress: [rule([podsIn(labelled({ ns: 'x' }), a)])] }),
      networkPolicy('y', b, { ingress: [rule([podsIn(labelled({ ns: 'x' }), a)])] }),
    ],
    expected: everythingAllowed
      .deny({ to: ['y/a', 'y/b'] })
      .deny({ from: 'x/a' })
      .allow({ from: 'x/a', to: 'y/a' }),
  },
  {
    name: '29 egress to a pod of another namespace, by both selectors',
    policies: [fromA('to-y-a', rule([podsIn(y, a)]))],
    expected: everythingAllowed.deny({ from: 'x/a' }).allow({ from: 'x/a', to: 'y/a' }),
  },
  {
    name: '30 any port of one protocol: TCP is open, the others are closed',
    policies: [toA('tcp', rule([], [port('TCP')]))],
    expected: everythingAllowed.deny({ to: 'x/a' }).allow({ to: 'x/a', protocol: 'TCP' }),
  },
  {
    name: '31 an allow all of ingress takes precedence over a narrower policy',
    policies: [toA('from-b', rule([podsHere(b)])), toA('all', ANYTHING)],
    expected: everythingAllowed,
  },
  {
    name: '32 an allow all of egress takes precedence over a narrower policy',
    policies: [fromA('to-b', rule([podsHere(b)])), fromA('all', ANYTHING)],
    expected: everythingAllowed,
  },
  {
    name: '34 egress to a CIDR of one pod',
    policies: [fromA('to-y-b', rule([block('192.168.2.2/32')]))],
    expected: everythingAllowed.deny({ from: 'x/a' }).allow({ from: 'x/a', to: 'y/b' }),
  },
  {
    name: '35 an except clause takes one pod out of a CIDR',
    policies: [toYButB],
    expected: everythingAllowed.deny({ from: 'x/a' }).allow({ from: 'x/a', to: ['y/a', 'y/c'] }),
  },
  {
    name: '36 another policy admits an address that an except clause took out',
    policies: [toYButB],
    expected: everythingAllowed.deny({ from: 'x/a' }).allow({ from: 'x/a', to: ['y/a', 'y/c'] }),
    next: {
      change: (cluster) => cluster.addPolicy(fromA('to-y-b', rule([block('192.168.2.2/32')]))),
      expected: everythingAllowed.deny({ from: 'x/a' }).allow({ from: 'x/a', to: 'y/*' }),
    },
  },
  {
    name: '37 ingress and egress are controlled apart: a calls b, b does not call a',
    policies: [
      networkPolicy('x', a, {
        policyTypes: ['Ingress', 'Egress'],
        egress: [rule([podsHere(b)])],
      }),
    ],
    expected: everythingAllowed
      .deny({ to: 'x/a' })
      .deny({ from: 'x/a' })
      .allow({ from: 'x/a', to: 'x/b' }),
  },
];

const protocolsAndLabels: readonly Behaviour[] = [
  {
    name: '38 a rule for SCTP is none for TCP',
    policies: [denyIngress, toA('sctp-81', rule([], [port('SCTP', 81)]))],
    expected: everythingAllowed
      .deny({ to: 'x/*' })
      .allow({ to: 'x/a', protocol: 'SCTP', port: 81 }),
  },
  {
    name: '39 a policy that speaks of SCTP alone isolates for every protocol',
    policies: [toA('sctp-80', rule([podsHere(b)], [port('SCTP', 80)]))],
    expected: everythingAllowed
      .deny({ to: 'x/a' })
      .allow({ from: 'x/b', to: 'x/a', protocol: 'SCTP', port: 80 }),
  },
  {
    name: '40 a rule for UDP alone is none for TCP',
    policies: [toA('udp-81', rule([], [port('UDP', 81)]))],
    expected: everythingAllowed.deny({ to: 'x/a' }).allow({ to: 'x/a', protocol: 'UDP', port: 81 }),
  },
  {
    name: '41 a namespace is found by its automatic label, with matchLabels',
    policies: [toA('from-y', rule([namespaces(labelled({ 'kubernetes.io/metadata.name': 'y' }))]))],
    expected: reachedBy('y/*'),
  },
  {
    name: '42 a namespace is found by its automatic label, with matchExpressions',
    policies: [
      toA(
        'not-from-y',
        rule([namespaces(labelled({}, where('kubernetes.io/metadata.name', 'NotIn', 'y')))]),
      ),
    ],
    expected: reachedBy('x/*', 'z/*'),
  },
];

const BEHAVIOURS = [...ingress, ...changes, ...egress, ...protocolsAndLabels];

function tableOf(cluster: Contender): TruthTable {
  return new TruthTable((from, to, service) => cluster.verdict(from, to, service).allowed);
}

it('counts 42 behaviours, each once', () => {
  const numbers = BEHAVIOURS.map(({ name }) => Number.parseInt(name, 10));
  expect(numbers.sort((one, other) => one - other)).toEqual(
    Array.from({ length: 42 }, (_, index) => index + 1),
  );
});

describe.each(CONTENDERS)('with %s', (_, contend) => {
  it.each(BEHAVIOURS)('$name', ({ policies, expected, next }) => {
    const cluster = contend(ninePods(policies), literalText);
    expect(tableOf(cluster).lines()).toEqual(expected.lines());
    if (next === undefined) return;
    next.change(cluster);
    expect(tableOf(cluster).lines()).toEqual(next.expected.lines());
  });
});

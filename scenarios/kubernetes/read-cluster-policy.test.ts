import { describe, expect, it } from 'vitest';
import { diagnosticsOf, inputOf, pod } from '../testing/read-policies.ts';

describe('cluster policies', () => {
  const cluster = (rule: string, kind = 'ClusterNetworkPolicy', version = 'v1alpha2') => `---
apiVersion: policy.networking.k8s.io/${version}
kind: ${kind}
metadata: { name: default }
spec:
  subject: { namespaces: {} }
${kind === 'ClusterNetworkPolicy' ? '  tier: Baseline\n  priority: 7\n' : kind === 'AdminNetworkPolicy' ? '  priority: 3\n' : ''}  egress: [${rule}]
`;
  const read = (text: string) => inputOf(pod('a') + text).world.clusterPolicies[0]!;

  it('are read with every form of peer and port', () => {
    const { tier, priority, egress } = read(
      cluster(`{ action: Pass, to: [{ nodes: {} }, { networks: [10.0.0.0/8] }], protocols: [{ tcp: {} }] },
        { name: r, action: Pass, to: [{ namespaces: {} }, { pods: { namespaceSelector: {}, podSelector: {} } }],
        protocols: [{ tcp: {} }, { udp: { destinationPort: { number: 53 } } }, { sctp: { destinationPort: { range: { start: 1, end: 9 } } } }, { destinationNamedPort: http }] }`),
    );
    expect([tier, priority]).toEqual(['Baseline', 7]);
    expect(egress[0]!.peers.map(({ kind }) => kind)).toEqual(['nodes', 'networks']);
    expect(egress[1]!.peers.map(({ kind }) => kind)).toEqual(['pods', 'pods']);
    expect(egress[1]!.ports).toEqual([
      { kind: 'range', protocol: 'TCP', first: 1, last: 65_535 },
      { kind: 'range', protocol: 'UDP', first: 53, last: 53 },
      { kind: 'range', protocol: 'SCTP', first: 1, last: 9 },
      { kind: 'named', name: 'http' },
    ]);
  });

  it('of administrators are read as what they became', () => {
    const rule =
      '{ action: Allow, to: [{ namespaces: {} }], ports: [{ portNumber: { port: 80 } }, { portRange: { protocol: UDP, start: 1, end: 9 } }, { namedPort: http }] }';
    const admin = read(cluster(rule, 'AdminNetworkPolicy', 'v1alpha1'));
    expect(admin).toMatchObject({ tier: 'Admin', priority: 3, egress: [{ action: 'Accept' }] });
    expect(admin.egress[0]!.ports).toEqual([
      { kind: 'range', protocol: 'TCP', first: 80, last: 80 },
      { kind: 'range', protocol: 'UDP', first: 1, last: 9 },
      { kind: 'named', name: 'http' },
    ]);
    const baseline = read(cluster(rule, 'BaselineAdminNetworkPolicy', 'v1alpha1'));
    expect(baseline).toMatchObject({ tier: 'Baseline', priority: 0 });
  });

  it('fail closed, with a warning, where a peer or port cannot be evaluated', () => {
    const text = cluster(
      '{ action: Accept, to: [{ namespaces: {} }, { serviceAccounts: {} }] }, { action: Deny, to: [{ namespaces: {} }], protocols: [{ tcp: {} }, { icmp: {} }] }',
    );
    expect(read(text).egress).toMatchObject([
      { peers: [{ kind: 'pods' }, { kind: 'unsupported', what: 'serviceAccounts' }] },
      { peers: [{ kind: 'unsupported', what: 'icmp' }], ports: [] },
    ]);
    expect(diagnosticsOf(pod('a') + text).map(({ code }) => code)).toContain('W307');
  });

  it.each([
    [
      'nodes',
      'ClusterNetworkPolicy',
      'v1alpha2',
      '{ nodes: {} }',
      'protocols: [{ tcp: {} }, { destinationNamedPort: http }]',
    ],
    [
      'networks',
      'ClusterNetworkPolicy',
      'v1alpha2',
      '{ networks: [10.0.0.0/8] }',
      'protocols: [{ destinationNamedPort: http }]',
    ],
    [
      'networks',
      'AdminNetworkPolicy',
      'v1alpha1',
      '{ networks: [10.0.0.0/8] }',
      'ports: [{ namedPort: http }]',
    ],
  ])('take no named port beside %s: %s', (what, kind, version, peer, ports) => {
    const rule = `{ action: Deny, to: [{ namespaces: {} }, ${peer}], ${ports} }`;
    const errors = diagnosticsOf(pod('a') + cluster(rule, kind, version));
    expect(errors.map(({ code, message }) => [code, message.includes(what)])).toEqual([
      ['E150', true],
    ]);
  });

  it.each([
    ['networks: [10.0.0.0/8, 10.0.0.0/8]', 'E150'],
    ['networks: [null]', 'E145'],
    ['networks: [""]', 'E145'],
    ['domainNames: [example.com, example.com]', 'E150'],
    ['domainNames: [null]', 'E150'],
    ['domainNames: [""]', 'E150'],
    ['domainNames: [com]', 'E150'],
    ['domainNames: ["*.*.com"]', 'E150'],
    ['domainNames: ["https://example.com"]', 'E150'],
    ['domainNames: [example..com]', 'E150'],
  ])('refuse a peer with %s', (peer, code) => {
    const errors = diagnosticsOf(pod('a') + cluster(`{ action: Accept, to: [{ ${peer} }] }`));
    const found = errors.filter(({ severity }) => severity === 'error');
    expect(found.map((one) => one.code)).toEqual([code]);
  });

  it.each(['example.com', '"*.example.com"', 'a.b_c.example.com.', 'xn--bcher-kva.example'])(
    'may name the domain %s',
    (name) => {
      const text = cluster(`{ action: Accept, to: [{ domainNames: [${name}] }] }`);
      expect(diagnosticsOf(pod('a') + text).map(({ code }) => code)).toEqual(['W307']);
    },
  );

  it.each([
    [
      'rules',
      25,
      (n: number) => Array(n).fill('{ action: Deny, to: [{ namespaces: {} }] }').join(', '),
    ],
    [
      'peers',
      25,
      (n: number) => `{ action: Deny, to: [${Array(n).fill('{ namespaces: {} }').join(', ')}] }`,
    ],
    [
      'protocols',
      25,
      (n: number) =>
        `{ action: Deny, to: [{ namespaces: {} }], protocols: [${Array(n).fill('{ tcp: {} }').join(', ')}] }`,
    ],
    [
      'networks',
      25,
      (n: number) =>
        `{ action: Deny, to: [{ networks: [${Array.from({ length: n }, (_, index) => `10.${index}.0.0/16`).join(', ')}] }] }`,
    ],
    [
      'characters of a name',
      100,
      (n: number) => `{ name: ${'a'.repeat(n)}, action: Deny, to: [{ namespaces: {} }] }`,
    ],
  ])('have at most so many %s: %i', (_what, most, rule) => {
    const errors = (n: number) =>
      diagnosticsOf(pod('a') + cluster(rule(n))).filter(({ severity }) => severity === 'error');
    expect(errors(most)).toEqual([]);
    expect(errors(most + 1).map(({ code }) => code)).toEqual(['E150']);
  });
});

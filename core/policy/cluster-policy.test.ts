/**
 * What cluster-scoped policies mean (policy.networking.k8s.io/v1alpha2, fact sheet 1.2): tiers, order,
 * Pass, peers that are addresses or nodes, and peers that nothing here understands.
 */
import { describe, expect, it } from 'vitest';
import type { ClusterPeer, ClusterPolicy, Entity, NetworkPolicy, Protocol } from './objects.ts';
import { literalText } from './switches.ts';
import {
  ANYTHING,
  clusterPolicy,
  clusterRule,
  EVERYTHING,
  labelled,
  networkPolicy,
  networks,
  node,
  outside,
  pod,
  podPeer,
  world,
} from './testing/builders.ts';
import { CONTENDERS } from './testing/contenders.ts';
import type { Verdict } from './verdict.ts';

const n1 = node('n1', '172.16.0.1', { pool: 'a' });
const n2 = node('n2', '172.16.0.2', { pool: 'b' });
const client = pod('client', { labels: { app: 'client' }, ip: '10.0.0.1', node: 'n1' });
const server = pod('server', {
  labels: { app: 'server' },
  ip: '10.0.0.2',
  node: 'n2',
  ports: [
    { name: 'web', port: 8080, protocol: 'TCP' },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ],
});
const agent = pod('agent', {
  labels: { app: 'client' },
  ip: '172.16.0.2',
  node: 'n2',
  hostNetwork: true,
});
const internet = outside('198.51.100.7');
const ENTITIES = [n1, n2, client, server, agent, internet];

const anyPod = podPeer();
const clients = podPeer(labelled({ app: 'client' }));
const nobody = podPeer(labelled({ app: 'nobody' }));
const unsupported: ClusterPeer = { kind: 'unsupported', what: 'domainNames' };
const admit = networkPolicy('shop', EVERYTHING, { name: 'admit', ingress: [ANYTHING] });
const isolate = networkPolicy('shop', EVERYTHING, { name: 'isolate' });

describe.each(CONTENDERS)('with %s', (_, contend) => {
  function under(
    clusterPolicies: readonly ClusterPolicy[],
    networkPolicies: readonly NetworkPolicy[] = [],
  ) {
    const contender = contend(world(ENTITIES, { networkPolicies, clusterPolicies }), literalText);
    return (from: Entity, to: Entity, port = 80, protocol: Protocol = 'TCP'): Verdict =>
      contender.verdict(ENTITIES.indexOf(from), ENTITIES.indexOf(to), { protocol, port });
  }

  describe('tiers', () => {
    const accept = clusterPolicy({ name: 'accept', ingress: [clusterRule('Accept', [clients])] });
    const deny = clusterPolicy({ name: 'deny', ingress: [clusterRule('Deny', [clients])] });
    const baseline = clusterPolicy({
      name: 'baseline',
      tier: 'Baseline',
      ingress: [clusterRule('Deny', [anyPod])],
    });

    it('let Admin decide over NetworkPolicies, either way', () => {
      expect(under([accept], [isolate])(client, server).ingress).toEqual({
        direction: 'ingress',
        allowed: true,
        reason: 'admin',
        by: [{ policy: accept, rule: 0 }],
        passed: [],
      });
      expect(under([deny], [admit])(client, server).ingress).toEqual({
        direction: 'ingress',
        allowed: false,
        reason: 'admin',
        by: [{ policy: deny, rule: 0 }],
        passed: [],
      });
    });

    it('let NetworkPolicies decide over Baseline, either way', () => {
      expect(under([baseline], [admit])(client, server).ingress).toMatchObject({
        allowed: true,
        reason: 'rule',
      });
      const open = clusterPolicy({
        tier: 'Baseline',
        ingress: [clusterRule('Accept', [anyPod])],
      });
      expect(under([open], [isolate])(client, server).ingress).toMatchObject({
        allowed: false,
        reason: 'isolated',
      });
    });

    it('leave to Baseline what no NetworkPolicy isolates, for each direction apart', () => {
      const egressOnly = networkPolicy('shop', EVERYTHING, {
        policyTypes: ['Egress'],
        egress: [ANYTHING],
      });
      expect(under([baseline], [egressOnly])(client, server)).toMatchObject({
        egress: { allowed: true, reason: 'rule' },
        ingress: { allowed: false, reason: 'baseline', by: [{ policy: baseline, rule: 0 }] },
      });
    });

    it('allow what none of them decides: a cluster policy never isolates', () => {
      const narrow = clusterPolicy({
        ingress: [clusterRule('Accept', [nobody])],
        egress: [clusterRule('Accept', [nobody])],
      });
      expect(under([narrow, { ...narrow, tier: 'Baseline', name: 'low' }])(client, server)).toEqual(
        {
          allowed: true,
          egress: { direction: 'egress', allowed: true, reason: 'notIsolated', by: [], passed: [] },
          ingress: {
            direction: 'ingress',
            allowed: true,
            reason: 'notIsolated',
            by: [],
            passed: [],
          },
        },
      );
    });
  });

  describe('Pass', () => {
    const passThenDeny = clusterPolicy({
      name: 'pass',
      ingress: [clusterRule('Pass', [clients]), clusterRule('Deny', [anyPod])],
    });
    const denyLater = clusterPolicy({
      name: 'deny-later',
      priority: 10,
      ingress: [clusterRule('Deny', [anyPod])],
    });

    it('leaves the tier, the later rules and policies of which are not asked', () => {
      expect(under([passThenDeny, denyLater])(client, server).ingress.reason).toBe('notIsolated');
    });

    it('leaves the decision to NetworkPolicies and then to Baseline', () => {
      expect(under([passThenDeny], [isolate])(client, server).ingress.reason).toBe('isolated');
      expect(under([passThenDeny], [admit])(client, server).ingress.reason).toBe('rule');
      const baseline: ClusterPolicy = { ...denyLater, tier: 'Baseline' };
      expect(under([passThenDeny, baseline])(client, server).ingress.reason).toBe('baseline');
    });

    it('is named beside whatever decides in the end, one rule a tier', () => {
      const pass = { policy: passThenDeny, rule: 0 };
      const low: ClusterPolicy = { ...passThenDeny, tier: 'Baseline', name: 'low' };
      expect(under([passThenDeny], [admit])(client, server)).toMatchObject({
        egress: { passed: [] },
        ingress: { reason: 'rule', passed: [pass] },
      });
      expect(under([passThenDeny, low], [isolate])(client, server).ingress).toMatchObject({
        reason: 'isolated',
        passed: [pass],
      });
      expect(under([low, passThenDeny])(client, server).ingress).toMatchObject({
        reason: 'notIsolated',
        by: [],
        passed: [pass, { policy: low, rule: 0 }],
      });
      const baseline: ClusterPolicy = { ...denyLater, tier: 'Baseline' };
      expect(under([baseline, passThenDeny])(client, server).ingress).toMatchObject({
        reason: 'baseline',
        passed: [pass],
      });
    });

    it('of Baseline leaves what is allowed by default', () => {
      const baseline: ClusterPolicy = { ...passThenDeny, tier: 'Baseline' };
      expect(under([baseline])(client, server).ingress).toMatchObject({
        allowed: true,
        reason: 'notIsolated',
        by: [],
      });
    });
  });

  describe('order', () => {
    const accepts = (name: string, priority: number) =>
      clusterPolicy({ name, priority, ingress: [clusterRule('Accept', [anyPod])] });
    const denies = (name: string, priority: number) =>
      clusterPolicy({ name, priority, ingress: [clusterRule('Deny', [anyPod])] });

    it('is that of priorities, the lower number first, not that of the world', () => {
      expect(under([denies('a', 9), accepts('b', 8)])(client, server).allowed).toBe(true);
      expect(under([accepts('a', 1000), denies('b', 999)])(client, server).allowed).toBe(false);
    });

    it('is that of names where priorities are equal', () => {
      expect(under([denies('b', 5), accepts('a', 5)])(client, server).allowed).toBe(true);
      expect(under([accepts('b', 5), denies('a', 5)])(client, server).allowed).toBe(false);
    });

    it('is that of rules in one policy: the first match wins', () => {
      const policy = clusterPolicy({
        ingress: [
          clusterRule('Deny', [nobody]),
          clusterRule('Accept', [clients]),
          clusterRule('Deny', [anyPod]),
        ],
      });
      expect(under([policy])(client, server).ingress).toMatchObject({
        allowed: true,
        by: [{ policy, rule: 1 }],
      });
    });
  });

  it('Accept on egress does not bypass the ingress of the destination', () => {
    const accept = clusterPolicy({ egress: [clusterRule('Accept', [anyPod])] });
    expect(under([accept], [isolate])(client, server)).toMatchObject({
      allowed: false,
      egress: { allowed: true, reason: 'admin' },
      ingress: { allowed: false, reason: 'isolated' },
    });
  });

  describe('a peer that is not supported', () => {
    const egress = (action: 'Accept' | 'Deny' | 'Pass', ...others: ClusterPeer[]) =>
      clusterPolicy({ egress: [clusterRule(action, [...others, unsupported])] });

    it('opens nothing in an Accept rule, and leaves the other peers as they are', () => {
      const close = clusterPolicy({
        name: 'zz',
        priority: 1,
        egress: [clusterRule('Deny', [networks('0.0.0.0/0')])],
      });
      expect(under([egress('Accept'), close])(client, server).allowed).toBe(false);
      const beside = egress('Accept', networks('10.0.0.2/32'));
      expect(under([beside, close])(client, server).allowed).toBe(true);
      expect(under([beside, close])(client, internet).allowed).toBe(false);
    });

    it.each(['Deny', 'Pass'] as const)('denies everything in a %s rule', (action) => {
      const policy = egress(action);
      for (const to of [server, agent, n1, internet]) {
        expect(under([policy])(client, to).egress).toEqual({
          direction: 'egress',
          allowed: false,
          reason: 'admin',
          by: [{ policy, rule: 0 }],
          passed: [],
        });
      }
    });
  });

  describe('peers', () => {
    const denyTo = (peer: ClusterPeer) =>
      under([clusterPolicy({ egress: [clusterRule('Deny', [peer])] })]);

    it('that are networks match addresses inside the cluster', () => {
      const ask = denyTo(networks('10.0.0.0/24', '172.16.0.0/24'));
      expect([server, n2, agent, internet].map((to) => ask(client, to).allowed)).toEqual([
        false,
        false,
        false,
        true,
      ]);
    });

    it('that are nodes match nodes by label, and host-network pods as their node', () => {
      const ask = denyTo({ kind: 'nodes', selector: labelled({ pool: 'b' }) });
      expect([n1, n2, agent, server].map((to) => ask(client, to).allowed)).toEqual([
        true,
        false,
        false,
        true,
      ]);
    });

    it('that are pods match neither nodes nor outside addresses nor host-network pods', () => {
      const ask = denyTo(anyPod);
      expect([n1, n2, agent, internet, server].map((to) => ask(client, to).allowed)).toEqual([
        true,
        true,
        true,
        true,
        false,
      ]);
    });

    it('need both the namespace and the pod', () => {
      const elsewhere = denyTo({
        kind: 'pods',
        namespaceSelector: labelled({ ns: 'elsewhere' }),
        podSelector: EVERYTHING,
      });
      expect(elsewhere(client, server).allowed).toBe(true);
    });
  });

  it('a host-network pod is no subject, and a node is admitted to its pods before any tier', () => {
    const policy = clusterPolicy({
      ingress: [clusterRule('Deny', [unsupported])],
      egress: [clusterRule('Deny', [networks('0.0.0.0/0')])],
    });
    const ask = under([policy]);
    expect(ask(agent, internet).egress.reason).toBe('unpoliced');
    expect(ask(client, agent).ingress.reason).toBe('unpoliced');
    expect(ask(n2, server).ingress.reason).toBe('ownNode');
    expect(ask(agent, server).ingress.reason).toBe('ownNode');
    expect(ask(n1, server).ingress).toMatchObject({ allowed: false, reason: 'admin' });
    expect(ask(server, server).allowed).toBe(true);
  });

  describe('ports', () => {
    const denyOn = (...ports: Parameters<typeof clusterRule>[2] & object) =>
      under([clusterPolicy({ egress: [clusterRule('Deny', [networks('0.0.0.0/0')], ports)] })]);

    it('are ranges, both ends included, of one protocol', () => {
      const ask = denyOn({ kind: 'range', protocol: 'TCP', first: 80, last: 82 });
      expect([79, 80, 82, 83].map((port) => ask(client, server, port).allowed)).toEqual([
        true,
        false,
        false,
        true,
      ]);
      expect(ask(client, server, 81, 'UDP').allowed).toBe(true);
    });

    it('of a name are what the destination pod calls so, whatever the protocol', () => {
      const ask = denyOn({ kind: 'named', name: 'dns' });
      expect(ask(client, server, 53, 'UDP').allowed).toBe(false);
      expect(ask(client, server, 53, 'TCP').allowed).toBe(true);
      expect(ask(client, internet, 53, 'UDP').allowed).toBe(true);
    });
  });
});

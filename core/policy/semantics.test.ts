/**
 * What networking.k8s.io/v1 means where the Kubernetes tests do not look: nodes and host-network pods,
 * defaults, named ports, ranges, and what differs between engines (fact sheet, 1.1).
 */
import { describe, expect, it } from 'vitest';
import type { Entity, NetworkPolicy, Protocol } from './objects.ts';
import { literalText, type PolicySwitches } from './switches.ts';
import {
  ANYTHING,
  block,
  EVERYTHING,
  labelled,
  namespaces,
  networkPolicy,
  node,
  outside,
  pod,
  podsHere,
  podsIn,
  port,
  rule,
  where,
  world,
} from './testing/builders.ts';
import { CONTENDERS } from './testing/contenders.ts';
import type { Verdict } from './verdict.ts';

const n1 = node('n1', '172.16.0.1');
const n2 = node('n2', '172.16.0.2');
const client = pod('client', { labels: { app: 'client' }, ip: '10.0.0.1', node: 'n1' });
const server = pod('server', {
  labels: { app: 'server' },
  ip: '10.0.0.2',
  node: 'n1',
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});
const other = pod('other', {
  labels: { app: 'server' },
  ip: '10.0.0.3',
  node: 'n2',
  ports: [
    { name: 'http', port: 9090, protocol: 'TCP' },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ],
});
const hostNetwork = { namespace: 'system', labels: { app: 'agent' }, hostNetwork: true };
const agent1 = pod('agent1', { ...hostNetwork, ip: '172.16.0.1', node: 'n1' });
const agent2 = pod('agent2', {
  ...hostNetwork,
  ip: '172.16.0.2',
  node: 'n2',
  ports: [{ name: 'metrics', port: 9100, protocol: 'TCP' }],
});
const internet = outside('198.51.100.7');
const ENTITIES = [n1, n2, client, server, other, agent1, agent2, internet];

const denyIngress = networkPolicy('shop', EVERYTHING, { name: 'deny-ingress' });
const denyEgress = networkPolicy('shop', EVERYTHING, {
  name: 'deny-egress',
  policyTypes: ['Egress'],
});
const ingress = (...rules: NetworkPolicy['ingress']) =>
  networkPolicy('shop', EVERYTHING, { ingress: rules });
const egress = (...rules: NetworkPolicy['egress']) =>
  networkPolicy('shop', EVERYTHING, { policyTypes: ['Egress'], egress: rules });

describe.each(CONTENDERS)('with %s', (_, contend) => {
  /** Asks under these policies. */
  function under(networkPolicies: readonly NetworkPolicy[], switches?: Partial<PolicySwitches>) {
    const contender = contend(world(ENTITIES, { networkPolicies }), {
      ...literalText,
      ...switches,
    });
    return (from: Entity, to: Entity, port: number = 8080, protocol: Protocol = 'TCP'): Verdict =>
      contender.verdict(ENTITIES.indexOf(from), ENTITIES.indexOf(to), { protocol, port });
  }

  describe('its own node', () => {
    it('reaches an isolated pod, and no other node does', () => {
      const ask = under([denyIngress]);
      expect(ask(n1, server).ingress).toMatchObject({ allowed: true, reason: 'ownNode', by: [] });
      expect(ask(n2, server).ingress).toMatchObject({ allowed: false, reason: 'isolated' });
      expect(ask(n2, other).allowed).toBe(true);
    });

    it('is not reached by a pod whose egress is isolated, unless the engine lets it', () => {
      expect(under([denyEgress])(server, n1).egress.reason).toBe('isolated');
      const ask = under([denyEgress], { ownNodeReachable: true });
      expect(ask(server, n1).egress).toMatchObject({ allowed: true, reason: 'ownNode' });
      expect(ask(server, n2).egress.reason).toBe('isolated');
    });

    it('has no privilege where the engine grants none', () => {
      const ask = under([denyIngress], { ownNodeAdmitted: false });
      expect(ask(n1, server).allowed).toBe(false);
    });
  });

  describe('a host-network pod', () => {
    it('is its node to the pods there', () => {
      const ask = under([denyIngress]);
      expect(ask(agent1, server).ingress.reason).toBe('ownNode');
      expect(ask(agent2, server).ingress.reason).toBe('isolated');
    });

    it('is subject to no policy', () => {
      const ask = under([
        networkPolicy('system', EVERYTHING, { policyTypes: ['Ingress', 'Egress'] }),
      ]);
      expect(ask(internet, agent1)).toMatchObject({
        allowed: true,
        ingress: { reason: 'unpoliced', by: [] },
      });
      expect(ask(agent1, internet)).toMatchObject({
        allowed: true,
        egress: { reason: 'unpoliced', by: [] },
      });
    });

    it('is found by no selector, on the way in and on the way out', () => {
      const selectors = rule([namespaces(EVERYTHING), podsIn(EVERYTHING, EVERYTHING)]);
      expect(under([ingress(selectors)])(agent2, server).allowed).toBe(false);
      expect(under([egress(selectors)])(server, agent2).allowed).toBe(false);
    });

    it('is found by the address of its node', () => {
      const nodeAddress = rule([block('172.16.0.2/32')]);
      expect(under([ingress(nodeAddress)])(agent2, server).allowed).toBe(true);
      expect(under([egress(nodeAddress)])(server, agent2).allowed).toBe(true);
      expect(under([egress(nodeAddress)])(server, agent1).allowed).toBe(false);
    });

    it('is found by a namespaceSelector beside an empty podSelector where the engine says so', () => {
      const system = labelled({ ns: 'system' });
      const switches = { hostNetworkPeers: 'withEmptyPodSelector' } as const;
      const peers = {
        both: podsIn(system, EVERYTHING),
        alone: namespaces(system),
        notEmpty: podsIn(system, labelled({ app: 'agent' })),
      };
      expect(under([ingress(rule([peers.both]))], switches)(agent2, server).allowed).toBe(true);
      expect(under([ingress(rule([peers.alone]))], switches)(agent2, server).allowed).toBe(false);
      expect(under([ingress(rule([peers.notEmpty]))], switches)(agent2, server).allowed).toBe(
        false,
      );
    });

    it('has no port of a name that a rule could mean', () => {
      const named = under([egress(rule([], [port('TCP', 'metrics')]))]);
      expect(named(server, agent2, 9100).allowed).toBe(false);
    });
  });

  describe('what no policy can touch', () => {
    it('is a pod that talks to itself', () => {
      const verdict = under([denyIngress, denyEgress])(server, server);
      expect(verdict).toMatchObject({
        allowed: true,
        egress: { reason: 'loopback', by: [] },
        ingress: { reason: 'loopback', by: [] },
      });
    });

    it('is a node or an outside address, for its own direction', () => {
      const ask = under([denyIngress, denyEgress]);
      expect(ask(internet, n1)).toMatchObject({
        allowed: true,
        egress: { reason: 'unpoliced' },
        ingress: { reason: 'unpoliced' },
      });
      expect(ask(internet, server)).toMatchObject({
        allowed: false,
        egress: { reason: 'unpoliced' },
        ingress: { reason: 'isolated' },
      });
    });

    it('is anything where nothing is enforced', () => {
      const ask = under([denyIngress, denyEgress], { enforces: false });
      expect(ask(client, server)).toMatchObject({
        allowed: true,
        egress: { reason: 'unpoliced' },
        ingress: { reason: 'unpoliced' },
      });
    });
  });

  describe('policyTypes', () => {
    const withTypes = (
      policyTypes: NetworkPolicy['policyTypes'],
      rules: Partial<Pick<NetworkPolicy, 'ingress' | 'egress'>> = {},
    ) => under([networkPolicy('shop', labelled({ app: 'server' }), { policyTypes, ...rules })]);

    it('left out: ingress in every case, egress only with an egress rule', () => {
      const withoutRules = withTypes([]);
      expect(withoutRules(client, server).ingress.reason).toBe('isolated');
      expect(withoutRules(server, client).egress.reason).toBe('notIsolated');
      const withEgressRule = withTypes([], { egress: [rule([podsHere(labelled({ a: 'b' }))])] });
      expect(withEgressRule(client, server).ingress.reason).toBe('isolated');
      expect(withEgressRule(server, client).egress.reason).toBe('isolated');
    });

    it('named: these directions alone, whatever rules there are', () => {
      const egressOnly = withTypes(['Egress'], { ingress: [rule([block('10.9.9.9/32')])] });
      expect(egressOnly(client, server).ingress.reason).toBe('notIsolated');
      expect(egressOnly(server, client).egress.reason).toBe('isolated');
      const ingressOnly = withTypes(['Ingress'], { egress: [rule([block('10.9.9.9/32')])] });
      expect(ingressOnly(server, client).egress.reason).toBe('notIsolated');
    });
  });

  describe('an ipBlock', () => {
    it('is limited by its own except, and by that of no other entry', () => {
      const holed = block('10.0.0.0/24', '10.0.0.1/32');
      expect(under([ingress(rule([holed]))])(client, server).allowed).toBe(false);
      expect(under([ingress(rule([holed]))])(other, server).allowed).toBe(true);
      const beside = [holed, block('10.0.0.0/30')];
      expect(under([ingress(rule(beside))])(client, server).allowed).toBe(true);
      expect(under([ingress(rule([holed]), ANYTHING)])(client, server).allowed).toBe(true);
    });

    it('may be written with host bits', () => {
      const ask = under([ingress(rule([block('10.0.0.201/24')]))]);
      expect(ask(client, server).allowed).toBe(true);
      expect(ask(internet, server).allowed).toBe(false);
    });

    it('of one address family holds nothing of the other', () => {
      expect(under([ingress(rule([block('::/0')]))])(client, server).allowed).toBe(false);
    });

    it('finds pods and nodes as far as the engine lets it, and outside addresses always', () => {
      const everywhere = [ingress(rule([block('0.0.0.0/0')]))];
      const notPods = under(everywhere, { ipBlockMatchesPods: false });
      expect([client, n2, agent2, internet].map((from) => notPods(from, server).allowed)).toEqual([
        false,
        true,
        true,
        true,
      ]);
      const notNodes = under(everywhere, { ipBlockMatchesNodes: false });
      expect([client, n2, agent2, internet].map((from) => notNodes(from, server).allowed)).toEqual([
        true,
        false,
        false,
        true,
      ]);
    });
  });

  describe('ports', () => {
    it('of one name are another number on each destination', () => {
      const ask = under([egress(rule([], [port('TCP', 'http')]))]);
      expect([8080, 9090].map((number) => ask(client, server, number).allowed)).toEqual([
        true,
        false,
      ]);
      expect([8080, 9090].map((number) => ask(client, other, number).allowed)).toEqual([
        false,
        true,
      ]);
      expect(ask(client, internet, 8080).allowed).toBe(false);
    });

    it('of a name must agree on the protocol', () => {
      const asTcp = under([ingress(rule([], [port('TCP', 'dns')]))]);
      expect(asTcp(client, other, 53, 'TCP').allowed).toBe(false);
      expect(asTcp(client, other, 53, 'UDP').allowed).toBe(false);
      const asUdp = under([ingress(rule([], [port('UDP', 'dns')]))]);
      expect(asUdp(client, other, 53, 'UDP').allowed).toBe(true);
    });

    it('up to endPort, which is included', () => {
      const ask = under([ingress(rule([], [port('TCP', 8080, 8082)]))]);
      expect([8079, 8080, 8082, 8083].map((one) => ask(client, server, one).allowed)).toEqual([
        false,
        true,
        true,
        false,
      ]);
      const single = under([ingress(rule([], [port('TCP', 8080, 8080)]))]);
      expect([8080, 8081].map((one) => single(client, server, one).allowed)).toEqual([true, false]);
    });

    it('end at the first where the engine does not honour endPort', () => {
      const ask = under([ingress(rule([], [port('TCP', 8080, 8082)]))], {
        endPortHonoured: false,
      });
      expect([8080, 8081].map((one) => ask(client, server, one).allowed)).toEqual([true, false]);
    });

    it('of a protocol without a number are all of it', () => {
      const ask = under([ingress(rule([], [port('UDP')]))]);
      expect(ask(client, server, 1, 'UDP').allowed).toBe(true);
      expect(ask(client, server, 65_535, 'UDP').allowed).toBe(true);
      expect(ask(client, server, 80, 'TCP').allowed).toBe(false);
    });
  });

  describe('rules', () => {
    it('that are none admit nothing; one without peers and ports admits everything', () => {
      expect(under([ingress()])(internet, server).allowed).toBe(false);
      expect(under([ingress(ANYTHING)])(internet, server, 1, 'SCTP').allowed).toBe(true);
    });

    it('with peers AND ports need both from the same rule', () => {
      const ask = under([
        ingress(
          rule([podsHere(labelled({ app: 'client' }))], [port('TCP', 80)]),
          rule([podsHere(labelled({ app: 'server' }))], [port('TCP', 81)]),
        ),
      ]);
      expect([80, 81].map((one) => ask(client, server, one).allowed)).toEqual([true, false]);
      expect([80, 81].map((one) => ask(other, server, one).allowed)).toEqual([false, true]);
    });

    it('that admit are all named, in the order they are written', () => {
      const first = networkPolicy('shop', EVERYTHING, {
        name: 'first',
        ingress: [rule([block('10.9.9.9/32')]), ANYTHING, rule([podsHere(EVERYTHING)])],
      });
      const second = networkPolicy('shop', EVERYTHING, { name: 'second', ingress: [ANYTHING] });
      expect(under([first, denyEgress, second])(client, server).ingress).toEqual({
        direction: 'ingress',
        allowed: true,
        reason: 'rule',
        by: [
          { policy: first, rule: 1 },
          { policy: first, rule: 2 },
          { policy: second, rule: 0 },
        ],
        passed: [],
      });
    });

    it('that all fail leave the policies that isolate to be named, and no others', () => {
      const elsewhere = networkPolicy('system', EVERYTHING, { name: 'elsewhere' });
      const ofClients = networkPolicy('shop', labelled({ app: 'client' }), { name: 'clients' });
      const closed = ingress(rule([block('10.9.9.9/32')]));
      const policies = [denyEgress, elsewhere, closed, ofClients, denyIngress];
      expect(under(policies)(client, server).ingress).toEqual({
        direction: 'ingress',
        allowed: false,
        reason: 'isolated',
        by: [
          { policy: closed, rule: undefined },
          { policy: denyIngress, rule: undefined },
        ],
        passed: [],
      });
    });
  });

  it.each([
    ['In', false],
    ['NotIn', true],
    ['Exists', false],
    ['DoesNotExist', true],
  ] as const)('%s selects an object without the key: %s', (operator, selected) => {
    const values = operator.endsWith('In') ? ['any'] : [];
    const selector = labelled({}, where('absent', operator, ...values));
    expect(under([ingress(rule([podsHere(selector)]))])(client, server).allowed).toBe(selected);
    expect(under([ingress(rule([namespaces(selector)]))])(client, server).allowed).toBe(selected);
    expect(under([networkPolicy('shop', selector)])(client, server).allowed).toBe(!selected);
  });
});

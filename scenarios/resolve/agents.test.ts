import { describe, expect, it } from 'vitest';
import type { AgentPlan } from '../../core/plan.ts';
import { experimentOf, loadText } from '../testing/load-text.ts';

const experiment = (spec: object) => experimentOf(`spec: ${JSON.stringify(spec)}\n`);
const planOf = (spec: object) => experiment(spec).points[0]!.plan;

const pools = [
  { name: 'old', share: 0.5, kubernetesVersion: '1.33' },
  { name: 'new', share: 0.3, proxy: { mode: 'nftables', minSyncPeriod: '2s' } },
  { name: 'plain', share: 0.2 },
];
const proxy = { mode: 'iptables', backend: 'legacy', syncPeriod: '50s', localhostNodePorts: false };
const summary = (agent: AgentPlan | null) =>
  agent && [agent.kubernetesVersion, agent.proxy.model, agent.proxy.minSyncPeriodNs / 1e9];

describe('the proxy of a pool', () => {
  it("is the cluster's but for what is written, and for fields its mode does not have", () => {
    const { cluster } = planOf({ cluster: { pools }, proxy });
    expect(cluster.pools.map(({ agent }) => summary(agent))).toEqual([
      ['1.33', 'iptables-legacy', 1],
      ['1.34', 'nftables', 2],
      null,
    ]);
    const [old, changed] = cluster.pools.map(({ agent }) => agent?.proxy);
    expect([old!.localhostNodePorts, changed!.localhostNodePorts]).toEqual([false, true]);
    expect([old!.nodePortAddresses, changed!.nodePortAddresses]).toEqual(['all', 'primary']);
    expect([old!.syncPeriodNs, changed!.syncPeriodNs]).toEqual([50e9, 50e9]);
  });

  it('follows a variant that changes the cluster, and one that changes the pool', () => {
    const variants = [
      { name: 'cluster', set: { proxy: { syncPeriod: '70s' } } },
      { name: 'pool', set: { cluster: { pools: [{ name: 'old', proxy: { mode: 'ebpf' } }] } } },
    ];
    const [cluster, pool] = experiment({ cluster: { pools }, proxy, variants }).points;
    expect(cluster!.plan.cluster.pools[0]!.agent!.proxy.syncPeriodNs).toBe(70e9);
    expect(pool!.plan.cluster.pools.map(({ agent }) => agent?.proxy.model)).toEqual([
      'ebpf',
      'nftables',
      undefined,
    ]);
  });

  it('takes a time-out of conntrack from the cluster where it has none', () => {
    const own = { name: 'a', share: 1, proxy: { conntrack: { min: 5 } } };
    const { cluster } = planOf({
      cluster: { pools: [own] },
      proxy: { conntrack: { maxPerCore: 7, tcpCloseWaitTimeout: '2m' } },
    });
    expect(cluster.pools[0]!.agent!.proxy.conntrack).toEqual({
      maxPerCore: 7,
      min: 5,
      tcpEstablishedTimeoutNs: 86_400e9,
      tcpCloseWaitTimeoutNs: 120e9,
    });
  });

  it('shows in the title, and keeps its document the same when loaded again', () => {
    const first = experiment({ cluster: { pools }, proxy });
    expect(first.variants[0]!.title).toContain(' + ');
    const { spec } = first.document as { spec: object };
    expect(experiment(spec).points).toEqual(first.points);
  });

  it('sets the warm-up by the longest period that some node follows', () => {
    const ipvs = { name: 'a', share: 0.5, proxy: { mode: 'ipvs', syncPeriod: '5m' } };
    const spec = { proxy: { mode: 'ebpf' }, cluster: { pools: [ipvs, { name: 'b', share: 0.5 }] } };
    expect(planOf(spec).warmUpNs).toBe(300e9);
  });
});

describe('upgrades', () => {
  const upgrade = (at: string, upgradeAgents: string, to: object, more: object = {}) => ({
    at,
    upgradeAgents,
    to,
    ...more,
  });
  const changesOf = (events: object[]) =>
    planOf({ cluster: { nodes: 20, pools }, proxy, events }).events.map((event) =>
      event.kind === 'changeAgents'
        ? [event.pool, event.count, event.overNs / 1e9, summary(event.agent)]
        : event.kind,
    );

  it('merge over the pool and over earlier ones of it, in order of time', () => {
    const nftables = { proxy: { mode: 'nftables' } };
    const events = [
      upgrade('3m', 'old', nftables, { share: '25%', over: '30s' }),
      upgrade('1m', 'old', { kubernetesVersion: '1.35' }),
      upgrade('1m', 'plain', nftables),
    ];
    expect(changesOf(events)).toEqual([
      [0, 10, 0, ['1.35', 'iptables-legacy', 1]],
      [2, 4, 0, ['1.34', 'nftables', 1]],
      [0, 3, 30, ['1.35', 'nftables', 1]],
    ]);
  });

  it('of all nodes are one event where they become the same', () => {
    const to = { kubernetesVersion: '1.36', proxy: { mode: 'ebpf', minSyncPeriod: '1s' } };
    expect(changesOf([upgrade('1m', '*', to)])).toEqual([[null, 20, 0, ['1.36', 'ebpf', 1]]]);
  });
});

describe('other interruptions', () => {
  it('are events of the plan, at least one node of a share', () => {
    const { events } = planOf({
      cluster: { nodes: 20, pools },
      events: [
        { at: '2m', restartAgents: 'new', share: '1%', over: '10s' },
        { at: '1m', restartAgents: '*' },
        { at: '3m', apiserverOutage: 2, for: '30s' },
      ],
    });
    expect(events).toMatchObject([
      { kind: 'restartAgents', pool: null, count: 20, overNs: 0 },
      { kind: 'restartAgents', pool: 1, count: 1, overNs: 10e9 },
      { kind: 'apiserverOutage', apiserver: 2, forNs: 30e9 },
    ]);
  });

  it('are checked at every size of a sweep', () => {
    const sweep = [{ path: 'controlPlane.apiservers', values: [3, 1] }];
    const events = [{ at: '1m', apiserverOutage: 0, for: '5s' }];
    const { diagnostics } = loadText(`spec: ${JSON.stringify({ sweep, events })}\n`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['E222']);
  });
});

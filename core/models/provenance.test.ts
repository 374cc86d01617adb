import { describe, expect, it } from 'vitest';
import { plainProxy } from '../plain-plans.ts';
import type { AgentPlan, PoolPlan, ScenarioEventPlan } from '../plan.ts';
import { allConstants } from './index.ts';
import { modelsOf, provenanceOf } from './provenance.ts';
import { proxyModel } from './proxy/registry.ts';

const timers = { minSyncPeriodNs: 1e9, syncPeriodNs: 30e9 };
const agent = (model: string) => ({
  kubernetesVersion: '1.34',
  proxy: plainProxy(model, timers),
});
const plan = (model: string, constants: Record<string, number> = {}) => ({
  ...agent(model),
  constants,
  cluster: { pools: [pool(null)] },
  events: [],
});
const pool = (own: AgentPlan | null): PoolPlan => ({
  name: 'a',
  nodes: 1,
  cores: 8,
  memoryBytes: 2 ** 35,
  podsPerNode: 110,
  agent: own,
});
const idsOf = (...plans: ReturnType<typeof plan>[]) => provenanceOf(plans).map(({ id }) => id);

describe('provenance', () => {
  it('lists the constants of the proxy modes that run, and of no other', () => {
    const own = proxyModel('ipvs').constants.map(({ id }) => id);
    const foreign = proxyModel('ebpf').constants.map(({ id }) => id);
    const ids = idsOf(plan('ipvs'));
    expect(ids).toEqual(expect.arrayContaining(own));
    expect(foreign.filter((id) => !own.includes(id) && ids.includes(id))).toEqual([]);
    expect(idsOf(plan('ipvs'), plan('ebpf'))).toEqual(expect.arrayContaining([...own, ...foreign]));
  });

  it('lists a constant of no proxy mode for every plan, each once, in order of id', () => {
    const ids = idsOf(plan('ipvs'), plan('ebpf'));
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids.some((id) => !id.startsWith('proxy.'))).toBe(true);
  });

  it('states the value in force, a row a value', () => {
    const { id, range } = allConstants().find((one) => !one.id.startsWith('proxy.'))!;
    const other = range[1];
    const rows = provenanceOf([plan('ipvs'), plan('ipvs', { [id]: other })]);
    const own = rows.filter((row) => row.id === id);
    expect(own.map(({ overridden }) => overridden).sort()).toEqual([false, true]);
    expect(own.find(({ overridden }) => overridden)?.value).toBe(other);
  });

  it('tells of the modes of every pool and upgrade, and not of one that no node runs', () => {
    const upgrade: ScenarioEventPlan = {
      atNs: 0,
      label: 'upgrade',
      kind: 'changeAgents',
      agent: agent('nftables'),
      pool: 0,
      count: 1,
      overNs: 0,
    };
    const mixed = {
      ...plan('iptables-nft'),
      cluster: { pools: [pool(agent('ipvs')), pool(agent('ebpf'))] },
      events: [upgrade],
    };
    const proxies = modelsOf([mixed]).flatMap(({ id }) => (id.startsWith('proxy.') ? id : []));
    expect(proxies).toEqual(['proxy.ebpf', 'proxy.ipvs', 'proxy.nftables']);
    const ids = provenanceOf([mixed]).map(({ id }) => id);
    for (const model of ['ebpf', 'ipvs', 'nftables']) {
      expect(ids).toEqual(expect.arrayContaining(proxyModel(model).constants.map(({ id }) => id)));
    }
  });
});

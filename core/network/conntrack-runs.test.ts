/** Whole runs whose nodes' tables of connections matter. */
import { expect, test } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { DEFAULT_CONNTRACK, PLAIN_PORT, plainProxy, trafficToAll } from '../plain-plans.ts';
import type { Plan, ServicePortPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { testPlan } from '../testing/plans.ts';
import { sampleCount } from '../testing/readings.ts';

const SECOND = 1e9;

function run(
  overrides: Partial<Plan>,
  conntrack = DEFAULT_CONNTRACK,
  model = 'iptables-nft',
): Cell {
  const proxy = plainProxy(model, { minSyncPeriodNs: SECOND, syncPeriodNs: 30 * SECOND });
  return simulate(testPlan({ ...overrides, proxy: { ...proxy, conntrack } }), 0);
}

function total(cell: Cell, id: string): number {
  const [high, low] = cell.quotients[id]!.numerator;
  return high * 2 ** 52 + low;
}

function services(changes: Partial<ServicePortPlan>): Plan['populations'] {
  const ports = [{ ...PLAIN_PORT, ...changes }];
  return [{ name: 'apps', count: 20, ports, endpoints: { kind: 'constant', value: 2 } }];
}

const QUIET = { podChangesPerSecond: 0 };
const TINY = { ...DEFAULT_CONNTRACK, maxPerCore: 1, min: 50 };

test('closed connections stay in the tables of both their nodes for 120 s: Little’s law', () => {
  const cell = run({
    ...QUIET,
    warmUpNs: 150 * SECOND,
    horizonNs: 60 * SECOND,
    traffic: [trafficToAll(100)],
  });
  const { conntrackEntries, conntrackLargest } = cell.quotients;
  const perNode = total(cell, 'conntrackEntries') / 10;
  // One of ten connections stays on its node and has one entry; the others have two.
  const expected = 10 * 1.9 * 120;
  expect(Math.abs(perNode / expected - 1)).toBeLessThan(0.05);
  expect(conntrackEntries!.max!).toBeGreaterThanOrEqual(perNode);
  expect(conntrackLargest!.max!).toBeGreaterThanOrEqual(conntrackEntries!.max!);
  expect(total(cell, 'conntrackDropped')).toBe(0);
  expect(total(cell, 'request.failed')).toBe(0);
});

test('with a tiny table new connections fail because it is full, and only because of that', () => {
  const cell = run({ ...QUIET, drainNs: SECOND, traffic: [trafficToAll(100)] }, TINY);
  expect(total(cell, 'request.failed.conntrackFull')).toBeGreaterThan(0);
  expect(total(cell, 'request.failed')).toBe(total(cell, 'request.failed.conntrackFull'));
  expect(total(cell, 'conntrackDropped')).toBeGreaterThan(
    total(cell, 'request.failed.conntrackFull'),
  );
  expect(cell.quotients['conntrackLargest']!.max).toBe(50);
  // Nobody is left waiting when the run ends, though patience is longer than the drain.
  const answered = sampleCount(cell, 'request.clusterIP');
  const [high, low] = cell.quotients['request.failed']!.denominator;
  expect(answered + total(cell, 'request.failed')).toBe(high * 2 ** 52 + low);
  expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
});

test('single exchanges over UDP can be evicted: as full a table drops fewer of them', () => {
  const { cluster } = testPlan();
  // 1,024 buckets, as many entries and more than are open in 30 s.
  const pools = [{ ...cluster.pools[0]!, memoryBytes: 2 ** 24 }];
  const full = { ...DEFAULT_CONNTRACK, maxPerCore: 1, min: 1000 };
  const plan = { ...QUIET, cluster: { ...cluster, pools }, populations: services({}) };
  const tcp = run({ ...plan, traffic: [trafficToAll(1000)] }, full);
  const udp = run(
    {
      ...plan,
      populations: services({ protocol: 'UDP' }),
      traffic: [trafficToAll(1000, { protocol: 'UDP' })],
    },
    full,
  );
  expect(udp.quotients['conntrackLargest']!.max).toBe(1000);
  expect(total(udp, 'conntrackDropped')).toBe(0);
  expect(total(tcp, 'conntrackDropped')).toBeGreaterThan(1000);
});

test('a time-out for established connections shorter than they are empties the tables', () => {
  const traffic = [trafficToAll(20, { lifetime: { kind: 'constant', ns: 600 * SECOND } })];
  const plan = { ...QUIET, warmUpNs: 60 * SECOND, horizonNs: 60 * SECOND, traffic };
  const short = { ...DEFAULT_CONNTRACK, tcpEstablishedTimeoutNs: 20 * SECOND };
  const ofDay = total(run(plan), 'conntrackEntries');
  const ofSeconds = total(run(plan, short), 'conntrackEntries');
  expect(ofDay / (20 * 1.9 * 120)).toBeGreaterThan(0.9);
  expect(ofSeconds / (20 * 1.9 * 20)).toBeLessThan(1.15);
});

test('masqueraded connections run out of source ports where there are few', () => {
  const plan = {
    ...QUIET,
    populations: services({ nodePort: true }),
    traffic: [trafficToAll(100, { kind: 'nodePort' })],
  };
  const plenty = run(plan);
  expect(total(plenty, 'snatPortsExhausted')).toBe(0);
  expect(total(plenty, 'request.failed')).toBe(0);
  const few = run({ ...plan, constants: { 'conntrack.snat.ports': 5 } });
  expect(total(few, 'snatPortsExhausted')).toBeGreaterThan(0);
  expect(total(few, 'request.failed.snatPortsExhausted')).toBeGreaterThan(0);
  expect(few.audits.filter(({ ok }) => !ok)).toEqual([]);
});

test('an agent with maps of its own has no table to be full, and shows none', () => {
  const cell = run({ ...QUIET, traffic: [trafficToAll(100)] }, TINY, 'ebpf');
  for (const id of ['conntrackEntries', 'conntrackDropped', 'request.failed.conntrackFull']) {
    expect(Object.keys(cell.quotients)).not.toContain(id);
  }
  expect(total(cell, 'request.failed')).toBe(0);
});

test('taking endpoints from UDP Services costs the proxies’ CPU a look through the table', () => {
  const tcp = run({ populations: services({}), traffic: [] });
  const udp = run({ populations: services({ protocol: 'UDP' }), traffic: [] });
  const more = total(udp, 'node.proxyCpu') - total(tcp, 'node.proxyCpu');
  // At most each sync of ten nodes in 30 s, one a second.
  expect(more / 58e6).toBeGreaterThan(20);
  expect(more / 58e6).toBeLessThanOrEqual(310);
  expect(udp.distributions['networkProgramming']).toEqual(tcp.distributions['networkProgramming']);
});

test('agents that change set the size of their tables: a larger one, or none, drops no more', () => {
  const timers = { minSyncPeriodNs: SECOND, syncPeriodNs: 30 * SECOND };
  const changeTo = (model: string, conntrack = DEFAULT_CONNTRACK): Plan['events'][number] => ({
    atNs: 2 * SECOND,
    label: 'upgrade',
    kind: 'changeAgents',
    pool: null,
    count: 10,
    overNs: 0,
    agent: { kubernetesVersion: '1.34', proxy: { ...plainProxy(model, timers), conntrack } },
  });
  const dropped = (events: Plan['events']) =>
    total(run({ ...QUIET, traffic: [trafficToAll(100)], events }, TINY), 'conntrackDropped');
  const unchanged = dropped([]);
  expect(unchanged).toBeGreaterThan(100);
  expect(dropped([changeTo('iptables-nft', TINY)])).toBeGreaterThan(unchanged / 2);
  expect(dropped([changeTo('iptables-nft')])).toBeLessThan(unchanged / 2);
  expect(dropped([changeTo('ebpf')])).toBeLessThan(unchanged / 2);
});

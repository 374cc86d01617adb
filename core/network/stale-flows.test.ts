/** Connections that are open when their endpoint ends, and whose clients do not hear of it. */
import { describe, expect, it } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { DEFAULT_CONNTRACK, PLAIN_PORT, plainProxy, trafficToAll } from '../plain-plans.ts';
import type { ConntrackPlan, Plan, TrafficPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import { wideToBigInt } from '../testing/readings.ts';

const SECOND = 1e9;

interface Settings {
  readonly model?: string;
  readonly minSyncNs?: number;
  readonly conntrack?: Partial<ConntrackPlan>;
  readonly traffic?: Partial<TrafficPlan>;
}

/** One Deployment of four pods on four nodes, updated after 5 s; 20 connections a second to it. */
function run(settings: Settings, others: Partial<Plan> = {}): Cell {
  const { model = 'nftables', minSyncNs = 0, conntrack, traffic } = settings;
  const timers = { minSyncPeriodNs: minSyncNs, syncPeriodNs: 30 * SECOND };
  const proxy = plainProxy(model, timers);
  const protocol = traffic?.protocol ?? 'TCP';
  return simulate(
    testPlan({
      cluster: clusterOf(4, { topology: { ...testPlan().cluster.topology, zones: 1 } }),
      proxy: { ...proxy, conntrack: { ...DEFAULT_CONNTRACK, ...conntrack } },
      populations: [],
      workloads: [workload(4)],
      services: [{ ...service([0]), ports: [{ ...PLAIN_PORT, protocol, nodePort: true }] }],
      podChangesPerSecond: 0,
      horizonNs: 40 * SECOND,
      events: [{ atNs: 5 * SECOND, label: 'update', kind: 'rollingUpdate', workload: 0 }],
      traffic: [trafficToAll(20, { lifetime: { kind: 'constant', ns: 4 * SECOND }, ...traffic })],
      ...others,
    }),
    0,
  );
}

function total(cell: Cell, id: string): number {
  const part = cell.quotients[id];
  return part === undefined ? 0 : Number(wideToBigInt(part.numerator));
}

const udp = (usedEveryNs: number) => ({ protocol: 'UDP', usedEveryNs }) as const;
const DAY = 86400 * SECOND;

describe('a UDP flow whose endpoint has ended', () => {
  it('is lost until its node’s sync has cleaned up: the rarer syncs are, the more flows', () => {
    const [prompt, slow] = [0, 5 * SECOND].map((minSyncNs) =>
      run({ minSyncNs, traffic: udp(SECOND) }),
    );
    expect(total(prompt!, 'request.failed.deadEndpoint')).toBeGreaterThan(0);
    expect(total(slow!, 'request.failed.deadEndpoint')).toBeGreaterThan(
      3 * total(prompt!, 'request.failed.deadEndpoint'),
    );
    for (const cell of [prompt!, slow!]) {
      expect(total(cell, 'request.failed.reset')).toBe(0);
      expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  it('is missed only by clients that send before the clean-up', () => {
    const [often, seldom] = [SECOND / 20, 3 * SECOND].map((ns) => run({ traffic: udp(ns) }));
    const failures = [often!, seldom!].map((cell) => total(cell, 'request.failed'));
    expect(failures[0]).toBeGreaterThan(3 * failures[1]!);
    // About 4 pods of 20 connections each.
    expect(failures[0]).toBeLessThan(100);
  });

  it('goes on to another endpoint, and has an entry there until it is closed', () => {
    const lasting = { lifetime: { kind: 'constant', ns: DAY } } as const;
    const cell = run({ traffic: { ...udp(SECOND / 20), ...lasting } });
    const calm = run({ traffic: { ...udp(SECOND / 20), ...lasting } }, { events: [] });
    const entries = [cell, calm].map((one) => total(one, 'conntrackEntries'));
    expect(entries[0]! / entries[1]!).toBeGreaterThan(0.9);
    // Entries at the nodes of endpoints that have ended stay for two minutes.
    expect(entries[0]! / entries[1]!).toBeLessThan(1.3);
  });

  it('is misdelivered where another Service’s pod has the address by then', () => {
    const { cluster } = testPlan();
    const settings = { minSyncNs: 20 * SECOND, traffic: udp(SECOND / 2) };
    const others: Partial<Plan> = {
      // Two addresses a node, one of which is free.
      cluster: { ...clusterOf(4), nodeMaskBits: 30, topology: cluster.topology },
      workloads: [workload(4), workload(0)],
      events: [
        { atNs: 5 * SECOND, label: 'down', kind: 'scale', workload: 0, replicas: 0 },
        { atNs: 6 * SECOND, label: 'up', kind: 'scale', workload: 1, replicas: 8 },
      ],
    };
    const cell = run(settings, others);
    expect(total(cell, 'request.failed.misdelivered')).toBeGreaterThan(0);
    expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is left alone at a node port of a Service without serving endpoints', () => {
    const down = {
      atNs: 5 * SECOND,
      label: 'down',
      kind: 'scale',
      workload: 0,
      replicas: 0,
    } as const;
    const lifetime = { kind: 'constant', ns: DAY } as const;
    const [clusterIp, nodePort] = (['clusterIP', 'nodePort'] as const).map((kind) =>
      run({ traffic: { ...udp(6 * SECOND), kind, lifetime } }, { events: [down] }),
    );
    // All hundred flows that were open; of the others those that sent within the moment.
    expect(total(nodePort!, 'request.failed.deadEndpoint')).toBeGreaterThan(70);
    expect(total(clusterIp!, 'request.failed.deadEndpoint')).toBeLessThan(30);
    expect(total(clusterIp!, 'request.failed.noEndpoints')).toBeGreaterThan(
      total(nodePort!, 'request.failed.noEndpoints'),
    );
  });
});

describe('a TCP connection whose client looks at it only when it uses it', () => {
  const idle = { usedEveryNs: 30 * SECOND, lifetime: { kind: 'constant', ns: DAY } } as const;

  it('fails at its next use: nobody has the address', () => {
    const cell = run({ traffic: idle });
    expect(total(cell, 'request.failed.deadEndpoint')).toBeGreaterThan(50);
    expect(total(cell, 'request.failed.reset')).toBe(0);
    const heeding = run({ traffic: { ...idle, usedEveryNs: null } });
    expect(total(heeding, 'request.failed.reset')).toBeGreaterThan(50);
    expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('is CLOSE_WAIT meanwhile: with a short time-out its entry is gone, and it is reset', () => {
    const short = run({ traffic: idle, conntrack: { tcpCloseWaitTimeoutNs: SECOND } });
    expect(total(short, 'request.failed.reset')).toBeGreaterThan(50);
    const early = { horizonNs: 25 * SECOND };
    const entries = [SECOND, 3600 * SECOND].map((tcpCloseWaitTimeoutNs) =>
      total(
        run({ traffic: idle, conntrack: { tcpCloseWaitTimeoutNs } }, early),
        'conntrackEntries',
      ),
    );
    expect(entries[1]! - entries[0]!).toBeGreaterThan(50);
  });
});

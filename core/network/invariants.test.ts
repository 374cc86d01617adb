/** What holds in every run, whatever the plan: checked over random small plans with traffic. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.ts';
import { hostLocal } from '../models/ipam/host-local.ts';
import { plainPorts, trafficToAll } from '../plain-plans.ts';
import type { Plan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, testPlan } from '../testing/plans.ts';
import { bucketLines, sampleCount } from '../testing/readings.ts';
import { emptyTrace } from '../trace.ts';
import { dispatcher } from './dispatch.ts';
import { randomPlan } from './testing/random-plan.ts';
import { buildWorld, startWorld, type World } from './world.ts';

/** The random plans of the differential test, shorter and with requests. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    plan: randomPlan,
    requestsPerSecond: fc.constantFrom(0, 20, 100),
    warmUpNs: fc.constantFrom(0, 2e9, 3e9),
    horizonNs: fc.constantFrom(4e9, 15e9, 20.5e9),
  })
  .map(({ plan, requestsPerSecond, warmUpNs, horizonNs }) => ({
    ...plan,
    warmUpNs,
    horizonNs,
    drainNs: 20e9,
    traffic: [trafficToAll(requestsPerSecond)],
  }));

/** Every number somewhere in a plain value, with its path. */
function numbers(value: unknown, path = '$'): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => numbers(item, `${path}.${key}`));
}

describe('a run', () => {
  it('ends as soon as everything in its window is settled, however long it might drain', () => {
    const events = (drainNs: number) => simulate(testPlan({ drainNs }), 0).events;
    expect(events(600e9)).toBe(events(60e9));
    expect(events(60e9)).toBeGreaterThan(0);
  });
});

describe('a cell', () => {
  it('passes its audits, and comes out the same twice and through JSON', () => {
    let requests = 0;
    fc.assert(
      fc.property(plans, fc.nat(3), (plan, replication) => {
        const cell = simulate(plan, replication);
        expect(cell.audits.filter(({ ok }) => !ok)).toEqual([]);
        expect(cell.audits.length).toBeGreaterThanOrEqual(3);
        expect(canonicalJson(simulate(plan, replication))).toBe(canonicalJson(cell));
        expect(JSON.parse(JSON.stringify(cell))).toEqual(cell);
        requests += cell.workload.requests;
      }),
      { seed: 30_018, numRuns: 30 },
    );
    expect(requests).toBeGreaterThan(5000);
  });

  it('holds no negative number, and nothing but whole ones where things are added up', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { quotients, ...rest } = simulate(plan, 0);
        for (const [path, value] of numbers(rest)) {
          if (!Number.isSafeInteger(value) || value < 0) expect.fail(`${path} is ${value}`);
        }
        for (const [path, value] of numbers(quotients)) {
          const isWhole = Number.isSafeInteger(value) || path.endsWith('.max');
          if (!isWhole || value < 0) expect.fail(`${path} is ${value}`);
        }
      }),
      { seed: 30_019, numRuns: 20 },
    );
  });

  it('differs between replications and between seeds', () => {
    const plan = testPlan();
    const cells = [simulate(plan, 0), simulate(plan, 1), simulate({ ...plan, seed: 'other' }, 0)];
    const texts = cells.map(({ distributions }) => canonicalJson(distributions));
    expect(new Set(texts).size).toBe(3);
  });

  it('does not depend on being traced or on progress being reported', () => {
    const plan = testPlan();
    const progress = new Float64Array(2);
    const watched = simulate(plan, 0, progress, emptyTrace());
    expect(watched).toEqual(simulate(plan, 0));
    expect(Array.from(progress)).toEqual([1, watched.events]);
  });
});

describe('the measured window', () => {
  it('takes in the changes triggered in it, wherever they are programmed, and no others', () => {
    let outside = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        const trace = emptyTrace();
        const cell = simulate(plan, 0, undefined, trace);
        const endNs = plan.warmUpNs + plan.horizonNs;
        const samples = trace.samples.filter(({ write }) => {
          const { triggerNs } = trace.writes[write]!;
          return triggerNs >= plan.warmUpNs && triggerNs < endNs;
        });
        outside += trace.samples.length - samples.length;
        expect(sampleCount(cell, 'networkProgramming')).toBe(samples.length);
        const total = samples.reduce(
          (sum, { write, visibleNs }) => sum + BigInt(visibleNs - trace.writes[write]!.triggerNs),
          0n,
        );
        const lines = bucketLines(cell, 'networkProgramming');
        expect(lines.reduce((sum, line) => sum + line.total, 0n)).toBe(total);
      }),
      { seed: 30_020, numRuns: 60 },
    );
    expect(outside).toBeGreaterThan(500);
  });

  it('is what the columns over time add up to', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { series, workload, distributions, quotients } = simulate(plan, 0);
        const bins = Math.ceil(plan.horizonNs / series.binNs);
        const total: Record<string, number> = {};
        for (const [name, column] of Object.entries(series.columns)) {
          expect(column).toHaveLength(bins);
          total[name] = column.reduce((sum, count) => sum + count, 0);
        }
        expect(total['podChanges']).toBe(workload.podChanges);
        expect(total['requests']).toBe(workload.requests);
        expect(total['failedRequests']).toBe(quotients['request.failed']!.numerator[1]);
        const converged = distributions['endpointConvergence']!;
        expect(total['programmedWrites']).toBe(converged.effective);
      }),
      { seed: 30_021, numRuns: 10 },
    );
  });

  it('holds nothing of a warm-up during which everything happens', () => {
    const plan = testPlan({
      workloads: [
        {
          namespace: 'default',
          name: 'web',
          kind: 'Deployment',
          replicas: 4,
          perNode: false,
          maxSurge: 1,
          maxUnavailable: 0,
          terminationGraceNs: 30e9,
          preStopNs: 0,
        },
      ],
      services: [
        {
          namespace: 'default',
          name: 'web',
          ports: plainPorts(1),
          headless: false,
          slices: null,
          workloads: [0],
        },
      ],
      podChangesPerSecond: 0,
      traffic: [],
      warmUpNs: 60e9,
      events: [{ atNs: -55e9, label: 'early', kind: 'rollingUpdate', workload: 0 }],
    });
    const trace = emptyTrace();
    const cell = simulate(plan, 0, undefined, trace);
    expect(trace.writes.length).toBeGreaterThan(8);
    expect(sampleCount(cell, 'networkProgramming')).toBe(0);
    expect(sampleCount(cell, 'proxySync')).toBe(0);
    expect(sampleCount(cell, 'podStartup')).toBe(0);
    expect(cell.workload.podChanges).toBe(0);
    expect(cell.quotients['apiserver.watchEvents']!.numerator).toEqual([0, 0]);
    expect(cell.quotients['etcd.writes']!.numerator).toEqual([0, 0]);
  });
});

/** The states by pod of one Service. */
type States = ReadonlyMap<number, number>;

/** Endpoints of a Service after the newest write of the log. */
function newestStates({ log }: World, service: number): States {
  const { open } = log.services[service]!;
  return new Map([...open].map(([pod, row]) => [pod, log.rowState[row]!]));
}

/** Endpoints of a Service as the kernel of a node has them. */
function seenBy({ log, proxies, engine }: World, node: number, service: number): States {
  const seen = new Map<number, number>();
  for (const row of log.services[service]!.rows) {
    if (!proxies.sees(node, log.rowFrom[row]!, service, engine.nowNs)) continue;
    if (proxies.sees(node, log.rowTo[row]!, service, engine.nowNs)) continue;
    if (seen.has(log.rowPod[row]!)) expect.fail(`pod ${log.rowPod[row]} is seen twice`);
    seen.set(log.rowPod[row]!, log.rowState[row]!);
  }
  return seen;
}

function sameStates(a: States, b: States): boolean {
  return a.size === b.size && [...a].every(([pod, state]) => b.get(pod) === state);
}

describe('what a node sees', () => {
  it('is each Service as it was after some write between the positions of its last sync', () => {
    let late = 0;
    let looks = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        const world = buildWorld(plan, 0);
        startWorld(world);
        const dispatch = dispatcher(world);
        const { engine, log, proxies, placement, inventory } = world;
        const services = inventory.services.flatMap(({ headless }, i) => (headless ? [] : [i]));
        // By Service: its states after each of its writes.
        const history = inventory.services.map((_, i) => [
          { write: 0, states: newestStates(world, i) },
        ]);
        let known = 0;
        const run = (untilNs: number) =>
          engine.run(untilNs, (kind, process, a, b) => {
            const before = engine.nowNs;
            dispatch(kind, process, a, b);
            expect(engine.nowNs).toBe(before);
            if (log.length === known) return;
            known = log.length;
            const service = log.service[known]!;
            history[service]!.push({ write: known, states: newestStates(world, service) });
          });
        for (let step = 1; step <= 40; step++) {
          run(step * 517_000_003);
          for (let node = 0; node < placement.activeNodes; node++) {
            proxies.advance(node, engine.nowNs);
            if (proxies.running[node] === 0) continue;
            const [from, to] = [proxies.previous[node]!, proxies.position[node]!];
            const done = engine.nowNs >= proxies.completedNs[node]!;
            for (const service of services) {
              const writes = history[service]!;
              const seen = seenBy(world, node, service);
              const first = writes.findLastIndex(({ write }) => write <= (done ? to : from));
              const last = writes.findLastIndex(({ write }) => write <= to);
              const allowed = writes.slice(first, last + 1);
              if (!allowed.some(({ states }) => sameStates(states, seen))) {
                expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(allowed[0]!.states));
              }
              looks++;
              if (!sameStates(writes.at(-1)!.states, seen)) late++;
            }
          }
        }
      }),
      { seed: 30_022, numRuns: 12 },
    );
    expect(looks).toBeGreaterThan(10_000);
    expect(late).toBeGreaterThan(100);
  });

  it('is not forgotten while a joining node waits for its lists', () => {
    const base = testPlan();
    const plan = testPlan({
      // Seconds for the lists of one node.
      controlPlane: { ...base.controlPlane, fanoutBytesPerSecond: 20_000 },
      traffic: [],
      events: [{ atNs: 5e9, label: 'join', kind: 'addNodes', count: 3 }],
    });
    const world = buildWorld(plan, 0);
    startWorld(world);
    const { engine, proxies } = world;
    const dispatch = dispatcher(world);
    let waited = 0;
    engine.run(30e9, (kind, process, a, b) => {
      dispatch(kind, process, a, b);
      for (let node = plan.cluster.nodes; node < world.placement.activeNodes; node++) {
        if (proxies.running[node] === 0) waited++;
        expect(proxies.lowestPosition()).toBeLessThanOrEqual(proxies.previous[node]!);
      }
    });
    expect(waited).toBeGreaterThan(20);
  });
});

describe('time and addresses', () => {
  it('no event lies in the past, and every address in use belongs to one living pod', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const world = buildWorld(plan, 0);
        startWorld(world);
        const { engine, pods, addresses } = world;
        const dispatch = dispatcher(world);
        let lastNs = 0;
        for (let step = 1; step <= 20; step++) {
          engine.run(step * 1e9, (kind, process, a, b) => {
            if (engine.nowNs < lastNs) expect.fail(`${engine.nowNs} after ${lastNs}`);
            lastNs = engine.nowNs;
            dispatch(kind, process, a, b);
          });
          const owners = new Map<string, number>();
          for (let pod = 0; pod < pods.count; pod++) {
            const [node, address] = [pods.node[pod]!, pods.address[pod]!];
            if (address < 0 || addresses.ownerOf(node, address) !== pod) continue;
            const key = `${node}/${address}`;
            if (owners.has(key)) expect.fail(`${key} belongs to ${owners.get(key)} and ${pod}`);
            owners.set(key, pod);
          }
          expect(owners.size).toBe(addresses.used.reduce((sum, used) => sum + used, 0));
        }
      }),
      { seed: 30_023, numRuns: 12 },
    );
  });

  it('in a small range addresses come back after a while, and the age says so', () => {
    const plan = testPlan({
      cluster: {
        ...clusterOf(10, { nodeMaskBits: 28 }),
        pools: [
          {
            name: 'small',
            nodes: 10,
            cores: 4,
            memoryBytes: 16 * 2 ** 30,
            podsPerNode: 12,
            agent: null,
          },
        ],
      },
      populations: [
        {
          name: 'apps',
          count: 20,
          ports: plainPorts(1),
          endpoints: { kind: 'constant', value: 4 },
        },
      ],
      podChangesPerSecond: 8,
      horizonNs: 90e9,
    });
    expect(hostLocal.usable(28)).toBe(13);
    const cell = simulate(plan, 0);
    const ages = bucketLines(cell, 'ipReuseAge');
    expect(sampleCount(cell, 'ipReuseAge')).toBeGreaterThan(50);
    for (const { count, total } of ages) {
      expect(total).toBeGreaterThan(0n);
      // Freed and taken within the run.
      expect(Number(total) / count).toBeLessThan(plan.warmUpNs + plan.horizonNs);
    }
  });
});

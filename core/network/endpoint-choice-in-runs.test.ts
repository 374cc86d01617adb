/** What a run's nodes use is what `explain rules` says of the same endpoints. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../metrics/cell.ts';
import { ERAS } from '../models/eras.ts';
import { chooseEndpoints } from '../models/proxy/rules/endpoint-choice.ts';
import { servicePort, testNode } from '../models/proxy/rules/testing/service-ports.ts';
import { endpointHints } from '../models/proxy/rules/traffic-distribution.ts';
import { PLAIN_PORT, plainPorts, trafficToAll } from '../plain-plans.ts';
import type { ServicePortPlan } from '../plan.ts';
import { simulate } from '../simulate.ts';
import { clusterOf, service, testPlan, workload } from '../testing/plans.ts';
import { meanNs, wideToBigInt } from '../testing/readings.ts';
import { hintRules } from './hint-rules.ts';
import { SliceLog } from './slice-log.ts';
import { EndpointState } from './slice-packing.ts';
import { tinyService } from './testing/tiny-plan.ts';
import { VisibleEndpoints } from './visible-endpoints.ts';

const ZONES = 3;
const NODES = 6;
const PODS = 8;
const zoneOf = Int32Array.from({ length: NODES }, (_, node) => node % ZONES);
const versions = ['1.25', '1.27', '1.32', '1.34', '1.37'] as const;
const distributions = [null, 'PreferClose', 'PreferSameZone', 'PreferSameNode'] as const;

const world = fc.record({
  controlPlane: fc.constantFrom(...versions),
  proxy: fc.constantFrom(...versions),
  trafficDistribution: fc.constantFrom(...distributions),
  nodes: fc.array(fc.nat(NODES - 1), { minLength: PODS, maxLength: PODS }),
  initial: fc.nat(3),
  changes: fc.array(
    fc.record({ pod: fc.nat(PODS - 1), state: fc.constantFrom(...Object.values(EndpointState)) }),
    { maxLength: 20 },
  ),
  policy: fc.constantFrom('Cluster' as const, 'Local' as const),
});

describe('the endpoints that a node uses', () => {
  it('are those that explain rules names, by release, policy and distribution', () => {
    const met = { narrowed: 0, fellBack: 0, localFellBack: 0, leftAlone: 0 };
    fc.assert(
      fc.property(world, (drawn) => {
        const { trafficDistribution, policy, nodes } = drawn;
        const pods = { node: Int32Array.from(nodes) };
        const ports = plainPorts(1).map((port) => ({ ...port, trafficDistribution }));
        const services = [tinyService([0], { ports })];
        const rules = hintRules({ kubernetesVersion: drawn.controlPlane }, services, pods, zoneOf);
        const states = new Map<number, EndpointState>();
        const initial = Array.from({ length: drawn.initial }, (_, pod) => pod);
        for (const pod of initial) states.set(pod, EndpointState.Ready);
        const log = new SliceLog(Int32Array.of(1), 1, [initial], rules && { rules, pods });
        const era = ERAS[drawn.proxy]!;
        const counts = [0, 1, 2].map((zone) => log.countsAt(zone, era.terminatingEndpoints));
        for (const { pod, state } of drawn.changes) {
          if (state === EndpointState.Absent) states.delete(pod);
          else states.set(pod, state);
          const hint = rules?.of(0, pod, state) ?? -1;
          log.append(0, [{ pod, state, hint }]);
        }
        const visible = new VisibleEndpoints(log, { sees: (_, w) => w <= log.length }, pods, {
          zoneOf,
          eraOf: () => era,
        });

        const endpoints = [...states].map(([pod, state]) => {
          const ready = state === EndpointState.Ready;
          const place = { ready, node: `n${nodes[pod]}`, zone: `z${zoneOf[nodes[pod]!]}` };
          return {
            address: `10.0.0.${pod}`,
            port: 80,
            serving: true,
            terminating: !ready,
            ready,
            node: place.node,
            ...endpointHints(ERAS[drawn.controlPlane]!, trafficDistribution, place),
          };
        });
        for (let node = 0; node < NODES; node++) {
          const port = servicePort('svc', { internalPolicy: policy, endpoints });
          const place = { ...testNode, name: `n${node}`, zone: `z${zoneOf[node]}` };
          const chosen = chooseEndpoints(era, port, place);
          const isLocal = policy === 'Local';
          const expected = (isLocal ? chosen.local : chosen.cluster).map(({ address }) => address);
          const rows = isLocal ? visible.ofNode(node, 0, 0) : visible.ofCluster(node, 0, 0);
          const used = rows.map((row) => `10.0.0.${log.rowPod[row]}`);
          expect(used.toSorted()).toEqual(expected.toSorted());
          const ready = endpoints.filter((one) => one.ready).length;
          // Columns count by zone; hints for nodes are not looked at there.
          if (!isLocal && log.length > 0 && trafficDistribution !== 'PreferSameNode') {
            expect(counts[zoneOf[node]!]!.usable[log.length]).toBe(expected.length);
          }
          if (!isLocal && used.length < ready) met.narrowed++;
          if (!isLocal && ready === 0 && used.length > 0) met.fellBack++;
          if (isLocal && ready > 0 && chosen.local.some((one) => one.terminating)) {
            met.localFellBack++;
          }
          if (!isLocal && endpoints.length > 0 && used.length === 0) met.leftAlone++;
        }
      }),
      { seed: 30, numRuns: 600 },
    );
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(20);
  });
});

/** Three zones of four nodes, a pod a node on average, a request on its way to every node. */
function run(
  trafficDistribution: ServicePortPlan['trafficDistribution'],
  kubernetesVersion = '1.34',
  replicas = 24,
): Cell {
  const { cluster } = testPlan();
  return simulate(
    testPlan({
      kubernetesVersion,
      cluster: clusterOf(12, { topology: { ...cluster.topology, zones: ZONES } }),
      populations: [],
      workloads: [workload(replicas)],
      services: [{ ...service([0]), ports: [{ ...PLAIN_PORT, trafficDistribution }] }],
      podChangesPerSecond: 0,
      traffic: [trafficToAll(400)],
    }),
    0,
  );
}

function quotient(cell: Cell, id: string): number {
  const { numerator, denominator } = cell.quotients[id]!;
  return Number(wideToBigInt(numerator)) / Number(wideToBigInt(denominator));
}

describe('a run with trafficDistribution', () => {
  it('keeps requests in their zone, which makes them faster and kernels smaller', () => {
    const anywhere = run(null);
    const close = run('PreferClose');
    expect(quotient(close, 'request.crossZone')).toBe(0);
    expect(meanNs(close, 'request.clusterIP')).toBeLessThan(
      0.7 * meanNs(anywhere, 'request.clusterIP'),
    );
    expect(quotient(close, 'kernelRules')).toBeLessThan(0.6 * quotient(anywhere, 'kernelRules'));
    // Two zones of three are others.
    expect(quotient(anywhere, 'request.crossZone')).toBeCloseTo(2 / 3, 1);
  });

  it('goes to every endpoint from a zone that has none', () => {
    // Two pods are in two zones at most; nodes of the third go to both.
    const share = quotient(run('PreferClose', '1.34', 2), 'request.crossZone');
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  it('goes to the node itself first under PreferSameNode', () => {
    const node = run('PreferSameNode').distributions;
    const zone = run('PreferSameZone').distributions;
    const within = (cell: Cell['distributions']) => cell['request.intraNode']!.effective;
    expect(within(node)).toBeGreaterThan(2 * within(zone));
  });

  it('changes nothing in a release that does nothing for it', () => {
    expect(run('PreferClose', '1.30')).toEqual(run(null, '1.30'));
  });
});

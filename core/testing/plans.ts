/** Small plans for tests: everything has a value, tests override what they are about. */
import { plainPorts, plainProxy, trafficToAll } from '../plain-plans.ts';
import type { Plan, ServicePlan, WorkloadPlan } from '../plan.ts';

export function testPlan(overrides: Partial<Plan> = {}): Plan {
  return {
    scenario: 'test',
    variant: 'default',
    at: {},
    seed: 'test',
    kubernetesVersion: '1.34',
    warmUpNs: 5e9,
    horizonNs: 30e9,
    drainNs: 60e9,
    cluster: {
      nodes: 10,
      pools: [
        {
          name: 'default',
          nodes: 10,
          cores: 4,
          memoryBytes: 16 * 2 ** 30,
          podsPerNode: 110,
          agent: null,
        },
      ],
      topology: {
        zones: 2,
        racksPerZone: 2,
        rackLatencyNs: 20e3,
        zoneLatencyNs: 100e3,
        regionLatencyNs: 500e3,
        externalLatencyNs: 1e6,
      },
      podCidrBase: 10 * 2 ** 24,
      podCidrBits: 16,
      nodeMaskBits: 24,
    },
    controlPlane: {
      apiservers: 3,
      controllerManager: { qps: 20, burst: 30 },
      endpointSlice: { maxEndpoints: 100, batchPeriodNs: 0, concurrentSyncs: 5 },
      fanoutBytesPerSecond: 1.25e9,
      slowWatchers: { share: 0, bytesPerSecond: 1e6 },
      scheduler: { qps: 50, burst: 100 },
      kubelet: { qps: 50, burst: 100 },
    },
    proxy: plainProxy('iptables-nft', { minSyncPeriodNs: 1e9, syncPeriodNs: 30e9 }),
    constants: {},
    populations: [
      { name: 'apps', count: 20, ports: plainPorts(1), endpoints: { kind: 'constant', value: 2 } },
    ],
    workloads: [],
    services: [],
    podChangesPerSecond: 4,
    traffic: [trafficToAll(20)],
    events: [],
    ...overrides,
  };
}

/** The same cluster at another size. */
export function clusterOf(
  nodes: number,
  overrides: Partial<Plan['cluster']> = {},
): Plan['cluster'] {
  const { cluster } = testPlan();
  return { ...cluster, nodes, pools: [{ ...cluster.pools[0]!, nodes }], ...overrides };
}

/** A Deployment of so many pods that is rolled one pod at a time. */
export function workload(replicas: number, others: Partial<WorkloadPlan> = {}): WorkloadPlan {
  return {
    namespace: 'default',
    name: 'web',
    kind: 'Deployment',
    replicas,
    perNode: false,
    maxSurge: 1,
    maxUnavailable: 0,
    terminationGraceNs: 30e9,
    preStopNs: 0,
    ...others,
  };
}

/** A Service with one port over the workloads of these indices. */
export function service(workloads: number[], headless = false): ServicePlan {
  const ports = plainPorts(1);
  return { namespace: 'default', name: 'web', ports, headless, workloads, slices: null };
}
